"""Rulings lost between the figures of one row, put back where a gap wider than any within a figure runs.

Nothing is left of such a ruling to measure, so the space says it: two figures far apart are those of two columns. A
number whose digits are spread over its cell has such gaps too; so a line is drawn only where the row above has one, or
where several rows fall apart and no label shows that there is one column. What comes of it is marked: it needs a proof
before it is believed.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ocr_pipeline.geometry import Box
from ocr_pipeline.tables.cell_task import WIDE, CellTask, has_digits
from ocr_pipeline.tables.find import FoundTable
from ocr_pipeline.tables.grid import Grid, GridCell

__all__ = ["divided"]

_ROWS = 2
"""Cells of a column that must fall apart at one place before a line is drawn there that no row has."""


@dataclass(frozen=True)
class _Run:
    """A cell whose print falls apart: its place on the table's crop, and the gaps in it, in pixels of the crop."""

    task: CellTask
    gaps: tuple[tuple[float, float], ...]

    @property
    def cell(self) -> GridCell:
        return self.task.cell


def divided(found: FoundTable, tasks: Sequence[CellTask]) -> FoundTable | None:
    """The table with cells that hold several figures divided; None where there are none, or nobody knows where.

    Args:
        found: as it was read.
        tasks: its cells, read once.
    """
    inked = [task for task in tasks if task.lines]
    runs = [_Run(t, t.gaps()) for t in inked if len(t.lines) == 1 and t.figure and has_digits(t.text) and t.is_parted()]
    cuts: dict[GridCell, list[float]] = defaultdict(list)
    for run in sorted(runs, key=lambda run: run.cell.row):
        cuts[run.cell].extend(_known(run, found.grid, cuts))
    for place in sorted({(run.cell.column, run.cell.column_span) for run in runs}):
        column = [run for run in runs if (run.cell.column, run.cell.column_span) == place and not cuts[run.cell]]
        for gap in _common_gaps(column):
            line, beside = _beside(gap, column, inked)
            for cell in beside:
                cuts[cell].append(line)
    for cell, lines in _at_lines(found.grid, tasks).items():
        cuts[cell] = cuts[cell] or lines
    cut = {cell: sorted(places) for cell, places in cuts.items() if places}
    if not cut:
        return None
    grid, parts = _recut(found.grid, cut, found.divided)
    return replace(found, grid=grid, divided=parts, rows_divided=False)


def _at_lines(grid: Grid, tasks: Sequence[CellTask]) -> dict[GridCell, list[float]]:
    """Lines of the grid at which the print of cells one right below the other falls apart, figures or words."""
    found: dict[GridCell, list[float]] = {}
    wide = sorted((t for t in tasks if t.cell.column_span > 1 and t.cell.row_span == 1), key=lambda t: t.cell.row)
    blocks: dict[tuple[int, int, int], list[CellTask]] = defaultdict(list)
    for task in wide:
        cell = task.cell
        above = next((k for k in blocks if k[1:] == (cell.column, cell.column_span) and k[0] == cell.row), None)
        block = blocks.pop(above) if above is not None else []
        blocks[cell.row + 1, cell.column, cell.column_span] = [*block, task]
    finished = list(blocks.values())
    for block in finished:
        cell = block[0].cell
        inner = grid.xs[cell.column + 1 : cell.column + cell.column_span]
        lines = [x for x in inner if sum(_parts_at(x, task) for task in block) >= _ROWS]
        if lines and all(_parts_at(x, t) or _beside_all(x, t) for x in lines for t in block):
            found.update({task.cell: lines for task in block})
    return found


def _parts_at(x: float, task: CellTask) -> bool:
    """Whether a cell's print falls apart at a line, by a gap wider than any within words."""
    before = [part.right for part in task.ink.parts if part.center[0] < x]
    after = [part.left for part in task.ink.parts if part.center[0] >= x]
    if not before or not after:
        return False
    high = min(line.height for line in task.lines)
    return max(before) < x < min(after) and min(after) - max(before) > WIDE * high


