"""Rulings told from strokes of print by their depth: a ruling is as dark all the way from crossing to crossing.

Print in a low row may come so close to the rulings above and below that a threshold joins it with them; what lies
between is paler than the stroke itself.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["UNEVEN", "evenness", "sorted_by_depth", "usable_depth"]

UNEVEN, _EVEN = 0.65, 0.8
"""Below the first, an edge may be print; from the second on, it is a ruling whatever stands beside it."""
_SMOOTH = 0.85
"""How even most of a table's rulings are where this tells them from print: worn ones are not."""
_PERFECT = 0.97
"""Coverage from which an edge is looked at."""
_DEEP, _GRAY = 48, 0.1
"""Depth (of 255) that is surely ink, and share of such pixels that are neither half nor full black on a page with
shades of gray."""


def usable_depth(depth: NDArray[np.uint8]) -> NDArray[np.float32] | None:
    """Depth of ink (height x width, uint8) with two pixels of slack across level rulings, which may slope a little.

    None where the page is black and white: there a stroke is as dark where it only touches a ruling.
    """
    counts = np.bincount(depth.ravel(), minlength=256)
    half = (int(np.flatnonzero(counts)[-1]) + _DEEP) // 2
    if counts[_DEEP:half].sum() <= _GRAY * counts[_DEEP:].sum():
        return None
    return np.asarray(cv2.dilate(depth, np.ones((5, 1), np.uint8)), np.float32)


def evenness(band: NDArray[np.float32], left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.float64]:
    """Least depth of each stretch against the mean of its middle half, on its best row; 0..1.

    Args:
        band: depth of the rows on which a ruling may run, k x width.
        left: first column of each stretch, the middle of a crossing ruling.
        right: last one; at least 4 more.
    """
    stops = np.stack([left, np.minimum(right + 1, band.shape[1] - 1)], axis=1).ravel()
    least = np.minimum.reduceat(band, stops, axis=1)[:, ::2].max(axis=0)
    sums = np.zeros((band.shape[0], band.shape[1] + 1))
    np.cumsum(band, axis=1, out=sums[:, 1:])
    first, last = (3 * left + right) // 4, (left + 3 * right) // 4
    usual = ((sums[:, last] - sums[:, first]) / np.maximum(1, last - first)).max(axis=0)
    return np.asarray((least / np.maximum(usual, 1.0)).clip(0, 1), np.float64)


def sorted_by_depth(
    even: NDArray[np.float64], relative: NDArray[np.float64], *, short: NDArray[np.bool_]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which edges surely are rulings, and which are print between two of them.

    Args:
        even: of each edge, lines x edges.
        relative: coverage of each edge against the table's own rulings.
        short: which edges of a line are no longer than print may be; a long one that is uneven is scratched.
    """
    inked = relative >= _PERFECT
    if not inked.any() or float(np.median(even[inked])) < _SMOOTH:
        return np.zeros_like(inked), np.zeros_like(inked)
    whole = inked & (even >= _EVEN)
    # A ruling goes on on one side at least, a scratch across it or not.
    around = np.pad(whole, ((0, 0), (1, 1)))
    goes_on = around[:, :-2] | around[:, 2:]
    return whole, inked & (even < UNEVEN) & short & ~goes_on
