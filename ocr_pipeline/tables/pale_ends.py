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

__all__ = ["runs_into_ruling", "with_pale_ends"]

_PALE = 0.3
"""Depth from which ink beside a line goes on with it, against that line's own print."""
_SMALLEST, _NEAREST, _FARTHEST = 0.25, 0.15, 0.8
"""Least size of what goes on, how far it must reach beyond the line, and how far off it may begin, in line heights."""

_DIGIT_HIGH, _DIGIT_WIDE = 0.6, 0.25
"""Least height and width of a digit, in line heights."""


def with_pale_ends(line: Box, ink: CellInk, depth: InkMap, usual: float) -> Box:
    """The line with what goes on beside it in ink too pale to count as print, but not against the rest of the line.

    Args:
        line: box around a line's ink, as ``group_lines`` finds it.
        ink: the cell's print.
        depth: of the whole table crop.
        usual: usual height of a line, in pixels.
    """
    size = max(line.height, 0.6 * usual)
    return _grown(line, [box for box, on_rim in _pale(line, ink, depth, size) if not on_rim], size)


def runs_into_ruling(line: Box, ink: CellInk, depth: InkMap) -> bool:
    """Whether pale ink as large as a digit stands between a line and a ruling, and is one with the ruling's blur.

    It may be a digit that nobody is shown, or what a broad ruling left; nothing tells them apart.

    Args:
        line: box around all of a line's ink, pale ends included.
        ink: the cell's print.
        depth: of the whole table crop.
    """
    size = line.height
    return any(
        on_rim
        and box.height >= _DIGIT_HIGH * size
        and _DIGIT_WIDE * size <= box.width <= size
        and max(box.left - line.right, line.left - box.right) <= _FARTHEST * size
        and (box.right > line.right or box.left < line.left)
        for box, on_rim in _pale(line, ink, depth, size)
    )


def _pale(line: Box, ink: CellInk, depth: InkMap, size: float) -> list[tuple[Box, bool]]:
    """Pieces of ink in the band of a line that may go on with it, and whether they reach the rim of the cell."""
    if depth.depth[line.slices()].size == 0:
        return []
    least = max(_PALE * depth.of_print(line, PRINT_SHARE), 4.0 * depth.noise, 8.0)
    if least >= PRINT_SHARE * depth.level:
        return []
    band = Box(ink.interior.left, line.top, ink.interior.right, line.bottom)
    corner = round(band.left), round(band.top)
    pale = np.asarray(depth.depth[band.slices()] > least, dtype=np.uint8)
    return [
        (Box(left, 0, left + w, h).translated(*corner), left == 0 or left + w == pale.shape[1])
        for left, _, w, h, _ in cv2.connectedComponentsWithStats(pale, connectivity=8)[2][1:]
        if max(w, h) >= _SMALLEST * size and min(w, h) > 1
    ]


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
