from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.geometry import Box
from ocr_pipeline.tables.cell_ink import CellInk
from ocr_pipeline.tables.cell_task import CellTask
from ocr_pipeline.tables.corridors import beside_labels
from ocr_pipeline.tables.grid import Grid, GridCell

HIGH, PITCH, RIGHT = 20.0, 11.0, 400.0


def table(rows: int) -> Grid:
    """Two columns, of which the first may hold labels and figures."""
    return Grid(tuple(40.0 * k for k in range(rows + 1)), (0.0, RIGHT, 500.0), ())


def task(row: int, words: Sequence[float], figure: str, *, text: str = "", columns: int = 1, at: float = 0) -> CellTask:
    """A cell whose words have characters from these places, and a figure set to the right at ``at``."""
    top = 40.0 * row + 10
    parts = [Box(x, top, x + HIGH, top + HIGH) for x in words]
    parts += [
        Box(at - PITCH * (k + 1), top, at - PITCH * (k + 1) + 9, top + HIGH)
        for k, digit in enumerate(reversed(figure))
        if digit != " "
    ]
    cell, line = GridCell(row, 0, 1, columns), Box.union_of(parts)
    whole = text or "属于国家秘密" + figure
    return CellTask(
        cell, CellInk(Box(0, 40.0 * row, RIGHT, 40.0 * row + 40), tuple(sorted(parts))), [line], False, text=whole
    )


def characters(start: float, count: int) -> list[float]:
    return [start + 22 * k for k in range(count)]


@given(st.lists(st.tuples(st.integers(2, 14), st.integers(0, 999)), min_size=6, max_size=20), st.integers(12, 60))
def test_labels_and_figures_part_where_a_corridor_runs_down(rows: list[tuple[int, int]], gap: int) -> None:
    """Labels in the middle of their column, figures set to the right of theirs."""
    widest = max(22 * count for count, _ in rows)
    digits = max(len(str(value)) for _, value in rows)
    at = widest + gap + PITCH * digits
    tasks = [
        task(row, characters((widest - 22 * count) / 2, count), str(value), at=at)
        for row, (count, value) in enumerate(rows)
    ]
    found = beside_labels(table(len(rows)), tasks)
    assert set(found) == {task.cell for task in tasks}
    for (x,) in found.values():
        assert widest - 2 <= x <= at - PITCH * digits


def test_figures_are_not_parted_from_their_last_digits() -> None:
    """Without room between labels and figures, the only corridor runs between digits set far apart."""
    tasks = [task(row, characters(0, 6), "1  2", at=132 + 4 * PITCH, text="属于国家秘密12") for row in range(8)]
    assert beside_labels(table(8), tasks) == {}


def test_labels_with_wide_spaces_and_no_figures_stay_whole() -> None:
    tasks = [task(row, [0, 22, 80, 102], "", text="合计 本年") for row in range(8)]
    assert beside_labels(table(8), tasks) == {}


def test_a_few_rows_do_not_make_a_corridor() -> None:
    starts = list(accumulate([22] * 5, initial=0))
    tasks = [task(row, starts, "7", at=200) for row in range(5)]
    assert beside_labels(table(5), tasks) == {}


def test_a_caption_over_all_columns_says_nothing() -> None:
    caption = task(0, characters(100, 12), "", text="收到和处理申请情况", columns=2)
    tasks = [task(row, characters(0, 6), "7", at=200) for row in range(1, 8)]
    assert set(beside_labels(table(8), [caption, *tasks])) == {task.cell for task in tasks}


@pytest.mark.parametrize(("apart", "rows", "cut"), [(40, 2, True), (40, 4, True), (-6, 4, False)])
def test_few_rows_do_where_their_header_falls_apart_too(apart: int, rows: int, cut: bool) -> None:
    header = task(0, [*characters(22, 2), *characters(66 + apart + 12, 2)], "", text="本年类别")
    tasks = [task(row, characters(0, 3), str(7 * row), at=140) for row in range(1, rows + 1)]
    found = beside_labels(table(rows + 1), [header, *tasks])
    assert set(found) == ({header.cell, *(t.cell for t in tasks)} if cut else set())


def test_the_header_of_both_columns_stays_whole() -> None:
    over = task(0, characters(44, 5), "", text="政务公开栏")
    header = task(1, [*characters(22, 2), *characters(118, 2)], "", text="序号本年")
    tasks = [task(row, characters(0, 3), str(7 * row), at=140) for row in range(2, 6)]
    found = beside_labels(table(6), [over, header, *tasks])
    assert set(found) == {header.cell, *(t.cell for t in tasks)}


def test_a_word_above_labels_that_end_in_figures_does_not_part_them() -> None:
    header = task(0, characters(22, 4), "", text="信息内容")
    tasks = [task(row, characters(0, 3), str(7 * row), at=140) for row in range(1, 4)]
    assert beside_labels(table(4), [header, *tasks]) == {}
