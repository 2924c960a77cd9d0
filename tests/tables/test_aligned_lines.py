from __future__ import annotations

import numpy as np
import pytest

from ocr_pipeline.geometry import Box
from ocr_pipeline.page_net import MAPS, PageMaps
from ocr_pipeline.tables.aligned_lines import sort_lines
from ocr_pipeline.tables.borders import SeenBorders
from ocr_pipeline.tables.words import Word

EM = 30.0
XS = [0.0, 400.0, 500.0, 600.0, 700.0]


def row(y: float, *figures: tuple[float, float], label: bool = True) -> list[Word]:
    """A label, and figures of such widths and heights in the columns."""
    words = [Word(Box(20, y - 15, 380, y + 15), figure=False)] if label else []
    for k, (width, height) in enumerate(figures):
        middle = 450 + 100 * k
        words.append(Word(Box(middle - width / 2, y - height / 2, middle + width / 2, y + height / 2), figure=True))
    return words


def kinds(rows: list[list[Word]]) -> list[str]:
    nothing = PageMaps(np.zeros((len(MAPS), 200, 200), np.uint8), (0.25, 0.25))
    found = sort_lines(rows, XS, EM, SeenBorders(nothing))
    assert found is not None
    return [line.kind for line in found.lines]


@pytest.mark.parametrize("width", [17.0, 36.0])
def test_figures_of_rows_close_together_are_none_of_a_word_that_runs_down(width: float) -> None:
    """The size of type was underestimated: figures are nearly as high as that."""
    rows = [row(100 + 40 * k, (width, 26), (width, 26), (17, 26)) for k in range(4)]
    assert kinds(rows) == ["values"] * 4


def test_a_digit_below_the_last_character_of_a_header_is_a_figure() -> None:
    header = [Word(Box(435 + 100 * k, 100, 465 + 100 * k, 130), figure=False) for k in range(3)]
    rows = [header, row(155, (17, 22), (17, 22), (17, 22)), row(235, (17, 22), (17, 22), (17, 22))]
    assert kinds(rows) == ["header", "values", "values"]


def test_characters_one_below_the_other_are_a_word() -> None:
    """Detectors do not read them, so they are taken for figures at first."""
    upright = [row(100 + 36 * k, (28, 28), (28, 28), (28, 28), label=False) for k in range(4)]
    figures = [row(280 + 60 * k, (17, 22), (17, 22), (17, 22), label=False) for k in range(2)]
    assert kinds([*upright, *figures]) == ["header"] * 4 + ["values"] * 2


class Undivided(SeenBorders):
    """No border is seen anywhere."""

    def across(self, box: Box) -> float:
        return 0.0


@pytest.mark.parametrize(("y", "kind"), [(130.0, "more"), (190.0, "header")])
def test_words_that_go_on_below_words_of_a_row_are_no_header(y: float, kind: str) -> None:
    """A column of words beside three of figures: one right below another goes on with it, further down it does not."""
    xs = [0.0, 150.0, 350.0, 450.0, 550.0, 650.0]

    def line(y: float, *, words: bool) -> list[Word]:
        second = Word(Box(200, y - 12, 300, y + 12) if words else Box(240, y - 9, 260, y + 9), figure=not words)
        figures = [Word(Box(x + 40, y - 9, x + 60, y + 9), figure=True) for x in xs[2:-1]]
        return [Word(Box(20, y - 12, 130, y + 12), figure=False), second, *figures]

    alone = Word(Box(200, y - 12, 260, y + 12), figure=False)
    rows = [line(20, words=False), line(60, words=False), line(100, words=True), [alone], line(250, words=False)]
    found = sort_lines(rows, xs, 24.0, Undivided(None))
    assert found is not None
    assert found.zone == 1
    assert [each.kind for each in found.lines][-2] == kind
