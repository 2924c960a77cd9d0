"""Figures of which only pieces are left, cut as high as the others of their row."""

from __future__ import annotations

import pytest

from ocr_pipeline.geometry import Box
from ocr_pipeline.tables.worn_lines import Printed, joined_lines, whole_lines

ROW = [Printed(1, Box(x, 10, x + 11, 30), True) for x in (0, 40, 80)]
BELOW = [Printed(2, Box(x, 50, x + 11, 70), True) for x in (0, 40, 80)]


def shown(line: Box, row: int = 1, *, figure: bool = False) -> Box | None:
    """What is shown of a line beside two rows of whole figures, 20 high."""
    return whole_lines([*ROW, *BELOW, Printed(row, line, figure)])[-1]


@pytest.mark.parametrize("figure", [True, False])
@pytest.mark.parametrize("line", [Box(120, 16, 131, 30), Box(120, 10, 131, 24), Box(120, 15, 125, 25)])
def test_a_worn_figure_is_shown_as_high_as_its_row(line, figure) -> None:
    assert shown(line, figure=figure) == Box(line.left, 10, line.right, 30)


@pytest.mark.parametrize(
    "line",
    [
        Box(120, 10, 131, 30),  # whole
        Box(120, 11, 131, 30),  # as good as whole
        Box(120, 18, 131, 20),  # a dash
        Box(120, 22, 131, 36),  # on a line of its own
        Box(120, 4, 131, 17),
        Box(120, 10, 131, 50),  # words, two lines of them
    ],
)
def test_other_print_is_shown_as_it_is(line) -> None:
    assert shown(line) is None


def test_a_row_without_whole_figures_says_nothing() -> None:
    assert shown(Box(120, 96, 131, 110), row=4) is None


def test_words_of_the_row_do_not_say_where_its_figures_stand() -> None:
    words = Printed(1, Box(200, 4, 280, 25), False)
    (*_, worn, _) = whole_lines([*ROW, *BELOW, Printed(1, Box(120, 16, 131, 30), False), words])
    assert worn == Box(120, 10, 131, 30)


def test_too_few_figures_do_not_say_how_high_they_are() -> None:
    assert whole_lines([*ROW, Printed(1, Box(120, 16, 131, 30), False)]) == [None] * 4
    assert whole_lines([]) == []


@pytest.mark.parametrize(
    ("around", "joined"),
    [
        (Box(120, 10, 131, 30), True),  # the top and the bottom of a 2
        (Box(120, 12, 131, 29), True),
        (Box(120, 17, 131, 25), False),  # a dash with a speck
        (Box(120, 10, 131, 40), False),  # two lines
        (Box(120, 2, 131, 28), False),
    ],
)
def test_pieces_no_higher_than_a_figure_of_their_row_are_one_figure(around, joined) -> None:
    (shown,) = joined_lines([*ROW, *BELOW], [Printed(1, around, True)])
    assert shown == (Box(120, 10, 131, 30) if joined else None)


def test_pieces_in_a_row_without_whole_figures_stay_apart() -> None:
    assert joined_lines([*ROW, *BELOW], [Printed(4, Box(120, 90, 131, 108), True)]) == [None]
    assert joined_lines(ROW, [Printed(1, Box(120, 10, 131, 30), True)]) == [None]
