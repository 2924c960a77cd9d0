"""Single rows that a page break cut off a table: too low and with too few cells to pass for a table by themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.document import PageImage
from ocr_pipeline.geometry import Box
from ocr_pipeline.tables.ink import InkMap
from ocr_pipeline.tables.options import TableOptions
from ocr_pipeline.tables.rulings import RulingMasks, TableArea, find_rulings, table_areas

__all__ = ["LEAST_HEIGHT", "lone_rows", "may_be_cut_off", "row_options"]

LEAST_HEIGHT = 0.11
"""Height of the lowest row, in inches: small print between rulings."""

_GREATEST_HEIGHT = 0.26
_LEAST_WIDTH = 0.35
"""Share of the page's width that a row cut off a table spans."""

_EDGE_SHARE = 0.3
"""Share of the page's height, from its upper and from its lower edge, where such rows stand."""

_TALLEST = (0.5, 1.0)
"""Height of such a row of one cell and of two in inches: what is taller is a framed text or a picture."""


def row_options(options: TableOptions) -> TableOptions:
    """The options with which the rulings beside a single row are long enough."""
    return options.model_copy(update={"min_vertical": min(options.min_vertical, 0.75 * LEAST_HEIGHT)})


def lone_rows(
    ink: InkMap, masks: RulingMasks, tables: Sequence[Box], dpi: float, options: TableOptions
) -> list[TableArea]:
    """Frames of one low row near the upper or the lower edge of a page, outside its tables.

    Args:
        ink: of the page.
        masks: its rulings, as the tables were found by them.
        tables: boxes of the tables.
        dpi: resolution.
        options: of the stage.
    """
    found = []
    for box in _between_rulings(masks.horizontal, tables, dpi):
        rows, columns = box.expanded(0.06 * dpi).clipped(ink.depth.shape[1], ink.depth.shape[0]).slices()
        part = InkMap(np.ascontiguousarray(ink.depth[rows, columns]), ink.level, ink.noise)
        inside = find_rulings(part, dpi, row_options(options))
        for area in table_areas(inside, dpi, least_height=LEAST_HEIGHT):
            horizontal, vertical = np.zeros_like(masks.horizontal), np.zeros_like(masks.vertical)
            horizontal[rows, columns], vertical[rows, columns] = area.masks.horizontal, area.masks.vertical
            place = area.box.translated(columns.start, rows.start)
            found.append(TableArea(place, replace(masks, horizontal=horizontal, vertical=vertical)))
    return found


def _between_rulings(horizontal: NDArray[np.uint8], tables: Sequence[Box], dpi: float) -> list[Box]:
    """Neighbouring long rulings that stand as far apart as the rulings of one row do."""
    height, width = horizontal.shape
    free: NDArray[np.uint8] = horizontal.copy()
    free[round(_EDGE_SHARE * height) : round((1 - _EDGE_SHARE) * height)] = 0
    for table in tables:
        free[table.expanded(0.05 * dpi).slices()] = 0
    _, _, stats, _ = cv2.connectedComponentsWithStats(free, connectivity=8)
    lines = sorted(
        (Box(left, top, left + w, top + h) for left, top, w, h, _ in stats[1:].tolist() if w >= _LEAST_WIDTH * width),
        key=lambda box: box.top,
    )
    return [
        Box.union_of((above, below))
        for above, below in pairwise(lines)
        if LEAST_HEIGHT * dpi <= below.center[1] - above.center[1] <= _GREATEST_HEIGHT * dpi
        and above.overlap_x(below) >= 0.9 * max(above.width, below.width)
    ]


def may_be_cut_off(box: Box, cells: int, page: PageImage) -> bool:
    """Whether a row of one or two cells may be the end of a table that began a page before, or a beginning.

    Args:
        box: of the row on the page.
        cells: how many it has.
        page: where it stands.
    """
    if box.width < _LEAST_WIDTH * page.width or box.height > _TALLEST[min(cells, 2) - 1] * page.dpi:
        return False
    # On the first page a frame at the top has a title in it.
    at_top = page.index > 0 and box.top <= _EDGE_SHARE * page.height
    return at_top or box.bottom >= (1 - _EDGE_SHARE) * page.height
