"""Finds the ruled tables of a page."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.document import PageImage
from ocr_pipeline.geometry import Box
from ocr_pipeline.tables.flatten import Flattening, fit_flattening
from ocr_pipeline.tables.grid import Grid, build_grid
from ocr_pipeline.tables.ink import ink_map
from ocr_pipeline.tables.options import TableOptions
from ocr_pipeline.tables.rulings import find_rulings, table_areas

__all__ = ["FoundTable", "find_tables"]


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
    """

    page: int
    box: Box
    flattening: Flattening
    gray: NDArray[np.uint8]
    grid: Grid
    dpi: float


def find_tables(page: PageImage, options: TableOptions | None = None) -> list[FoundTable]:
    """The ruled tables of a page, top to bottom.

    Areas without a grid of at least two cells (a framed text, a chart) are left out.
    """
    options = options or TableOptions()
    masks = find_rulings(ink_map(page.gray, page.dpi), page.dpi, options)
    margin = 0.05 * page.dpi
    found = []
    for area in table_areas(masks, page.dpi):
        box = area.expanded(margin).clipped(page.width, page.height)
        rough = fit_flattening(masks.horizontal, masks.vertical, box)
        gray = rough.crop(page.gray)
        # Masks are made anew on the straightened crop: resampling a mask would fray its lines.
        local = masks if rough.is_identity else None
        if local is not None:
            inside = box.slices()
            parts = (local.horizontal[inside], local.vertical[inside], local.ink[inside])
        else:
            again = find_rulings(ink_map(gray, page.dpi), page.dpi, options)
            parts = (again.horizontal, again.vertical, again.ink)
        grid = build_grid(*parts, page.dpi, options)
        if grid is None or len(grid.cells) < 2:
            continue
        frame = Box(grid.xs[0], grid.ys[0], grid.xs[-1], grid.ys[-1])
        if frame.area >= 0.5 * area.area:
            found.append(FoundTable(page.index, rough.box_to_page(frame), rough, gray, grid, page.dpi))
    return found
