"""How lines of print lie on a page that has too few rulings to say so: their slope, and how it changes over the page.

Rows whose slope changes evenly from top to bottom are those of a page seen by a camera (see ``pages.rulings``). The
score of a slope is Postl's, as in ``pages.skew``, kept row by row: so every even change of it is scored at once, each
row by the slope that it would have there. Columns are the rows of the page on its side.
"""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.pages.rulings import Family
from ocr_pipeline.pages.skew import is_printed, row_steps

__all__ = ["rows_of_print"]

_SIDE = 700
"""Pixels of the longer side of the copy that is looked at."""
_REACH, _STEP = 0.08, 0.0025
"""Slopes looked for, and their distance: about a pixel from one end of a line to the other."""
_CHANGES = 17
"""Changes of slope looked for, so many over the page from top to bottom, each way together."""
_MOST_CHANGE = 0.08
_BANDS = 40
"""Of rows that have one slope."""
_LEAST_PEAK = 1.6
"""How far the best slope must stand out above the middle one."""
_GAIN, _UNCLEAR_GAIN, _CLEAR_PEAK = 1.03, 1.08, 2.0
"""How much better the page must be with a change of slope than without, for one to be believed; how much where the best
slope stands out by less than the third."""

_MIN_EXTENT, _ENDS = 0.4, 0.05
"""Share of the page that lines of print must stand in for a change of slope to be believed, and share of their weight
that is left out at either end."""


def rows_of_print(ink: NDArray[np.uint8]) -> Family | None:
    """Slope of the lines of print in the middle of the page, and its change per pixel down; None where none stand out.

    Args:
        ink: height x width, uint8, 0 for paper; straight to some degrees.
    """
    if not is_printed(ink):
        return None
    factor = min(1.0, _SIDE / max(ink.shape))
    small = cv2.resize(ink, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA) if factor < 1 else ink
    slopes = np.arange(-_REACH, _REACH + _STEP / 2, _STEP)
    steps = row_steps(np.asarray(small, np.uint8), slopes.tolist())
    ends = np.linspace(0, steps.shape[1], _BANDS + 1).astype(int)
    bands = np.stack([steps[:, top:end].sum(axis=1) for top, end in pairwise(ends)], axis=1)
    down = (np.arange(_BANDS) + 0.5) / _BANDS - 0.5
    # The sides of a low piece of a page differ by less.
    most = _MOST_CHANGE * ink.shape[0] / max(ink.shape)
    changes = np.linspace(-most, most, _CHANGES)
    scores = np.stack([_scores(bands, change * down / _STEP) for change in changes])
    level = _CHANGES // 2
    bent, best = (int(n) for n in np.unravel_index(int(scores.argmax()), scores.shape))
    middle = float(np.median(scores))
    peak = float(scores[bent, best]) / middle if middle > 0 else 0.0
    if peak < _LEAST_PEAK:
        return None
    gain = _GAIN if peak >= _CLEAR_PEAK else _UNCLEAR_GAIN
    if scores[bent, best] < gain * scores[level].max() or _extent(bands) < _MIN_EXTENT:
        bent, best = level, int(scores[level].argmax())
    slope = float(slopes[best]) + _STEP * _shift(scores[bent], best)
    change = 0.0
    if bent != level:
        change = float(changes[bent]) + float(changes[1] - changes[0]) * _shift(scores[:, best], bent)
    return Family(slope, change / ink.shape[0], _STEP / 4)


def _extent(bands: NDArray[np.float64]) -> float:
    """Share of the page from the first to the last lines of print: a few of them say nothing of what is far off."""
    shares = np.cumsum(bands.max(axis=0) - np.median(bands, axis=0))
    first, last = np.searchsorted(shares / max(1.0, shares[-1]), (_ENDS, 1 - _ENDS))
    return float(last + 1 - first) / float(bands.shape[1])


def _scores(bands: NDArray[np.float64], moved: NDArray[np.float64]) -> NDArray[np.float64]:
    """The score of each slope where bands of rows have another one: ``moved`` says by how many steps of slope."""
    count, width = bands.shape
    low = np.floor(moved).astype(int)
    part, places = moved - low, np.arange(width)
    first = np.clip(np.arange(count)[:, None] + low, 0, count - 1)
    second = np.clip(first + 1, 0, count - 1)
    return np.asarray(((1 - part) * bands[first, places] + part * bands[second, places]).sum(axis=1), np.float64)


def _shift(scores: NDArray[np.float64], best: int) -> float:
    """Where between its neighbours the top of a parabola through a highest score and these lies, -0.5..0.5."""
    if not 0 < best < len(scores) - 1:
        return 0.0
    before, top, after = (float(s) for s in scores[best - 1 : best + 2])
    bend = before - 2 * top + after
    return 0.5 * (before - after) / bend if bend < 0 else 0.0
