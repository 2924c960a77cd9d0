"""Which slots of its table each cell of an HTML table covers.

After WHATWG HTML, 4.9.12.1 "Forming a table", with what browsers do where the standard only speaks of an error: a span
ends with its row group (CSS Tables 3, 3.3), a cell that would cover another one ends before it, and grid lines on which
no cell begins, which nobody can see, are taken out (CSS Tables 3, 3.3, "track merging").
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from ocr_pipeline.errors import LimitExceededError

__all__ = ["MAX_COLUMN_SPAN", "MAX_ROW_SPAN", "PlacedCell", "WrittenCell", "form_table"]

MAX_COLUMN_SPAN = 1000
MAX_ROW_SPAN = 65534

Content = TypeVar("Content")


@dataclass(frozen=True, slots=True)
class WrittenCell(Generic[Content]):
    """A cell as the markup has it: its content, its ``colspan`` >= 1, its ``rowspan`` (0: to the end of its group)."""

    content: Content
    row_span: int = 1
    column_span: int = 1


@dataclass(frozen=True, slots=True)
class PlacedCell(Generic[Content]):
    """A cell in the grid, rows and columns from 0; cells never overlap."""

    content: Content
    row: int
    column: int
    row_span: int
    column_span: int


def form_table(
    groups: Iterable[Sequence[Sequence[WrittenCell[Content]]]], *, max_slots: int
) -> tuple[PlacedCell[Content], ...]:
    """Place the cells of a table, row by row.

    Args:
        groups: its row groups in order (``thead``, ``tbody`` and so on), each a sequence of rows of cells.
        max_slots: most rows times columns, once invisible grid lines are taken out.

    Raises:
        LimitExceededError: the table has more slots than that.
    """
    placed: list[PlacedCell[Content]] = []
    first = 0
    for rows in groups:
        _place_group(rows, first, placed, max_slots)
        first += len(rows)
    cells = _merge_tracks(placed)
    height = max((cell.row + cell.row_span for cell in cells), default=0)
    width = max((cell.column + cell.column_span for cell in cells), default=0)
    if height * width > max_slots:
        raise LimitExceededError(
            f"a table of {height:,} rows and {width:,} columns, and at most {max_slots:,} slots are allowed",
            remedy="split the document, or raise source.max_table_slots",
        )
    return tuple(cells)


def _place_group(
    rows: Sequence[Sequence[WrittenCell[Content]]], first: int, placed: list[PlacedCell[Content]], limit: int
) -> None:
    busy_until: list[int] = []  # for each column, the first row that no cell from above reaches into
    for index, row in enumerate(rows):
        column = 0
        for cell in row:
            while column < len(busy_until) and busy_until[column] > index:
                column += 1
            below = len(rows) - index
            height = min(cell.row_span or below, below, MAX_ROW_SPAN)
            width = 1
            wanted = min(max(1, cell.column_span), MAX_COLUMN_SPAN)
            while width < wanted and (column + width >= len(busy_until) or busy_until[column + width] <= index):
                width += 1
            if column + width > limit:
                raise LimitExceededError(
                    f"a table of more than {limit:,} columns",
                    remedy="split the document, or raise source.max_table_slots",
                )
            busy_until.extend([0] * (column + width - len(busy_until)))
            busy_until[column : column + width] = [index + height] * width
            placed.append(PlacedCell(cell.content, first + index, column, height, width))
            column += width


def _merge_tracks(cells: Sequence[PlacedCell[Content]]) -> list[PlacedCell[Content]]:
    rows, columns = _ranks(cell.row for cell in cells), _ranks(cell.column for cell in cells)
    row_starts, column_starts = sorted(rows), sorted(columns)
    merged = []
    for cell in cells:
        row, column = rows[cell.row], columns[cell.column]
        row_end = bisect_left(row_starts, cell.row + cell.row_span)
        column_end = bisect_left(column_starts, cell.column + cell.column_span)
        merged.append(PlacedCell(cell.content, row, column, row_end - row, column_end - column))
    return merged


def _ranks(starts: Iterable[int]) -> dict[int, int]:
    return {start: rank for rank, start in enumerate(sorted(set(starts)))}
