"""Rulings lost between two rows, put back where several cells hold lines that nobody wrapped.

A line goes on in the next where the following character has no room. Where lines leave room and those of other cells
stand at the same heights, each height is a row. Nothing is left of the ruling to measure, so what comes of it needs a
proof before it is believed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.geometry import Box
from ocr_pipeline.tables.cell_task import WIDE, CellTask
from ocr_pipeline.tables.figure_rows import RowCuts, apart_cuts, figure_cuts, first_column
from ocr_pipeline.tables.find import FoundTable
from ocr_pipeline.tables.grid import Grid, GridCell, compact
from ocr_pipeline.tables.known_rows import known_rows
from ocr_pipeline.tables.row_levels import with_levels

__all__ = ["divided_rows"]

_ROOM = 3.2
"""In characters: more than this beside a line says that it was not wrapped."""
_CHARACTER = 0.75
"""Width of a character against the height of its line, at least."""
_LEVEL = 0.5
"""How far lines of one row are off each other's height, against the height of a line."""
_PITCH = 0.9
"""Distance of two rows of which one cell tells alone, against the usual height of a row."""
_SHORT = 0.6
"""Width of its lines, against its own, of one cell that tells alone."""
_STANDS = 0.4
"""Share of a row along which an upright ruling must be inked to part two of its cells, one of them empty."""
_REACH_INCHES = 0.0125


@dataclass(frozen=True)
class _Rows:
    """What divides the rows of a grid.

    Attributes:
        cuts: heights at which lines that nobody wrapped divide a row.
        heads: columns that the last of those lines is divided into.
        told: what figures of several columns say of a row.
        known: cells that are cut along lines of the grid, and along which.
    """

    cuts: dict[int, list[float]]
    heads: dict[int, list[int]]
    told: dict[int, RowCuts]
    known: dict[GridCell, tuple[int, ...]]


def divided_rows(found: FoundTable, tasks: Sequence[CellTask], ink: NDArray[np.uint8]) -> FoundTable | None:
    """The table with rows that hold the lines of several divided; None where there are none.

    Args:
        found: as it was read.
        tasks: its cells, read once.
        ink: of its crop, 0/255.
    """
    (grid, tasks), known = _at_levels(found.grid, tasks)
    usual = float(np.median(np.diff(found.grid.ys)))
    cuts: dict[int, list[float]] = {}
    heads: dict[int, list[int]] = {}
    told: dict[int, RowCuts] = {}
    first = first_column(tasks)
    ending = [
        sorted((t for t in tasks if t.cell.row + t.cell.row_span == r), key=_column) for r in range(1, grid.rows + 1)
    ]
    apart = apart_cuts(ending, first)
    for row in range(grid.rows):
        by_figures = figure_cuts(ending[row], grid.ys[row], first) or apart.get(row)
        if by_figures is not None and not by_figures.cells & known.keys():
            told[row] = by_figures
            continue
        own = [task for task in tasks if task.cell.row == row and task.cell.row_span == 1 and task.lines]
        edges = _edges(grid, row + 1)
        # Where a network saw the borders, it saw those of figures; shaded headers are lost more easily.
        places = [] if found.guessed else _cuts(own, usual)
        if places:
            cuts[row] = places
        elif len(own) == 1 and own[0].cell.column_span == grid.columns and _heads(own[0], grid, edges):
            above, below = own[0].lines[-2:]
            cuts[row], heads[row] = [(above.bottom + below.top) / 2], edges
    if not cuts and not told and not known:
        return None
    recut, parts = _recut(grid, _Rows(cuts, heads, told, known))
    if cuts:
        recut, parts = _joined(recut, parts, tasks, ink, found.dpi)
    fewer = compact(recut)
    divided = frozenset(new for old, new in zip(recut.cells, fewer.cells, strict=True) if old in parts)
    return replace(found, grid=fewer, divided=divided, divisible=True)


def _at_levels(
    grid: Grid, tasks: Sequence[CellTask]
) -> tuple[tuple[Grid, Sequence[CellTask]], dict[GridCell, tuple[int, ...]]]:
    """The grid and its cells, and which to cut along its lines; with lines between rows of figures where that helps."""
    finer, moved = with_levels(grid, tasks)
    known = known_rows(finer, moved)
    if finer is grid or known:
        return (finer, moved), known
    return (grid, tasks), known_rows(grid, tasks)


def _column(task: CellTask) -> int:
    return task.cell.column


def _cuts(own: Sequence[CellTask], usual: float) -> list[float]:
    """Heights at which a row is divided."""
    loose = [task for task in own if _is_loose(task)]
    if not loose or any(task.vertical and not task.figure for task in own):
        # What runs down beside them runs down in them, too: those of two columns.
        return []
    high = float(np.median([line.height for task in loose for line in task.lines]))
    levels = _levels([line for task in loose for line in task.lines], high)
    if len(levels) < 2 or any(len(task.lines) > len(levels) for task in own):
        return []
    centres = [float(np.mean([line.center[1] for line in level])) for level in levels]
    for task in own:
        for line in task.lines:
            if min(abs(line.center[1] - centre) for centre in centres) > _LEVEL * high:
                return []
    near = min(below - above for above, below in pairwise(centres)) < _PITCH * usual
    if len(loose) == 1 and (near or len(own) == 1 or not _is_short(loose[0])):
        return []
    lines = [line for task in own for line in task.lines]
    found = []
    for above, below in pairwise(centres):
        middle = (above + below) / 2
        bottom = max(line.bottom for line in lines if line.center[1] < middle)
        top = min(line.top for line in lines if line.center[1] > middle)
        if bottom >= top:
            return []
        found.append((bottom + top) / 2)
    return found


