"""Cuts a table into pages: which part of which row stands where, and which lines of which cell with it.

A break may fall between rows or, where the style allows it, inside a row: the upper lines of its label stay, the rest
goes on on the next page. Spanning cells are cut wherever the break falls; their text is divided among the pieces.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field

from ocr_pipeline.evaluation.synthetic.style import TableStyle
from ocr_pipeline.evaluation.synthetic.table_layout import LaidCell, LaidTable

__all__ = ["Band", "Piece", "Room", "cut_table"]


@dataclass(frozen=True, slots=True)
class Band:
    """A row, or the part of it on one page, from ``top`` to ``bottom`` in pixels; ``page`` counts from the first one.

    ``lines`` is the half-open range of its cells' text lines that this part holds; None for a row that is not cut.
    """

    row: int
    page: int
    top: int
    bottom: int
    lines: tuple[int, int] | None = None
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """The part of a cell on one page, with the lines printed in it."""

    cell: LaidCell
    page: int
    top: int
    bottom: int
    lines: tuple[str, ...]
    repeated: bool = False
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Room:
    """Where a table may stand: from ``start`` on the first page, from ``top`` on the others, down to ``bottom``."""

    start: int
    top: int
    bottom: int


@dataclass(slots=True)
class _Plan:
    bands: list[Band] = field(default_factory=list)
    page: int = 0
    y: int = 0


def cut_table(table: LaidTable, look: TableStyle, room: Room) -> tuple[list[Band], list[Piece]]:
    """Bands and pieces of a table.

    Breaks that would leave a spanning cell without place for its text are moved up until all text has its place.
    """
    forbidden: set[int] = set() if look.cut_header else set(range(1, table.header_rows + 1))
    whole: set[int] = set() if look.row_split else set(range(table.rows))
    for _ in range(2 * table.rows):
        bands = _plan(table, look, room, forbidden, whole)
        pieces, failed = _pieces(table, look, bands)
        if failed is None:
            return bands, pieces
        cuts = [b for a, b in itertools.pairwise(bands) if b.page != a.page and not b.repeated]
        inside = [b for b in bands if b.repeated is False and b.lines is not None]
        rows = range(failed.row, failed.row + failed.row_span)
        split = [b.row for b in inside if b.row in rows and b.row not in whole]
        between = [b.row for b in cuts if b.row in rows and b.row != failed.row and b.row not in forbidden]
        if split:
            whole.update(split)
        elif between:
            forbidden.update(between)
        else:
            whole.update(rows)
            forbidden.update(set(rows) - {failed.row})
    raise ValueError(f"no way to cut table {table.grid.part} into pages of {room.bottom - room.top} pixels")


def _plan(table: LaidTable, look: TableStyle, room: Room, forbidden: set[int], whole: set[int]) -> list[Band]:
    plan = _Plan(y=room.start)
    row = 0
    while row < table.rows:
        height = table.heights[row]
        if plan.y + height <= room.bottom:
            plan.bands.append(Band(row, plan.page, plan.y, plan.y + height))
            plan.y += height
            row += 1
            continue
        upper = 0 if row in whole else _lines_above(table, row, room.bottom - plan.y)
        if upper:
            plan.bands.append(
                Band(row, plan.page, plan.y, plan.y + 2 * table.pad_y + upper * table.leading, (0, upper))
            )
            _next_page(plan, table, look, room, row)
            rest = _most_lines(table, row) - upper
            height = max(2 * table.pad_y + rest * table.leading, table.leading + 2 * table.pad_y)
            plan.bands.append(Band(row, plan.page, plan.y, plan.y + height, (upper, upper + rest)))
            plan.y += height
            row += 1
            continue
        while row in forbidden and plan.bands and not plan.bands[-1].repeated and plan.bands[-1].page == plan.page:
            row = plan.bands.pop().row
        fresh = not plan.bands or plan.bands[-1].page < plan.page or plan.bands[-1].repeated
        if fresh and plan.page > 0:
            # It does not fit a page of its own either: print over the margin, as a word processor would.
            plan.bands.append(Band(row, plan.page, plan.y, plan.y + table.heights[row]))
            plan.y += table.heights[row]
            row += 1
            continue
        _next_page(plan, table, look, room, row)
    return plan.bands


def _next_page(plan: _Plan, table: LaidTable, look: TableStyle, room: Room, row: int) -> None:
    plan.page += 1
    plan.y = room.top
    if look.repeat_header and row >= table.header_rows > 0:
        for header in range(table.header_rows):
            bottom = plan.y + table.heights[header]
            plan.bands.append(Band(header, plan.page, plan.y, bottom, repeated=True))
            plan.y = bottom


def _row_cells(table: LaidTable, row: int) -> Iterable[LaidCell]:
    return (cell for cell in table.cells if cell.row == row and cell.row_span == 1)


def _most_lines(table: LaidTable, row: int) -> int:
    return max((len(cell.lines) for cell in _row_cells(table, row)), default=0)


def _lines_above(table: LaidTable, row: int, space: int) -> int:
    """How many lines of a row stay above the break; 0 when it should not be cut."""
    fitting = (space - 2 * table.pad_y) // table.leading
    return max(0, min(fitting, _most_lines(table, row) - 1))


def _pieces(table: LaidTable, look: TableStyle, bands: list[Band]) -> tuple[list[Piece], LaidCell | None]:
    """All pieces; or the cell whose text finds no place."""
    pieces: list[Piece] = []
    for cell in table.cells:
        rows = range(cell.row, cell.row + cell.row_span)
        for repeated in (False, True):
            mine = [band for band in bands if band.row in rows and band.repeated is repeated]
            pages = sorted({band.page for band in mine})
            if repeated:
                spots = [[b for b in mine if b.page == p] for p in pages]
                pieces += [Piece(cell, s[0].page, s[0].top, s[-1].bottom, cell.lines, True) for s in spots]
                continue
            spots = [[b for b in mine if b.page == p] for p in pages]
            shares = _shares(table, look, cell, spots)
            if shares is None:
                return [], cell
            pieces += [
                Piece(cell, s[0].page, s[0].top, s[-1].bottom, lines, whole=len(spots) == 1)
                for s, lines in zip(spots, shares, strict=True)
            ]
    return pieces, None


def _shares(
    table: LaidTable, look: TableStyle, cell: LaidCell, spots: list[list[Band]]
) -> list[tuple[str, ...]] | None:
    """The lines of a cell dealt out to its pieces; None when they do not fit."""
    if len(spots) == 1:
        return [cell.lines]
    if cell.row_span == 1:
        upper = len(cell.lines) if spots[0][0].lines is None else spots[0][0].lines[1]
        if len(cell.lines) == 1 and cell.role == "value":
            return [cell.lines, ()] if look.split_values == "upper" else [(), cell.lines]
        return [cell.lines[:upper], cell.lines[upper:]]
    heights = [s[-1].bottom - s[0].top for s in spots]
    capacity = [max(0, (height - 2 * table.pad_y) // table.leading) for height in heights]
    if sum(capacity) < len(cell.lines):
        return None
    if look.span_text == "largest" and max(capacity) >= len(cell.lines):
        at = capacity.index(max(capacity))
        return [cell.lines if i == at else () for i in range(len(spots))]
    counts = _flow(len(cell.lines), capacity)
    if look.span_text == "middle":
        counts = _middle(len(cell.lines), capacity) or counts
    ends = [sum(counts[: i + 1]) for i in range(len(counts))]
    return [cell.lines[end - count : end] for end, count in zip(ends, counts, strict=True)]


def _flow(lines: int, capacity: list[int]) -> list[int]:
    counts = []
    for room in capacity:
        counts.append(min(lines, room))
        lines -= counts[-1]
    return counts


def _middle(lines: int, capacity: list[int]) -> list[int]:
    """Text centred over all pieces as if they stood below each other."""
    start = (sum(capacity) - lines) // 2
    counts, passed = [], 0
    for room in capacity:
        counts.append(max(0, min(passed + room, start + lines) - max(passed, start)))
        passed += room
    return counts
