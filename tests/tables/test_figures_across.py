from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.geometry import Box
from ocr_pipeline.tables.aligned_header import Frame, Stack
from ocr_pipeline.tables.borders import SeenBorders
from ocr_pipeline.tables.figures_across import Middles
from ocr_pipeline.tables.words import Word

EM, WIDE = 24.0, 120.0


def frame(columns: int = 4) -> Frame:
    return Frame([WIDE * k for k in range(columns + 1)], [None] * columns, 1, EM, 30.0, SeenBorders(None))


def stack(column: int, x: float, y: float, wide: float = 30) -> Stack:
    return Stack((column, column + 1), [Word(Box(x - wide / 2, y, x + wide / 2, y + 18), figure=True)])


def rows(off: float = 0) -> list[Stack]:
    """Figures in the middle of three columns, three rows of them."""
    return [stack(c, WIDE * (c + 0.5) + off, 40 * r, 20 + 10 * r) for r in range(3) for c in (1, 2, 3)]


@given(st.integers(14, 60), st.sampled_from([1, 2]), st.floats(-12, 12))
def test_a_figure_in_the_middle_of_two_columns_takes_both(wide: int, column: int, off: float) -> None:
    middles = Middles.of(rows(), frame())
    across = stack(column, WIDE * (column + 1) + off, 200, wide)
    assert middles.across(across.span, across, [across]) == (column, column + 2)


def test_it_takes_none_with_a_figure_of_its_own() -> None:
    middles = Middles.of(rows(), frame())
    across, beside = stack(1, 2 * WIDE, 200), stack(2, 2.5 * WIDE, 200)
    assert middles.across(across.span, across, [across, beside]) == (1, 2)


@given(st.integers(8, 110), st.sampled_from([1, 2, 3]))
def test_figures_set_to_one_side_stay_where_they_stand(wide: int, column: int) -> None:
    """Right edges in line: the middle of a long one is far off that of short ones."""
    right = [stack(c, WIDE * (c + 1) - 5 - w / 2, 40, w) for c in (1, 2, 3) for w in (10, 20, 30)]
    middles = Middles.of(right, frame())
    figure = stack(column, WIDE * (column + 1) - 5 - wide / 2, 200, wide)
    assert middles.across(figure.span, figure, [figure]) == (column, column + 1)
