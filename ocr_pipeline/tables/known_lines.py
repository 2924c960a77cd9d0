"""Cells that lost a ruling between two columns, cut along lines of the grid that other rows have.

Where such a line runs is known; that it runs through a cell, the print on both sides of it says.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

from ocr_pipeline.tables.cell_task import WIDE, CellTask, is_number
from ocr_pipeline.tables.grid import Grid, GridCell

__all__ = ["at_known_lines", "parts_at", "place_of", "under_headers", "usual_lines"]

_ROWS = 2
"""Cells one below the other that must fall apart at a line, headers that must stand side by side, and figures in a row
that must stand beside a cell that falls apart alone."""
_STROKE, _ON = 0.35, 0.2
"""Width of a stroke, and how close to a line one stands that is left of its ruling, against the height of the line of
print."""
_USUAL = 0.6
"""Share of the rows that have a line, from which another is cut along it by its own print alone."""


def at_known_lines(grid: Grid, tasks: Sequence[CellTask]) -> dict[GridCell, list[float]]:
    """The cells to cut, each with the places of the lines to cut it along, ascending.

    Args:
        grid: of the table.
        tasks: its cells, read once.
    """
    return {**_along_usual_lines(grid, tasks), **_at_lines(grid, tasks)}


def under_headers(grid: Grid, tasks: Sequence[CellTask]) -> dict[GridCell, list[float]]:
    """Cells under several headers, cut where these are: left whole, their figures would go under any of them.

    Args:
        grid: of the table.
        tasks: its cells, read once.
    """
    found: dict[GridCell, list[float]] = {}
    for run in _blocks(tasks):
        top, (column, span) = run[0].cell.row, place_of(run[0].cell)
        over = [t for t in tasks if t.cell.row + t.cell.row_span == top and column <= t.cell.column < column + span]
        inked = [task for task in run if task.lines]
        words = all(task.lines and not task.figure for task in over) and sum(t.cell.column_span for t in over) == span
        if len(over) < _ROWS or not words or not inked or not all(task.figure for task in inked):
            continue
        lines = sorted(grid.xs[task.cell.column] for task in over if task.cell.column > column)
        if all(parts_at(x, task) or _beside_all(x, task) for x in lines for task in inked):
            found.update({task.cell: lines for task in run})
    return found


def _at_lines(grid: Grid, tasks: Sequence[CellTask]) -> dict[GridCell, list[float]]:
    """Lines of the grid at which the print of cells one right below the other falls apart, figures or words.

    A cell between them that stands across holds them together, if it is no caption over all columns of the table.
    """
    found: dict[GridCell, list[float]] = defaultdict(list)
    rows = _rows_with(grid)
    for block in _blocks(task for task in tasks if task.cell.row_span == 1):
        cell = block[0].cell
        inner = range(cell.column + 1, cell.column + cell.column_span)
        # Of two lines in one gap, that of most rows.
        for column in sorted(inner, key=lambda column: -rows[column]):
            x = grid.xs[column]
            runs = _parted_runs(x, block)
            if cell.column_span < grid.columns and runs != [block]:
                continue
            for run in runs:
                for task in run:
                    if not any(_alone_between(min(x, other), max(x, other), task) for other in found[task.cell]):
                        found[task.cell].append(x)
    return {cell: sorted(lines) for cell, lines in found.items()}


def _parted_runs(x: float, block: Sequence[CellTask]) -> list[list[CellTask]]:
    """Runs of cells one below the other whose print falls apart at a line, or stands on one side of it in between."""
    runs: list[list[CellTask]] = [[]]
    for task in block:
        if parts_at(x, task) or (runs[-1] and _beside_all(x, task)):
            runs[-1].append(task)
        else:
            runs.append([])
    for run in runs:
        while run and not parts_at(x, run[-1]):
            run.pop()
    return [run for run in runs if sum(parts_at(x, task) for task in run) >= _ROWS]


def _blocks(tasks: Iterable[CellTask]) -> list[list[CellTask]]:
    """Cells that reach over the same two columns or more, one right below the other together."""
    blocks: dict[tuple[int, int, int], list[CellTask]] = {}
    for task in sorted((t for t in tasks if t.cell.column_span > 1), key=lambda task: task.cell.row):
        cell = task.cell
        block = blocks.pop((cell.row, *place_of(cell)), [])
        blocks[cell.row + cell.row_span, cell.column, cell.column_span] = [*block, task]
    return list(blocks.values())


def _along_usual_lines(grid: Grid, tasks: Sequence[CellTask]) -> dict[GridCell, list[float]]:
    """Lines that most rows have at which the print of a cell falls apart, beside figures: a label and a figure."""
    valued = [task.cell.row for task in tasks if task.lines and is_number(task.text)]
    found: dict[GridCell, list[float]] = {}
    for task in tasks:
        if task.cell.column_span == 1 or task.cell.row_span > 1 or valued.count(task.cell.row) < _ROWS:
            continue
        lines = [x for x in usual_lines(grid, task.cell) if parts_at(x, task)]
        # Of two in one gap, nobody knows which.
        if lines and not any(_alone_between(a, b, task) for a, b in pairwise(lines)):
            found[task.cell] = lines
    return found


def usual_lines(grid: Grid, cell: GridCell) -> list[float]:
    """Lines of the grid within a cell that most rows of it have."""
    rows = _rows_with(grid)
    inner = range(cell.column + 1, cell.column + cell.column_span)
    return [grid.xs[column] for column in inner if rows[column] >= _USUAL * grid.rows]


def _rows_with(grid: Grid) -> dict[int, int]:
    """How many rows have a cell that begins at each line of the grid."""
    rows = dict.fromkeys(range(grid.columns), 0)
    for cell in grid.cells:
        rows[cell.column] += cell.row_span
    return rows


def _alone_between(left: float, right: float, task: CellTask) -> bool:
    """Whether no print of a cell stands between two lines."""
    return not any(left < part.center[0] < right for part in task.ink.parts)


def parts_at(x: float, task: CellTask) -> bool:
    """Whether a cell's print falls apart at a line, by a gap wider than any within words.

    Strokes right on the line are left of its ruling.
    """
    high = min((line.height for line in task.lines), default=0.0)
    if len(task.lines) > 1:
        # Figures that stand between two lines beside them make those seem higher than any print.
        high = min(high, max(part.height for part in task.ink.parts))
    parts = [p for p in task.ink.parts if p.width > _STROKE * high or abs(p.center[0] - x) > _ON * high]
    before = [part.right for part in parts if part.center[0] < x]
    after = [part.left for part in parts if part.center[0] >= x]
    return bool(before and after) and max(before) < x < min(after) and min(after) - max(before) > WIDE * high


def _beside_all(x: float, task: CellTask) -> bool:
    """Whether all of a cell's print stands on one side of a line."""
    return all(part.right < x for part in task.ink.parts) or all(part.left > x for part in task.ink.parts)


def place_of(cell: GridCell) -> tuple[int, int]:
    """The first column of a cell, and how many it has."""
    return cell.column, cell.column_span
