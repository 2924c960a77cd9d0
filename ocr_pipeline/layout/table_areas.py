"""How far tables reach on a page: grids know it to the pixel where they are whole, the network's areas where not."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.geometry import Box
from ocr_pipeline.layout.abutting import parted_at_rulings
from ocr_pipeline.layout.extents import table_extent
from ocr_pipeline.layout.mapped import LEAST_TABLE_AREA

__all__ = ["is_stray", "settled"]

_ABOUT = 0.5
"""Share of a table or an area from which it lies in the other."""
_COVERED = 0.5
"""Share of a table that the areas about it cover: without rulings, its outer columns may be too wide by half."""
_AGREED = 0.85
"""Intersection over union of a ruled table and an area from which they say the same."""
_WITHIN, _FILLED = 0.9, 0.85
"""Share of a table in an area that it is a part of, and share of the area's height that such tables fill."""
_DEPTH, _LEFT = 24, 0.3
"""Grey levels from the paper to a pale ruling, and share of a worn one that is left."""
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
        about = [area for area in areas if _is_about(area, table)]
        if sum(area.intersection_area(table) for area in about) < _COVERED * table.area:
            boxes.append(table if ruled else table_extent(table, gray, dpi))
        elif ruled and (max(area.iou(table) for area in about) >= _AGREED or table in whole):
            boxes.append(table)
        else:
            shown += [_as_wide(area, table) if ruled else area for area in about if area not in shown]
    reach = _ROOM_INCHES * dpi
    shown = [area for area in shown if all(area.iou(box) < _AGREED for box in boxes)]
    printed = [table_extent(area.expanded(reach), gray, dpi) for area in shown]
    return boxes + [part for box in printed for part in parted_at_rulings(box, gray, dpi)]


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


def is_stray(table: Box, areas: Sequence[Box], dpi: float) -> bool:
    """Whether what rulings make a table is none: the grain of a desk that runs into the tables of its photograph.

    A detector may miss a table, so it is asked only where it sees one that this crosses, or where this is tiny.

    Args:
        table: as its rulings show it, in pixels.
        areas: of the tables that a detector sees on the page, in pixels.
        dpi: pixels per inch.
    """
    if any(_is_about(area, table) for area in areas):
        return False
    return table.area < LEAST_TABLE_AREA * dpi**2 or any(area.intersection_area(table) > 0 for area in areas)


def _is_about(area: Box, table: Box) -> bool:
    return area.share_inside(table) >= _ABOUT or table.share_inside(area) >= _ABOUT
