"""What a report file of any kind says: its figures, each with the place where it stands in the file."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from ocr_pipeline.templates.blocks import ValueType
from ocr_pipeline.templates.values import is_no_value, parse_value

__all__ = ["Content", "Entry", "FigureError", "KindOf", "Problem", "figure_in"]

KindOf = Callable[[str | None, str], ValueType | None]
"""Form and field id to what the field holds; None where no form has such a field."""

_FOR_PEOPLE: dict[ValueType, str] = {
    "count": "a whole number, 0 or more",
    "change": "a whole number",
    "amount": "a number",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that has to be put right before the file can be relied on; ``place`` is where in the file."""

    place: str
    message: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One figure of a file.

    Attributes:
        id: of the field.
        place: where it stands in the file, for people.
        form: id of the form, None where the file does not say.
        value: None for a blank cell, and for a missing one.
        unit: of an amount.
        missing: whether there is no figure and the cell is not known to be blank.
    """

    id: str
    place: str
    form: str | None = None
    value: int | float | None = None
    unit: str | None = None
    missing: bool = False


@dataclass(frozen=True, slots=True)
class Content:
    """The figures of a file, and what is wrong with it."""

    kind: str
    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...] = ()


class FigureError(ValueError):
    """A cell holds something that is no figure of its kind; the message says what."""


def figure_in(content: object, kind: ValueType | None) -> tuple[int | float | None, str | None]:
    """The number and the unit that a cell of a file holds; no number where it holds nothing, or a dash.

    Args:
        content: as the file has it: a number, or a text as people type it (``46``, ``1,234``, ``12.5万元``).
        kind: what the field holds; None where that is not known, so that any number will do.

    Raises:
        FigureError: no such figure.
    """
    if content is None or (isinstance(content, str) and is_no_value(content)):
        return None, None
    if isinstance(content, bool) or not isinstance(content, int | float | str):
        raise FigureError(f"{content!r} is no figure")
    if isinstance(content, str):
        return _typed(content, kind)
    return _checked(content, kind), None


def _typed(text: str, kind: ValueType | None) -> tuple[int | float | None, str | None]:
    # A spreadsheet puts an apostrophe before what would run as a formula.
    text = text.strip().removeprefix("'")
    parsed = parse_value(text, kind or "amount") or (parse_value(text, "change") if kind is None else None)
    if parsed is not None and not parsed.remark:
        return parsed.value, parsed.unit
    try:
        return _checked(float(text), kind), None
    except ValueError as error:
        wanted = _FOR_PEOPLE[kind] if kind else "a number"
        raise FigureError(f"{text!r} is no figure: {wanted} is needed") from error


def _checked(number: float, kind: ValueType | None) -> int | float:
    whole = math.isfinite(number) and float(number).is_integer()
    fits = math.isfinite(number) and (whole or kind not in ("count", "change")) and (number >= 0 or kind == "change")
    if not (fits or (kind is None and math.isfinite(number))):
        wanted = _FOR_PEOPLE[kind] if kind else "a number"
        raise FigureError(f"{number} is no figure of this field: {wanted} is needed")
    return int(number) if whole else number
