"""Forms for people: a list, and a tree of one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ocr_pipeline.templates.blocks import Node
from ocr_pipeline.templates.equations import part_equations
from ocr_pipeline.templates.model import Form, Part, TemplateSet

__all__ = ["TemplateSummary", "describe", "list_templates"]


@dataclass(frozen=True, slots=True)
class TemplateSummary:
    """One form in a list: ``parts`` are their ids, ``fields`` and ``equations`` are counts."""

    id: str
    name: str
    basis: str
    usual_years: tuple[int, ...]
    parts: tuple[str, ...]
    fields: int
    equations: int


def list_templates(templates: TemplateSet) -> tuple[TemplateSummary, ...]:
    """A summary of each form."""
    return tuple(
        TemplateSummary(
            form.id,
            form.name,
            form.basis,
            form.usual_years,
            tuple(part.id for part in form.parts),
            sum(len(part.fields) for part in form.parts),
            sum(len(part_equations(form, part.id)) for part in form.parts),
        )
        for form in templates.forms
    )


def describe(form: Form) -> str:
    """The form as an indented tree: parts, blocks, labels with their ids, equations."""
    return "\n".join(_lines(form))


def _lines(form: Form) -> Iterator[str]:
    years = f", usually {form.usual_years[0]} to {form.usual_years[-1]}" if form.usual_years else ""
    yield f"{form.id}: {form.name}"
    yield f"  basis: {form.basis or 'not given'}{years}"
    for part in form.parts:
        yield from _part_lines(form, part)


def _part_lines(form: Form, part: Part) -> Iterator[str]:
    rows, columns = part.grid_shape
    yield f"  {part.id}: {part.title} ({len(part.fields)} fields, official grid {rows} x {columns})"
    for block in part.blocks:
        yield f"    block {block.caption}".rstrip()
        yield "      columns"
        for node in block.columns:
            yield from _node_lines(node, "        ", part.type)
        yield "      rows"
        for node in block.rows:
            yield from _node_lines(node, "        ", None)
    for rule in form.equations:
        if rule.part == part.id:
            left = " + ".join(rule.sum) + "".join(f" - {term}" for term in rule.minus)
            count = sum(equation.family == rule.id for equation in part_equations(form, part.id))
            yield f"    equation {rule.id} ({count}): {left} = {' + '.join(rule.equals)}"


def _node_lines(node: Node, indent: str, default: str | None) -> Iterator[str]:
    kind = node.type or default
    about = ", ".join(text for text in (kind, node.unit) if text and not node.children)
    yield f"{indent}{node.id or '-'}  {node.label}" + (f"  ({about})" if about else "")
    for child in node.children:
        yield from _node_lines(child, indent + "  ", default)
