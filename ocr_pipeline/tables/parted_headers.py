"""Headers of several columns read as one cell, cut as the figures below are: tinted rows lose their rulings first.

A header stands in the middle of its column. So where the words of a cell fall apart at borders of the figures below,
and each piece stands in the middle between two of them, each is the header of one column. A caption over all of
them stands in the middle of all.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from ocr_pipeline.tables.cell_task import CellTask, has_words, is_number
from ocr_pipeline.tables.grid import Grid, GridCell

__all__ = ["parted_headers"]

_GAP = 0.15
"""Room between the words of two headers at least, against the height of a line of them."""
_OFF = 0.15
"""How far a header is off the middle of its column at most, against the width of that."""
_LEAST, _ON = 0.4, 0.6
"""Length of a piece of a character that tells, and breadth of what is left of a ruling at most, against the height of a
line."""


def parted_headers(grid: Grid, tasks: Sequence[CellTask]) -> dict[GridCell, list[float]]:
    """The headers to cut, each with the places of the lines to cut it along, ascending.

    Args:
        grid: of the table.
        tasks: its cells, read once.
    """
    found: dict[GridCell, list[float]] = {}
    for task in tasks:
        cell = task.cell
        if cell.column_span == 1 or not task.lines or not has_words(task.text):
            continue
        start, stop, row = cell.column, cell.column + cell.column_span, cell.row + cell.row_span
        below = [t for t in tasks if t.cell.row == row and start <= t.cell.column < stop]
        ends = sorted({t.cell.column for t in below} | {t.cell.column + t.cell.column_span for t in below})
        # The first of them may be a label.
        inked = [t for t in below if t.lines and (t.cell.column > start or not has_words(t.text))]
        figures = bool(inked) and all(is_number(t.text.rstrip(" ?")) for t in inked)
        if figures and len(ends) > 2 and (ends[0], ends[-1]) == (start, stop):
            lines = [grid.xs[end] for end in ends]
            if _stand_apart(task, lines):
                found[cell] = lines[1:-1]
    return found


def _stand_apart(task: CellTask, lines: Sequence[float]) -> bool:
    """Whether all print stands in the middle between two neighbouring lines, here and there, and none near inner ones.

    Under a header of its own, a column may have none.
    """
    high = median(line.height for line in task.lines)
    # Grain and dots say nothing of where words stand, and what is narrow and right on a line is left of its ruling.
    large = [part for part in task.ink.parts if max(part.width, part.height) >= _LEAST * high]
    on_line = [p for p in large if p.width <= _ON * high and any(p.left - 1 <= x <= p.right + 1 for x in lines[1:-1])]
    parts = [part for part in large if part not in on_line]
    reach, told = lines[0], 0
    for left, right in pairwise(lines):
        own = [part for part in parts if left <= part.center[0] < right]
        if not own:
            continue
        first, last = min(part.left for part in own), max(part.right for part in own)
        middle = abs(first + last - left - right) / 2
        if first < left or last > right or middle > _OFF * (right - left):
            return False
        if reach > lines[0] and first - reach < _GAP * high:
            return False
        reach, told = last, told + 1
    return told > 1
