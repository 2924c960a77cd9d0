"""Cells of a table that has horizontal rulings only: rows from the rulings, columns from the gaps of its print."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.tables.gaps import spans
from ocr_pipeline.tables.grid import GridCell, cells_between
from ocr_pipeline.tables.words import Word

__all__ = ["cells_by_rulings"]

_COVERED = 0.6
"""Share of a column's width that a ruling below a cell covers; rulings are broken and columns' edges guessed."""


def cells_by_rulings(
    words: Sequence[Word],
    ys: Sequence[float],
    xs: Sequence[float],
    centres: Sequence[float | None],
    rulings: NDArray[np.uint8],
    em: float,
) -> list[GridCell]:
    """The cells, by row, then column.

    Args:
        words: of the table.
        ys: rows + 1 heights of rulings, page pixels.
        xs: columns + 1 edges.
        centres: of what stands in each column alone.
        rulings: mask of horizontal rulings, 0/255, page size.
        em: usual size of a character, pixels.
    """
    rows, columns = len(ys) - 1, len(xs) - 1
    reach = max(2, round(0.2 * em))
    across = np.zeros((rows - 1, columns))
    for r, y in enumerate(ys[1:-1]):
        band = np.any(rulings[max(0, round(y) - reach) : round(y) + reach + 1] > 0, axis=0)
        across[r] = [_share(band[round(xs[c]) : round(xs[c + 1])]) >= _COVERED for c in range(columns)]
    down = np.ones((rows, columns - 1))
    for r in range(rows):
        stacks = _stacks([w for w in words if ys[r] <= w.box.center[1] < ys[r + 1]])
        for start, stop in spans(stacks, xs, centres, em):
            down[r, start : stop - 1] = 0.0
    return cells_between(across, down)


def _share(covered: NDArray[np.bool_]) -> float:
    return float(covered.mean()) if covered.size else 0.0


def _stacks(words: Sequence[Word]) -> list[tuple[float, float]]:
    """Left and right of what stands one above the other in one row, ascending."""
    stacks: list[tuple[float, float]] = []
    for left, right in sorted((w.box.left, w.box.right) for w in words):
        if stacks and left < stacks[-1][1]:
            stacks[-1] = (stacks[-1][0], max(stacks[-1][1], right))
        else:
            stacks.append((left, right))
    return stacks
