"""Strips without print that a network sees beside a column of figures: the side of its print taken for a border.

Where rulings are lost, a network sees borders where print ends, too. A column of zeros then has a strip beside it that
holds nothing, over which its header stands as well. Such a strip is part of that column.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.tables.cell_ink import cell_ink
from ocr_pipeline.tables.grid import Grid, GridCell, compact

__all__ = ["without_bare_strips"]


def without_bare_strips(grid: Grid, print_: NDArray[np.uint8], dpi: float) -> Grid:
    """The grid with columns that hold no print joined to the column beside them over which one header stands with them.

    Args:
        grid: of borders that nobody may have printed.
        print_: ink of the table's crop, 0/255.
        dpi: resolution.
    """
    inked = {cell for cell in grid.cells if cell_ink(print_, grid.box(cell), dpi).parts}
    joined: set[GridCell] = set()
    for column in range(grid.columns):
        if any(_own(cell, column) and cell in inked | joined for cell in grid.cells):
            continue
        for beside in (column + 1, column - 1):
            fresh = _joined(grid, column, beside, inked) if 0 <= beside < grid.columns else None
            if fresh is not None:
                joined |= set(fresh.cells) - set(grid.cells)
                grid = fresh
                break
    return compact(grid)


def _own(cell: GridCell, column: int) -> bool:
    return (cell.column, cell.column_span) == (column, 1)


def _joined(grid: Grid, strip: int, beside: int, inked: set[GridCell]) -> Grid | None:
    """The grid with the cells of a strip joined to those of the column beside it; None where they are two columns."""
    first = min(strip, beside)
    own, other = ([cell for cell in grid.cells if _own(cell, column)] for column in (strip, beside))
    over = [cell for cell in grid.cells if (cell.column, cell.column_span) == (first, 2)]
    rows = {(cell.row, cell.row_span) for cell in own}
    partners = [cell for cell in other if (cell.row, cell.row_span) in rows]
    # Where the line between them is one that other cells end at as well, it is that of two columns.
    ends = sum(cell.column == first + 1 or cell.column + cell.column_span == first + 1 for cell in grid.cells)
    if not (own and inked.intersection(over) and len(partners) == len(own) and ends == len(own) + len(partners)):
        return None
    left = [replace(cell, column=first, column_span=2) for cell in partners]
    kept = [cell for cell in grid.cells if cell not in own and cell not in partners]
    return replace(grid, cells=tuple(sorted([*kept, *left])))
