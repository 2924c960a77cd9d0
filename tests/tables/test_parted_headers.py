from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.geometry import Box
from ocr_pipeline.tables.cell_ink import CellInk
from ocr_pipeline.tables.cell_task import CellTask
from ocr_pipeline.tables.grid import Grid, GridCell
from ocr_pipeline.tables.parted_headers import parted_headers

HIGH = 20.0


def grid_of(widths: Sequence[float]) -> Grid:
    xs = [10.0]
    for width in widths:
        xs.append(xs[-1] + width)
    return Grid((0.0, 60.0, 100.0), tuple(xs), ())


def task(grid: Grid, cell: GridCell, parts: Sequence[Box], text: str) -> CellTask:
    lines = [Box.union_of(parts)] if parts else []
    if lines:
        lines = [Box(lines[0].left, 20, lines[0].right, 20 + HIGH)]
    return CellTask(cell, CellInk(grid.box(cell), tuple(parts)), lines, False, text=text)


def words(middle: float, count: int) -> list[Box]:
    """Characters side by side about a place."""
    start = middle - 11 * count
    return [Box(start + 22 * k, 20, start + 22 * k + 20, 20 + HIGH) for k in range(count)]


def figures(grid: Grid) -> list[CellTask]:
    cells = [GridCell(1, column) for column in range(grid.columns)]
    return [task(grid, cell, [Box(grid.box(cell).left + 9, 70, grid.box(cell).left + 20, 90)], "7") for cell in cells]


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(6, 90)), min_size=2, max_size=9))
def test_headers_in_the_middle_of_their_columns_part_at_the_borders_below(columns: list[tuple[int, int]]) -> None:
    grid = grid_of([22.0 * count + room for count, room in columns])
    middles = [(a + b) / 2 for a, b in zip(grid.xs, grid.xs[1:], strict=False)]
    parts = [part for middle, (count, _) in zip(middles, columns, strict=True) for part in words(middle, count)]
    header = task(grid, GridCell(0, 0, 1, grid.columns), parts, "结果维持结果纠正")
    assert parted_headers(grid, [header, *figures(grid)]) == {header.cell: list(grid.xs[1:-1])}


def test_what_is_left_of_rulings_and_grain_says_nothing() -> None:
    grid = grid_of([120, 120])
    rests = [Box(128, 2, 134, 58), Box(100, 50, 104, 54), Box(121, 5, 126, 9)]
    header = task(grid, GridCell(0, 0, 1, 2), [*words(70, 3), *words(190, 2), *rests], "商业企其他")
    assert parted_headers(grid, [header, *figures(grid)]) == {header.cell: [130.0]}


@pytest.mark.parametrize("count", [2, 4, 6])
def test_a_caption_stays_whole(count: int) -> None:
    """Though a border runs between two of its characters."""
    grid = grid_of([200, 200])
    caption = task(grid, GridCell(0, 0, 1, 2), words(210, count), "申请人情况")
    assert parted_headers(grid, [caption, *figures(grid)]) == {}


def test_a_header_over_words_and_one_beside_the_middle_stay_whole() -> None:
    grid = grid_of([120, 120])
    header = task(grid, GridCell(0, 0, 1, 2), [*words(70, 3), *words(190, 3)], "商业企科研机")
    below = figures(grid)
    below[1].text = "总计"
    assert parted_headers(grid, [header, *below]) == {}
    aside = task(grid, GridCell(0, 0, 1, 2), [*words(70, 3), *words(160, 2)], "商业企其他")
    assert parted_headers(grid, [aside, *figures(grid)]) == {}


def test_a_header_over_a_label_and_a_figure_parts() -> None:
    grid = grid_of([160, 120])
    header = task(grid, GridCell(0, 0, 1, 2), [*words(90, 4), *words(230, 3)], "信息内容本年数")
    below = figures(grid)
    below[0].text = "规章"
    assert parted_headers(grid, [header, *below]) == {header.cell: [170.0]}


@pytest.mark.parametrize("over", [0, 1, 2])
def test_a_header_over_one_column_is_that_of_it_alone(over: int) -> None:
    """Beside it are headers below; under it is none."""
    grid = grid_of([120, 120, 120])
    middles = [70.0, 190.0, 310.0]
    header = task(grid, GridCell(0, 0, 1, 3), words(middles[over], 2), "总计")
    below = [
        task(grid, GridCell(1, k), [] if k == over else words(middle, 2), "" if k == over else "其他")
        for k, middle in enumerate(middles)
    ]
    found = parted_headers(grid, [header, *below])
    if over == 1:
        assert found == {}, "in the middle of all of them, it is over all"
    else:
        assert found == {header.cell: [130.0] if over == 0 else [250.0]}
    filled = [task(grid, t.cell, words(middle, 2), "其他") for t, middle in zip(below, middles, strict=True)]
    assert parted_headers(grid, [header, *filled]) == {}


@pytest.mark.parametrize(("rows", "parts"), [(4, True), (1, False)])
def test_words_far_apart_part_where_most_rows_have_a_border(rows: int, parts: bool) -> None:
    """Among other words: with one row alone, nobody knows whether that is divided rightly."""
    base = grid_of([120, 120])
    below = [GridCell(1 + row, column) for row in range(rows) for column in (0, 1)]
    cells = (GridCell(0, 0, 1, 2), *below)
    grid = Grid((0.0, *(60.0 + 40 * row for row in range(rows + 1))), base.xs, cells)
    header = task(grid, cells[0], [*words(70, 2), *words(190, 2)], "金额名称")
    others = [task(grid, cell, words(70 + 120 * cell.column, 2), "公开") for cell in below]
    assert parted_headers(grid, [header, *others]) == ({header.cell: [130.0]} if parts else {})
