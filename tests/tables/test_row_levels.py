from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.geometry import Box
from ocr_pipeline.tables.cell_ink import CellInk
from ocr_pipeline.tables.cell_task import CellTask
from ocr_pipeline.tables.grid import Grid, GridCell
from ocr_pipeline.tables.known_rows import known_rows
from ocr_pipeline.tables.row_levels import with_levels

PITCH = 40.0
XS = (0.0, 200.0, 260.0, 320.0, 380.0, 440.0)
"""A column of labels and four of figures."""


def task(grid: Grid, cell: GridCell, *lines: tuple[float, str]) -> CellTask:
    """A cell that was read: the middle of each line, and its text."""
    left = grid.xs[cell.column] + 10
    boxes = [Box(left, y - 8, left + 20, y + 8) for y, _ in lines]
    texts = tuple(text for _, text in lines)
    return CellTask(cell, CellInk(grid.box(cell), tuple(boxes)), boxes, False, text="".join(texts), texts=texts)


def ragged(kept: list[list[bool]], columns: int = 5, top: float = 0.0) -> tuple[Grid, list[CellTask]]:
    """Rows of a label and figures of which each column kept some of the rulings between them.

    Args:
        kept: for each inner ruling, from the top, which columns kept it.
        columns: of the table, the labels' among them.
        top: where the first row begins.
    """
    rows = len(kept) + 1
    ys = [top, *(top + PITCH * (n + 1) for n, line in enumerate(kept) if any(line[:columns])), top + PITCH * rows]
    grid = Grid(tuple(ys), XS[: columns + 1], ())
    tasks = []
    for column in range(columns):
        own = [0, *(n + 1 for n, line in enumerate(kept) if line[column]), rows]
        for first, stop in pairwise(own):
            row, end = ys.index(top + PITCH * first), ys.index(top + PITCH * stop)
            texts = [f"{n + 1}.其他" if column == 0 else str(n + column) for n in range(first, stop)]
            lines = [(top + PITCH * (first + n + 0.5), text) for n, text in enumerate(texts)]
            tasks.append(task(grid, GridCell(row, column, end - row), *lines))
    return Grid(grid.ys, grid.xs, tuple(sorted(t.cell for t in tasks))), tasks


@given(st.lists(st.lists(st.booleans(), min_size=5, max_size=5), min_size=1, max_size=9))
def test_every_figure_gets_a_cell_whatever_pieces_of_rulings_are_left(kept: list[list[bool]]) -> None:
    grid, moved = with_levels(*ragged(kept))
    assert grid.rows == len(kept) + 1
    cut = known_rows(grid, moved)
    for each in moved:
        assert each.cell.row_span == len(each.lines)
        if each.cell.column > 0:
            assert 1 + len(cut.get(each.cell, ())) == len(each.lines)


def test_a_line_that_some_column_has_is_not_drawn_again() -> None:
    grid, tasks = ragged([[False, True, False, False, True]])
    finer, same = with_levels(grid, tasks)
    assert finer is grid
    assert same is tasks


def test_figures_of_two_columns_do_not_tell() -> None:
    grid, tasks = ragged([[False] * 5] * 2, columns=3)
    assert with_levels(grid, tasks)[0] is grid


def test_a_figure_in_one_column_only_is_no_row() -> None:
    grid, tasks = ragged([[False] * 5])
    lone = next(t for t in tasks if t.cell.column == 2)
    tasks = [t if t.cell.column in (0, 2) else task(grid, t.cell, (20, "4")) for t in tasks]
    assert len(lone.lines) == 2
    assert with_levels(grid, tasks)[0] is grid


def test_words_above_the_first_figures_are_parted_from_them() -> None:
    grid, tasks = ragged([[False] * 5], top=60.0)
    whole = Grid((0.0, grid.ys[-1]), grid.xs, tuple(GridCell(0, n) for n in range(5)))
    headed = []
    for each in tasks:
        figures = zip((box.center[1] for box in each.lines), each.texts, strict=True)
        headed.append(task(whole, GridCell(0, each.cell.column), (20, "结果"), *figures))
    finer, moved = with_levels(whole, headed)
    assert finer.rows == 3
    assert 28 <= finer.ys[1] <= 72
    cut = known_rows(finer, moved)
    assert all(cut[t.cell] == (1, 2) for t in moved if t.cell.column > 0)


def test_a_line_runs_through_the_paper_between_labels() -> None:
    """Rows are as high as their labels, so that a line is not always midway between two figures."""
    grid, tasks = ragged([[False] * 5])
    label = task(grid, GridCell(0, 0), (8, "5.要求行政机关"), (26, "确认"), (62, "6.其他"))
    finer, _ = with_levels(grid, [label, *(t for t in tasks if t.cell.column > 0)])
    assert 34 <= finer.ys[1] <= 52
