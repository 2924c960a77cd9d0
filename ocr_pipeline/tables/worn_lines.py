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

__all__ = ["Printed", "joined_lines", "whole_lines"]

_ENOUGH = 4
"""Figures from which it is known how high they are."""
_HIGH = 75
"""Percentile of their heights: the worn ones among them are too low."""
_WHOLE = 0.92
"""Height from which a figure is whole, against that of the table's figures."""
_LEAST = 0.4
"""Lower ones are dashes."""
_DASHED = 0.6
"""Pieces that are lower in all are a dash and a speck rather than the ends of a figure."""
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
    high, bands = _bands(printed)
    return [
        _whole(cell.line, bands.get(cell.row)) if _LEAST * high <= cell.line.height < _WHOLE * high else None
        for cell in printed
    ]


def joined_lines(printed: Sequence[Printed], broken: Sequence[Printed]) -> list[Box | None]:
    """Where the print of cells stands whose pieces seem to be lines one above the other, but are those of one figure.

    A fax loses the middle of a 2; what is left above and below is no higher than one figure of its row.

    Args:
        printed: cells of a table with one line of print.
        broken: cells with several, each with the box around all of them.

    Returns:
        The boxes to show to readers; None for what is higher than a figure, or has none beside it.
    """
    high, bands = _bands(printed)
    return [_whole(cell.line, bands.get(cell.row)) if cell.line.height >= _DASHED * high else None for cell in broken]


def _bands(printed: Sequence[Printed]) -> tuple[float, dict[int, tuple[float, float]]]:
    """How high figures are (0 where too few tell), and from where to where those of each row reach that are whole."""
    heights = [cell.line.height for cell in printed if cell.figure]
    if len(heights) < _ENOUGH:
        return 0.0, {}
    high = float(np.percentile(heights, _HIGH))
    rows: dict[int, list[Printed]] = defaultdict(list)
    for cell in printed:
        if _WHOLE * high <= cell.line.height <= high / _WHOLE:
            rows[cell.row].append(cell)
    bands = {}
    for row, cells in rows.items():
        # Words of a row may stand on another line than its figures.
        boxes = [cell.line for cell in cells if cell.figure] or [cell.line for cell in cells]
        bands[row] = float(np.median([box.top for box in boxes])), float(np.median([box.bottom for box in boxes]))
    return high, bands


def _whole(line: Box, band: tuple[float, float] | None) -> Box | None:
    """The line as high as the figures of its row; None where it strays from them."""
    if band is None:
        return None
    top, bottom = band
    off = _OFF * (bottom - top)
    if line.top < top - off or line.bottom > bottom + off:
        return None
    return Box(line.left, min(top, line.top), line.right, max(bottom, line.bottom))
