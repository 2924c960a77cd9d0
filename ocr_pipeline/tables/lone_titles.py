"""Titles that stand alone in a row of a table, or above a group of its columns.

A network that sees borders where rulings are lost takes those of the rows above and below for borders of a title, too.
What is printed there tells: nothing but the title, in the middle of its columns, and no ruling.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.geometry import Box
from ocr_pipeline.tables.cell_ink import cell_ink
from ocr_pipeline.tables.grid import Grid, GridCell

__all__ = ["with_whole_titles"]

_APART, _OFF = 1.5, 0.75
"""Room between two characters of a title, and how far it is off the middle of its columns, at most, by their size."""
_LONG = 2.5
"""Width of a title of a group of columns at least, against its height: a figure beside blank cells is shorter."""
_PRINTED = 0.25
"""Share of a border above and below a title from which something of a ruling is printed there."""
_REACH_INCHES = 0.015


def with_whole_titles(grid: Grid, print_: NDArray[np.uint8], dpi: float) -> Grid:
    """The grid with the cells that hold one title alone made one.

    Args:
        grid: of borders that nobody may have printed.
        print_: ink of the table's crop, 0/255.
        dpi: resolution.
    """
    cells = set(grid.cells)
    for row in range(grid.rows):
        own = sorted(cell for cell in grid.cells if (cell.row, cell.row_span) == (row, 1))
        for group in _unparted(grid, own, print_, dpi) if len(own) > 1 else ():
            if len(group) > 1 and _is_title(grid, group, print_, dpi):
                span = sum(cell.column_span for cell in group)
                cells = (cells - {*group}) | {GridCell(row, group[0].column, 1, span)}
    return grid if len(cells) == len(grid.cells) else replace(grid, cells=tuple(sorted(cells)))


def _unparted(grid: Grid, cells: list[GridCell], print_: NDArray[np.uint8], dpi: float) -> list[list[GridCell]]:
    """Neighbouring cells of a row without printed rulings between them."""
    parts = [part for cell in cells for part in cell_ink(print_, grid.box(cell), dpi).parts]
    if not parts:
        return []
    lines, reach = Box.union_of(parts), round(_REACH_INCHES * dpi)
    top, bottom = grid.ys[cells[0].row], grid.ys[cells[0].row + 1]
    above, below = slice(round(top) + reach, round(lines.top)), slice(round(lines.bottom), round(bottom) - reach)
    groups = [cells[:1]]
    for before, cell in pairwise(cells):
        x = round(grid.xs[cell.column])
        inked = np.asarray(print_[:, max(0, x - reach) : x + reach + 1].any(axis=1))
        free = np.concatenate([inked[above], inked[below]])
        # Where print fills the row, nobody knows what stands behind it.
        bare = 2 * free.size >= lines.height and float(free.mean()) < _PRINTED
        if bare and before.column + before.column_span == cell.column:
            groups[-1].append(cell)
        else:
            groups.append([cell])
    return groups


def _is_title(grid: Grid, cells: list[GridCell], print_: NDArray[np.uint8], dpi: float) -> bool:
    """Whether cells without rulings between them hold one line of print, and that in their middle."""
    whole = Box.union_of(grid.box(cell) for cell in cells)
    parts = sorted(cell_ink(print_, whole, dpi).parts)
    if not parts:
        return False
    line = Box.union_of(parts)
    reached = np.maximum.accumulate([part.right for part in parts])
    gaps = [after.left - float(right) for right, after in zip(reached, parts[1:], strict=False)]
    all_columns = sum(cell.column_span for cell in cells) == grid.columns
    long = all_columns or line.width >= _LONG * line.height
    centred = abs(line.center[0] - whole.center[0]) <= _OFF * line.height
    return long and centred and max(gaps, default=0.0) <= _APART * line.height
