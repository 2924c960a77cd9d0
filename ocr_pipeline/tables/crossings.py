"""Where a line of a grid would run through print: a cell that lost a piece of a ruling is not cut through its words."""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["crossings", "print_beside"]

_GAP, _WORD, _LEAST = 0.05, 0.12, 0.03
"""Gap inside a word, width of a word and height of print that counts, in inches."""
_TALL, _WIDE = 0.25, 0.4
"""Runs of ink from which on they are rulings, in inches."""

_Counts = NDArray[np.float64]


def crossings(print_: NDArray[np.uint8], ys: list[float], xs: list[float], dpi: float) -> tuple[_Counts, _Counts]:
    """Whether print stands across each inner edge, 0 or 1: (rows - 1) x columns for level ones, rows x (columns - 1).

    Args:
        print_: of the straightened table, without its rulings, 0/255.
        ys: rows + 1 heights.
        xs: columns + 1 places.
        dpi: resolution.
    """
    words = cv2.morphologyEx(print_, cv2.MORPH_CLOSE, np.ones((1, round(_GAP * dpi) | 1), np.uint8))
    # What is left of a ruling stands on its edge; a word reaches to both sides.
    words = cv2.morphologyEx(words, cv2.MORPH_OPEN, np.ones((1, round(_WORD * dpi) | 1), np.uint8))
    return _along(print_, ys, xs, dpi), _along(cv2.transpose(words), xs, ys, dpi).T


def print_beside(ink: NDArray[np.uint8], dpi: float) -> NDArray[np.uint8]:
    """The ink (0/255) of a table without its rulings."""
    tall = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((round(_TALL * dpi), 1), np.uint8))
    wide = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, round(_WIDE * dpi)), np.uint8))
    ruled = cv2.dilate(cv2.bitwise_or(tall, wide), np.ones((3, 3), np.uint8))
    return np.asarray(cv2.subtract(ink, ruled), np.uint8)


def _along(print_: NDArray[np.uint8], lines: list[float], crossing: list[float], dpi: float) -> _Counts:
    """For each inner line (a row of pixels), which edges of it have print on them."""
    least = max(2, round(_LEAST * dpi))
    found = np.zeros((max(0, len(lines) - 2), len(crossing) - 1))
    places = [round(place) for place in crossing]
    for i, line in enumerate(lines[1:-1]):
        inked = print_[round(line)] > 0
        for k, (left, right) in enumerate(pairwise(places)):
            found[i, k] = np.count_nonzero(inked[left:right]) >= least
    return found
