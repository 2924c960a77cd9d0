"""Tables where the page network sees them: borders of cells, printed or not, faint, broken or lost to a fax."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.document import PageImage
from ocr_pipeline.geometry import Box
from ocr_pipeline.page_net import PageMaps
from ocr_pipeline.tables.bare_strips import without_bare_strips
from ocr_pipeline.tables.cell_ink import PRINT_SHARE
from ocr_pipeline.tables.find import FoundTable, not_nested
from ocr_pipeline.tables.flatten import fit_flattening
from ocr_pipeline.tables.grid import Grid, build_grid
from ocr_pipeline.tables.ink import ink_map
from ocr_pipeline.tables.lone_titles import with_whole_titles
from ocr_pipeline.tables.options import TableOptions
from ocr_pipeline.tables.rulings import RulingMasks, TableArea, table_areas

__all__ = ["find_mapped"]

_SURE = 65
"""From this value of a map on (of 255) a border is believed."""
_AGREED = 0.5
"""Mean of the map of tables (0..1) inside borders from which they are those of a table."""
_PRINTED = 128
"""From this value of a map on (of 255) a border is a printed ruling."""
_WORN, _FRAMED = 0.25, 0.8
"""Of the share of borders that must be printed, what suffices in a printed frame, and share of three of its sides."""
_HALF = 100
"""Value (of 255) from which a pixel of a resampled mask belongs to it: less than half keeps thin lines whole."""
_CREST_INCHES = 0.04
"""How far from its middle a border may show in a map."""
_SNAP_INCHES = 0.03
"""How far from where the network sees it a printed ruling may lie."""


def find_mapped(page: PageImage, maps: PageMaps, options: TableOptions | None = None) -> list[FoundTable]:
    """The tables of a page by the network's maps, top to bottom.

    Args:
        page: upright and straight.
        maps: of this page.
        options: of the stage.
    """
    options = options or TableOptions()
    size = (page.width, page.height)
    across = _crest(maps.enlarged("rows", size), page.dpi)
    down = np.ascontiguousarray(_crest(np.ascontiguousarray(maps.enlarged("columns", size).T), page.dpi).T)
    masks = RulingMasks(across, down, cv2.bitwise_or(across, down))
    printed = maps.enlarged("across", size), maps.enlarged("upright", size)
    # What the borders say, the area must bear out.
    areas = [area for area in table_areas(masks, page.dpi) if maps.share("table", area.box) >= _AGREED]
    areas = [area for area in areas if _is_printed(area, printed, page.dpi, options)]
    found = [_found(page, printed, area, options) for area in areas]
    return not_nested([table for table in found if table is not None])


def _is_printed(
    area: TableArea, printed: tuple[NDArray[np.uint8], NDArray[np.uint8]], dpi: float, options: TableOptions
) -> bool:
    """Whether enough of a table's borders is printed: less is where a fax left little but the frame."""
    share = _printed_share(area, printed)
    if share >= options.least_printed:
        return True
    sides = [_side_share(area.box, printed, dpi, upright=u, last=last) for u in (False, True) for last in (False, True)]
    return share >= _WORN * options.least_printed and sorted(sides)[1] >= _FRAMED


def _side_share(
    box: Box, printed: tuple[NDArray[np.uint8], NDArray[np.uint8]], dpi: float, *, upright: bool, last: bool
) -> float:
    """Share (0..1) of one side of a box along which the network sees a printed ruling."""
    reach, seen = round(_CREST_INCHES * dpi), printed[1].T if upright else printed[0]
    start, end = (box.top, box.bottom) if upright else (box.left, box.right)
    at = (box.right if last else box.left) if upright else (box.bottom if last else box.top)
    band = seen[max(0, round(at) - reach) : round(at) + reach + 1, round(start) : round(end)]
    return float((band >= _PRINTED).any(axis=0).mean()) if band.size else 0.0


def _printed_share(area: TableArea, printed: tuple[NDArray[np.uint8], NDArray[np.uint8]]) -> float:
    """Share of a table's borders that the network sees printed, 0..1, in the direction that has less of them."""
    inside = area.box.slices()
    shares = []
    for borders, seen in zip((area.masks.horizontal, area.masks.vertical), printed, strict=True):
        border = borders[inside] > 0
        shares.append(float((seen[inside][border] >= _PRINTED).mean()) if border.any() else 0.0)
    return min(shares)


