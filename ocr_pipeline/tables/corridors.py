"""A ruling lost between labels and the figures beside them, put back in the white corridor that it left.

Nothing is left of it in any row, so labels and figures are read as one. But labels of different lengths all end on one
side of one upright line, and figures of different lengths all begin on the other: by chance, they do not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from ocr_pipeline.geometry import Box
from ocr_pipeline.tables.cell_task import CellTask, has_words
from ocr_pipeline.tables.grid import Grid, GridCell

__all__ = ["beside_labels"]

_ROWS = 6
"""Rows with a label and a figure from which a corridor between them is none by chance."""
_MOST = 0.8
"""Share of the cells with print that have some on both sides of it."""
_WIDE = 0.3
"""Width of the corridor, against the usual height of its lines of print."""
_FIGURE = re.compile(r"(\d+)[ ?]*$")
_TOLD = 0.6
"""Share of the cells that were read as words that end in a figure; in the middle of a label that wraps, it stands
where its line ends."""
_PITCH, _STROKE = 0.45, 0.15
"""From digit to digit at least, and breadth of the last one, against their height."""


def beside_labels(grid: Grid, tasks: Sequence[CellTask]) -> dict[GridCell, list[float]]:
    """The cells to cut, each with the place of the line to cut it along.

    Args:
        grid: of the table.
        tasks: its cells, read once.
    """
    found: dict[GridCell, list[float]] = {}
    for end in range(1, grid.columns + 1):
        # A label may be that of several columns of labels, but a caption is that of all columns.
        own = [task for task in tasks if task.lines and task.cell.column + task.cell.column_span == end]
        own = [task for task in own if task.cell.column_span < grid.columns]
        told = [task for task in own if has_words(task.text) and _FIGURE.search(task.text)]
        if len(told) < _ROWS or len(told) < _TOLD * len(own):
            continue
        x = _corridor(own, told, max(grid.xs[task.cell.column] for task in told))
        if x is not None:
            found.update({task.cell: [x] for task in own})
    return found


def _corridor(own: Sequence[CellTask], told: Sequence[CellTask], start: float) -> float | None:
    """The middle of the last corridor without print right of ``start`` that parts figures off; None without one."""
    spans = sorted((part.left, part.right) for task in own for part in task.ink.parts if part.right > start)
    heights = sorted(line.height for task in own for line in task.lines)
    reach, gaps = start, []
    for left, right in spans:
        if left > reach:
            gaps.append((reach, left))
        reach = max(reach, right)
    for left, right in reversed(gaps):
        if right - left < _WIDE * heights[len(heights) // 2]:
            continue
        x = (left + right) / 2
        both = [task for task in own if len({part.center[0] < x for part in task.ink.parts}) == 2]
        apart = all(_one_figure(task, x) for task in both) and all(_whole_figure(task, x) for task in told)
        if apart and len(both) >= max(_ROWS, _MOST * len(own)):
            return x
    return None


def _whole_figure(task: CellTask, x: float) -> bool:
    """Whether there is room right of a line for all of the digits that a cell's text ends in: it parts no figure."""
    parts = [part for part in task.ink.parts if part.left >= x]
    digits = _FIGURE.search(task.text)
    if not parts or digits is None:
        return False
    whole = Box.union_of(parts)
    return whole.width >= ((len(digits[1]) - 1) * _PITCH + _STROKE) * whole.height


def _one_figure(task: CellTask, x: float) -> bool:
    """Whether what stands right of a line is one line of print without wide gaps, as a figure or a header is."""
    parts = [part for part in task.ink.parts if part.left >= x]
    high = max(part.height for part in parts)
    whole = Box.union_of(parts)
    ends = sorted((part.left, part.right) for part in parts)
    return whole.height < 2 * high and all(right[0] - left[1] < high for left, right in pairwise(ends))