def _beside_all(x: float, task: CellTask) -> bool:
    """Whether all of a cell's print stands on one side of a line."""
    return all(part.right < x for part in task.ink.parts) or all(part.left > x for part in task.ink.parts)


def _known(run: _Run, grid: Grid, cuts: dict[GridCell, list[float]]) -> list[float]:
    """Lines of the grid, one in each gap of a cell, at which the row above has a border."""
    cell = run.cell
    inner = grid.xs[cell.column + 1 : cell.column + cell.column_span]
    borders = _borders(grid, cell.row - 1, cuts) if cell.row > 0 else _borders(grid, cell.row + cell.row_span, cuts)
    lines = [[x for x in inner if left < x < right and x in borders] for left, right in run.gaps]
    return [places[0] for places in lines] if all(len(places) == 1 for places in lines) else []


def _borders(grid: Grid, row: int, cuts: dict[GridCell, list[float]]) -> set[float]:
    """Where cells of a row end, with those that have just been divided."""
    there = [cell for cell in grid.cells if cell.row <= row < cell.row + cell.row_span]
    return {grid.xs[cell.column] for cell in there} | {place for cell in there for place in cuts[cell]}


def _common_gaps(runs: Sequence[_Run]) -> list[tuple[float, float]]:
    """Where the gaps of cells one below the other overlap, if all of them have as many."""
    if not runs or len({len(run.gaps) for run in runs}) > 1:
        return []
    common = [(max(g[0] for g in gaps), min(g[1] for g in gaps)) for gaps in zip(*(r.gaps for r in runs), strict=True)]
    return common if all(left < right for left, right in common) else []


def _beside(gap: tuple[float, float], runs: Sequence[_Run], tasks: Sequence[CellTask]) -> tuple[float, list[GridCell]]:
    """A line in a gap, and the cells of the column that it divides; none where a label shows that it is one column."""
    column, span = runs[0].cell.column, runs[0].cell.column_span
    same = [t for t in tasks if (t.cell.column, t.cell.column_span) == (column, span)]
    across = [t for t in tasks if t.cell.column <= column < t.cell.column + t.cell.column_span and t not in same]
    line = _clear_of([part for task in same for part in task.ink.parts], gap)
    # A label that heads more columns than this one says nothing; one of its own place, cut elsewhere, does.
    if any(task.cell.column_span <= span for task in across):
        return line, []
    found = []
    for task in same:
        sides = {part.center[0] > line for part in task.ink.parts}
        crossed = any(part.left < line < part.right for part in task.ink.parts)
        if not crossed and (len(sides) == 2 or (sides and task.figure)):
            found.append(task.cell)
        elif sides and not task.figure:
            return line, []
    return line, found if len(found) >= _ROWS else []


def _clear_of(parts: Sequence[Box], gap: tuple[float, float]) -> float:
    """The middle of the widest stretch of a gap without print, or of the gap."""
    left, right = gap
    stretches, reach = [], left
    for start, end in sorted((part.left, part.right) for part in parts if part.right > left and part.left < right):
        stretches.append((start - reach, (reach + start) / 2))
        reach = max(reach, end)
    stretches.append((right - reach, (reach + right) / 2))
    width, middle = max(stretches)
    return middle if width > 0 else (left + right) / 2


def _recut(
    grid: Grid, cuts: dict[GridCell, list[float]], before: frozenset[GridCell]
) -> tuple[Grid, frozenset[GridCell]]:
    """The grid with further lines, and its cells that came of them or of what was divided before."""
    xs = sorted({*grid.xs, *(place for places in cuts.values() for place in places)})
    cells: list[GridCell] = []
    parts: set[GridCell] = set()
    for cell in grid.cells:
        ends = [grid.xs[cell.column], *cuts.get(cell, ()), grid.xs[cell.column + cell.column_span]]
        columns = [bisect_left(xs, end) for end in ends]
        pieces = [GridCell(cell.row, left, cell.row_span, right - left) for left, right in pairwise(columns)]
        cells += pieces
        parts |= set(pieces) if len(pieces) > 1 or cell in before else set()
    return replace(grid, xs=tuple(xs), cells=tuple(sorted(cells))), frozenset(parts)
