"""Regions from the maps of the page network: areas of tables, headings, seals."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.geometry import Box
from ocr_pipeline.layout.extents import line_extent
from ocr_pipeline.page_net import PageMaps
from ocr_pipeline.page_net.maps import MAP_DPI

__all__ = ["LEAST_TABLE_AREA", "mapped_headings", "mapped_seals", "mapped_tables"]

_SMALLEST_TABLE = (0.8, 0.25)
"""Width and height in inches."""
LEAST_TABLE_AREA = 0.5
"""Square inches: a single row is long, and a narrow table has several rows."""
_DIP, _DIP_REACH = 1.7, 8
"""How much surer the map is of a table both above and below the white between two, within so many of its rows."""
_RULED, _RULED_REACH = 0.5, 5
"""Share of the width that a ruling takes on the map, above such white and below it, within so many of its rows. In one
table from which a fax lost rulings, one side has none."""
_SMALLEST_HEADING = (0.25, 0.06)
_SEAL_GAP = 0.35
"""Inches between the rim, the star and the characters of one seal."""
_SMALLEST_SEAL = (0.6, 0.6)
_SEAL_ASPECT = 2.0
_LEAST_FILLED = 0.6
"""Share of its box that the area of a table or heading fills. A seal is a ring, and fills less."""
_TRIM_INCHES = 0.05
"""How far outside its area on the map the ink of a line may lie."""


def mapped_tables(maps: PageMaps) -> list[Box]:
    """Areas of tables on the page, in pixels, top to bottom."""
    opened = cv2.morphologyEx(maps.likely("table"), cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
    mask = _parted(opened, maps.of("table"), maps.likely("across"))
    return [box for box in _boxes(mask, maps, _SMALLEST_TABLE, filled=_LEAST_FILLED) if _is_large(box, maps)]


def _parted(mask: NDArray[np.uint8], sure: NDArray[np.uint8], across: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The mask without the white between the rulings of two tables one below the other, where the map of areas dips."""
    parted: NDArray[np.uint8] = np.array(mask, np.uint8)
    for left, top, width, height, _ in cv2.connectedComponentsWithStats(mask, connectivity=8)[2][1:]:
        inside = np.s_[top : top + height, left : left + width]
        depth, ruled = sure[inside].mean(axis=1), (across[inside] > 0).mean(axis=1) >= _RULED
        for row in range(1, height - 1):
            above, below = depth[max(0, row - _DIP_REACH) : row], depth[row + 1 : row + 1 + _DIP_REACH]
            dips = _DIP * depth[row] < min(above.max(), below.max()) and depth[row] <= min(above.min(), below.min())
            foot, head = ruled[max(0, row - _RULED_REACH) : row], ruled[row + 1 : row + 1 + _RULED_REACH]
            if dips and foot.any() and head.any():
                parted[inside][row] = 0
    return parted


def _is_large(box: Box, maps: PageMaps) -> bool:
    x, y = maps.scale
    return box.width * x * box.height * y >= LEAST_TABLE_AREA * MAP_DPI**2


def mapped_headings(maps: PageMaps, gray: NDArray[np.uint8], dpi: float) -> list[Box]:
    """Lines that are titles or headings, on the page, in pixels, top to bottom; trimmed to their ink.

    Args:
        maps: of the page.
        gray: the page, height x width, uint8, dark on light.
        dpi: its pixels per inch.
    """
    joined = cv2.morphologyEx(maps.likely("heading"), cv2.MORPH_CLOSE, np.ones((1, 15), np.uint8))
    boxes = _boxes(joined, maps, _SMALLEST_HEADING, filled=_LEAST_FILLED)
    return [line_extent(box.expanded(_TRIM_INCHES * dpi), gray, dpi) for box in boxes]


def mapped_seals(maps: PageMaps) -> list[Box]:
    """Seals on the page, in pixels, top to bottom: pieces of seal ink near each other are one."""
    gap = round(_SEAL_GAP * MAP_DPI) | 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (gap, gap))
    joined = cv2.morphologyEx(maps.likely("seal"), cv2.MORPH_CLOSE, kernel)
    boxes = _boxes(joined, maps, _SMALLEST_SEAL, filled=0.0)
    return [box for box in boxes if max(box.width, box.height) <= _SEAL_ASPECT * min(box.width, box.height)]


def _boxes(mask: NDArray[np.uint8], maps: PageMaps, smallest: tuple[float, float], *, filled: float) -> list[Box]:
    """Boxes of the patches of at least this width and height, inches, that fill this share of their box."""
    x, y = maps.scale
    boxes = []
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    for label, (left, top, width, height, area) in enumerate(stats[1:], start=1):
        fits = width >= smallest[0] * MAP_DPI and height >= smallest[1] * MAP_DPI
        if not fits:
            continue
        patch = labels[top : top + height, left : left + width] == label
        if area >= filled * width * height or area >= filled * _leaning_area(patch):
            boxes.append(Box(left / x, top / y, (left + width) / x, (top + height) / y))
    return sorted(boxes, key=lambda box: (box.top, box.left))


def _leaning_area(patch: NDArray[np.bool_]) -> float:
    """Of the smallest rectangle around a patch, which leans where a photograph is not quite straightened."""
    points = cv2.findNonZero(patch.astype(np.uint8))
    _, (width, height), _ = cv2.minAreaRect(points)
    # The rectangle goes through the middles of the outermost pixels.
    return float((width + 1) * (height + 1))
