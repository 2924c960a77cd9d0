"""How far tables reach on a page: grids know it to the pixel where they are whole, the network's areas where not."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.document import PageImage
from ocr_pipeline.geometry import Box
from ocr_pipeline.layout.abutting import parted_at_rulings
from ocr_pipeline.layout.mapped import LEAST_TABLE_AREA
from ocr_pipeline.layout.table_extents import table_extent
from ocr_pipeline.page_net import PageMaps

__all__ = ["is_stray", "settled"]

_ABOUT = 0.5
"""Share of a table or an area from which it lies in the other."""
_COVERED = 0.5
"""Share of a table that the areas about it cover; of its height, where nothing is ruled."""
_NARROWEST = 0.3
"""Width of an area, as a share of that of a table without rulings: its outer columns may reach to the page's edges."""
_AGREED = 0.85
"""Intersection over union of a ruled table and an area from which they say the same."""
_WITHIN, _FILLED = 0.9, 0.85
"""Share of a table in an area that it is a part of, and share of the area's height that such tables fill."""
_DEPTH, _LEFT = 24, 0.3
"""Grey levels from the paper to a pale ruling, and share of a worn one that is left."""
_LEAST_WRITTEN = 0.02
"""How surely the network sees lines of print in a table that it does not see, on average; in few is less than 0.05."""
_RULED = 0.02
"""Share of what is ruled that rulings take on the maps, at least."""
_ROOM_INCHES = 0.05
"""How far outside its area the print of a table may lie: the network's maps are coarse."""


def settled(
    tables: Sequence[Box], areas: Sequence[Box], gray: NDArray[np.uint8], dpi: float, *, ruled: bool = False
) -> list[Box]:
    """Boxes of the tables of a page.

    A table whose rulings are all there ends where they end. One that stops short, as where a fax lost its outer
    rulings, that runs on over the white between two, or that is one of several pieces of a table, stands where the
    areas stand, and so does one without rulings: the print knows its columns, but not its edges. Where nothing is seen
    of a table, a ruled one stays as it is and another ends where its print ends.

    Args:
        tables: as their rulings or their print show them, in pixels; those without rulings may reach beyond the page.
        areas: of tables that a detector sees, in pixels; where there is no table among the others, they are left out.
        gray: the page, height x width, uint8, dark on light.
        dpi: its pixels per inch.
        ruled: whether the tables were found by rulings, so that they are right where an area says the same.
    """
    boxes: list[Box] = []
    shown: list[Box] = []
    whole = [table for area in areas for table in _stacked(area, tables, gray, dpi)] if ruled else []
    for table in tables:
        about = [area for area in areas if (_is_about(area, table) if ruled else _is_level(area, table))]
        if (_covered(table, about) if ruled else _covered_height(table, about)) < _COVERED:
            boxes.append(table if ruled else table_extent(table, gray, dpi))
        elif ruled and (_agree(table, about) or table in whole):
            boxes.append(table)
        else:
            shown += [_as_wide(area, table) if ruled else area for area in about if area not in shown]
    reach = _ROOM_INCHES * dpi
    shown = [area for area in shown if all(area.iou(box) < _AGREED for box in boxes)]
    printed = [table_extent(area, gray, dpi, reach) for area in shown]
    return boxes + [part for box in printed for part in parted_at_rulings(box, gray, dpi)]


def _agree(table: Box, about: Sequence[Box]) -> bool:
    """Whether one of the areas about a table is that table, and no other is inside of it."""
    best = max(about, key=lambda area: area.iou(table))
    others = [area for area in about if area != best]
    return best.iou(table) >= _AGREED and not any(area.share_inside(table) >= _WITHIN for area in others)


def _as_wide(area: Box, table: Box) -> Box:
    """The area, as wide as the rulings of its table where both say the same of its height."""
    if area.overlap_y(table) < _AGREED * max(area.height, table.height):
        return area
    return Box(min(area.left, table.left), area.top, max(area.right, table.right), area.bottom)


