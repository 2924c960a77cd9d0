"""Whether the rulings of a table came through whole: then what is not inked is not printed, whatever a network sees."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.tables.cell_ink import PRINT_SHARE
from ocr_pipeline.tables.find import FoundTable
from ocr_pipeline.tables.ink import ink_map

__all__ = ["is_crisp"]

_WHOLE, _THERE = 0.97, 0.85
"""Share of an edge that is inked where its ruling is whole, and where it is there at all: one that is half there was
printed so, while a fax or faint print takes a little of many."""
_MOST_WHOLE, _MOST_THERE = 0.94, 0.6
"""Share of the rulings there that must be whole, and of the inner edges at which one must be there."""
_REACH_INCHES = 0.0125
"""How far a ruling lies from where it should."""
_LEAST = 8
"""Inner edges from which a share says anything."""


def is_crisp(found: FoundTable) -> bool:
    """Whether nearly all inner borders of a table's cells are inked from end to end; faxes and faint print have gaps.

    Args:
        found: by its rulings.
    """
    inked = ink_map(found.gray, found.dpi).mask(PRINT_SHARE) > 0
    reach, grid = max(1, round(_REACH_INCHES * found.dpi)), found.grid
    owner = np.zeros((grid.rows, grid.columns), np.int64)
    for number, cell in enumerate(grid.cells):
        owner[cell.row : cell.row + cell.row_span, cell.column : cell.column + cell.column_span] = number
    shares = [*_shares(inked, owner, grid.ys, grid.xs, reach), *_shares(inked.T, owner.T, grid.xs, grid.ys, reach)]
    there = [share for share in shares if share >= _THERE]
    if len(shares) < _LEAST or len(there) < _MOST_THERE * len(shares):
        return False
    return sum(share >= _WHOLE for share in there) >= _MOST_WHOLE * len(there)


def _shares(
    inked: NDArray[np.bool_], owner: NDArray[np.int64], lines: tuple[float, ...], across: tuple[float, ...], reach: int
) -> list[float]:
    """How much of each edge between two cells, one above the other, is inked, 0..1.

    Args:
        inked: of the straightened table.
        owner: for each place of the grid, the number of its cell.
        lines: heights of the level lines.
        across: places of the upright ones.
        reach: pixels.
    """
    found = []
    for row, column in np.argwhere(owner[1:] != owner[:-1]):
        at, start, end = round(lines[row + 1]), round(across[column]), round(across[column + 1])
        band = inked[max(0, at - reach) : at + reach + 1, start + reach + 1 : end - reach]
        if band.size:
            found.append(float(band.any(axis=0).mean()))
    return found
