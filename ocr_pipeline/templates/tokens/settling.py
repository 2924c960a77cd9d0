"""Rows that have lost some of their values: which are lost, if the equations leave exactly one answer.

Every way to spread the figures that are left over the columns is tried. One is believed only if all equations that it
completes close, no other way does that, and each figure whose column was in question is in an equation that says so.
What is lost stays lost: an equation may tell its value, but the text does not hold it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from math import comb

from ocr_pipeline.templates.equations import Equation, Figure, Outcome, evaluate
from ocr_pipeline.templates.model import FieldSpec
from ocr_pipeline.templates.values import is_no_value, parse_value

__all__ = ["settle"]

_MOST = 500
"""Ways beyond which a row is left alone."""


def settle(
    specs: Sequence[FieldSpec], texts: Sequence[str], known: Mapping[str, Figure], equations: Sequence[Equation]
) -> dict[str, str] | None:
    """The only way to give the row's fields these texts, in order; None when there is none or more than one.

    Args:
        specs: the row's fields.
        texts: its figures, fewer than fields.
        known: the other fields that are beyond doubt.
        equations: of the part.
    """
    own = {spec.id for spec in specs}
    touching = [equation for equation in equations if own & set(equation.members)]
    if not touching or comb(len(specs), len(texts)) > _MOST:
        return None
    others = {field: figure for field, figure in known.items() if field not in own}
    consistent = [way for way in _ways(specs, texts) if _closes(way, own, others, touching)]
    if len(consistent) != 1:
        return None
    way = consistent[0]
    closed = _closed(way, others, touching)
    return way if all(any(field in equation.members for equation in closed) for field in way) else None


def _ways(specs: Sequence[FieldSpec], texts: Sequence[str]) -> Iterator[dict[str, str]]:
    for chosen in combinations(specs, len(texts)):
        if all(_figure(text, spec) is not None for spec, text in zip(chosen, texts, strict=True)):
            yield {spec.id: text for spec, text in zip(chosen, texts, strict=True)}


def _figure(text: str, spec: FieldSpec) -> Figure | None:
    if is_no_value(text):
        return Figure(None)
    parsed = parse_value(text, spec.type)
    return None if parsed is None else Figure(parsed.value, parsed.unit or spec.unit)


def _closes(way: Mapping[str, str], own: set[str], others: Mapping[str, Figure], equations: Sequence[Equation]) -> bool:
    """Whether no equation is broken, and what is lost can be a count that closes those in which it alone is lost."""
    outcomes = evaluate(equations, {**others, **_figures(way)})
    if any(outcome.state == "broken" for outcome in outcomes):
        return False
    for field in own - set(way):
        needed = {_missing(equation, field, {**others, **_figures(way)}) for equation in equations} - {None}
        if len(needed) > 1 or any(value is not None and value < 0 for value in needed):
            return False
    return True


def _figures(way: Mapping[str, str]) -> dict[str, Figure]:
    result: dict[str, Figure] = {}
    for field, text in way.items():
        parsed = None if is_no_value(text) else parse_value(text, "count")
        result[field] = Figure(None if parsed is None else parsed.value)
    return result


def _missing(equation: Equation, field: str, figures: Mapping[str, Figure]) -> float | None:
    """The value that closes an equation in which this field alone is lost."""
    if field not in equation.members or any(f != field and f not in figures for f in equation.members):
        return None

    def total(fields: Sequence[str]) -> float:
        return sum(figures[f].value or 0 for f in fields if f != field)

    rest = total(equation.equals) - total(equation.plus) + total(equation.minus)
    return rest if field in equation.plus else -rest


def _closed(way: Mapping[str, str], others: Mapping[str, Figure], equations: Sequence[Equation]) -> list[Equation]:
    outcomes: Sequence[Outcome] = evaluate(equations, {**others, **_figures(way)})
    return [outcome.equation for outcome in outcomes if outcome.state == "closed"]
