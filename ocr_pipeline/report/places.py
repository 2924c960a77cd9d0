"""Where on the pages the values of a report stand, and what of a page is worth looking at for one.

All boxes are on the upright raster of their page, as cells are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from ocr_pipeline.document import Cell, Page, Place, Table, Value
from ocr_pipeline.geometry import Box
from ocr_pipeline.report.model import Report

__all__ = ["Places", "View"]

_CLOSE_WIDTH, _CLOSE_HEIGHT = 1.9, 0.52
"""The close view in inches, at least: a figure is about a tenth of an inch high, and is shown enlarged."""
_WIDEST = 3.0
"""And at most: in a wider cell the figure stands in the middle, and the row shows all of it."""
_ROWS_AROUND = 0.8
_MARGIN = 0.05
_ROW_HEIGHT = 1.6
"""A row with its neighbours, in inches at most: a cell that holds one figure can be very high."""


@dataclass(frozen=True, slots=True)
class View:
    """A piece of a page, and the cell in it that it is about; None where only the table is known.

    ``head`` is the head of a value's column, with the cell of its lowest label.
    """

    kind: Literal["cell", "row", "head", "table"]
    page: Page
    box: Box
    cell: Box | None = None


@dataclass(frozen=True)
class Places:
    """Looks up where values stand; keep one for all values of a report."""

    report: Report

    @cached_property
    def pages(self) -> dict[int, Page]:
        """By their index."""
        return {page.index: page for page in self.report.pages}

    @cached_property
    def tables(self) -> dict[str, Table]:
        """By their id."""
        return {table.id: table for table in self.report.document.tables}

    @cached_property
    def _cells(self) -> dict[tuple[str, int, int], Cell]:
        return {
            (table.id, row, column): cell
            for table in self.report.document.tables
            for row, slots in enumerate(table.grid())
            for column, cell in enumerate(slots)
            if cell is not None
        }

    def cell(self, table: str, row: int, column: int) -> Cell | None:
        """The cell that covers a position (from 0) of a table; None where there is none."""
        return self._cells.get((table, row, column))

    def of(self, value: Value) -> tuple[Place, ...]:
        """The places of a value's cell: two where a page break cuts it, none where it was not found on a page."""
        found: tuple[Place, ...] = ()
        if value.table is not None and value.row is not None and value.column is not None:
            cell = self.cell(value.table, value.row, value.column)
            found = () if cell is None else cell.places
        if not found and value.page is not None and value.box is not None and value.page in self.pages:
            page = self.pages[value.page]
            found = (Place(page=value.page, box=page.transform.inverse().box(value.box)),)
        return tuple(place for place in found if place.page in self.pages)

    def views(self, value: Value) -> tuple[View, ...]:
        """What to look at for a value: its cell close by, then its row; its table where the cell was not found."""
        found = tuple(view for place in self.of(value) for view in self._views(value, place))
        return found or tuple(self._table_views(value))

    def _table_views(self, value: Value) -> Iterator[View]:
        table = self.tables.get(value.table or "")
        for place in table.places if table is not None else ():
            page = self.pages.get(place.page)
            if page is not None:
                yield View("table", page, _inside(place.box.expanded(_MARGIN * page.dpi), page))

    def _views(self, value: Value, place: Place) -> Iterator[View]:
        page = self.pages[place.page]
        width = max(_CLOSE_WIDTH * page.dpi, min(1.25 * place.box.width, _WIDEST * page.dpi))
        height = max(_CLOSE_HEIGHT * page.dpi, min(1.25 * place.box.height, _ROW_HEIGHT * page.dpi))
        x, y = place.box.center
        yield View(
            "cell", page, _inside(Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2), page), place.box
        )
        table = self.tables.get(value.table or "")
        span = next((at.box for at in table.places if at.page == place.page), None) if table is not None else None
        if span is not None and span.width > width:
            reach = min(place.box.height * (0.5 + _ROWS_AROUND), _ROW_HEIGHT / 2 * page.dpi)
            row = Box(span.left, y - reach, span.right, y + reach).expanded(_MARGIN * page.dpi)
            yield View("row", page, _inside(row, page), place.box)


def _inside(box: Box, page: Page) -> Box:
    """Moved, and cut where it must be, so that it lies on the page."""
    dx = max(0.0, -box.left) - max(0.0, box.right - page.width)
    dy = max(0.0, -box.top) - max(0.0, box.bottom - page.height)
    return box.translated(dx, dy).clipped(page.width, page.height)
