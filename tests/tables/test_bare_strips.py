from __future__ import annotations

from collections.abc import Iterable

import cv2
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.tables.bare_strips import without_bare_strips
from ocr_pipeline.tables.grid import Grid, GridCell

YS = tuple(float(y) for y in range(0, 241, 40))


def drawn(grid: Grid, inked: Iterable[GridCell]) -> np.ndarray:
    """The ink of a table with something like a figure in the middle of some cells."""
    mask = np.zeros((round(grid.ys[-1]) + 1, round(grid.xs[-1]) + 1), np.uint8)
    for cell in inked:
        x, y = (round(v) for v in grid.box(cell).center)
        cv2.ellipse(mask, (x, y), (5, 9), 0, 0, 360, 255, 2)
    return mask


def with_strip(*, right: bool, rows: range, columns: int = 3, at: int = 1) -> tuple[Grid, list[GridCell]]:
    """A header over ``columns`` columns, one with a strip beside its figures in some rows; and the cells with print."""
    xs = [100.0 * k for k in range(columns + 1)]
    xs.insert(at + 1, xs[at] + (65 if right else 35))
    cells, inked = [], []
    for row in range(len(YS) - 1):
        for column in range(columns):
            start, span = column + (column > at), 1 + (column == at)
            if column == at and row in rows:
                pair = [GridCell(row, start), GridCell(row, start + 1)]
                cells += pair
                inked.append(pair[0 if right else 1])
            else:
                cells.append(GridCell(row, start, 1, span))
                inked.append(cells[-1])
    return Grid(YS, tuple(xs), tuple(sorted(cells))), inked


@given(right=st.booleans(), first=st.integers(1, 4), count=st.integers(1, 5), columns=st.integers(1, 5), data=st.data())
def test_a_strip_beside_figures_goes_to_their_column(
    right: bool, first: int, count: int, columns: int, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, columns - 1))
    grid, inked = with_strip(right=right, rows=range(first, min(first + count, 6)), columns=columns, at=at)
    found = without_bare_strips(grid, drawn(grid, inked), 200)
    assert found.xs == tuple(100.0 * k for k in range(columns + 1))
    assert list(found.cells) == [GridCell(r, c) for r in range(6) for c in range(columns)]


def test_a_column_with_print_of_its_own_stays() -> None:
    grid, inked = with_strip(right=False, rows=range(1, 6))
    inked.append(GridCell(4, 1))
    assert without_bare_strips(grid, drawn(grid, inked), 200) == grid


def test_a_blank_column_that_no_header_shares_stays() -> None:
    """Its border runs through all of the rows, as does that of the figures beside it."""
    grid, inked = with_strip(right=False, rows=range(6))
    assert without_bare_strips(grid, drawn(grid, inked), 200) == grid


def test_a_blank_column_under_a_header_without_print_stays() -> None:
    grid, inked = with_strip(right=False, rows=range(1, 6))
    inked.remove(GridCell(0, 1, 1, 2))
    assert without_bare_strips(grid, drawn(grid, inked), 200) == grid


def test_a_line_that_parts_other_cells_too_stays() -> None:
    """Under one header of two columns, one of them blank, the other parted once more in a row."""
    xs = (0.0, 100.0, 200.0, 300.0)
    cells = (GridCell(0, 0, 1, 2), GridCell(0, 2), GridCell(1, 0), GridCell(1, 1), GridCell(1, 2), GridCell(2, 0))
    grid = Grid(YS[:4], xs, (*cells, GridCell(2, 1, 1, 2)))
    inked = [GridCell(0, 0, 1, 2), GridCell(0, 2), GridCell(1, 1), GridCell(1, 2), GridCell(2, 1, 1, 2)]
    assert without_bare_strips(grid, drawn(grid, inked), 200) == grid
