"""Bright print on dark fills (header rows, boxes), turned into dark print on paper.

Whatever estimates the paper of a page takes the bright strokes in a dark fill for paper. So such fills are turned
over first, each by the polarity of its own print: a fill is any tone below its surroundings, and only those whose
print is brighter than the fill are touched.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.geometry import Box
from ocr_pipeline.pages.fills import ENDS_INCHES, MIN_SIDE_INCHES, WINDOW_INCHES, is_fill, outlined, square

__all__ = ["ReversedFill", "find_reversed_fills", "with_dark_print"]

Image = NDArray[np.uint8]

_SEARCH_DPI = 50.0
_PAPER_DPI = 12.5
_REACH_INCHES = 2.5
"""A fill is at most this wide one way; what is larger is the ground of the page."""

_FILL_SHARE = 0.87
"""A fill is darker than this share of the paper around it."""

_MIN_LENGTH_INCHES = 0.9
_MARGIN_INCHES = 0.02
_PRINT_DEPTH = 0.4
"""Print stands out from its fill by this share of what the paper does."""

_PRINT_SHARE = (0.008, 0.3)
"""Share of a fill that bright print may cover: less is dirt, more is dark print on paper."""

_MAX_GAIN = 4.0

_RULING_INCHES = 0.3
"""Level and upright strokes of characters are shorter."""


@dataclass(frozen=True, eq=False)
class ReversedFill:
    """One fill with bright print.

    Attributes:
        box: on the image.
        mask: its pixels within the box, with the print, 0/255.
        level: its tone at each pixel of the box, 0..255.
        paper: the tone of the paper around it, 0..255.
        print_level: tone of the bright print.
    """

    box: Box
    mask: Image
    level: NDArray[np.float32]
    paper: float
    print_level: float


def with_dark_print(gray: Image, dpi: float) -> Image:
    """The image with every fill that carries bright print turned over: its ground paper, print and rulings dark.

    Args:
        gray: height x width, uint8; paper need not be white nor evenly lit.
        dpi: pixels per inch.
    """
    fills = find_reversed_fills(gray, dpi)
    if not fills:
        return gray
    turned: Image = gray.copy()
    for fill in fills:
        area = fill.box.slices()
        inside = fill.mask > 0
        # Black rulings stand out from a dark fill below it as print does above it: both are ink.
        away = gray[area].astype(np.float32) - fill.level
        contrast = np.where(away < 0, fill.level, fill.print_level - fill.level)
        share = np.abs(away) / np.maximum(contrast, fill.paper / _MAX_GAIN)
        ink = fill.paper * (1.0 - np.clip(share, 0.0, 1.0))
        turned[area][inside] = np.clip(ink[inside] + 0.5, 0, 255).astype(np.uint8)
    return turned


def find_reversed_fills(gray: Image, dpi: float) -> list[ReversedFill]:
    """The fills whose print is brighter than they are.

    What touches the rim of the image is none: the ground beside a photographed sheet, a copier's black border.

    Args:
        gray: height x width, uint8.
        dpi: pixels per inch.
    """
    step = max(1, round(dpi / _SEARCH_DPI))
    scale = dpi / step
    small = np.ascontiguousarray(gray[step // 2 :: step, step // 2 :: step])
    if min(small.shape) < 3:
        return []
    ground = cv2.medianBlur(small, max(3, round(WINDOW_INCHES * scale)) | 1)
    paper = _paper(ground, scale)
    dark = np.where(ground < _FILL_SHARE * paper, np.uint8(255), np.uint8(0))
    side = max(2, round(MIN_SIDE_INCHES * scale))
    dark = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((side, side), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=4)
    fills = []
    for label in range(1, count):
        left, top, width, height = (int(v) for v in stats[label, :4])
        on_rim = left == 0 or top == 0 or left + width == small.shape[1] or top + height == small.shape[0]
        if on_rim or max(width, height) < _MIN_LENGTH_INCHES * scale:
            continue
        inside = (slice(top, top + height), slice(left, left + width))
        own = labels[inside] == label
        tone = float(np.median(paper[inside][own]))
        box = Box(left * step, top * step, (left + width) * step, (top + height) * step)
        core = np.where(own, np.uint8(255), np.uint8(0))
        core = cv2.resize(core, (width * step, height * step), interpolation=cv2.INTER_NEAREST)
        fill = _judged(gray, box, core, tone, dpi)
        if fill is not None:
            fills.append(fill)
    return fills


def _paper(ground: Image, scale: float) -> NDArray[np.float32]:
    """The tone of the paper around, bridging fills, but not grounds wider than ``_REACH_INCHES``."""
    height, width = ground.shape
    factor = min(1.0, _PAPER_DPI / scale)
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    tiny = cv2.resize(ground, size, interpolation=cv2.INTER_AREA)
    reach = max(3, round(_REACH_INCHES * scale * factor)) | 1
    closed = cv2.morphologyEx(tiny, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    return np.asarray(cv2.resize(closed, (width, height), interpolation=cv2.INTER_LINEAR), dtype=np.float32)


def _judged(gray: Image, found: Box, core: Image, paper: float, dpi: float) -> ReversedFill | None:
    """The fill in a dark area, outlined at full resolution; None when it carries no bright print."""
    margin = round((ENDS_INCHES + WINDOW_INCHES) * dpi)
    box = found.expanded(margin).clipped(gray.shape[1], gray.shape[0])
    rows, columns = box.slices()
    part = gray[rows, columns]
    whole = np.zeros(part.shape, np.uint8)
    top, left = round(found.top) - rows.start, round(found.left) - columns.start
    core = core[: part.shape[0] - top, : part.shape[1] - left]
    whole[top : top + core.shape[0], left : left + core.shape[1]] = core
    tone = float(np.median(part[whole > 0]))
    mask = outlined(part, whole, (tone + paper) / 2, dpi)
    inner = cv2.erode(mask, square(2 * _MARGIN_INCHES * dpi)) > 0
    if np.count_nonzero(inner) < (MIN_SIDE_INCHES * dpi) ** 2:
        return None
    grain = 1.4826 * float(np.median(np.abs(part[inner] - np.float32(tone))))
    away = max(_PRINT_DEPTH * (paper - tone), 4.0 * grain)
    bright = part > tone + away
    around = inner & (cv2.morphologyEx(whole, cv2.MORPH_CLOSE, square(WINDOW_INCHES * dpi)) > 0)
    dark = part < tone - away
    own = _enclosed(bright, mask, dark)
    if _has_dark_print(part.astype(np.float32) - tone, own & inner, dark & inner, dpi):
        return None
    low, high = _PRINT_SHARE
    share = float(own[around].mean()) if around.any() else 0.0
    if not low <= share <= high or not is_fill(mask, bright, dpi):
        return None
    print_level = float(np.percentile(part[inner & bright], 75))
    level = _level(part, mask & np.where(np.abs(part - np.float32(tone)) < away, np.uint8(255), np.uint8(0)), dpi)
    return ReversedFill(box, mask, level, paper, print_level)


def _has_dark_print(away: NDArray[np.float32], bright: NDArray[np.bool_], dark: NDArray[np.bool_], dpi: float) -> bool:
    """Whether more of a fill's print is darker than it than is brighter: dark print that was sharpened has bright rims.

    Args:
        away: brightness of each pixel above that of the fill.
        bright: what may be bright print.
        dark: what is darker than the fill, rulings among it.
        dpi: pixels per inch.
    """
    ink, length = dark.astype(np.uint8), max(3, round(_RULING_INCHES * dpi))
    across, down = (cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones(k, np.uint8)) for k in ((1, length), (length, 1)))
    beside = cv2.dilate(across | down, square(_MARGIN_INCHES * dpi)) > 0
    return float(-away[dark & ~beside].sum()) > float(away[bright].sum())


def _enclosed(bright: NDArray[np.bool_], mask: Image, dark: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The bright pixels that may be print of a fill: it has the fill all around.

    The outline may hold bits of paper, too, where dark print stands close to the fill. They run on to the paper
    outside, or have dark strokes for at least half of their rim.
    """
    beyond = cv2.dilate(np.where(mask > 0, np.uint8(0), np.uint8(255)), square(3)) > 0
    inside = np.where(bright & (mask > 0), np.uint8(255), np.uint8(0))
    _, labels = cv2.connectedComponents(inside, connectivity=4)
    count = int(labels.max()) + 1
    open_ = np.zeros(count, np.bool_)
    open_[np.unique(labels[beyond])] = True
    # One step from bright to dark has a blurred pixel between, so the rim lies two pixels off.
    wide = cv2.dilate(labels.astype(np.float32), square(5)).astype(np.int64)
    rim = (wide > 0) & (labels == 0)
    size = np.bincount(wide[rim], minlength=count)
    strokes = np.bincount(wide[rim & dark], minlength=count)
    kept = ~open_ & (2 * strokes < np.maximum(size, 1))
    kept[0] = False
    return np.asarray(kept[labels])


def _level(part: Image, fill: Image, dpi: float) -> NDArray[np.float32]:
    """The tone of the fill at each pixel, from the fill around it: light may fall unevenly on it."""
    reach = (round(0.4 * dpi) | 1,) * 2
    weight = fill.astype(np.float32) / 255
    total = cv2.blur(cv2.blur(part * weight, reach), reach)
    weights = cv2.blur(cv2.blur(weight, reach), reach)
    overall = float(part[fill > 0].mean())
    level = np.where(weights > 1e-3, total / np.maximum(weights, 1e-3), overall)
    return np.asarray(level, dtype=np.float32)