def _crest(values: NDArray[np.uint8], dpi: float) -> NDArray[np.uint8]:
    """The middle of horizontal lines, 0/255: a map shows them wide, and grids are built of thin ones."""
    reach = max(3, round(_CREST_INCHES * dpi))
    # A plateau has no highest place until it is blurred.
    peaked = cv2.GaussianBlur(values.astype(np.float32), (1, 2 * reach + 1), 0, sigmaY=reach / 2)
    highest = cv2.dilate(peaked, np.ones((reach | 1, 1), np.uint8))
    middle = (peaked >= highest - 0.5) & (values >= _SURE)
    return np.asarray(cv2.dilate(middle.astype(np.uint8) * 255, np.ones((3, 1), np.uint8)), np.uint8)


def _sharp(mask: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A mask that was resampled, 0/255 again."""
    return np.where(mask >= _HALF, np.uint8(255), np.uint8(0))


def _found(
    page: PageImage,
    printed: tuple[NDArray[np.uint8], NDArray[np.uint8]],
    area: TableArea,
    options: TableOptions,
) -> FoundTable | None:
    box = area.box.expanded(0.05 * page.dpi).clipped(page.width, page.height)
    flattening = fit_flattening(area.masks.horizontal, area.masks.vertical, box)
    across, down = flattening.crop(area.masks.horizontal), flattening.crop(area.masks.vertical)
    across, down = _sharp(across), _sharp(down)
    gray = flattening.crop(page.gray)
    masks = RulingMasks(across, down, cv2.bitwise_or(across, down))
    print_ = ink_map(gray, page.dpi).mask(PRINT_SHARE)
    grid = build_grid(masks, page.dpi, options, print_=print_)
    if grid is None or grid.columns < 2 or len(grid.cells) < 3:
        return None
    grid = with_whole_titles(without_bare_strips(grid, print_, page.dpi), print_, page.dpi)
    grid = _snapped(grid, gray, (flattening.crop(printed[0]), flattening.crop(printed[1])), page.dpi)
    frame = grid.frame
    if frame.area < 0.5 * area.box.area:
        return None
    return FoundTable(page.index, flattening.box_to_page(frame), flattening, gray, grid, page.dpi, guessed=True)


def _snapped(
    grid: Grid, gray: NDArray[np.uint8], printed: tuple[NDArray[np.uint8], NDArray[np.uint8]], dpi: float
) -> Grid:
    """The grid with its printed lines on their ink: the maps know a place to about a hundredth of an inch."""
    depth = ink_map(gray, dpi).depth
    ys = _on_ink(grid.ys, depth, printed[0], dpi)
    xs = _on_ink(grid.xs, np.ascontiguousarray(depth.T), np.ascontiguousarray(printed[1].T), dpi)
    return replace(grid, ys=ys, xs=xs)


def _on_ink(
    lines: tuple[float, ...], depth: NDArray[np.uint8], printed: NDArray[np.uint8], dpi: float
) -> tuple[float, ...]:
    """Horizontal lines moved to the centre of the ink near them, where the network sees them printed."""
    reach = max(2, round(_SNAP_INCHES * dpi))
    moved = []
    for line in lines:
        top = max(0, round(line) - reach)
        band = slice(top, min(depth.shape[0], round(line) + reach + 1))
        columns = (printed[band] >= _PRINTED).any(axis=0)
        if columns.mean() < 0.1:
            moved.append(line)
            continue
        profile = depth[band][:, columns].mean(axis=1)
        profile = np.clip(profile - np.percentile(profile, 60), 0, None)
        peak = int(profile.argmax())
        near = np.arange(max(0, peak - 2), min(len(profile), peak + 3))
        weight = float(profile[near].sum())
        moved.append(top + float((near * profile[near]).sum()) / weight if weight > 0 else line)
    ordered = all(b - a >= 2 for a, b in pairwise(moved))
    return tuple(moved) if ordered else lines
