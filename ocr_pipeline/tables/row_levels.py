"""Heights at which no column of a table kept its ruling, told by the figures of several columns above and below.

Where a fax left pieces of level rulings, here in one column and there in another, cells run together in as many ways.
Figures stand at one height in all columns, though; with a line between every two such heights, cells can be cut there
as at lines that stand beside them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np

from ocr_pipeline.geometry import Box
from ocr_pipeline.tables.cell_task import CellTask, is_number
from ocr_pipeline.tables.grid import Grid, GridCell
from ocr_pipeline.tables.known_rows import prints

__all__ = ["with_levels"]

_LEVEL = 0.5
"""How far figures of one row are off each other's height, against the height of a figure."""
_TOLD, _HALF = 3, 0.5
"""Columns that must have a figure at a height, and share of the columns with figures."""
_TOGETHER = 2
"""Columns in which figures of both heights must stand in one cell."""
_SELDOM = 4
"""A column has figures that has no less than so small a share of what the column with most has."""
_UPRIGHT = 2.0
"""Height of a stroke beside labels that is left of a ruling, against that of a figure."""
_ROOM = 0.3
"""Paper between the figures of two rows at least, against their height."""


@dataclass
class _Level:
    """Figures at one height, each with its cell."""

    boxes: list[Box] = field(default_factory=list)
    cells: list[GridCell] = field(default_factory=list)

    @property
    def columns(self) -> set[int]:
        return {cell.column for cell in self.cells}


def with_levels(grid: Grid, tasks: Sequence[CellTask]) -> tuple[Grid, Sequence[CellTask]]:
    """The grid with a line above every row of figures that no line is known above, and its cells in it.

    Cells only reach over more rows of it; those that hold figures of two rows are not cut yet.

    Args:
        grid: of the table.
        tasks: its cells, read once.
    """
    levels = _levels(tasks)
    columns = len({column for level in levels for column in level.columns})
    sure = [len(level.columns) >= max(_TOLD, _HALF * columns) for level in levels]
    first = min((column for level in levels for column in level.columns), default=0)
    labels = [part for task in tasks if task.cell.column + task.cell.column_span == first for part in task.ink.parts]
    added = _under_header(levels[0], tasks, grid) if any(sure[:1]) else []
    for (above, below), both in zip(pairwise(levels), pairwise(sure), strict=True):
        if not all(both) or len(set(above.cells) & set(below.cells)) < _TOGETHER:
            continue
        bottom, top = max(box.bottom for box in above.boxes), min(box.top for box in below.boxes)
        high = float(np.median([box.height for box in above.boxes]))
        middles = above.boxes[0].center[1], below.boxes[0].center[1]
        if top - bottom >= _ROOM * high and not any(middles[0] < y < middles[1] for y in grid.ys):
            added.append(_between(bottom, top, [part for part in labels if part.height <= _UPRIGHT * high]))
    if not added:
        return grid, tasks
    ys = sorted((*grid.ys, *added))
    at = [bisect_left(ys, y) for y in grid.ys]

    def moved(cell: GridCell) -> GridCell:
        return replace(cell, row=at[cell.row], row_span=at[cell.row + cell.row_span] - at[cell.row])

    finer = replace(grid, ys=tuple(ys), cells=tuple(sorted(moved(cell) for cell in grid.cells)))
    return finer, [replace(task, cell=moved(task.cell)) for task in tasks]


def _under_header(level: _Level, tasks: Sequence[CellTask], grid: Grid) -> list[float]:
    """Where a line runs between the first row of figures and words above them in the same cells, if any are there."""
    together = [task for task in tasks if task.cell in level.cells]
    top = min(box.top for box in level.boxes)
    above = [[line.bottom for line in task.lines if line.center[1] < top] for task in together]
    bottoms = [max(bottoms) for bottoms in above if bottoms]
    if len(bottoms) < _TOGETHER or max(bottoms) >= top or any(max(bottoms) <= y <= top for y in grid.ys):
        return []
    return [(max(bottoms) + top) / 2]


def _levels(tasks: Sequence[CellTask]) -> list[_Level]:
    """The figures of the columns that have some, by their height, from the top."""
    figures = [
        (box, task.cell)
        for task in tasks
        if task.cell.column_span == 1 and task.lines
        for box, text in prints(task)
        if is_number(text)
    ]
    counts = Counter(cell.column for _, cell in figures)
    most = max(counts.values(), default=0)
    levels: list[_Level] = []
    for box, cell in sorted(figures, key=lambda figure: figure[0].center[1]):
        if _SELDOM * counts[cell.column] < most:
            continue
        if not levels or box.center[1] - levels[-1].boxes[0].center[1] > _LEVEL * box.height:
            levels.append(_Level())
        levels[-1].boxes.append(box)
        levels[-1].cells.append(cell)
    return levels


def _between(bottom: float, top: float, labels: Sequence[Box]) -> float:
    """Where a line runs between two rows of figures: through the widest paper between the print of their labels."""
    gaps, reach = [], bottom
    for line in sorted(labels, key=lambda line: line.top):
        if line.bottom <= bottom:
            reach = max(reach, bottom)
        elif line.top < top:
            gaps.append((line.top - reach, (reach + line.top) / 2))
            reach = max(reach, line.bottom)
    gaps.append((top - reach, (reach + top) / 2))
    width, middle = max(gaps)
    return middle if width > 0 else (bottom + top) / 2
