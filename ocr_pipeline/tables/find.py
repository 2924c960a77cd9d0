"""Finds the ruled tables of a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.document import PageImage
from ocr_pipeline.geometry import Box
from ocr_pipeline.tables.breaks import without_breaks
from ocr_pipeline.tables.flatten import Flattening, fit_flattening
from ocr_pipeline.tables.framing import with_sides
from ocr_pipeline.tables.grid import Grid, GridCell, build_grid
from ocr_pipeline.tables.ink import ink_map
from ocr_pipeline.tables.lone_rows import LEAST_HEIGHT, lone_rows, may_be_cut_off, row_options
from ocr_pipeline.tables.options import TableOptions
from ocr_pipeline.tables.rulings import RulingMasks, TableArea, find_rulings, table_areas

__all__ = ["FoundTable", "find_tables", "not_nested", "same_place"]

_AS_FULL = 0.8
"""Share of the cells seen on a page that its drawing must have: some programs set rulings as text."""

_SHARED = 0.1
"""Share of the smaller box from which two tables are about one place."""

_STILL_THERE = 0.7
"""Share of its area that a network of rulings must have still when it was straightened."""

_GRID = 4
"""Cells from which a grid shows that a table has upright rulings."""

_LOW, _LEAST_PITCH = 0.35, 0.11
"""Height of a low table, and mean height of such a table's rows at least, in inches: the strokes of heavy characters
cross as well."""


@dataclass(frozen=True, eq=False)
class FoundTable:
    """The structure of one table on one page, not yet read.

    Attributes:
        page: page index.
        box: on the page raster.
        flattening: straightened crop to page raster.
        gray: straightened crop, uint8, dark on light.
        grid: its cells, in pixels of the crop.
        dpi: resolution of the crop.
        guessed: borders were seen that nobody may have printed, so some may be missing between two rows.
        ruling: all of its rulings show, those across only, or none.
        divided: cells told from their neighbours by the space between their figures alone.
        divisible: whether columns of a divided table may be divided still: rows were, or a column that no row divided.
    """

    page: int
    box: Box
    flattening: Flattening
    gray: NDArray[np.uint8]
    grid: Grid
    dpi: float
    guessed: bool = False
    ruling: Literal["full", "partial", "none"] = "full"
    divided: frozenset[GridCell] = frozenset()
    divisible: bool = False


def find_tables(
    page: PageImage, options: TableOptions | None = None, *, drawing: NDArray[np.uint8] | None = None
) -> list[FoundTable]:
    """The ruled tables of a page, top to bottom.

    Areas without a grid of two columns and three cells (a framed text, a chart, the edge of the sheet) are left out,
    but for single rows at the upper or lower edge of the page, which may be cut off a table.

    Args:
        page: upright and straight.
        options: of the stage.
        drawing: the page without its text, as large as ``page.gray``, where the source can tell; a figure that
            touches a ruling hides nothing there.
    """
    options = options or TableOptions()
    found = _search(page, page.gray, options)
    if drawing is not None:
        found = _preferred(found, _search(page, drawing, options))
    return found


def _search(page: PageImage, lines: NDArray[np.uint8], options: TableOptions) -> list[FoundTable]:
    ink = ink_map(lines, page.dpi)
    masks = without_breaks(find_rulings(ink, page.dpi, options), page.dpi)
    found = _in_areas(page, lines, masks, options)
    closed = with_sides(masks, page.dpi, [table.box for table in found if _has_columns(table)])
    if closed is not masks:
        whole = _in_areas(page, lines, closed, options, closed=True)
        # What was drawn may also spoil a table, which then stays as it was.
        found = [*whole, *(table for table in found if not any(same_place(table, other) for other in whole))]
    tables = not_nested(found)
    rows = lone_rows(ink, masks, [table.box for table in tables], page.dpi, options)
    cut_off = [_found(page, lines, area, row_options(options)) for area in rows]
    return sorted((*tables, *(row for row in cut_off if row)), key=lambda table: (table.box.top, table.box.left))


def _in_areas(
    page: PageImage, lines: NDArray[np.uint8], masks: RulingMasks, options: TableOptions, *, closed: bool = False
) -> list[FoundTable]:
    areas = table_areas(masks, page.dpi)
    return [table for area in areas if (table := _found(page, lines, area, options, closed=closed)) is not None]


def _has_columns(table: FoundTable) -> bool:
    """Whether upright rulings divide a table, and not just a row of it."""
    return table.grid.columns >= 2 and table.grid.rows >= 2 and len(table.grid.cells) >= _GRID


def _preferred(seen: list[FoundTable], drawn: list[FoundTable]) -> list[FoundTable]:
    """Each table as drawn, where the drawing has it as fully as the page; the rest as seen on the page."""
    kept = [
        table
        for table in drawn
        if all(len(table.grid.cells) >= _AS_FULL * len(s.grid.cells) for s in seen if same_place(table, s))
    ]
    rest = [table for table in seen if not any(same_place(table, k) for k in kept)]
    return sorted((*kept, *rest), key=lambda table: (table.box.top, table.box.left))


def same_place(first: FoundTable, second: FoundTable) -> bool:
    """Whether two tables of one page are about one place, seen in two ways."""
    return first.box.intersection_area(second.box) > _SHARED * min(first.box.area, second.box.area)


def _found(
    page: PageImage, lines: NDArray[np.uint8], area: TableArea, options: TableOptions, *, closed: bool = False
) -> FoundTable | None:
    """The table of an area, if there is one; ``closed`` where sides that are not printed were drawn."""
    box = area.box.expanded(0.05 * page.dpi).clipped(page.width, page.height)
    flattening = fit_flattening(area.masks.horizontal, area.masks.vertical, box)
    gray = flattening.crop(page.gray)
    straight = flattening.is_identity
    masks = area.masks.part(box) if straight else _made_anew(page, lines, area, flattening, options, closed)
    grid = None if masks is None else build_grid(masks, page.dpi, options)
    if straight and (grid is None or len(grid.cells) == 1):
        # Against the print of the table alone, pale rulings in a dark frame may show that do not against the page's.
        masks = _made_anew(page, lines, area, flattening, options, closed)
        grid = None if masks is None else build_grid(masks, page.dpi, options)
    if grid is None:
        return None
    grid = _without_grain(grid, lines, area, flattening, page.dpi, options)
    if grid.columns < 2 or len(grid.cells) < 3:
        place = flattening.box_to_page(grid.frame)
        if grid.rows > 1 or not may_be_cut_off(place, len(grid.cells), page):
            return None
    frame = grid.frame
    if frame.area < 0.5 * area.box.area or frame.height < page.dpi * min(_LOW, _LEAST_PITCH * grid.rows):
        return None
    return FoundTable(page.index, flattening.box_to_page(frame), flattening, gray, grid, page.dpi)


def _without_grain(
    grid: Grid, lines: NDArray[np.uint8], area: TableArea, flattening: Flattening, dpi: float, options: TableOptions
) -> Grid:
    """The grid with the edges that stand once the grain of tinted cells is gone: beside them it looks like print."""
    ink = ink_map(flattening.crop(lines), dpi)
    clean = ink.without_grain([grid.box(cell) for cell in grid.cells], dpi)
    masks = None if clean is ink else _inner(without_breaks(find_rulings(clean, dpi, options), dpi), area, dpi)
    fresh = None if masks is None else build_grid(masks, dpi, options)
    if fresh is None or (fresh.rows, fresh.columns) != (grid.rows, grid.columns):
        return grid
    return fresh if len(fresh.cells) > len(grid.cells) else grid


def _made_anew(
    page: PageImage,
    lines: NDArray[np.uint8],
    area: TableArea,
    flattening: Flattening,
    options: TableOptions,
    closed: bool,
) -> RulingMasks | None:
    """The rulings of the straightened crop: resampling their masks would fray them. None where the area is gone."""
    fresh = without_breaks(find_rulings(ink_map(flattening.crop(lines), page.dpi), page.dpi, options), page.dpi)
    if closed:
        fresh = with_sides(fresh, page.dpi, [Box(0, 0, flattening.box.width, flattening.box.height)])
    return _inner(fresh, area, page.dpi)


def _inner(masks: RulingMasks, area: TableArea, dpi: float) -> RulingMasks | None:
    """The largest area that the rulings of a table's crop form; None where none is about as large as the table."""
    areas = table_areas(masks, dpi, least_height=LEAST_HEIGHT)
    inner = max(areas, key=lambda found: found.box.area, default=None)
    # A frame around the sheet that frays on the way leaves what stands in it, which is found by itself.
    return None if inner is None or inner.box.area < _STILL_THERE * area.box.area else inner.masks


def not_nested(tables: list[FoundTable]) -> list[FoundTable]:
    """Of a table inside another: the inner one when the outer is little more than a frame around it, else the outer.

    Nobody prints a table partly over another: of two such, one with less than half of the cells is not kept. The edges
    of a photographed sheet hang together with the upper rulings of a table on it.
    """
    dropped: set[int] = set()
    for i, outer in enumerate(tables):
        for j, inner in enumerate(tables):
            if i != j and inner.box.share_inside(outer.box) > 0.9 and inner.box.area < outer.box.area:
                dropped.add(i if len(outer.grid.cells) < 6 <= len(inner.grid.cells) else j)
            elif (
                2 * len(inner.grid.cells) < len(outer.grid.cells)
                and outer.box.share_inside(inner.box) <= 0.9
                and same_place(outer, inner)
            ):
                dropped.add(j)
    return [table for k, table in enumerate(tables) if k not in dropped]
