"""Headers of several columns read as one cell, cut as the figures below are: tinted rows lose their rulings first.

A header stands in the middle of its column. So where the words of a cell fall apart at borders of the figures below,
and each piece stands in the middle between two of them, each is the header of one column. A caption over all of
them stands in the middle of all; what stands in the middle of one column alone, with headers beside it below, is the
header of that one.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from ocr_pipeline.geometry import Box
from ocr_pipeline.tables.cell_task import CellTask, has_words, is_number, may_be_figure
from ocr_pipeline.tables.grid import Grid, GridCell
from ocr_pipeline.tables.known_lines import parts_at, usual_lines

__all__ = ["large_parts", "over_figures", "parted_headers"]

_FIGURES = 0.6
"""Share of the cells below a header that were read as figures."""
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
        if row == grid.rows:
            below = [t for t in tasks if t.cell.row + t.cell.row_span == cell.row and start <= t.cell.column < stop]
        ends = sorted({t.cell.column for t in below} | {t.cell.column + t.cell.column_span for t in below})
        if len(ends) < 3 or (ends[0], ends[-1]) != (start, stop):
            continue
        lines = [grid.xs[end] for end in ends]
        # The first of them may be a label.
        headed = over_figures([t for t in below if t.cell.column > start or not has_words(t.text)])
        usual = [] if headed else usual_lines(grid, cell)
        if headed or all(x in usual and parts_at(x, task) for x in lines[1:-1]):
            # Among other words as well, what falls that far apart where most rows do is no caption.
            found.update({cell: lines[1:-1]} if _stand_apart(task, lines) else {})
        elif sides := _over_one(task, below, grid):
            found[cell] = sides
    return found


def over_figures(below: Sequence[CellTask]) -> bool:
    """Whether the cells below a header hold figures, as far as read: a worn one may look like another character."""
    inked = [task for task in below if task.lines]
    figures = [task for task in inked if is_number(task.text.rstrip(" ?"))]
    return len(figures) > _FIGURES * len(inked) and all(may_be_figure(task.text) for task in inked)


def _stand_apart(task: CellTask, lines: Sequence[float]) -> bool:
    """Whether all print stands in the middle between two neighbouring lines, here and there, and none near inner ones.

    Under a header of its own, a column may have none.
    """
    high = median(line.height for line in task.lines)
    large = large_parts(task)
    # What is narrow and right on a line is left of its ruling.
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


def _over_one(task: CellTask, below: Sequence[CellTask], grid: Grid) -> list[float]:
    """The inner lines beside the one column over which a header stands, where those beside it have headers below."""
    box, parts = task.ink.interior, large_parts(task)
    left, right = min(part.left for part in parts), max(part.right for part in parts)
    for under in below:
        column = grid.box(under.cell)
        own = column.left <= left and right <= column.right
        others = all(has_words(other.text) for other in below if other is not under)
        centred = abs(left + right - column.left - column.right) / 2 <= _OFF * column.width
        aside = abs(left + right - box.left - box.right) / 2 > _OFF * box.width
        if own and others and not under.lines and centred and aside:
            return [x for x in (column.left, column.right) if box.left < x < box.right]
    return []


def large_parts(task: CellTask) -> list[Box]:
    """The pieces of a header's print that tell where its words stand; grain and dots do not."""
    high = median(line.height for line in task.lines)
    return [part for part in task.ink.parts if max(part.width, part.height) >= _LEAST * high]
