"""Marks that stand for "nothing to report": a slash, a dash, a zero with a dot in it.

Recognisers know figures better and see a 1 in the slash; the zero passes for 日. Two make that mistake alike, so it is
settled by the shape of the ink.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["is_dotted_zero", "leans_like_a_slash", "lone_mark", "stroke_size"]

_SLANT = 0.2
"""Least slope of a slash, in columns a row: a slash leans by 15 to 35 degrees, an upright 1 by less than 5."""
_STRAIGHT = 0.09
"""Largest scatter of a slash's ink about its line, against its height, beyond what its own breadth explains."""

_NARROW, _SMALL = 1.2, 0.25
"""Least height of such a zero against its width, and most of its hollow that its dot takes: 回 is square and full."""
_HOLLOW = 0.6
"""Least height of a zero's hollow, against the zero's: those of 6, 8 and 9 are lower."""
_CENTRAL = 0.2
"""How far a zero's dot may stand from the middle of its hollow, against the hollow's size, either way."""
_PIECE = 0.01
"""Share of the mark's box from which a hollow or a dot is one, and not the grain of the paper."""


def lone_mark(ink: NDArray[np.uint8]) -> str | None:
    """``/`` or ``—`` when the ink of a cell is a single slanting or level stroke, else None.

    Args:
        ink: height x width, 0/255, trimmed to the ink; at least a few pixels each way.
    """
    ink = _main_stroke(ink)
    rows, columns = np.nonzero(ink)
    if rows.size < 8:
        return None
    height, width = int(np.ptp(rows)) + 1, int(np.ptp(columns)) + 1
    if width >= 2.2 * height:
        filled = rows.size / (height * width)
        return "—" if filled > 0.5 else None
    if height < 1.2 * width:
        return None
    at, centres, breadths = _profile(ink)
    slope, start = np.polyfit(at, centres, 1)
    # A stroke has one run a row: what the row's ink spans is its breadth, or the mark has two strokes.
    last = np.cumsum(breadths) - 1
    spans = columns[last] - columns[last - breadths + 1] + 1
    single = float(np.mean(spans <= 1.35 * breadths)) > 0.9
    scatter = float(np.std(centres - (start + slope * at))) / height
    even = float(breadths.max()) <= 2.2 * float(np.median(breadths))  # a 7 has its bar
    return "/" if slope <= -_SLANT and single and even and scatter <= _STRAIGHT else None


def stroke_size(ink: NDArray[np.uint8]) -> tuple[int, int]:
    """Height and width of the ink of a cell without specks beside it, in pixels.

    Args:
        ink: as for ``lone_mark``.
    """
    height, width = _main_stroke(ink).shape
    return height, width


def leans_like_a_slash(ink: NDArray[np.uint8]) -> bool:
    """Whether a lone stroke read as 1 leans to the right, as a slash does and hardly any 1.

    The flag of a 1 makes it lean to the left, if anything; a ragged slash (a fax) may fail the sharper test above.

    Args:
        ink: as for ``lone_mark``.
    """
    ink = _main_stroke(ink)
    if np.count_nonzero(ink) < 8 or ink.shape[0] < 1.2 * ink.shape[1]:
        return False
    at, centres, _ = _profile(ink)
    return len(at) > 2 and float(np.polyfit(at, centres, 1)[0]) <= -0.6 * _SLANT


def is_dotted_zero(ink: NDArray[np.uint8]) -> bool:
    """Whether the ink of a cell is one closed ring with a dot in its middle, as fonts for programs write 0.

    Args:
        ink: as for ``lone_mark``.
    """
    height, width = ink.shape
    if height < 8 or not _NARROW <= height / width <= 2.5:
        return False
    count, dark, _, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    rings = [label for label in range(1, count) if _height(dark == label) >= 0.9 * height]
    if len(rings) != 1:
        return False
    _, light, stats, _ = cv2.connectedComponentsWithStats((dark != rings[0]).astype(np.uint8), connectivity=4)
    outside = set(np.unique(np.concatenate([light[0], light[-1], light[:, 0], light[:, -1]])))
    hollows = [box for label, box in enumerate(stats) if label and label not in outside and box[4] >= _PIECE * ink.size]
    if len(hollows) != 1 or hollows[0][3] < _HOLLOW * height:
        return False
    left, top, w, h, _ = (int(n) for n in hollows[0])
    inner = np.where(dark == rings[0], np.uint8(0), ink)[top : top + h, left : left + w]
    pieces, _, dots, centres = cv2.connectedComponentsWithStats(inner, connectivity=8)
    found = [centres[n] for n in range(1, pieces) if dots[n, cv2.CC_STAT_AREA] >= _PIECE * ink.size]
    if len(found) != 1 or np.count_nonzero(inner) > _SMALL * inner.size:
        return False
    return all(abs(c / size - 0.5) <= _CENTRAL for c, size in zip(found[0], (w, h), strict=True))


def _height(part: NDArray[np.bool_]) -> int:
    rows = np.flatnonzero(part.any(axis=1))
    return int(rows[-1] - rows[0]) + 1


def _main_stroke(ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The ink without specks beside it, trimmed."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    if count < 2:
        return ink
    areas = stats[1:, cv2.CC_STAT_AREA]
    kept = np.concatenate([[False], areas >= 0.25 * areas.max()])[labels]
    rows, columns = np.flatnonzero(kept.any(axis=1)), np.flatnonzero(kept.any(axis=0))
    main = np.where(kept, np.uint8(255), np.uint8(0))
    return main[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _profile(ink: NDArray[np.uint8]) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]:
    """Rows with ink, the middle of the ink in each, and how much of it there is."""
    rows, columns = np.nonzero(ink)
    counts = np.bincount(rows, minlength=ink.shape[0])
    at = np.flatnonzero(counts)
    centres = np.bincount(rows, columns, ink.shape[0])[at] / counts[at]
    return at, centres, counts[at]
