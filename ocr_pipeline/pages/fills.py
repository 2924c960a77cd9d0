"""The outline of a dark fill (a header row, a box) whose print is brighter than it is."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["ENDS_INCHES", "MIN_SIDE_INCHES", "WINDOW_INCHES", "is_fill", "outlined", "square"]

Image = NDArray[np.uint8]

WINDOW_INCHES = 0.2
"""In a window of this side print covers less than half of its ground, so that the median is the ground."""

MIN_SIDE_INCHES = 0.11
_MOSTLY = 0.42
"""Share of a row that is dark in a fill, whatever bright print crosses it; dark print covers less of its paper."""

_ALONG_INCHES = 1.0
"""Length over which a row of pixels must be mostly dark to belong to a fill."""

_UPRIGHT_INCHES, ENDS_INCHES = 0.25, 0.15
"""Height over which a column at the sides of a fill must be so, and how far such sides reach."""

_SOLID_INCHES = 0.05
_MIN_SOLID = 0.35
"""Share of a fill that must lie in pieces without print of ``_SOLID_INCHES`` and more: a heavy title has none."""

_MIN_RIM = 0.4
"""Share of the rim of a fill that must be fill, though its text may stand close to it."""

_STRAIGHT_INCHES, _WOBBLE_INCHES = 0.35, 0.01
_MIN_STRAIGHT = 0.65
"""Share of the upper and lower edges, or of the left and right ones, that must be straight for this long."""


def outlined(part: Image, core: Image, threshold: float, dpi: float) -> Image:
    """The fill with the print in it, and without dark print that stands close to it.

    Along a fill, a row of pixels is mostly dark also where print crosses it; along a line of dark print it is not.

    Args:
        part: height x width, uint8, with some surroundings of the fill.
        core: as large, 255 where the ground is dark for certain, else 0; may lack corners, and places full of print.
        threshold: grey level between fill and paper.
        dpi: pixels per inch.

    Returns:
        0/255, as large.
    """
    columns, rows = cv2.boundingRect(core)[2:]
    if columns < min(rows, 0.9 * _ALONG_INCHES * dpi):
        upright = outlined(np.ascontiguousarray(part.T), np.ascontiguousarray(core.T), threshold, dpi)
        return np.ascontiguousarray(upright.T)
    dark = np.where(part < threshold, np.uint8(255), np.uint8(0))
    reach = _span(2 * ENDS_INCHES * dpi)
    joined = cv2.morphologyEx(core, cv2.MORPH_CLOSE, square(WINDOW_INCHES * dpi))
    near = cv2.dilate(cv2.dilate(joined, square(0.1 * dpi)), reach)
    rows_of = _mostly(dark, near, (round(_ALONG_INCHES * dpi), 1))
    # Above and below it the fill ends where rows do; at its sides, where columns do.
    middle = cv2.erode(rows_of, _span(2 * (ENDS_INCHES + 0.1) * dpi), borderType=cv2.BORDER_CONSTANT, borderValue=(0,))
    sides = _mostly(dark, rows_of, (1, round(_UPRIGHT_INCHES * dpi)))
    mostly = _closed(middle | sides, reach)
    solid = cv2.morphologyEx(mostly, cv2.MORPH_OPEN, square(MIN_SIDE_INCHES * dpi))
    _, labels = cv2.connectedComponents(solid, connectivity=4)
    own = np.unique(labels[core > 0])
    return np.where(np.isin(labels, own[own > 0]), np.uint8(255), np.uint8(0))


def _closed(mask: Image, kernel: Image) -> Image:
    """Closed with nothing beyond the rim of the image: by itself a closing joins what is close to the rim to it."""
    rows, columns = kernel.shape
    padded = cv2.copyMakeBorder(mask, rows, rows, columns, columns, cv2.BORDER_CONSTANT, value=(0,))
    closed = cv2.morphologyEx(padded, cv2.MORPH_CLOSE, kernel)
    return np.ascontiguousarray(closed[rows:-rows, columns:-columns])


def _mostly(dark: Image, area: Image, window: tuple[int, int]) -> Image:
    """Where in an area at least two fifths of the area's pixels in a window around are dark."""
    share = cv2.blur(dark & area, window).astype(np.float32)
    return np.where(share > _MOSTLY * cv2.blur(area, window), area, np.uint8(0))


def is_fill(mask: Image, bright: NDArray[np.bool_], dpi: float) -> bool:
    """Whether an area is a fill with print in it, and not heavy print whose strokes lie close together.

    Args:
        mask: the area, 0/255.
        bright: where the image is brighter than the fill would be.
        dpi: pixels per inch.
    """
    ground = np.where(bright, np.uint8(0), mask)
    solid = cv2.morphologyEx(ground, cv2.MORPH_OPEN, square(_SOLID_INCHES * dpi))
    if np.count_nonzero(solid) < _MIN_SOLID * np.count_nonzero(mask):
        return False
    outer = cv2.erode(mask, square(0.01 * dpi))
    rim = (outer > 0) & (cv2.erode(outer, square(3)) == 0)
    if rim.any() and float(ground[rim].mean()) < 255 * _MIN_RIM:
        return False
    return max(_straight(mask, ground, dpi), _straight(mask.T, ground.T, dpi)) >= _MIN_STRAIGHT


def _straight(mask: Image, ground: Image, dpi: float) -> float:
    """Length of the straight upper and lower edges of the ground, print not bridged, against those of the area."""
    edges = _edges(np.ascontiguousarray(ground))
    wobble = np.ones((max(1, round(_WOBBLE_INCHES * dpi)) * 2 + 1, 1), np.uint8)
    wide = cv2.dilate(edges, wobble)
    runs = cv2.morphologyEx(wide, cv2.MORPH_OPEN, np.ones((1, round(_STRAIGHT_INCHES * dpi)), np.uint8))
    whole = _edges(np.ascontiguousarray(mask))
    return float(np.count_nonzero(runs & whole)) / max(1, int(np.count_nonzero(whole)))


def _edges(mask: Image) -> Image:
    padded = cv2.copyMakeBorder(mask, 1, 1, 0, 0, cv2.BORDER_CONSTANT, value=(0,))
    upper, lower = cv2.subtract(padded, np.roll(padded, 1, axis=0)), cv2.subtract(padded, np.roll(padded, -1, axis=0))
    return np.asarray(upper | lower, dtype=np.uint8)


def _span(length: float) -> Image:
    """A level kernel of odd length, at least 3."""
    return np.ones((1, max(3, round(length)) | 1), np.uint8)


def square(side: float) -> Image:
    """A kernel of odd side, at least 3."""
    return np.ones((max(3, round(side)) | 1,) * 2, np.uint8)
