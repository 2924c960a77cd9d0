"""Regions from the maps of the page network: areas of tables, headings, seals."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.geometry import Box
from ocr_pipeline.page_net import PageMaps
from ocr_pipeline.page_net.maps import MAP_DPI

__all__ = ["mapped_headings", "mapped_seals", "mapped_tables"]

_SMALLEST_TABLE = (0.8, 0.25)
"""Width and height in inches."""
_SMALLEST_HEADING = (0.25, 0.06)
_SEAL_GAP = 0.35
"""Inches between the rim, the star and the characters of one seal."""
_SMALLEST_SEAL = (0.6, 0.6)
_SEAL_ASPECT = 2.0
_LEAST_FILLED = 0.6
"""Share of its box that the area of a table or heading fills. A seal is a ring, and fills less."""
_TRIM_INCHES = 0.05


def mapped_tables(maps: PageMaps) -> list[Box]:
    """Areas of tables on the page, in pixels, top to bottom."""
    mask = cv2.morphologyEx(maps.likely("table"), cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
    return _boxes(mask, maps, _SMALLEST_TABLE, filled=_LEAST_FILLED)


def mapped_headings(maps: PageMaps, gray: NDArray[np.uint8], dpi: float) -> list[Box]:
    """Lines that are titles or headings, on the page, in pixels, top to bottom; trimmed to their ink.

    Args:
        maps: of the page.
        gray: the page, height x width, uint8, dark on light.
        dpi: its pixels per inch.
    """
    joined = cv2.morphologyEx(maps.likely("heading"), cv2.MORPH_CLOSE, np.ones((1, 15), np.uint8))
    boxes = _boxes(joined, maps, _SMALLEST_HEADING, filled=_LEAST_FILLED)
    return [_trimmed(box, gray, dpi) for box in boxes]


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
    for left, top, width, height, area in cv2.connectedComponentsWithStats(mask, connectivity=8)[2][1:]:
        fits = width >= smallest[0] * MAP_DPI and height >= smallest[1] * MAP_DPI
        if fits and area >= filled * width * height:
            boxes.append(Box(left / x, top / y, (left + width) / x, (top + height) / y))
    return sorted(boxes, key=lambda box: (box.top, box.left))


def _trimmed(box: Box, gray: NDArray[np.uint8], dpi: float) -> Box:
    """A line's box moved to its ink, which may lie a little outside; the maps are as coarse as a few pixels."""
    room = box.expanded(_TRIM_INCHES * dpi).clipped(gray.shape[1], gray.shape[0])
    part = gray[room.slices()]
    ink = part < _threshold(part)
    rows, columns = np.flatnonzero(ink.sum(axis=1) > 1), np.flatnonzero(ink.any(axis=0))
    if not rows.size or not columns.size:
        return box
    middle = round(box.center[1] - room.top)
    inside = _run_about(rows, middle, gap=max(2, round(0.02 * dpi)))
    return Box(
        room.left + float(columns[0]),
        room.top + inside[0],
        room.left + float(columns[-1]) + 1,
        room.top + inside[1] + 1,
    )


def _threshold(part: NDArray[np.uint8]) -> float:
    """Halfway between the paper and the print of a line."""
    dark, paper = np.percentile(part, (5, 90)) if part.size else (0.0, 0.0)
    return float(dark + paper) / 2


def _run_about(rows: NDArray[np.intp], middle: int, gap: int) -> tuple[float, float]:
    """First and last of the rows that hang together with the one nearest to the middle."""
    groups = np.split(rows, np.flatnonzero(np.diff(rows) > gap) + 1)
    nearest = min(groups, key=lambda group: int(np.abs(group - middle).min()))
    return float(nearest[0]), float(nearest[-1])