def _edges(grid: Grid, row: int) -> list[int]:
    """The columns at which cells of a row begin, but for the first."""
    return sorted(
        {cell.column for cell in grid.cells if cell.row <= row < cell.row + cell.row_span and cell.column > 0}
    )


def _heads(task: CellTask, grid: Grid, edges: Sequence[int]) -> bool:
    """Whether the last of a cell's lines has words in each column of the row below, and none across its edges."""
    if len(task.lines) != 2 or not edges:
        return False
    line = task.lines[-1]
    parts = [part for part in task.ink.parts if line.top <= part.center[1] < line.bottom]
    places = [grid.xs[edge] for edge in edges]
    sides = [grid.xs[0], *places, grid.xs[-1]]
    if not all(any(left < part.center[0] < right for part in parts) for left, right in pairwise(sides)):
        return False
    return all(
        min(part.left for part in parts if part.center[0] >= x) - max(p.right for p in parts if p.center[0] < x)
        > WIDE * line.height
        for x in places
    )


def _is_loose(task: CellTask) -> bool:
    """Whether a cell has several lines, each with room for more beside it but the last."""
    if len(task.lines) < 2 or task.vertical or task.wrapped:
        return False
    return all(task.ink.interior.width - line.width > _ROOM * _CHARACTER * line.height for line in task.lines[:-1])


def _is_short(task: CellTask) -> bool:
    """Whether lines end so early that no word, however long, had gone to the next."""
    return all(line.width <= _SHORT * task.ink.interior.width for line in task.lines[:-1])


def _levels(lines: Sequence[Box], high: float) -> list[list[Box]]:
    """Lines at one height together, top to bottom."""
    levels: list[list[Box]] = []
    for line in sorted(lines, key=lambda box: box.center[1]):
        if levels and line.center[1] - levels[-1][0].center[1] <= _LEVEL * high:
            levels[-1].append(line)
        else:
            levels.append([line])
    return levels


def _recut(grid: Grid, rows: _Rows) -> tuple[Grid, frozenset[GridCell]]:
    """The grid with further row edges, and its cells that came of them; last rows are divided into columns, too."""
    places = {**rows.cuts, **{row: [*found.places] for row, found in rows.told.items()}}
    first = np.cumsum([0, *(1 + len(places.get(row, ())) for row in range(grid.rows))]).tolist()
    cells: list[GridCell] = []
    parts: set[GridCell] = set()
    for cell in grid.cells:
        start, last = first[cell.row], cell.row + cell.row_span - 1
        stop = first[last + 1]
        ends = [start, stop]
        if (cell.row_span == 1 and cell.row in rows.cuts) or (last in rows.told and cell in rows.told[last].cells):
            ends[1:1] = range(first[last] + 1, stop)
        elif cell in rows.known:
            ends[1:1] = [first[row] for row in rows.known[cell]]
        pieces = [GridCell(above, cell.column, below - above, cell.column_span) for above, below in pairwise(ends)]
        if cell.row_span == 1 and cell.row in rows.heads:
            sides = [0, *rows.heads[cell.row], grid.columns]
            pieces[-1:] = [GridCell(stop - 1, left, 1, right - left) for left, right in pairwise(sides)]
        cells += pieces
        parts |= set(pieces) if len(pieces) > 1 else set()
    ys = sorted((*grid.ys, *(y for heights in places.values() for y in heights)))
    return replace(grid, ys=tuple(ys), cells=tuple(sorted(cells))), frozenset(parts)


def _joined(
    grid: Grid, parts: frozenset[GridCell], tasks: Sequence[CellTask], ink: NDArray[np.uint8], dpi: float
) -> tuple[Grid, frozenset[GridCell]]:
    """The same with cells beside each other as one where no upright ruling parts them and one is empty: captions."""
    print_ = [part for task in tasks for part in task.ink.parts]
    reach = max(1, round(_REACH_INCHES * dpi))
    cells: list[GridCell] = []
    joined: set[GridCell] = set()
    for cell in grid.cells:
        left = cells[-1] if cells else None
        if cell in parts and left in joined and left is not None and left.row == cell.row:
            box, x = grid.box(cell), round(grid.xs[cell.column])
            band = ink[round(box.top) + 2 * reach : round(box.bottom) - 2 * reach, max(0, x - reach) : x + reach + 1]
            stands = band.size and float((band > 0).mean(axis=0).max()) >= _STANDS
            if not stands and not (_holds(grid.box(left), print_) and _holds(box, print_)):
                joined.discard(left)
                cells[-1] = cell = replace(left, column_span=left.column_span + cell.column_span)
                joined.add(cell)
                continue
        cells.append(cell)
        if cell in parts:
            joined.add(cell)
    return replace(grid, cells=tuple(cells)), frozenset(joined)


def _holds(box: Box, print_: Sequence[Box]) -> bool:
    """Whether the middle of a piece of print stands in a box."""
    return any(box.left <= part.center[0] < box.right and box.top <= part.center[1] < box.bottom for part in print_)
