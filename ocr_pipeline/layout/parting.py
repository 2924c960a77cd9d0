"""Tables in one area of the page network's map, parted at the white between them."""

from __future__ import annotations

from collections.abc import Iterable

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.geometry import Box
from ocr_pipeline.layout.abutting import runs
from ocr_pipeline.layout.table_extents import Paper, table_extent
from ocr_pipeline.page_net import PageMaps

__all__ = ["parted_at_white"]

_WHITE_INCHES, _LEAST_INCHES = 0.06, 0.3
"""Least height of the white between two tables, and of a table."""
_LEAST_WHITE = 2
"""Pixels; less is white inside of characters or beside a worn ruling."""
_SPECKS = 0.004
"""Share of the width that specks take in a row of pixels of that white."""
_SIDE_INCHES, _BESIDE_INCHES, _STRETCHES, _LEFT = 0.08, 0.3, 6, 0.8
"""How far from its side the outer ruling of a table may be, how much of it is looked at above and below such white, and
in how many stretches, of which this share shows it: more than a line of print is high."""
_SIDES, _FILLED = 2, 0.5
"""How many ends of outer rulings there are at the white between two tables, at least; share of the width that is dark
above or below it where the row has a fill, whose edges are no rulings."""
_DIP, _DIP_REACH = 0.65, 10
"""How sure the map is of a table in the white between two, against above and below it, within so many of its rows."""
_WIDEST = 2.5
"""Height of the white between two tables without outer rulings, against that between most rows of them."""


def parted_at_white(areas: Iterable[Box], maps: PageMaps, gray: NDArray[np.uint8], dpi: float) -> list[Box]:
    """The areas of tables, those with several tables in them in parts, top to bottom.

    Two tables have white between them all across, where the map is less sure of a table. Either their outer upright
    rulings end there, or it is by far the widest white of their area.

    Args:
        areas: of tables, in pixels.
        maps: of the page.
        gray: the page, height x width, uint8, dark on light.
        dpi: its pixels per inch.
    """
    return [part for area in areas for part in _parted(area, maps, gray, dpi)]


def _parted(area: Box, maps: PageMaps, gray: NDArray[np.uint8], dpi: float) -> list[Box]:
    # Looked at first, for it costs least. At its edges the map is never sure.
    sure = maps.of("table")[maps.slices(area)].mean(axis=1)[_DIP_REACH // 2 : -_DIP_REACH // 2]
    if not sure.size or sure.min() > _DIP * sure.max():
        return [area]
    extent = table_extent(area, gray, dpi)
    part = gray[extent.slices()]
    paper = Paper.of(part)
    printed = np.asarray(part < paper.pale)
    white = [run for run in runs(printed.mean(axis=1) <= _SPECKS) if run[0] > 0 and run[1] < len(printed)]
    heights = [stop - start for start, stop in white if stop - start > _LEAST_WHITE]
    usual, widest = (float(np.median(heights)), max(heights)) if heights else (0.0, 0)
    cuts: list[tuple[int, int]] = []
    for start, stop in white:
        edges = (cuts[-1][1] if cuts else 0, len(printed))
        if stop - start < _WHITE_INCHES * dpi or min(start - edges[0], edges[1] - stop) < _LEAST_INCHES * dpi:
            continue
        strip = Box(extent.left, extent.top + start, extent.right, extent.top + stop)
        if not _dips(strip, maps) or _is_crossed(part[start:stop], paper):
            continue
        if stop - start == widest >= _WIDEST * usual or _is_framed(part, (start, stop), paper, dpi):
            cuts.append((start, stop))
    edges_ = [area.top, *(extent.top + edge for cut in cuts for edge in cut), area.bottom]
    return [Box(area.left, top, area.right, bottom) for top, bottom in zip(edges_[::2], edges_[1::2], strict=True)]


def _is_framed(part: NDArray[np.uint8], white: tuple[int, int], paper: Paper, dpi: float) -> bool:
    """Whether outer rulings of tables end above the white and begin below it: two of the four, others may be worn."""
    side, rows = max(1, round(_SIDE_INCHES * dpi)), round(_BESIDE_INCHES * dpi / _STRETCHES)
    sides = 0
    height = _STRETCHES * rows
    for end in (part[max(0, white[0] - height) : white[0]], part[white[1] : white[1] + height]):
        if len(end) < height:
            continue
        stretches = end.reshape(_STRETCHES, rows, -1).mean(axis=1) < paper.palest(rows)
        # A ruling that leans goes on in the next column of pixels.
        upright = cv2.dilate(stretches.astype(np.uint8), np.ones((1, 3), np.uint8)).mean(axis=0) >= _LEFT
        if float(upright.mean()) <= _FILLED:
            sides += int(upright[:side].any()) + int(upright[-side:].any())
    return sides >= _SIDES


def _is_crossed(strip: NDArray[np.uint8], paper: Paper) -> bool:
    """Whether upright rulings go on through a strip of what seems white, however pale they are."""
    return float((strip.mean(axis=0) < paper.palest(len(strip))).mean()) > _SPECKS


def _dips(strip: Box, maps: PageMaps) -> bool:
    """Whether the map is less sure of a table in a strip of white than above and below it."""
    rows, columns = maps.slices(strip)
    sure = maps.of("table")[:, columns].mean(axis=1)
    above, below = sure[max(0, rows.start - _DIP_REACH) : rows.start + 1], sure[rows.stop - 1 : rows.stop + _DIP_REACH]
    inside = sure[rows.start : max(rows.stop, rows.start + 1)]
    return bool(inside.size and inside.min() <= _DIP * min(above.max(), below.max()))
