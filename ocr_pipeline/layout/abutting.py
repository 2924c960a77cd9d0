"""Tables one right below the other: between their outer rulings is less white than a row of print needs."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.geometry import Box

__all__ = ["parted_at_rulings", "runs"]

_DARK = 0.5
"""Depth from which a pixel is of a ruling, as a share of the depth of print."""
_LEVEL = 0.4
"""Share of the width that the darkest row of pixels of a worn ruling takes, at least; a line of print takes less."""
_WHITE_INCHES = (0.035, 0.1)
"""Least and most white between two tables that stand so close. Doubled rulings are closer, rows of print wider."""
_LEAST_INCHES = 0.25
"""Height of the lowest table; what is lower is the outermost ruling of a neighbour."""
_RULINGS = 3
"""Of a table: at its head, at its foot and inside. Cells with frames of their own have two, one row like the next."""
_INK = 0.01
"""Share of the width from which a row of pixels shows something: specks take less, an upright ruling on either side
and some inside about as much."""


def parted_at_rulings(box: Box, gray: NDArray[np.uint8], dpi: float) -> list[Box]:
    """The tables in a box, top to bottom: parted where two long rulings have a little white between and nothing else.

    Args:
        box: one table or several of one width, as far as their print, in pixels.
        gray: the page, height x width, uint8, dark on light.
        dpi: its pixels per inch.
    """
    room = box.clipped(gray.shape[1], gray.shape[0])
    part = gray[room.slices()]
    if min(part.shape) < 2 or part.shape[0] < 2 * _LEAST_INCHES * dpi:
        return [box]
    dark, paper = np.percentile(part[::3, ::3], (1, 90))
    ink = part < paper - _DARK * (paper - dark)
    shares = ink.mean(axis=1)
    rulings = runs(shares >= _LEVEL)
    cuts = [(above, below) for above, below in pairwise(rulings) if _is_gap(shares, above, below, dpi)]
    edges = [0, *(edge for above, below in cuts for edge in (above[1], below[0])), part.shape[0]]
    top, pieces = round(room.top), list(zip(edges[::2], edges[1::2], strict=True))
    high = [(start, stop) for start, stop in pieces if stop - start >= _LEAST_INCHES * dpi]
    ruled = all(sum(start <= first < stop for first, _ in rulings) >= _RULINGS for start, stop in high)
    inner = any(piece not in high for piece in pieces[1:-1])
    if not (cuts and high and ruled) or inner:
        return [box]
    return [Box(box.left, top + start, box.right, top + stop) for start, stop in high]


def _is_gap(shares: NDArray[np.float64], above: tuple[int, int], below: tuple[int, int], dpi: float) -> bool:
    least, most = (white * dpi for white in _WHITE_INCHES)
    # A worn ruling has a row or two beside it that are not dark all along.
    between = shares[above[1] + 1 : below[0] - 1]
    return least <= below[0] - above[1] <= most and between.size > 0 and float(between.max()) < _INK


def runs(rows: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Where it is true, half-open."""
    steps = np.diff(np.concatenate([[0], rows.astype(np.int8), [0]]))
    return [(int(a), int(b)) for a, b in zip(np.flatnonzero(steps == 1), np.flatnonzero(steps == -1), strict=True)]
