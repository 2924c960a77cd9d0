"""Where on the pages a value is looked at: the cell with what stands around it, its row, and the head of its column.

All boxes are on the upright raster of their page, as cells are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from ocr_pipeline.document import Page, Place, Table, Value
from ocr_pipeline.geometry import Box
from ocr_pipeline.review.opened import OpenReport

__all__ = ["View", "place_of", "views"]

_CLOSE_WIDTH, _CLOSE_HEIGHT = 2.3, 0.64
"""The close view in inches, at least: a figure is about a tenth of an inch high, and is shown enlarged."""
_ROWS_AROUND = 1.1
_HEAD_HEIGHT = 1.6
"""Inches of a column's head that are shown at most: a header in vertical writing can be very high."""
_MARGIN = 0.06


@dataclass(frozen=True, slots=True)
class View:
    """A piece of a page. ``cell`` is what the view is about, None where only the table is known."""

    kind: Literal["cell", "row", "head", "table"]
    page: int
    box: Box
    cell: Box | None


def place_of(opened: OpenReport, value: Value) -> Place | None:
    """Where a value stands on the upright raster: its cell, or else its box on the source page."""
    cell = opened.cell(value)
    if cell is not None and cell.places:
        return cell.places[0]
    if value.page is None or value.box is None:
        return None
    page = _page(opened, value.page)
    if page is None:
        return None
    return Place(page=value.page, box=page.transform.inverse().box(value.box))


def views(opened: OpenReport, value: Value) -> tuple[View, ...]:
    """What to look at for a value, the closest first; nothing where the document has no pages."""
    place = place_of(opened, value)
    if place is None:
        return tuple(_table_views(opened, value))
    return tuple(_cell_views(opened, value, place))


def _cell_views(opened: OpenReport, value: Value, place: Place) -> Iterator[View]:
    cell = opened.cell(value)
    for at in cell.places if cell is not None and cell.places else (place,):
        page = _page(opened, at.page)
        if page is not None:
            yield View("cell", at.page, _around(at.box, page), at.box)
    table = opened.tables.get(value.table or "")
    page = _page(opened, place.page)
    span = None if table is None else _span(table, place.page)
    if table is None or page is None or span is None:
        return
    head = _head(opened, value, place)
    head_span = None if head is None else _span(table, head.page)
    if head is not None and head_span is not None:
        box = Box(head_span.left, head.box.top, head_span.right, head.box.bottom)
        yield View("head", head.page, box, head.box)
    reach = place.box.height * _ROWS_AROUND
    row = Box(span.left, place.box.top - reach, span.right, place.box.bottom + reach)
    yield View("row", place.page, _inside(row, page), place.box)


def _table_views(opened: OpenReport, value: Value) -> Iterator[View]:
    part = value.id.partition("/")[0]
    names = [value.table] if value.table else [match.table for match in opened.report.matches if match.part == part]
    for name in names:
        table = opened.tables.get(name)
        for place in table.places if table is not None else ():
            page = _page(opened, place.page)
            if page is not None:
                yield View("table", place.page, _inside(place.box.expanded(_MARGIN * page.dpi), page), None)


def _around(box: Box, page: Page) -> Box:
    """The cell with its surroundings, in the shape of the frame it is shown in."""
    width = max(_CLOSE_WIDTH * page.dpi, 1.5 * box.width)
    height = max(_CLOSE_HEIGHT * page.dpi, 1.5 * box.height)
    x, y = box.center
    return _inside(Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2), page)


def _head(opened: OpenReport, value: Value, place: Place) -> Place | None:
    """The labels right above a value's column; on an earlier page where a page break cut the table."""
    if value.table is None or value.row is None or value.column is None:
        return None
    found: list[Place] = []
    for row in reversed(range(value.row)):
        label = opened.at(value.table, row, value.column)
        if label is None or not any(char.isalpha() for char in label.text):  # a figure, or nothing
            if found:
                break
            continue
        places = [at for at in label.places if not found or at.page == found[0].page]
        if not places or places[-1] in found:
            continue
        page = _page(opened, places[-1].page)
        if page is None or (found and found[0].box.bottom - places[-1].box.top > _HEAD_HEIGHT * page.dpi):
            break
        found.append(places[-1])
    if not found or (found[0].page == place.page and found[0].box.bottom > place.box.top + 1):
        return None
    inner = found[0].box
    return Place(page=found[0].page, box=Box(inner.left, min(at.box.top for at in found), inner.right, inner.bottom))


def _span(table: Table, page: int) -> Box | None:
    """The table's place on a page."""
    return next((place.box for place in table.places if place.page == page), None)


def _inside(box: Box, page: Page) -> Box:
    """Moved, and cut where it must be, so that it lies on the page."""
    dx = max(0.0, -box.left) - max(0.0, box.right - page.width)
    dy = max(0.0, -box.top) - max(0.0, box.bottom - page.height)
    return box.translated(dx, dy).clipped(page.width, page.height)


def _page(opened: OpenReport, index: int) -> Page | None:
    return next((page for page in opened.report.pages if page.index == index), None)
