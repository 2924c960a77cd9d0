"""The flat rows of values that a CSV and a workbook hold, in the columns that the exports write."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ocr_pipeline.document import Status
from ocr_pipeline.verification.entries import Entry, FigureError, KindOf, Problem, figure_in

__all__ = ["NEEDED_COLUMNS", "FlatRow", "entries_of"]

NEEDED_COLUMNS = ("id", "value")
"""Columns without which there is nothing to check; of the others, those that people deleted are not missed."""

_EMPTY = {Status.BLANK.value, Status.MISSING.value}


@dataclass(frozen=True, slots=True)
class FlatRow:
    """One row: its cells by the name of their column, and where it stands in the file."""

    place: str
    cells: Mapping[str, object]

    def text(self, column: str) -> str:
        """What a cell says; empty where there is no such column, or nothing in it."""
        content = self.cells.get(column)
        return "" if content is None else str(content).strip().removeprefix("'")


def entries_of(rows: Iterable[FlatRow], kind_of: KindOf, problems: list[Problem]) -> Iterator[Entry]:
    """One entry a row with an id; what is wrong with a row goes to ``problems``."""
    seen: Counter[str] = Counter()
    for row in rows:
        field = row.text("id")
        if not field:
            if row.text("value"):
                problems.append(Problem(row.place, "a figure without the id of its field"))
            continue
        seen[field] += 1
        if seen[field] > 1:
            problems.append(Problem(row.place, f"{field} is there a second time; the first one counts"))
            continue
        yield _entry(row, field, kind_of, problems)


def _entry(row: FlatRow, field: str, kind_of: KindOf, problems: list[Problem]) -> Entry:
    form, status = row.text("form") or None, row.text("status")
    try:
        value, unit = figure_in(row.cells.get("value"), kind_of(form, field))
    except FigureError as error:
        problems.append(Problem(row.place, f"{field}: {error}"))
        return Entry(field, row.place, form, missing=True)
    if value is None and status and status not in _EMPTY:
        problems.append(Problem(row.place, f"{field}: no figure, though its status is {status!r}"))
    missing = value is None and status != Status.BLANK.value
    return Entry(
        field, row.place, form, value, (unit or row.text("unit") or None) if value is not None else None, missing
    )
