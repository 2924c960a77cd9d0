"""Where the cells of a native table stand: spans, merged cells and ragged rows resolved into one grid.

Columns come from ``w:gridSpan`` and its neighbours. Where these do not add up to the same width in every row, as in
tables that a converter wrote, the places of the edges come from the widths of the cells instead, as Word does it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ocr_pipeline.errors import LimitExceededError
from ocr_pipeline.source.word.names import Element, child, is_on, local, value

__all__ = ["Grid", "GridCell", "place_cells"]

_MOST_COLUMNS = 256
"""Word itself allows 63."""
_UPRIGHT = ("lrTb", "lrTbV", "tb", "tbV")
"""The values of ``w:textDirection`` that run from left to right, in both variants of the standard."""

_SAME_EDGE = 30
"""Twips (1/1440 inch) between two edges that are still one."""


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell with its place; ``element`` is its ``w:tc``, the one on top for a cell merged downwards."""

    element: Element
    row: int
    column: int
    row_span: int
    column_span: int
    vertical: bool


@dataclass(frozen=True, slots=True)
class Grid:
    """A table's cells, in reading order; they never overlap. ``header_rows`` are those to be repeated on each page."""

    rows: int
    columns: int
    header_rows: int
    cells: tuple[GridCell, ...]


@dataclass(slots=True)
class _Slot:
    element: Element
    column: int
    span: int
    width: int | None
    merged: bool
    goes_on: bool


@dataclass(slots=True)
class _Row:
    slots: list[_Slot]
    before: int
    before_width: int
    extent: int
    header: bool


def place_cells(table: Element, source: str, max_slots: int) -> Grid | None:
    """The grid of ``w:tbl``; None for a table without any cell.

    Args:
        table: its rows and cells may stand inside content controls and tracked changes.
        source: what to call the document in messages.
        max_slots: most rows times columns.

    Raises:
        LimitExceededError: more columns than a word processor can make, or more slots than allowed.
    """
    rows = [row for row in map(_read_row, _members(table, "tr")) if row.slots]
    if not rows:
        return None
    if len({row.extent for row in rows}) > 1:
        _place_by_width(rows)
    columns = max(slot.column + slot.span for row in rows for slot in row.slots)
    if columns > _MOST_COLUMNS or len(rows) * columns > max_slots:
        raise LimitExceededError(
            f"a table of {len(rows):,} rows and {columns:,} columns is larger than any of a report",
            remedy="split the table, or raise source.max_table_slots",
            source=source,
        )
    header_rows = next((n for n, row in enumerate(rows) if not row.header), 0)
    return Grid(len(rows), columns, header_rows, tuple(_merge(rows)))


def _members(element: Element, tag: str) -> Iterator[Element]:
    """Rows of a table or cells of a row, those inside content controls included, deleted ones not."""
    for item in element:
        kind = local(item)
        if kind == tag:
            properties = child(item, f"w:{tag}Pr")
            if child(properties, "w:del") is None and child(properties, "w:cellDel") is None:
                yield item
        elif kind in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag"):
            yield from _members(item, tag)


def _read_row(element: Element) -> _Row:
    properties = child(element, "w:trPr")
    before = _integer(value(child(properties, "w:gridBefore")), 0)
    after = _integer(value(child(properties, "w:gridAfter")), 0)
    row = _Row([], before, _width(child(properties, "w:wBefore")) or 0, 0, is_on(child(properties, "w:tblHeader")))
    column = before
    for cell in _members(element, "tc"):
        own = child(cell, "w:tcPr")
        span = max(1, min(_integer(value(child(own, "w:gridSpan")), 1), _MOST_COLUMNS + 1))
        across = child(own, "w:hMerge")
        if across is not None and value(across) != "restart" and row.slots:
            row.slots[-1].span += span
            width, more = row.slots[-1].width, _width(child(own, "w:tcW"))
            row.slots[-1].width = None if width is None or more is None else width + more
        else:
            down = child(own, "w:vMerge")
            goes_on = down is not None and value(down) != "restart"
            row.slots.append(_Slot(cell, column, span, _width(child(own, "w:tcW")), down is not None, goes_on))
        column += span
    row.extent = column + after
    return row


def _place_by_width(rows: list[_Row]) -> None:
    """Take columns from the edges of the cells, if every cell says how wide it is; else leave them."""
    if any(not slot.width for row in rows for slot in row.slots) or any(r.before and not r.before_width for r in rows):
        return
    edges = {0}
    for row in rows:
        edges.update(_edges(row))
    columns: list[int] = []
    for edge in sorted(edges):
        if not columns or edge - columns[-1] > _SAME_EDGE:
            columns.append(edge)
    for row in rows:
        places = [max(n for n, at in enumerate(columns) if at <= edge) for edge in _edges(row)]
        for slot, left, right in zip(row.slots, places[:-1], places[1:], strict=True):
            slot.column, slot.span = left, max(1, right - left)


def _edges(row: _Row) -> list[int]:
    edges = [row.before_width]
    for slot in row.slots:
        edges.append(edges[-1] + (slot.width or 0))
    return edges


def _merge(rows: list[_Row]) -> Iterator[GridCell]:
    """Cells in reading order; one that goes on joins the cell above it only if that has the same columns."""
    open_cells: dict[tuple[int, int], int] = {}
    done: list[GridCell] = []
    for number, row in enumerate(rows):
        still_open: dict[tuple[int, int], int] = {}
        taken = 0
        for slot in row.slots:
            # Widths that contradict each other could make neighbours overlap.
            column = max(slot.column, taken)
            span = max(1, slot.column + slot.span - column)
            taken = column + span
            above = open_cells.get((column, span))
            if slot.goes_on and above is not None:
                done[above] = replace(done[above], row_span=done[above].row_span + 1)
                still_open[column, span] = above
                continue
            direction = value(child(slot.element, "w:tcPr", "w:textDirection")) or "lrTb"
            done.append(GridCell(slot.element, number, column, 1, span, direction not in _UPRIGHT))
            if slot.merged:
                still_open[column, span] = len(done) - 1
        open_cells = still_open
    return iter(done)


def _width(element: Element | None) -> int | None:
    """Twips; None where the width is relative or not said."""
    if element is None or value(element, "w:type") not in (None, "dxa"):
        return None
    return _integer(value(element, "w:w"), 0) or None


def _integer(text: str | None, default: int) -> int:
    try:
        return default if text is None else int(float(text))
    except (ValueError, OverflowError):
        return default
