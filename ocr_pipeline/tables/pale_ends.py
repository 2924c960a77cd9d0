"""Print that goes on in paler ink: a thin minus, a digit that toner missed, beside strokes that count as print.

Where rulings are much darker than the figures, such ink falls below the threshold of print. Cut off, it would leave
another figure, which reads as well as a whole one: no recogniser can see that something is gone.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from ocr_pipeline.geometry import Box
from ocr_pipeline.tables.cell_ink import PRINT_SHARE, CellInk
from ocr_pipeline.tables.ink import InkMap

__all__ = ["with_pale_ends"]

_PALE = 0.3
"""Depth from which ink beside a line goes on with it, against that line's own print."""
_SMALLEST, _NEAREST, _FARTHEST = 0.25, 0.15, 0.8
"""Least size of what goes on, how far it must reach beyond the line, and how far off it may begin, in line heights."""


def with_pale_ends(line: Box, ink: CellInk, depth: InkMap, usual: float) -> Box:
    """The line with what goes on beside it in ink too pale to count as print, but not against the rest of the line.

    Args:
        line: box around a line's ink, as ``group_lines`` finds it.
        ink: the cell's print.
        depth: of the whole table crop.
        usual: usual height of a line, in pixels.
    """
    own = depth.depth[line.slices()]
    if own.size == 0:
        return line
    printed = own[own > PRINT_SHARE * depth.level]
    least = max(_PALE * float(np.percentile(printed if printed.size else own, 75)), 4.0 * depth.noise, 8.0)
    if least >= PRINT_SHARE * depth.level:
        return line
    band = Box(ink.interior.left, line.top, ink.interior.right, line.bottom)
    pale = np.asarray(depth.depth[band.slices()] > least, dtype=np.uint8)
    size = max(line.height, 0.6 * usual)
    boxes = [
        Box(left, 0, left + w, h).translated(round(band.left), round(band.top))
        for left, _, w, h, _ in cv2.connectedComponentsWithStats(pale, connectivity=8)[2][1:]
        if max(w, h) >= _SMALLEST * size and min(w, h) > 1 and left > 0 and left + w < pale.shape[1]
    ]
    return _grown(line, boxes, size)


def _grown(line: Box, beside: Sequence[Box], size: float) -> Box:
    """The line with all boxes that stand no further from it than one character from the next."""
    left, right = line.left, line.right
    for box in sorted(beside):
        if box.right > right + _NEAREST * size and box.left - right <= _FARTHEST * size:
            right = box.right
    for box in sorted(beside, reverse=True):
        if box.left < left - _NEAREST * size and left - box.right <= _FARTHEST * size:
            left = box.left
    return Box(left, line.top, right, line.bottom)
