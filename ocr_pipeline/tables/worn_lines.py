"""Figures of which the paper keeps pieces: cut out as high as the others of their row.

A fax loses the hairlines of thin print. The crumbs that are left above and below the thick strokes are too small to be
told from dirt, and a 0 that is cut between them is a U, two brackets or an 11 to every reader. But the figures of a row
stand on one line, and those of a table are of one size.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ocr_pipeline.geometry import Box

__all__ = ["Printed", "whole_lines"]

_ENOUGH = 4
"""Figures from which it is known how high they are."""
_HIGH = 75
"""Percentile of their heights: the worn ones among them are too low."""
_WHOLE = 0.92
"""Height from which a figure is whole, against that of the table's figures."""
_LEAST = 0.4
"""Lower ones are dashes."""
_OFF = 0.12
"""How far a figure may stray from the line of its row, against the height of figures."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A cell with one line of print.

    Attributes:
        row: of the table.
        line: box around the line's ink, in pixels.
        figure: whether it was read as a figure, or as what figures are misread for.
    """

    row: int
    line: Box
    figure: bool


def whole_lines(printed: Sequence[Printed]) -> list[Box | None]:
    """Where each line would reach if all of it were left; None where nothing says that it is worn.

    Args:
        printed: cells of a table; those that hold words do no harm.
    """
    heights = [cell.line.height for cell in printed if cell.figure]
    if len(heights) < _ENOUGH:
        return [None] * len(printed)
    high = float(np.percentile(heights, _HIGH))
    rows: dict[int, list[Printed]] = defaultdict(list)
    for cell in printed:
        if _WHOLE * high <= cell.line.height <= high / _WHOLE:
            rows[cell.row].append(cell)
    return [_whole(cell.line, rows[cell.row], high) for cell in printed]


def _whole(line: Box, others: Sequence[Printed], high: float) -> Box | None:
    # Words of a row may stand on another line than its figures.
    boxes = [cell.line for cell in others if cell.figure] or [cell.line for cell in others]
    if not boxes or not _LEAST * high <= line.height < _WHOLE * high:
        return None
    top, bottom = float(np.median([box.top for box in boxes])), float(np.median([box.bottom for box in boxes]))
    if line.top < top - _OFF * high or line.bottom > bottom + _OFF * high:
        return None
    return Box(line.left, min(top, line.top), line.right, max(bottom, line.bottom))
