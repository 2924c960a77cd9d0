"""Titles that stand alone in a row of a table, over all of its columns.

A network that sees borders where rulings are lost takes those of the rows above and below for borders of such a row,
too. What is printed there tells: nothing but one title, in the middle of the table, and no ruling.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.geometry import Box
from ocr_pipeline.tables.cell_ink import cell_ink
from ocr_pipeline.tables.grid import Grid, GridCell

__all__ = ["with_whole_titles"]

_APART, _OFF = 1.5, 0.75
"""Room between two characters of a title, and how far it is off the middle of the table at most, against their size."""
_PRINTED = 0.25
"""Share of a border above and below a title from which something of a ruling is printed there."""
_REACH_INCHES = 0.015


def with_whole_titles(grid: Grid, print_: NDArray[np.uint8], dpi: float) -> Grid:
    """The grid with rows that hold one title alone made one cell each.

    Args:
        grid: of borders that nobody may have printed.
        print_: ink of the table's crop, 0/255.
        dpi: resolution.
    """
    cells = list(grid.cells)
    for row in range(grid.rows):
        there = sorted(cell for cell in grid.cells if cell.row <= row < cell.row + cell.row_span)
        own = [cell for cell in there if cell.row_span == 1]
        if len(own) == len(there) > 1 and _is_title(grid, own, print_, dpi):
            cells = [cell for cell in cells if cell not in own] + [GridCell(row, 0, 1, grid.columns)]
    return grid if len(cells) == len(grid.cells) else replace(grid, cells=tuple(sorted(cells)))


def _is_title(grid: Grid, cells: list[GridCell], print_: NDArray[np.uint8], dpi: float) -> bool:
    """Whether the cells of a row hold one line of print in their middle and no rulings between them."""
    whole = Box.union_of(grid.box(cell) for cell in cells)
    parts = sorted(cell_ink(print_, whole, dpi).parts)
    if not parts:
        return False
    print_box = Box.union_of(parts)
    reach, size = round(_REACH_INCHES * dpi), print_box.height
    above = slice(round(whole.top) + reach, round(print_box.top))
    below = slice(round(print_box.bottom), round(whole.bottom) - reach)
    for cell in cells[1:]:
        x = round(grid.xs[cell.column])
        inked = np.asarray(print_[:, max(0, x - reach) : x + reach + 1].any(axis=1))
        free = np.concatenate([inked[above], inked[below]])
        if free.size < size / 2 or float(free.mean()) >= _PRINTED:
            return False
    reached = np.maximum.accumulate([part.right for part in parts])
    gaps = [after.left - float(right) for right, after in zip(reached, parts[1:], strict=False)]
    if max(gaps, default=0.0) > _APART * size:
        return False
    return abs(print_box.center[0] - whole.center[0]) <= _OFF * size
