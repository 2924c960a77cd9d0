from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.tables.grid import GridCell, build_grid, ruling_lines
from ocr_pipeline.tables.options import TableOptions
from ocr_pipeline.tables.rulings import RulingMasks


def mask_of(pieces: dict[int, list[tuple[int, int]]], size: tuple[int, int] = (200, 2000)) -> np.ndarray:
    """A mask with runs [from, to) at some heights."""
    mask = np.zeros(size, np.uint8)
    for height, runs in pieces.items():
        for start, end in runs:
            mask[height, start:end] = 255
    return mask


def test_a_short_ruling_wins_over_the_strokes_of_many_rows_beside_it() -> None:
    strokes = [(start, start + 40) for start in range(0, 300, 50)]
    mask = mask_of({92: strokes, 100: [(600, 676), (800, 876)], 108: strokes})
    assert ruling_lines(mask, shortest=40, apart=12) == [100.0]


def test_a_broken_ruling_wins_over_one_stroke_that_is_longer_than_its_pieces() -> None:
    mask = mask_of({100: [(start, start + 45) for start in range(0, 1000, 50)], 108: [(500, 560)]})
    assert ruling_lines(mask, shortest=40, apart=12) == [100.0]


@given(st.sets(st.integers(0, 19), min_size=2, max_size=12))
def test_whole_rulings_are_found_wherever_they_stand(places: set[int]) -> None:
    heights = sorted(10 * place + 3 for place in places)
    mask = mask_of({height: [(20, 1900)] for height in heights})
    assert ruling_lines(mask, shortest=40, apart=9) == [float(height) for height in heights]


def test_strokes_of_print_right_beside_a_ruling_do_not_draw_it_to_them() -> None:
    """A few pixels off, nothing of it lies where it is looked for, and it is lost."""
    strokes = [(start, start + 40) for start in range(0, 300, 50)]
    mask = mask_of({**dict.fromkeys(range(92, 99), strokes), 99: [(600, 760)], 100: [(600, 760)], 101: [(600, 760)]})
    assert ruling_lines(mask, shortest=40, apart=12) == [100.0]


def test_strokes_of_print_do_not_hide_that_rulings_run_on() -> None:
    """As in a row that a page break cut off, without a ruling above it: its print may pass for the outermost line."""
    ys, xs, size = [60, 100, 140], [10, 110, 210, 310], (150, 320)
    horizontal, vertical = mask_of({y: [(10, 311)] for y in ys}, size), np.zeros(size, np.uint8)
    for x in xs:
        vertical[10:141, x] = 255
    ink = np.maximum(horizontal, vertical)
    horizontal[24, 40:140] = 255
    ink[24, 40:140:7] = 255
    grid = build_grid(RulingMasks(horizontal, vertical, ink, ink), 200, TableOptions())
    assert grid is not None
    assert np.allclose(grid.ys, [10, *ys], atol=2)
    assert grid.open_top
    assert len(grid.cells) == 9


def sloping(count: int) -> RulingMasks:
    """A header above one row of figures, parted by broad rulings that slope a little; the frame is a hairline."""
    ys, xs, size = [12, 299, 366], [13 + 100 * k for k in range(count + 2)], (380, 113 + 100 * (count + 1))
    horizontal, vertical = mask_of({y: [(13, xs[-1] + 1)] for y in ys}, size), np.zeros(size, np.uint8)
    for x in (xs[0], xs[-1]):
        vertical[12:367, x] = 255
    for x in xs[1:-1]:
        vertical[299:314, x - 2 : x + 2] = 255
        vertical[314:367, x - 1 : x + 2] = 255
    return RulingMasks(horizontal, vertical, np.maximum(horizontal, vertical))


def test_broad_rulings_that_slope_a_little_part_the_figures_of_a_single_row() -> None:
    """What slopes comes close to itself, as print comes close to its strokes; but no print does so in a whole row."""
    grid = build_grid(sloping(6), 240, TableOptions())
    assert grid is not None
    assert (grid.rows, grid.columns, len(grid.cells)) == (2, 7, 8)


def test_a_few_strokes_as_high_as_a_row_are_no_rulings() -> None:
    grid = build_grid(sloping(3), 240, TableOptions())
    assert grid is not None
    assert (grid.rows, grid.columns) == (2, 1)


