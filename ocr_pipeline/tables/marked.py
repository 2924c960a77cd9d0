"""Figures that their issuer marked: struck out, or with the mark of a note behind them, set above the line.

Readers take the mark of a note for one more digit, and read a struck figure together with the one that replaced it.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["has_note_mark", "is_struck"]

_MIDDLE = (0.3, 0.65)
"""Where a line through a figure runs, in heights of it from its top."""
_LONG = 0.8
"""Length of such a line at least, in heights of the figure: a digit is not as wide."""
_THIN = 0.15
"""Height of the line at most, in heights of the figure: beyond it is print, not a bar or a blot."""
_GAP, _LEAST_GAP = 0.12, 2
"""Width of the space between two digits that the line crosses at least, in heights of the figure and in pixels: the
bars of two digits that touch, as in 49, cross none."""
_ON = 0.35
"""How far it runs on to both sides of that space at least, in heights of the figure: the bar of a 4 or a plus ends at
the next digit."""
_RAISED, _OVER = 0.25, 0.06
"""How far a note's mark ends above the foot of the digits, and begins above their head, in their heights, at least."""
_SIZES = (0.3, 0.95)
"""Height of such a mark, in heights of the digits."""


def is_struck(ink: NDArray[np.uint8]) -> bool:
    """Whether a level line runs through the middle of a figure, on from one digit to another.

    Args:
        ink: height x width, 0/255, trimmed to the ink of one line of print.
    """
    height, width = ink.shape
    if height < 8 or width < _LONG * height:
        return False
    level = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, round(_LONG * height)), np.uint8)) > 0
    top, bottom = (round(share * height) for share in _MIDDLE)
    reach, least, on = max(1, round(_THIN * height)), max(_LEAST_GAP, _GAP * height), round(_ON * height)
    for row in np.flatnonzero(level[top:bottom].any(axis=1)) + top:
        digits = np.flatnonzero((ink[: max(0, row - reach)] > 0).any(axis=0) | (ink[row + reach + 1 :] > 0).any(axis=0))
        for gap in np.flatnonzero(np.diff(digits) > least):
            before, after = int(digits[gap]), int(digits[gap + 1])
            crossed = level[row, max(0, before - on + 1) : after + on]
            if len(crossed) == after - before - 1 + 2 * on and crossed.all():
                return True
    return False


def has_note_mark(ink: NDArray[np.uint8]) -> bool:
    """Whether the last character of a figure stands higher than those before it, at both ends.

    A digit that lost its lower half ends higher, but begins where the others do.

    Args:
        ink: as for ``is_struck``.
    """
    spans = _characters(ink)
    if len(spans) < 2:
        return False
    tallest = max(bottom - top for top, bottom in spans[:-1])
    digits = [(top, bottom) for top, bottom in spans[:-1] if bottom - top >= _SIZES[0] * tallest]
    head, foot = min(top for top, _ in digits), max(bottom for _, bottom in digits)
    top, bottom = spans[-1]
    height = foot - head
    fits = _SIZES[0] * height <= bottom - top <= _SIZES[1] * height
    return fits and foot - bottom >= _RAISED * height and head - top >= max(1.0, _OVER * height)


def _characters(ink: NDArray[np.uint8]) -> list[tuple[int, int]]:
    """Top and bottom of each character from left to right; pieces one above the other are one."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    found: list[list[int]] = []
    for left, top, width, height, _ in sorted(stats[1:].tolist()):
        right, bottom = left + width, top + height
        if found and min(right, found[-1][1]) - left > 0.5 * min(width, found[-1][1] - found[-1][0]):
            last = found[-1]
            found[-1] = [last[0], max(last[1], right), min(last[2], top), max(last[3], bottom)]
        else:
            found.append([left, right, top, bottom])
    return [(top, bottom) for _, _, top, bottom in found]
