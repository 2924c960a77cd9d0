from __future__ import annotations

import numpy as np
import pytest

from ocr_pipeline.tables import find_tables
from ocr_pipeline.tables.grid import GridCell
from ocr_pipeline.tables.loose_ends import loose_lines

YS, XS = [10, 110], [10, 110, 210, 310, 410]


def ink_of(ends: dict[int, tuple[int, int]]) -> np.ndarray:
    """Two level rulings, and upright ones by their place from one height to another."""
    ink = np.zeros((130, 430), np.uint8)
    for y in YS:
        ink[y - 1 : y + 1, 10:411] = 255
    for x in (10, 410):
        ink[10:110, x - 1 : x + 1] = 255
    for x, (top, bottom) in ends.items():
        ink[top:bottom, x - 1 : x + 1] = 255
    return ink


NOTHING = np.zeros((130, 430), np.uint8)


@pytest.mark.parametrize("piece", [(60, 110), (10, 60)])
def test_a_line_runs_where_upright_rulings_end_together(piece: tuple[int, int]) -> None:
    (line,) = loose_lines(ink_of({110: piece, 210: piece, 310: (10, 110)}), NOTHING, YS, XS, 200)
    assert abs(line.place - 60) <= 2
    assert line.stretches == {0, 1, 2}


@pytest.mark.parametrize(
    "ends",
    [
        {110: (60, 110)},
        {110: (60, 110), 210: (40, 110)},
        {110: (60, 110), 210: (10, 60)},
        {110: (10, 110), 210: (10, 110)},
        {110: (16, 110), 210: (16, 110)},
    ],
)
def test_no_line_runs_where_one_ends_alone_or_they_end_at_several_heights(ends: dict[int, tuple[int, int]]) -> None:
    assert loose_lines(ink_of(ends), NOTHING, YS, XS, 200) == []


def test_no_line_runs_through_print() -> None:
    print_ = NOTHING.copy()
    print_[50:70, 150:170] = 255
    assert loose_lines(ink_of({110: (60, 110), 210: (60, 110)}), print_, YS, XS, 200) == []


def test_headers_whose_ruling_above_was_lost_stand_below_their_caption(draw_table, page_of) -> None:
    """All that is left of the line between is where the rulings between the headers begin."""
    xs, ys = [60, 200, 300, 400, 500, 600], [100, 150, 200, 250, 300]
    cells = [
        GridCell(0, 0, 2),
        GridCell(0, 1, 1, 4),
        *(GridCell(1, c) for c in range(1, 5)),
        *(GridCell(r, c) for r in (2, 3) for c in range(5)),
    ]
    page = draw_table(xs, ys, cells)
    page[ys[1] - 2 : ys[1] + 3, xs[1] + 3 : xs[5] - 2] = 255
    (found,) = find_tables(page_of(page))
    assert found.grid.cells == tuple(sorted(cells))
