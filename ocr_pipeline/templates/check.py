"""Proves that a form holds together, beyond what its types already guarantee."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from ocr_pipeline.errors import TemplateError
from ocr_pipeline.templates.blocks import Leaf, leaves
from ocr_pipeline.templates.equations import instantiate
from ocr_pipeline.templates.labels import normalize
from ocr_pipeline.templates.loader import load_template
from ocr_pipeline.templates.model import Form, Part
from ocr_pipeline.templates.phrases import phrase_pattern

__all__ = ["check_form", "check_template"]


def check_template(path: Path) -> list[str]:
    """What is wrong with a form file, one sentence each; empty when it is sound."""
    try:
        form = load_template(path)
    except TemplateError as error:
        return [str(error)]
    return check_form(form)


def check_form(form: Form) -> list[str]:
    """What is wrong with a form, one sentence each; empty when it is sound."""
    problems = [problem for part in form.parts for problem in _part_problems(part)]
    problems.extend(_equation_problems(form))
    problems.extend(_narrative_problems(form))
    return problems


def _part_problems(part: Part) -> Iterator[str]:
    ids = Counter(spec.id for spec in part.fields)
    for field, count in ids.items():
        if count > 1:
            yield f"part {part.id}: field {field} exists {count} times; give its row or column another id"
    widths = {block.grid_width for block in part.blocks}
    if len(widths) > 1:
        yield f"part {part.id}: blocks are {sorted(widths)} columns wide; set width so that all are equal"
    for index, block in enumerate(part.blocks):
        where = f"part {part.id}, block {index + 1}"
        yield from _label_problems(where, "columns", leaves(block.columns))
        yield from _label_problems(where, "rows", leaves(block.rows))
    yield from _layout_problems(part)


def _label_problems(where: str, kind: str, found: tuple[Leaf, ...]) -> Iterator[str]:
    """Two labels below the same labels must differ in their words: numbering and punctuation do not count."""
    seen: dict[tuple[str, ...], str] = {}
    for leaf in found:
        above = tuple(normalize(node.label).body for node in leaf.parents)
        for label in leaf.node.labels:
            path = (*above, normalize(label).body)
            if path in seen and seen[path] != leaf.id:
                yield f"{where}: {kind} {seen[path]!r} and {leaf.id!r} cannot be told apart by the label {label!r}"
            seen.setdefault(path, leaf.id)


def _layout_problems(part: Part) -> Iterator[str]:
    rows, columns = part.grid_shape
    taken: Counter[tuple[int, int]] = Counter()
    for cell in part.layout():
        for row in range(cell.row, cell.row + cell.row_span):
            for column in range(cell.column, cell.column + cell.column_span):
                taken[row, column] += 1
    wrong = [slot for slot in ((r, c) for r in range(rows) for c in range(columns)) if taken[slot] != 1]
    if wrong:
        row, column = wrong[0]
        yield f"part {part.id}: the layout does not cover row {row + 1}, column {column + 1} exactly once"
    missing = {spec.id for spec in part.fields} - {cell.field for cell in part.layout() if cell.field}
    if missing:
        yield f"part {part.id}: the layout leaves out {', '.join(sorted(missing))}"


def _equation_problems(form: Form) -> Iterator[str]:
    for rule in form.equations:
        try:
            fields = [spec.id for spec in form.part(rule.part).fields]
            made = list(instantiate(rule, fields))
        except TemplateError as error:
            yield str(error)
            continue
        if not made:
            yield f"equation {rule.id}: no value of its names fits all its terms"
        for equation in made:
            doubled = [field for field, count in Counter(equation.members).items() if count > 1]
            if doubled:
                yield f"equation {equation.id}: {doubled[0]} is in it more than once"


def _narrative_problems(form: Form) -> Iterator[str]:
    fields = {spec.id for part in form.parts for spec in part.fields}
    for rule in form.narrative:
        if rule.field not in fields:
            yield f"narrative: there is no field {rule.field!r}"
        yield from (
            f"narrative of {rule.field}: {problem}" for problem in map(_phrase_problem, rule.phrases) if problem
        )


def _phrase_problem(phrase: str) -> str:
    try:
        phrase_pattern(phrase)
    except ValueError as error:
        return str(error)
    return ""
