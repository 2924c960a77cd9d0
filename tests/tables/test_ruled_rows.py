from __future__ import annotations

import numpy as np
import pytest

from ocr_pipeline.geometry import Box
from ocr_pipeline.tables.aligned_lines import Span
from ocr_pipeline.tables.aligned_rows import aligned_cells
from ocr_pipeline.tables.borders import SeenBorders
from ocr_pipeline.tables.grid import GridCell
from ocr_pipeline.tables.ruled_rows import LevelRulings, ruled_rows
from ocr_pipeline.tables.words import Word

XS = (0.0, 100.0, 200.0, 300.0)
CENTRES = (50.0, 150.0, 250.0)
EM = 20.0
YS = (10.0, 50.0, 110.0, 170.0)


def rulings(*, undrawn: tuple[float, int, int] | None = None) -> LevelRulings:
    """Rulings across the whole table, without one stretch (height, from, to)."""
    mask = np.zeros((240, 320), np.uint8)
    for y in YS:
        mask[round(y), 0:300] = 255
    if undrawn is not None:
        y, start, stop = undrawn
        mask[round(y), start:stop] = 0
    return LevelRulings(mask, YS)


def placed(column: int, *middles: float, figure: bool = False) -> list[tuple[Word, Span]]:
    """The lines of a cell."""
    left = 100 * column + 25
    words = [Word(Box(left, y - 9, left + 50, y + 9), figure=figure) for y in middles]
    return [(word, (column, column + 1)) for word in words]


HEADER = [*placed(0, 30), *placed(1, 30), *placed(2, 30)]
LAST = [*placed(0, 140), *placed(1, 140, figure=True), *placed(2, 140, figure=True)]


def test_words_that_wrapped_are_one_cell_of_the_row_that_rulings_part() -> None:
    cells = [*HEADER, *placed(0, 80), *placed(1, 80, figure=True), *placed(2, 67, 93), *LAST]
    found = ruled_rows(cells, XS, EM, rulings())
    assert found is not None
    assert found.ys == YS[1:]
    assert [(c.row, c.stop, c.span, len(c.words)) for c in found.cells if c.row == 0] == [
        (0, 1, (0, 1), 1),
        (0, 1, (1, 2), 1),
        (0, 1, (2, 3), 2),
    ]


@pytest.mark.parametrize(
    "row",
    [
        pytest.param([*placed(0, 67, 93), *placed(1, 67, 93), *placed(2, 67, 93)], id="as many lines in each cell"),
        pytest.param([*placed(0, 67, 93), *placed(1, 67, 93), *placed(2, 67)], id="one blank in the second row"),
        pytest.param([*placed(0, 60, 80, 100), *placed(1, 60, 80, 100), *placed(2, 80)], id="three, two of them blank"),
        pytest.param(placed(1, 80), id="a caption"),
        pytest.param([], id="nothing"),
    ],
)
def test_rows_between_two_rulings_are_not_joined(row: list[tuple[Word, Span]]) -> None:
    assert ruled_rows([*HEADER, *row, *LAST], XS, EM, rulings()) is None


def test_a_label_goes_on_where_no_ruling_is_drawn_below_it() -> None:
    cells = [*HEADER, *placed(0, 110), *placed(1, 80), *placed(2, 80), *LAST[1:]]
    found = ruled_rows(cells, XS, EM, rulings(undrawn=(110, 0, 100)))
    assert found is not None
    assert [(c.row, c.stop) for c in found.cells if c.span == (0, 1)] == [(0, 2)]


def test_a_ruling_that_is_half_lost_tells_nothing() -> None:
    cells = [*HEADER, *placed(0, 80), *placed(1, 80), *placed(2, 67, 93), *LAST]
    assert ruled_rows(cells, XS, EM, rulings(undrawn=(110, 0, 50))) is None


def test_print_that_tells_other_rows_than_the_rulings_gives_way_to_them() -> None:
    words = [*HEADER, *placed(0, 80), *placed(1, 80, figure=True), *placed(2, 67, 93), *LAST]
    heights = sorted({word.box.center[1] for word, _ in words})
    rows = [[word for word, _ in words if word.box.center[1] == y] for y in heights]
    print_alone, ruled = (aligned_cells(rows, XS, CENTRES, EM, SeenBorders(None), r) for r in (None, rulings()))
    assert print_alone is not None
    assert len(print_alone.ys) > 4
    assert ruled is not None
    assert ruled.ys[1:] == YS[1:]
    assert len(ruled.cells) == 9


def test_no_cell_of_a_grid_reaches_over_a_ruling_drawn_there() -> None:
    whole = [GridCell(0, 0), GridCell(1, 0), GridCell(2, 0)]
    over = [GridCell(0, 0), GridCell(1, 0, 2)]
    assert rulings().agree(YS, XS, whole, EM)
    assert not rulings().agree(YS, XS, over, EM)
    assert rulings(undrawn=(110, 0, 100)).agree(YS, XS, over, EM)
    assert not rulings().agree((10, 50, 80, 110, 170), XS, whole, EM)


def test_labels_fill_their_columns_where_those_of_groups_reach_over_all_rows() -> None:
    cells = [*HEADER, *placed(0, 110), *placed(1, 80), *placed(2, 67, 93), *LAST[1:]]
    found = ruled_rows(cells, XS, EM, rulings(undrawn=(110, 0, 100)))
    assert found is not None
    assert found.fill(2)
    blank = ruled_rows([*HEADER, *placed(1, 80), *placed(0, 67, 93), *LAST[1:]], XS, EM, rulings())
    assert blank is not None
    assert not blank.fill(2)