def test_grain_that_lets_rulings_run_on_by_all_lengths_is_no_border() -> None:
    ys, xs, size = list(range(20, 381, 40)), [10, 110, 210, 310], (420, 360)
    beyond = [3, 0, 9, 11, 7, 18, 9, 5, 8, 22]
    horizontal, vertical = (
        mask_of({y: [(10, 311 + on)] for y, on in zip(ys, beyond, strict=True)}, size),
        np.zeros(size, np.uint8),
    )
    for x in xs:
        vertical[20:381, x] = 255
    ink = np.maximum(horizontal, vertical)
    grid = build_grid(RulingMasks(horizontal, vertical, ink, ink), 200, TableOptions())
    assert grid is not None
    assert np.allclose(grid.xs, xs, atol=2)


def test_grain_beside_a_ruling_is_no_print() -> None:
    """Where every edge of a line has some, nothing vouches for it."""
    ys, xs, size = [20, 60, 100, 140], [10, 110, 210], (160, 230)
    horizontal, vertical = mask_of({y: [(10, 211)] for y in ys}, size), np.zeros(size, np.uint8)
    for x in xs:
        vertical[20:141, x] = 255
    ink = np.maximum(horizontal, vertical)
    for y in range(25, 140, 10):
        ink[y : y + 2, 114:117] = 255
        ink[y + 4 : y + 6, 104:107] = 255
    grid = build_grid(RulingMasks(horizontal, vertical, ink), 200, TableOptions())
    assert grid is not None
    assert len(grid.cells) == 6


@pytest.mark.parametrize("specks", [False, True])
def test_rulings_that_begin_at_a_lost_one_are_rulings(specks: bool) -> None:
    """The header of a group stands over the columns of it, and the level ruling between is gone without a trace."""
    ys, size = [10, 150], (170, 620)
    xs = [10, 110, 210, 310, 410, 510, 610]
    horizontal, vertical = mask_of({y: [(10, 611)] for y in ys}, size), np.zeros(size, np.uint8)
    for x in xs:
        vertical[10 if x in (10, 310, 610) else 60 : 151, x] = 255
    ink = np.maximum(horizontal, vertical)
    ink[25:45, 150:270:3] = 255
    ink[25:45, 450:570:3] = 255
    if specks:
        ink[59:62, [40, 41, 250, 251, 480, 481]] = 255
    grid = build_grid(RulingMasks(horizontal, vertical, ink), 200, TableOptions())
    assert grid is not None
    assert np.allclose(grid.ys, [10, 60, 150], atol=3)
    assert [cell for cell in grid.cells if cell.row] == [GridCell(1, column) for column in range(6)]
    assert [cell for cell in grid.cells if not cell.row] == [GridCell(0, 0, 1, 3), GridCell(0, 3, 1, 3)]


def test_strokes_of_characters_one_above_the_other_are_no_rulings_where_others_beside_them_are_shorter() -> None:
    masks = sloping(5)
    frame = [int(x) for x in np.flatnonzero(masks.vertical[100])]
    for x in range(63, frame[-1] - 30, 100):
        masks.vertical[299:352, x - 2 : x + 2] = 255
    whole = RulingMasks(masks.horizontal, masks.vertical, np.maximum(masks.horizontal, masks.vertical))
    grid = build_grid(whole, 240, TableOptions())
    assert grid is not None
    assert grid.columns == 1


def test_pieces_in_two_rows_that_both_reach_a_ruling_are_one() -> None:
    """Nothing of the line stands throughout; a piece in one row alone may be a stroke."""
    ys, size = [10, 70, 130], (150, 330)
    for rows, columns in ((2, 3), (1, 2)):
        horizontal, vertical = mask_of({y: [(10, 311)] for y in ys}, size), np.zeros(size, np.uint8)
        for x in (10, 110, 310):
            vertical[10:131, x : x + 2] = 255
        vertical[92:131, 210:212] = 255
        if rows == 2:
            vertical[10:50, 210:212] = 255
        ink = np.maximum(horizontal, vertical)
        grid = build_grid(RulingMasks(horizontal, vertical, ink), 200, TableOptions())
        assert grid is not None
        assert grid.columns == columns
