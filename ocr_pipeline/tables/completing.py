"""Rulings that a fax or faint print lost between two cells, put back where the page network sees them printed.

Rulings that are there are known to a pixel, so their grid is kept and only its cells are split, along its own lines.
"""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.geometry import Box
from ocr_pipeline.page_net import PageMaps
from ocr_pipeline.tables.cell_ink import FAINT_SHARE, PRINT_SHARE, cell_ink
from ocr_pipeline.tables.find import FoundTable
from ocr_pipeline.tables.grid import Grid, GridCell, cells_between
from ocr_pipeline.tables.ink import ink_map
from ocr_pipeline.tables.lone_titles import with_whole_titles

__all__ = ["completed"]

_SEEN = 128
"""From this value of a map on (of 255) a ruling is seen."""
_WHOLE = 0.85
"""Share of an edge along which it must be."""
_LEFT, _REACH_INCHES = 0.25, 0.01
"""Share of an edge with some ink within reach that must be left: nothing is split by what only the network sees."""
_CROSSED_INCHES, _CLOSE_INCHES = 0.02, 0.04
"""Print that reaches further than the first on both sides of an edge, or comes closer than the second to an upright one
from both sides, is not divided."""


def completed(found: FoundTable, maps: PageMaps) -> FoundTable:
    """The table with its merged cells split where printed rulings are seen in them.

    Args:
        found: by its rulings.
        maps: of its page.
    """
    grid = found.grid
    merged = [cell for cell in grid.cells if cell.row_span > 1 or cell.column_span > 1]
    if not merged:
        return found
    owner = np.zeros((grid.rows, grid.columns), np.int64)
    for number, cell in enumerate(grid.cells):
        owner[cell.row : cell.row + cell.row_span, cell.column : cell.column + cell.column_span] = number
    across = np.where(owner[1:] != owner[:-1], 1.0, 0.0)
    down = np.where(owner[:, 1:] != owner[:, :-1], 1.0, 0.0)
    edges = [(cell, *edge) for cell in merged for edge in _edges(cell)]
    seen = [edge for edge in edges if _is_seen(found, maps, edge[1], edge[2], upright=edge[3])]
    if not seen:
        return found
    depth = ink_map(found.gray, found.dpi)
    mask, faint = depth.mask(PRINT_SHARE), depth.mask(FAINT_SHARE)
    for cell, row, column, upright in seen:
        at = grid.xs[column + 1] if upright else grid.ys[row + 1]
        if _inked(found, faint, row, column, upright=upright) and not _divides_print(
            found, mask, cell, at, upright=upright
        ):
            (down if upright else across)[row, column] = 1.0
    grid = with_whole_titles(replace(grid, cells=tuple(cells_between(across, down))), mask, found.dpi)
    return found if len(grid.cells) == len(found.grid.cells) else replace(found, grid=grid)


def _edges(cell: GridCell) -> list[tuple[int, int, bool]]:
    """The edges between the slots of a merged cell: row, column and whether it is upright, right or below of there."""
    rows = range(cell.row, cell.row + cell.row_span)
    columns = range(cell.column, cell.column + cell.column_span)
    return [(r, c, False) for r in rows[:-1] for c in columns] + [(r, c, True) for r in rows for c in columns[:-1]]


def _is_seen(found: FoundTable, maps: PageMaps, row: int, column: int, *, upright: bool) -> bool:
    """Whether the network sees a printed ruling and a border of cells all along an edge."""
    grid: Grid = found.grid
    if upright:
        ends = [(grid.xs[column + 1], grid.ys[row]), (grid.xs[column + 1], grid.ys[row + 1])]
    else:
        ends = [(grid.xs[column], grid.ys[row + 1]), (grid.xs[column + 1], grid.ys[row + 1])]
    (x0, y0), (x1, y1) = np.asarray(found.flattening.to_page(ends)) * maps.scale
    count = max(4, round(float(np.hypot(x1 - x0, y1 - y0))))
    along = np.linspace(0.1, 0.9, count)
    xs, ys = x0 + along * (x1 - x0) - 0.5, y0 + along * (y1 - y0) - 0.5
    printed = _near(maps.of("upright" if upright else "across"), xs, ys, upright=upright)
    border = _near(maps.of("columns" if upright else "rows"), xs, ys, upright=upright)
    return float(np.mean((printed >= _SEEN) & (border >= _SEEN))) >= _WHOLE


def _inked(found: FoundTable, mask: NDArray[np.uint8], row: int, column: int, *, upright: bool) -> bool:
    """Whether something is left of a ruling along an edge."""
    grid, reach = found.grid, max(2, round(_REACH_INCHES * found.dpi))
    if upright:
        mask, grid = np.ascontiguousarray(mask.T), replace(grid, xs=grid.ys, ys=grid.xs)
        row, column = column, row
    at, start, end = round(grid.ys[row + 1]), round(grid.xs[column]), round(grid.xs[column + 1])
    first = max(0, at - 2 * reach)
    near = mask[first : at + 2 * reach + 1, start + 2 * reach : end - 2 * reach]
    if upright:
        near = _without_strokes(near, 2 * reach + 1)
    band = near[max(0, at - reach) - first : at + reach + 1 - first]
    inked: NDArray[np.bool_] = np.asarray((band > 0).any(axis=0))
    end = max(1, inked.size // 6)
    # A line of print stands in the middle of its cell; what is left of a level ruling begins at its ends.
    ends = upright or bool(inked[:end].any() and inked[-end:].any())
    return ends and float(inked.mean()) >= _LEFT


def _without_strokes(mask: NDArray[np.uint8], thick: int) -> NDArray[np.uint8]:
    """A mask without what reaches across a level ruling of this thickness: the strokes of characters do."""
    patches, stats = cv2.connectedComponentsWithStats(mask)[1:3]
    thin = stats[:, cv2.CC_STAT_HEIGHT] <= thick
    thin[0] = False
    return np.where(thin[patches], np.uint8(255), np.uint8(0))


def _near(
    values: NDArray[np.uint8], xs: NDArray[np.float64], ys: NDArray[np.float64], *, upright: bool
) -> NDArray[np.uint8]:
    """The largest value within a pixel of the map to both sides of each point."""
    height, width = values.shape
    found = np.zeros(len(xs), np.uint8)
    for step in (-1, 0, 1):
        columns = np.clip(np.rint(xs).astype(int) + step * upright, 0, width - 1)
        rows = np.clip(np.rint(ys).astype(int) + step * (not upright), 0, height - 1)
        found = np.maximum(found, values[rows, columns])
    return found


def _divides_print(found: FoundTable, mask: NDArray[np.uint8], cell: GridCell, at: float, *, upright: bool) -> bool:
    """Whether a line runs through a merged cell's print.

    Between two characters there is hardly any white on either side of it. A figure may stand close to its ruling, but
    those of two columns do not both; rows may stand close.
    """
    box: Box = found.grid.box(cell)
    reach, close = _CROSSED_INCHES * found.dpi, _CLOSE_INCHES * found.dpi
    before = after = False
    for part in cell_ink(mask, box, found.dpi).parts:
        low, high = (part.left, part.right) if upright else (part.top, part.bottom)
        if low < at - reach and high > at + reach:
            return True
        if high - low <= 1.5 * reach and abs(low + high - 2 * at) <= 2 * reach:
            continue  # a piece of the ruling itself
        middle = (low + high) / 2
        before |= middle < at < high + close
        after |= middle > at > low - close
    return upright and before and after
