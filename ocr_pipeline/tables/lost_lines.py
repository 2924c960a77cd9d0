"""Scan lines that a fax lost: white lines across the page, which take a minus or a point with them and leave no trace.

What is left of a figure reads as well as before. But the rulings beside it are broken at the same height.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.geometry import Box

__all__ = ["crosses_lost_line"]

_REACH = 0.02
"""How far from where it should be a ruling may lie, in inches."""
_ENDS = 0.03
"""Inches at both ends of a cell's sides that belong to the rulings across."""
_BROKEN = 0.5
"""Depth below which a ruling is broken, against its own."""
_MOST_GAPS = 0.2
"""Share of a solid ruling that is broken at most; a dotted one tells nothing."""
_SLOPE = 5
"""Rows (odd) within which both breaks are at one height: pages are not quite straight, and lost lines were."""


def crosses_lost_line(depth: NDArray[np.uint8], cell: Box, line: Box, dpi: float) -> bool:
    """Whether both upright rulings of a cell are broken at one height of its print.

    Args:
        depth: of ink, height x width, uint8, 0 for paper.
        cell: from ruling centre to ruling centre, in pixels of it.
        line: the line of print in the cell.
        dpi: resolution.
    """
    top, bottom = round(cell.top + _ENDS * dpi), round(cell.bottom - _ENDS * dpi)
    reach = max(2, round(_REACH * dpi))
    first, last = max(0, round(line.top) - top), round(line.bottom) - top
    broken = np.ones((max(0, bottom - top), 1), np.uint8)
    for x in (round(cell.left), round(cell.right)):
        side = depth[max(0, top) : bottom, max(0, x - reach) : x + reach + 1]
        if len(side) != len(broken) or side.size == 0:
            return False
        deepest = side.max(axis=1)
        gaps = deepest < _BROKEN * float(np.median(deepest))
        if not 0 < gaps.mean() <= _MOST_GAPS:
            return False
        broken &= cv2.dilate(gaps.astype(np.uint8)[:, None], np.ones((_SLOPE, 1), np.uint8))
    return bool(broken[first:last].any())
