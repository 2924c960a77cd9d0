"""Watermarks: large pale writing aslant over a page.

It is paler than the print and evenly so, its characters are larger, and its strokes lean, where those of print, rulings
and of what shows through from the back of the sheet are level or upright.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["Bare", "without_watermark"]

_PALEST, _DARKEST = 28, 115
"""Depths of pale ink (255 is black on white)."""
_LEAST_LEVEL = 48
"""Depth of a watermark; what is paler does not disturb."""
_PRINT = 150
"""Depth from which ink is the page's print."""
_SPREAD = 16
"""How far from its usual depth a watermark is seen."""
_LEAST_AREA, _MOSTLY = 0.001, 0.7
"""Share of the page that tops of its strokes take, and of the pale ink that is a watermark's where there is one."""
_RULING_INCHES = 0.5
"""Level and upright runs as long as this are rulings."""
_LEAST_PRINT = 0.0015
"""Share of the page that print takes."""
_LARGE_INCHES, _MOSTLY_LARGE = 0.16, 0.6
"""Of a piece of a character of a watermark, and the share of its ink in such pieces; print parts the others."""
_LEVEL_DEGREES, _LEVEL_SHARE = 8.0, 0.2
"""How near to level or upright an edge is one that does not lean, and how many are so; of edges any way 18 %."""
_MARGIN = 0.15
"""Beyond the depth of a watermark, what is taken out with it: its grain."""
_APART = 15
"""How much deeper the palest print is than what is taken out; less would cost print."""
_RAMP = 25
"""Levels of depth within which ink is kept the more the deeper it is."""


@dataclass(frozen=True, eq=False)
class Bare:
    """A page without its watermark.

    Attributes:
        gray: height x width, uint8; what was no deeper than the watermark is white.
        ruled: whether the page's rulings are still there, so that they can be looked for on it, too.
    """

    gray: NDArray[np.uint8]
    ruled: bool

    def clears(self, color: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The page in colour, height x width x 3, uint8, white wherever the grey one is."""
        return np.where((self.gray == 255)[..., None], np.uint8(255), color)


def without_watermark(gray: NDArray[np.uint8], dpi: float) -> Bare | None:
    """The page without its watermark; None where it has none.

    Args:
        gray: height x width, uint8, dark on light, already flattened.
        dpi: pixels per inch.
    """
    half = cv2.resize(gray, (max(1, gray.shape[1] // 2), max(1, gray.shape[0] // 2)), interpolation=cv2.INTER_AREA)
    depth = np.asarray(255 - half, np.uint8)
    rulings = _rulings(depth, dpi / 2)
    printed = ((depth >= _PRINT) & (_near(rulings) == 0)).astype(np.uint8)
    if np.count_nonzero(printed) < _LEAST_PRINT * depth.size:
        return None
    near = _near(printed | rulings)
    # The edges of print are as pale as a watermark.
    pale = np.asarray((depth >= _PALEST) & (near == 0), np.uint8)
    level = _level(depth, pale)
    if level is None or not _leans(depth, pale, near, level, dpi / 2):
        return None
    limit = level * (1 + _MARGIN)
    if limit > _palest(depth, (depth >= _DARKEST / 2) & (_near(pale | rulings) == 0)) - _APART:
        return None
    ruled = limit <= _palest(depth, (rulings > 0) & (depth > level)) - _APART
    deep = np.arange(256.0)[::-1]
    kept = np.clip((deep - limit) / _RAMP, 0, 1) * deep
    return Bare(np.asarray(cv2.LUT(gray, np.rint(255 - kept).astype(np.uint8)), np.uint8), ruled)


def _rulings(depth: NDArray[np.uint8], dpi: float) -> NDArray[np.uint8]:
    """Level and upright lines: 1 there, 0 elsewhere."""
    inked = (depth >= _PALEST).astype(np.uint8)
    run = round(_RULING_INCHES * dpi)
    across = cv2.morphologyEx(inked, cv2.MORPH_OPEN, np.ones((1, run), np.uint8))
    down = cv2.morphologyEx(inked, cv2.MORPH_OPEN, np.ones((run, 1), np.uint8))
    return np.asarray(across | down, np.uint8)


def _near(ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.asarray(cv2.dilate(ink, np.ones((5, 5), np.uint8)), np.uint8)


def _palest(depth: NDArray[np.uint8], where: NDArray[np.bool_]) -> float:
    """Depth that hardly any stroke there falls short of, by the tops of the strokes; 255 where there is none."""
    tops = _tops(depth) & where
    return float(np.percentile(depth[tops], 5)) if tops.any() else 255.0


def _tops(depth: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Pixels that are as deep as any beside them: the middles of strokes."""
    return np.asarray(cv2.dilate(depth, np.ones((3, 3), np.uint8)) <= depth)


def _level(depth: NDArray[np.uint8], pale: NDArray[np.uint8]) -> float | None:
    """Depth of the pale ink, where there is much of it and most of it is of one depth."""
    tops = _tops(depth) & (pale > 0)
    counts = np.bincount(depth[tops], minlength=256).astype(np.float64)[:_PRINT]
    near = np.convolve(counts, np.ones(2 * _SPREAD + 1), mode="same")
    best = int(np.convolve(near, np.ones(2 * _SPREAD + 1), mode="same").argmax())
    if not _LEAST_LEVEL <= best <= _DARKEST or near[best] < max(_LEAST_AREA * depth.size, _MOSTLY * counts.sum()):
        return None
    around = np.arange(max(0, best - _SPREAD), min(_PRINT, best + _SPREAD + 1))
    return float((around * counts[around]).sum() / counts[around].sum())


def _leans(
    depth: NDArray[np.uint8], pale: NDArray[np.uint8], near: NDArray[np.uint8], level: float, dpi: float
) -> bool:
    """Whether the ink of that depth forms large pieces whose strokes lean."""
    own = pale & (np.abs(depth.astype(np.int16) - level) <= 2 * _SPREAD).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(own, connectivity=8)
    areas = stats[:, cv2.CC_STAT_AREA]
    large = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]) >= _LARGE_INCHES * dpi
    large[0] = False
    if not large.any() or areas[large].sum() < _MOSTLY_LARGE * areas[1:].sum():
        return False
    soft = cv2.GaussianBlur(depth, (0, 0), 1.0).astype(np.float32)
    across, down = cv2.Sobel(soft, cv2.CV_32F, 1, 0), cv2.Sobel(soft, cv2.CV_32F, 0, 1)
    about = cv2.dilate(large[labels].astype(np.uint8), np.ones((3, 3), np.uint8)) > near
    edges = about & (np.hypot(across, down) > 0.5 * level)
    angles = np.degrees(np.arctan2(down[edges], across[edges])) % 90
    off = np.minimum(angles, 90 - angles)
    return bool(off.size) and float((off < _LEVEL_DEGREES).mean()) <= _LEVEL_SHARE
