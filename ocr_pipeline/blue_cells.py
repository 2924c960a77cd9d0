"""The ink of red seals over blue and green cells, on which it is dark rather than red.

What a cell sends back passes through the ink: of red light most is left, of other light little. So the ink is told by
the shares that are left of the cell's own light.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["DARK", "cells_under_seal", "redness_over_blue"]

DARK = 150
"""Brightness in red light below which a cell has bright print; on paler cells ink is red and print is dark."""

_BLUE_EXCESS = 40
"""How far green or blue must exceed red in such a cell."""

_FULL, _PALE = 0.3, 0.16
"""How much more, as a share of the cell's light, is left of the red than of the rest: where the ink is full, and where
it is pale. Less may be the blur of stored colours."""

_WINDOW_PIXELS = 51
"""Print and ink of a seal cover less than half of their cell in a window of this side."""

_LINE_PIXELS, _LONG_LINE_PIXELS = 121, 180
"""The ring of a seal is not straight for so long; for the second, not even where it is blurred."""

_EDGE_PIXELS = 17
"""Side of a window in which a place beside a cell's edge has the darker side's colour as well."""

_BRIGHTEST, _DIMMED = 1.15, 0.93
"""Shares of the cell's light above which there is bright print, and below which there may be ink."""

_BLACK, _BLUR = 0.6, 0.05
"""Share of its red light that black print leaves at most; and how far ink may leave less of it than of other light."""


def cells_under_seal(color: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Where ink of a seal lies over a blue or green cell with bright print.

    Args:
        color: height x width x 3, uint8, RGB: the box of a seal.

    Returns:
        height x width, uint8: the grey of the cell, 0 where it is not covered.
    """
    half = np.ascontiguousarray(color[::2, ::2])
    size = (color.shape[1], color.shape[0])
    gray = cv2.cvtColor(color, cv2.COLOR_RGB2GRAY)
    found = np.zeros(color.shape[:2], np.uint8)
    # The star of a seal is wider than the narrower window sees past.
    for window in (_WINDOW_PIXELS // 2, _WINDOW_PIXELS):
        cell = cv2.medianBlur(half, window)
        if not _is_blue(cell).any():
            continue
        cell = np.asarray(cv2.resize(cell, size, interpolation=cv2.INTER_NEAREST), np.uint8)
        red, rest = _shares(color, cell)
        ink = (np.minimum(red, rest) < _DIMMED) & (red < _BRIGHTEST) & (red > np.maximum(_BLACK, rest - _BLUR))
        ground = cv2.cvtColor(cell, cv2.COLOR_RGB2GRAY)
        # Beside a cell's edge the cell itself is no ruling, wherever the window has the edge.
        darkest = cv2.erode(ground, np.ones((_EDGE_PIXELS, _EDGE_PIXELS), np.uint8))
        ink &= _is_blue(cell) & ~_lines((gray < _DIMMED * darkest).astype(np.uint8), _LINE_PIXELS)
        found = np.where(ink, np.maximum(found, ground), found)
    return np.asarray(found, np.uint8)


def redness_over_blue(color: NDArray[np.uint8], factor: int, full: float, pale: float) -> NDArray[np.uint8]:
    """The redness (0..255) that the ink of seals over blue and green cells would have on white paper, else 0.

    Args:
        color: height x width x 3, uint8, RGB.
        factor: how much smaller it is than the page.
        full: redness of full ink on white paper.
        pale: that of pale ink.
    """
    cell = cv2.medianBlur(color, max(3, round(_WINDOW_PIXELS / factor)) | 1)
    blue = _is_blue(cell)
    if not blue.any():
        return np.zeros(color.shape[:2], np.uint8)
    red, rest = _shares(color, cell)
    lead = np.where(blue & (red < _BRIGHTEST), red - rest, 0)
    lead[_lines((lead > _PALE).astype(np.uint8), round(_LONG_LINE_PIXELS / factor))] = 0
    slope = (full - pale) / (_FULL - _PALE)
    return np.asarray(np.clip(pale + slope * (lead - _PALE), 0, 255) * (lead > 0), np.uint8)


def _lines(dim: NDArray[np.uint8], length: int) -> NDArray[np.bool_]:
    """Rulings, which may look like ink of a seal on such a cell, but are straight and at least so many pixels long."""
    # One that is not quite level steps from row to row.
    tall, wide = (cv2.dilate(dim, np.ones(slack, np.uint8)) for slack in ((3, 1), (1, 3)))
    across = cv2.morphologyEx(tall, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    down = cv2.morphologyEx(wide, cv2.MORPH_OPEN, np.ones((length, 1), np.uint8))
    return np.asarray((across | down) > 0)


def _is_blue(cell: NDArray[np.uint8]) -> NDArray[np.bool_]:
    red, green, blue = cv2.split(cell)
    return np.asarray((cv2.subtract(cv2.max(green, blue), red) > _BLUE_EXCESS) & (red < DARK))


def _shares(color: NDArray[np.uint8], cell: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """What is left of the cell's light: in red, and in the better of green and blue."""
    share = np.divide(color, np.maximum(cell, 1), dtype=np.float32)
    return share[..., 0], np.maximum(share[..., 1], share[..., 2])
