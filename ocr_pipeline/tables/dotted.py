"""Dotted and dashed rulings, drawn through: the paper between their dots is as broad as a break that nothing bridges.

What tells them from strokes of print, and from the specks that a fax leaves of a hairline, is that their pieces follow
each other at one distance.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.tables.cell_ink import PRINT_SHARE
from ocr_pipeline.tables.ink import ink_map

__all__ = ["join_dotted"]

_THICK_INCHES, _LONG_INCHES = 0.035, 0.13
"""Thickness and length of a piece at most."""
_GAP_INCHES = 0.08
"""Paper between two of them at most, usually: less than two and a half points are usual."""
_OFF_INCHES = 0.008
"""How far a piece may be off the height of the one before."""
_EVEN, _PIXELS = 0.12, 1.0
"""How far a distance may be off the usual one, against that, and in pixels at least: specks are further off."""
_SINGLE = 0.4
"""Share of the distances that are no more than the usual one; at low rows every third dot may be part of a crossing."""
_PIECES, _LENGTH_INCHES = 8, 0.3
"""Pieces at the usual distance, and their length together, from which they are a ruling: an ellipsis has six, and
leaders of a table of contents meet no upright ruling."""

_Pieces = NDArray[np.float64]


def join_dotted(gray: NDArray[np.uint8], dpi: float) -> NDArray[np.uint8]:
    """The page with the paper between the dots of dotted rulings made as dark as they are; the same array without any.

    Args:
        gray: height x width, uint8, dark on light, upright and straight.
        dpi: resolution.
    """
    ink = ink_map(gray, dpi).mask(PRINT_SHARE)
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    boxes = stats[1:, :4]
    level = _chains(boxes, dpi)
    upright = _chains(boxes[:, [1, 0, 3, 2]], dpi)
    if not level and not upright:
        return gray
    joined: NDArray[np.uint8] = gray.copy()
    for chain in level:
        _draw(joined, ink, chain, upright=False)
    for chain in upright:
        _draw(joined, ink, chain, upright=True)
    return joined


def _chains(boxes: NDArray[np.int32], dpi: float) -> list[_Pieces]:
    """Rows of pieces at one distance, each as left, top, width and height of n pieces, from left to right.

    Args:
        boxes: the same of all components of the ink, n x 4.
        dpi: resolution.
    """
    thin = (boxes[:, 3] <= _THICK_INCHES * dpi) & (boxes[:, 2] <= _LONG_INCHES * dpi)
    pieces = boxes[thin].astype(np.float64)
    following = _following(pieces, dpi)
    first = set(range(len(pieces))) - set(following.values())
    chains: list[_Pieces] = []
    for start in sorted(first):
        row = [start]
        while row[-1] in following:
            row.append(following[row[-1]])
        chains += [pieces[part] for part in _even(pieces, row, _GAP_INCHES * dpi)]
    return [c for c in chains if c[-1, 0] + c[-1, 2] - c[0, 0] >= _LENGTH_INCHES * dpi]


def _following(pieces: _Pieces, dpi: float) -> dict[int, int]:
    """For each piece the next to the right of it at its height, where there is one near enough."""
    # With the piece between them lost there is twice the paper.
    reach, off = (2 * _GAP_INCHES + _THICK_INCHES) * dpi, max(1.0, _OFF_INCHES * dpi)
    middle = pieces[:, 1] + pieces[:, 3] / 2
    order = np.argsort(pieces[:, 0], kind="stable")
    starts = pieces[order, 0]
    found: dict[int, int] = {}
    taken: set[int] = set()
    for number in order:
        end = pieces[number, 0] + pieces[number, 2]
        near = order[np.searchsorted(starts, end) : np.searchsorted(starts, end + reach, side="right")]
        level = near[np.abs(middle[near] - middle[number]) <= off]
        if level.size and int(level[0]) not in taken:
            found[int(number)] = int(level[0])
            taken.add(int(level[0]))
    return found


def _even(pieces: _Pieces, row: Sequence[int], widest: float) -> list[list[int]]:
    """The parts of a row whose pieces follow each other at one distance, or at a few twice that: one is lost between.

    Where another ruling crosses, a dot is part of that.

    Args:
        pieces: left, top, width and height of each.
        row: which of them follow each other.
        widest: paper between two of them at most, usually, in pixels.
    """
    if len(row) < _PIECES:
        return []
    centres = pieces[row, 0] + pieces[row, 2] / 2
    steps = np.diff(centres)
    # The distances that are twice that may be the most.
    usual = float(np.quantile(steps, 0.75 * _SINGLE, method="nearest"))
    slack = max(_PIXELS, _EVEN * usual)
    single = np.abs(steps - usual) <= slack
    double = np.abs(steps - 2 * usual) <= slack
    if usual - float(np.median(pieces[row, 2])) > widest:
        return []
    uneven = np.flatnonzero(~single & ~double)
    ends = [0, *(int(at) + 1 for at in uneven), len(row)]
    least = [max(_PIECES - 1, _SINGLE * (stop - start - 1)) for start, stop in pairwise(ends)]
    singles = [np.count_nonzero(single[start : stop - 1]) for start, stop in pairwise(ends)]
    return [
        list(row[start:stop])
        for (start, stop), enough, count in zip(pairwise(ends), least, singles, strict=True)
        if count >= enough
    ]


def _draw(joined: NDArray[np.uint8], ink: NDArray[np.uint8], chain: _Pieces, *, upright: bool) -> None:
    """Draw a ruling through a row of pieces, as thick and dark as they usually are, and on to ink a step further.

    There it crosses another, or a dot has grown together with something.
    """
    centres = chain[:, :2] + chain[:, 2:] / 2
    step = np.diff(centres, axis=0).mean(axis=0)
    points = np.rint([centres[0] - step, *centres, centres[-1] + step]).astype(int)
    x, y = points.T[::-1] if upright else points.T
    inside = (x >= 0) & (y >= 0) & (x < ink.shape[1]) & (y < ink.shape[0])
    x, y = x[inside], y[inside]
    on_ink = ink[y, x] > 0
    first, last = (0 if on_ink[0] or not inside[0] else 1), len(x) - (0 if on_ink[-1] or not inside[-1] else 1)
    dark = int(np.median(joined[y[on_ink], x[on_ink]])) if on_ink.any() else 0
    thick = max(1, round(float(np.median(chain[:, 3]))) - 1)
    points = np.column_stack([x, y])[first:last].astype(np.int32)
    cv2.polylines(joined, [points], isClosed=False, color=(dark,), thickness=thick)
