"""A ruling lost between labels and the figures beside them, put back in the white corridor that it left.

Nothing is left of it in any row, so labels and figures are read as one. But labels of different lengths all end on one
side of one upright line, and figures of different lengths all begin on the other: by chance, they do not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from ocr_pipeline.geometry import Box
from ocr_pipeline.tables.cell_task import CellTask, has_digits, has_words
from ocr_pipeline.tables.grid import Grid, GridCell

__all__ = ["beside_labels"]

_ROWS = 6
"""Rows with a label and a figure from which a corridor between them is none by chance."""
_MOST = 0.8
"""Share of the cells with print that have some on both sides of it."""
_WIDE = 0.3
"""Width of the corridor, against the usual height of its lines of print."""
_FEW, _SOME, _HEADED = 2, 0.5, 1.0
"""The same rows and shares of cells where a header falls apart in the corridor as well, and by how much at least,
against the height of its lines."""
_LEVELS = 3
"""Of headers."""
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
        own.sort(key=lambda task: task.cell.row)
        for above in range(min(_LEVELS, len(own))):
            # What heads several columns stands above the headers of each.
            x = _line(own[above:], grid, below=above > 0)
            if x is not None:
                found.update({task.cell: [x] for task in own[above:]})
                break
            if _header(own[above:]) is None:
                break
    return found


def _line(own: Sequence[CellTask], grid: Grid, *, below: bool) -> float | None:
    """Where a line runs through all of some cells; ``below`` the header of several columns."""
    told = [task for task in own if has_words(task.text) and _FIGURE.search(task.text)]
    header = _header(own)
    many = not below and len(told) >= _ROWS and len(told) >= _TOLD * len(own)
    if not many and (header is None or len(told) < _FEW or len(told) < _SOME * (len(own) - 1)):
        return None
    least = max(_ROWS, _MOST * len(own)) if many else max(_FEW + 1, _SOME * len(own))
    x = _corridor(own, told, max(grid.xs[task.cell.column] for task in told), least)
    if x is None or many or (header is not None and _falls_apart(header, x)):
        return x
    return None


def _header(own: Sequence[CellTask]) -> CellTask | None:
    """The first of some cells from top to bottom, where that holds words only."""
    first = own[0] if own else None
    return first if first is not None and has_words(first.text) and not has_digits(first.text) else None


def _falls_apart(header: CellTask, x: float) -> bool:
    """Whether a line runs through the white between two words of a header."""
    before = [part.right for part in header.ink.parts if part.center[0] < x]
    after = [part.left for part in header.ink.parts if part.center[0] >= x]
    high = min(line.height for line in header.lines)
    return bool(before and after) and min(after) - max(before) >= _HEADED * high


def _corridor(own: Sequence[CellTask], told: Sequence[CellTask], start: float, least: float) -> float | None:
    """The middle of the last corridor without print right of ``start`` that parts figures off; None without one.

    Args:
        own: cells of the column, with print.
        told: those that end in a figure.
        start: where the column begins.
        least: how many of them have print on both sides, at least.
    """
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
        if apart and len(both) >= least:
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