def _stacked(area: Box, tables: Sequence[Box], gray: NDArray[np.uint8], dpi: float) -> list[Box]:
    """The tables that make up one area, one below the other, where nothing at their sides holds them together.

    Between pieces of one table, of which the rulings of a row are lost, something is left of its sides.
    """
    inside = sorted((table for table in tables if table.share_inside(area) >= _WITHIN), key=lambda box: box.top)
    gaps = [
        Box(max(one.left, other.left), one.bottom, min(one.right, other.right), other.top)
        for one, other in pairwise(inside)
        if other.top > one.bottom
    ]
    filled = sum(table.height for table in inside) >= _FILLED * area.height
    return inside if len(gaps) == len(inside) - 1 > 0 and filled and all(_is_open(g, gray, dpi) for g in gaps) else []


def _is_open(gap: Box, gray: NDArray[np.uint8], dpi: float) -> bool:
    """Whether no ruling goes down the sides of what is between two tables."""
    reach = _ROOM_INCHES * dpi
    inner = Box(gap.left, gap.top + reach / 2, gap.right, gap.bottom - reach / 2)
    if inner.height < reach:
        return False
    for side in (gap.left, gap.right):
        strip = gray[Box(side - reach, inner.top, side + reach, inner.bottom).slices()]
        if not strip.size or float((strip.min(axis=1) < np.percentile(strip, 90) - _DEPTH).mean()) > _LEFT:
            return False
    return True


def is_stray(table: Box, areas: Sequence[Box], page: PageImage, maps: PageMaps) -> bool:
    """Whether what rulings make a table is none: the desk of a photograph, the edges of the paper on it, a chart.

    The network may miss a table, so its areas are asked only where it sees one that this crosses or frames, where this
    is tiny, or where it sees no line of print inside.

    Args:
        table: as its rulings show it, in pixels.
        areas: of the tables that the page network sees on the page, in pixels.
        page: that it was found on.
        maps: of the page.
    """
    about = [area for area in areas if _is_about(area, table)]
    if about:
        framed = _covered(table, about) < _COVERED and _is_at_edge(table, page)
        return framed and not _is_ruled_beside(table, about, maps)
    if any(area.intersection_area(table) > 0 for area in areas) or table.area < LEAST_TABLE_AREA * page.dpi**2:
        return True
    return maps.share("line", table) < _LEAST_WRITTEN


def _is_at_edge(table: Box, page: PageImage) -> bool:
    """Whether a table begins or ends where the page does."""
    reach = _ROOM_INCHES * page.dpi
    least = min(table.left, table.top, page.width - table.right, page.height - table.bottom)
    return least <= reach


def _is_ruled_beside(table: Box, areas: Sequence[Box], maps: PageMaps) -> bool:
    """Whether the network sees rulings in a table outside of areas inside of it: then it missed a part of that."""
    rest = max(1.0, table.area - sum(area.area for area in areas))
    seen = [
        maps.share(name, table) * table.area - sum(maps.share(name, area) * area.area for area in areas)
        for name in ("across", "upright")
    ]
    return sum(seen) / rest >= _RULED


def _is_about(area: Box, table: Box) -> bool:
    return area.share_inside(table) >= _ABOUT or table.share_inside(area) >= _ABOUT


def _is_level(area: Box, table: Box) -> bool:
    """Whether an area stands in the rows of a table whose sides nobody knows."""
    beside = area.overlap_x(table) >= max(_ABOUT * area.width, _NARROWEST * table.width)
    return beside and area.overlap_y(table) >= _ABOUT * min(area.height, table.height)


def _covered(table: Box, areas: Sequence[Box]) -> float:
    """Share of a table that areas cover."""
    return sum(area.intersection_area(table) for area in areas) / table.area


def _covered_height(table: Box, areas: Sequence[Box]) -> float:
    return sum(area.overlap_y(table) for area in areas) / table.height
