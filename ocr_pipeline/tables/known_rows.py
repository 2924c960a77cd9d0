"""Cells that lost the rulings between their rows, cut along lines that stand beside them.

A line that other cells have tells its height. What stands above and below it in one cell are figures of two rows, and
the labels beside them, but not a label of several rows. Labels that begin with numbers are those of as many rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

from ocr_pipeline.geometry import Box
from ocr_pipeline.tables.cell_task import CellTask, is_figure, is_number, may_be_figure
from ocr_pipeline.tables.figure_rows import NUMBERED
from ocr_pipeline.tables.grid import Grid, GridCell

__all__ = ["known_rows", "prints"]

_PRINT = 0.6
"""Height of a line of print at least, against the highest of its cell: what is lower may be left of a ruling."""
_OVER = 0.25
"""How far print may reach over a line, against its height."""
_ON = 0.25
"""How close to a line of the grid something upright stands that is left of its ruling, against the height of print."""
_TOLD = 2
"""Columns that must have figures on both sides of a line, for labels to be cut there."""


def known_rows(grid: Grid, tasks: Sequence[CellTask]) -> dict[GridCell, tuple[int, ...]]:
    """The cells to cut, each with the grid lines (rows above which they run) to cut it along.

    Args:
        grid: of the table.
        tasks: its cells, read once.
    """
    tall = [task for task in tasks if task.cell.row_span > 1 and task.lines]
    found = {task.cell: lines for task in tall if (lines := _above_figures(grid, task, sure=True))}
    items = {task.cell: tuple(_inner(task.cell)) for task in tall if _is_of_items(grid, task)}
    if not found:
        return items
    touched = {row for cell in found for row in range(cell.row, cell.row + cell.row_span)}
    low = [task.cell for task in tasks if task.cell.row in touched and is_number(task.text)]
    first = min(cell.column for cell in (*found, *low))
    columns: dict[int, set[int]] = defaultdict(set)
    for task in tasks:
        row, stop = task.cell.row, task.cell.row + task.cell.row_span
        if task.cell in found:
            row = found[task.cell][0] - (found[task.cell][0] == row + 1)
        elif task.cell.row_span > 1 or task.cell.column < first or not (task.lines and may_be_figure(task.text)):
            continue
        for each in range(row, stop):
            columns[each].add(task.cell.column)
    for task in tall:
        cell = task.cell
        told = tuple(row for row in _inner(cell) if len(columns[row - 1] & columns[row]) >= _TOLD)
        beside = cell.column >= first and cell not in found and _above_figures(grid, task, sure=False) == told
        label = cell.column + cell.column_span == first and told and _parts(grid, task, told)
        if beside or label:
            found[cell] = told
    return {**items, **{cell: lines for cell, lines in found.items() if lines}}


def _is_of_items(grid: Grid, task: CellTask) -> bool:
    """Whether a label of several rows begins in each of them with a number of its own, so that it is one for each."""
    begins: dict[int, str] = {}
    for box, text in prints(task):
        row = _row_of(grid, box)
        if row is None:
            return False
        begins.setdefault(row, text)
    numbers = [match[0] for text in begins.values() if (match := NUMBERED.match(text))]
    rows = range(task.cell.row, task.cell.row + task.cell.row_span)
    return sorted(begins) == list(rows) and len(set(numbers)) == len(rows)


def _inner(cell: GridCell) -> range:
    return range(cell.row + 1, cell.row + cell.row_span)


def prints(task: CellTask) -> list[tuple[Box, str]]:
    """The lines of a cell with what was read there, without what may be left of rulings."""
    texts: Sequence[str] = task.texts
    if len(texts) != len(task.lines):
        # One character a line was read as one word.
        texts = task.text if len(task.text) == len(task.lines) else [task.text] * len(task.lines)
    high = max(line.height for line in task.lines)
    return [(box, text) for box, text in zip(task.lines, texts, strict=True) if box.height >= _PRINT * high]


def _above_figures(grid: Grid, task: CellTask, *, sure: bool) -> tuple[int, ...]:
    """The lines of the grid above figures of a cell, each alone in its row; above them all may be words, a header.

    With ``sure`` they were read as figures; any single character may be one.
    """
    rows: dict[int, list[str]] = defaultdict(list)
    for box, text in prints(task):
        row = _row_of(grid, box)
        if row is None and is_figure(text):
            return ()
        # Words above the figures may stand across a line that others beside them have.
        for each in _rows_of(grid, box) if row is None else (row,):
            rows[each].append(text)
    figure = is_number if sure else may_be_figure
    lines: list[int] = []
    for row in range(task.cell.row + task.cell.row_span - 1, task.cell.row - 1, -1):
        if len(rows[row]) != 1 or not figure(rows[row][0]):
            words = [text for above in range(task.cell.row, row + 1) for text in rows[above]]
            # Something stands above each line, and no figure among words.
            return () if not words or any(is_figure(text) for text in words) or not sure else tuple(sorted(lines))
        lines.append(row)
    return tuple(sorted(lines[:-1]))


def _row_of(grid: Grid, box: Box) -> int | None:
    """The row that a line of print stands in; None where it stands across a line of the grid."""
    row = sum(y <= box.center[1] for y in grid.ys) - 1
    over = _OVER * box.height
    inside = 0 <= row < grid.rows and box.top >= grid.ys[row] - over and box.bottom <= grid.ys[row + 1] + over
    return row if inside else None


def _rows_of(grid: Grid, box: Box) -> range:
    """The rows that a line of print stands in, with those that it reaches into."""
    over = _OVER * box.height
    return range(sum(y <= box.top + over for y in grid.ys) - 1, sum(y < box.bottom - over for y in grid.ys))


def _parts(grid: Grid, task: CellTask, lines: Sequence[int]) -> bool:
    """Whether no print of a cell stands across lines above some of its rows, and some in each piece that they leave."""
    boxes = _bare_parts(grid, task)
    ends = [grid.ys[row] for row in (task.cell.row, *lines, task.cell.row + task.cell.row_span)]
    across = any(min(y - box.top, box.bottom - y) > _OVER * box.height for y in ends[1:-1] for box in boxes)
    return not across and all(any(top <= box.center[1] < end for box in boxes) for top, end in pairwise(ends))


def _bare_parts(grid: Grid, task: CellTask) -> list[Box]:
    """The lines of a cell; its pieces of print, where something upright on a line of the grid made one of several.

    It is left of the ruling there.
    """
    cell = task.cell
    inner = grid.xs[cell.column + 1 : cell.column + cell.column_span]
    low = min(line.height for line in task.lines)
    rests = [p for p in task.ink.parts if p.height > p.width and any(abs(p.center[0] - x) < _ON * low for x in inner)]
    if not rests:
        return [box for box, _ in prints(task)]
    return [part for part in task.ink.parts if part not in rests]
