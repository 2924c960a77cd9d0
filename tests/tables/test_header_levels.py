from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.geometry import Box
from ocr_pipeline.tables.cell_ink import CellInk
from ocr_pipeline.tables.cell_task import CellTask
from ocr_pipeline.tables.find import FoundTable
from ocr_pipeline.tables.flatten import Flattening
from ocr_pipeline.tables.grid import Grid, GridCell
from ocr_pipeline.tables.header_levels import with_header_levels

WIDE, HIGH, BOTTOM = 100.0, 20.0, 120.0


def label(start: int, stop: int, y: float, count: int) -> list[Box]:
    """Characters side by side in the middle of some columns, one line of them at a height."""
    left = WIDE * (start + stop) / 2 - 11 * count
    return [Box(left + 22 * k, y - HIGH / 2, left + 22 * k + 20, y + HIGH / 2) for k in range(count)]


def drawn(sizes: Sequence[int], heads: int = 4) -> tuple[list[Box], list[GridCell]]:
    """The print of a header with groups of these sizes, a column alone being one of 1, and the cells it has."""
    parts: list[Box] = []
    cells: list[GridCell] = []
    column = 0
    for size in sizes:
        if size == 1:
            parts += label(column, column + 1, BOTTOM / 2, 2)
            cells.append(GridCell(0, column, 2))
        else:
            parts += label(column, column + size, 20, heads)
            cells.append(GridCell(0, column, 1, size))
            for k in range(column, column + size):
                parts += label(k, k + 1, 95, 3)
                cells.append(GridCell(1, k))
        column += size
    return parts, sorted(cells)


def found(parts: Sequence[Box], columns: int, figures: Sequence[str] | None = None) -> list[GridCell] | None:
    """The cells of the header that comes of this print, over one row of figures."""
    cells = (GridCell(0, 0, 1, columns), *(GridCell(1, k) for k in range(columns)))
    grid = Grid((0.0, BOTTOM, BOTTOM + 40), tuple(WIDE * k for k in range(columns + 1)), cells)
    tops = sorted({part.top for part in parts})
    lines = [Box(0, top, WIDE * columns, top + HIGH) for top in tops]
    header = CellTask(cells[0], CellInk(grid.box(cells[0]), tuple(sorted(parts))), lines, False, text="行政复议")
    tasks = [header]
    for cell, text in zip(cells[1:], figures or ["7"] * columns, strict=True):
        x, y = grid.box(cell).center
        box = Box(x - 5, y - 10, x + 5, y + 10)
        tasks.append(CellTask(cell, CellInk(grid.box(cell), (box,)), [box], False, text=text))
    box = Box(0, 0, WIDE * columns, BOTTOM + 40)
    table = FoundTable(0, box, Flattening(box), np.zeros((1, 1), np.uint8), grid, 200)
    result = with_header_levels(table, tasks)
    if result is None:
        return None
    assert [cell for cell in result.grid.cells if cell.row == 2] == [GridCell(2, k) for k in range(columns)]
    assert result.divided == {cell for cell in result.grid.cells if cell.row < 2}
    return [cell for cell in result.grid.cells if cell.row < 2]


@pytest.mark.parametrize("sizes", [(5, 5), (1, 5, 1), (2, 1, 3), (1, 1, 4), (3,)])
def test_a_header_of_groups_and_columns_is_built_up_again(sizes: tuple[int, ...]) -> None:
    parts, cells = drawn(sizes)
    assert found(parts, sum(sizes)) == cells


@given(st.lists(st.integers(1, 6), min_size=1, max_size=6).filter(lambda sizes: sum(sizes) >= 3), st.integers(1, 5))
def test_no_header_is_built_up_in_another_way_than_it_was_printed(sizes: list[int], heads: int) -> None:
    parts, cells = drawn(sizes, heads)
    if max(sizes) > 1 and found(parts, sum(sizes)) is not None:
        assert found(parts, sum(sizes)) == cells


def test_grain_says_nothing() -> None:
    parts, cells = drawn((2, 3))
    grain = [Box(x, y, x + 3, y + 3) for x, y in ((50, 40), (199, 60), (305, 10), (430, 118))]
    assert found([*parts, *grain], 5) == cells


def test_labels_beside_the_middle_leave_a_header_whole() -> None:
    parts, _ = drawn((2, 3))
    moved = [part.translated(25, 0) if part.top < 40 else part for part in parts]
    assert found(moved, 5) is None


def test_a_header_over_words_stays_whole() -> None:
    parts, _ = drawn((2, 3))
    assert found(parts, 5, ["7", "合计", "7", "7", "7"]) is None
    assert found(parts, 5, ["a", "7", "7", "7", "7"]) is not None, "a worn figure"
