"""Red seals: rings of red ink of the size that official seals have."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.document import Line, PageImage
from ocr_pipeline.geometry import Box
from ocr_pipeline.layout.typography import text_width
from ocr_pipeline.shrinking import is_gray

__all__ = ["find_seals", "is_seal_print", "without_seal_ink"]

_WORK_DPI = 50.0
_MM_PER_INCH = 25.4
_MIN_MM, _MAX_MM = 24.0, 70.0
_MIN_REDNESS = 35
"""Lead of red over the other colours, of 255, that a faint seal keeps and the tint of old paper does not reach."""
_CLOSE_MM = 3.0
"""Gaps of a badly pressed rim, and those between rim and characters."""
_SECTORS = 36
_RING = (0.78, 1.08)
_RING_SHARE = 0.55
"""Of the way round: a seal at the page's edge or across a rule is not whole."""
_INSIDE = 0.9
_COLOURED, _RIM_MM, _BLUR_MM = 16, 2.0, 0.6
"""Lead of the strongest colour over the weakest from which a pixel is ink of a seal, or paper in a warm light, and no
black print; how far ink may lie outside the box of its seal; how wide the pale edges of its strokes are together."""
_ABOUT, _ROUND = 0.6, 1.8
"""Share inside a seal of a line whose characters go round it, and how much higher than wide they seem to be."""
_PRINT, _TINGE = 200, 16
"""Grey value below which a pixel is print; lead of red over the other colours that black print never has."""


def find_seals(color: NDArray[np.uint8], dpi: float) -> list[Box]:
    """Boxes of round or oval seals, in pixels, from top to bottom.

    State organs' seals are 38 to 60 mm across; letterheads and red table headers are no rings and are left out.

    Args:
        color: height x width x 3, uint8, RGB.
        dpi: pixels per inch.
    """
    if is_gray(color):
        return []
    scale = min(1.0, _WORK_DPI / dpi)
    small = cv2.resize(color, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    red = small[..., 0].astype(np.int16) - np.maximum(small[..., 1], small[..., 2])
    mask = (red > _MIN_REDNESS).astype(np.uint8)
    if not mask.any():
        return []
    mm = dpi * scale / _MM_PER_INCH
    reach = max(1, round(_CLOSE_MM * mm / 2)) * 2 + 1
    joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach)))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(joined)
    boxes: list[Box] = []
    for label in range(1, len(stats)):
        left, top, width, height = (int(v) for v in stats[label][:4])
        sides = (width / mm, height / mm)
        if min(sides) < _MIN_MM or max(sides) > _MAX_MM or max(sides) > 1.6 * min(sides):
            continue
        place = np.s_[top : top + height, left : left + width]
        if _is_ring((labels[place] == label) & (mask[place] > 0)):
            boxes.append(Box(left, top, left + width, top + height).scaled(1.0 / scale))
    return sorted(boxes, key=lambda box: (box.top, box.left))


def is_seal_print(page: PageImage, line: Line, seals: Sequence[Box]) -> bool:
    """Whether what reads as a line is what is left of a seal's own characters, and no print under it.

    A fax leaves no colour to tell by, but a seal's characters do not stand side by side.

    Args:
        page: as prepared, so that most of the seal is gone from ``gray``.
        line: as read, in raster pixels.
        seals: boxes of the page's seals.
    """
    box, units = line.box, text_width(line.text)
    inside = max((box.share_inside(seal) for seal in seals), default=0.0)
    if inside > _ABOUT and units >= 2 and box.height > _ROUND * box.width / units:
        return True
    if inside <= _INSIDE:
        return False
    area = box.slices()
    color = page.color[area].astype(np.int16)
    dark = page.gray[area] < _PRINT
    red = color[..., 0] - np.maximum(color[..., 1], color[..., 2]) > _TINGE
    return bool(dark.any()) and float(red[dark].mean()) > 0.5


def without_seal_ink(page: PageImage, seals: Sequence[Box]) -> NDArray[np.uint8]:
    """The grey page without what is coloured where seals are; nothing changes on a page without colours.

    Args:
        page: as prepared.
        seals: boxes of the page's seals, in raster pixels.
    """
    bare = page.gray
    for seal in seals:
        area = seal.expanded(_RIM_MM * page.dpi / _MM_PER_INCH).slices()
        color = page.color[area]
        if color.size and not is_gray(color):
            bare = bare.copy() if bare is page.gray else bare
            wide = round(_BLUR_MM * page.dpi / _MM_PER_INCH) | 1
            ink = (np.ptp(color, axis=2) > _COLOURED).astype(np.uint8)
            bare[area][cv2.dilate(ink, np.ones((wide, wide), np.uint8)) > 0] = 255
    return bare


def _is_ring(ink: NDArray[np.bool_]) -> bool:
    """Whether the ink goes most of the way round the ellipse inside its bounds."""
    rows, columns = np.nonzero(ink)
    height, width = ink.shape
    y = (rows + 0.5) / height * 2 - 1
    x = (columns + 0.5) / width * 2 - 1
    radius = np.hypot(x, y)
    rim = (radius >= _RING[0]) & (radius <= _RING[1])
    sectors = ((np.arctan2(y[rim], x[rim]) / (2 * np.pi) + 0.5) * _SECTORS).astype(int) % _SECTORS
    in_corners = float((radius > _RING[1]).mean()) if radius.size else 1.0
    return len(np.unique(sectors)) >= _RING_SHARE * _SECTORS and in_corners < 0.1
