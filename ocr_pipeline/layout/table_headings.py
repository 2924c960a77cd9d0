"""Headings between tables that are taken for one: they are numbered, stand alone, and the page network has doubts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.document import Line, Region, RegionKind
from ocr_pipeline.geometry import Box
from ocr_pipeline.layout.numbering import opens_section
from ocr_pipeline.layout.table_extents import table_extent
from ocr_pipeline.page_net import PageMaps

__all__ = ["cut_at_headings", "lone_headings", "parts_between"]

_OUTSIDE = 0.8
"""How surely the map takes a line for one of a table, below which a numbered one is a heading: labels have more."""
_LEVEL = 0.3
"""Share of the height of the lower one that two lines beside each other have in common."""
_INSIDE, _LEAST_PART_INCHES = 0.2, 0.12
"""Share of a heading that is in a table, and how high a part of that is beside it: a row of print at least."""
_WORDS = re.compile(r"[\u4e00-\u9fff]{2}")


def lone_headings(lines: Sequence[Line], maps: PageMaps) -> list[Box]:
    """Numbered lines with nothing beside them that the page network sees rather outside of tables, in pixels.

    Labels of tables are numbered, too, but the network is sure of those.

    Args:
        lines: as read on the page.
        maps: of the page.
    """
    numbered = [line for line in lines if opens_section(line.text) and _WORDS.search(line.text)]
    seen = [line for line in numbered if maps.share("table", line.box) < _OUTSIDE]
    return [line.box for line in seen if not any(_is_beside(line.box, other.box) for other in lines if other != line)]


def _is_beside(line: Box, other: Box) -> bool:
    return line.overlap_y(other) > _LEVEL * min(line.height, other.height)


def cut_at_headings(
    regions: Sequence[Region], areas: Sequence[Box], headings: Sequence[Box], gray: NDArray[np.uint8], dpi: float
) -> tuple[tuple[Region, ...], list[Box]]:
    """Regions and areas, tables with headings inside in parts that end where their print does.

    Args:
        regions: of the page.
        areas: of the tables that the page network sees.
        headings: as ``lone_headings`` gives them.
        gray: the page, height x width, uint8, dark on light.
        dpi: its pixels per inch.
    """

    def cut(box: Box) -> list[Box]:
        inside = [heading for heading in headings if heading.share_inside(box) >= _INSIDE]
        if not inside:
            return [box]
        parts = [table_extent(part, gray, dpi) for part in parts_between(box, inside, 0.0)]
        return [part for part in parts if part.height >= _LEAST_PART_INCHES * dpi]

    cuts = [
        region.model_copy(update={"box": box})
        for region in regions
        for box in (cut(region.box) if region.kind is RegionKind.TABLE else [region.box])
    ]
    return tuple(cuts), [part for area in areas for part in cut(area)]


def parts_between(box: Box, headings: Iterable[Box], room: float) -> list[Box]:
    """The parts of a box above, between and below headings, top to bottom.

    Args:
        box: of a table.
        headings: across it.
        room: how far from a heading a part ends.
    """
    parts: list[Box] = []
    top = box.top
    for heading in sorted(headings):
        parts.append(Box(box.left, top, box.right, min(max(top, heading.top - room), box.bottom)))
        top = min(max(top, heading.bottom + room), box.bottom)
    parts.append(Box(box.left, top, box.right, box.bottom))
    return [part for part in parts if part.height > 0]
