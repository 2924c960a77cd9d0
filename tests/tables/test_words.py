from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.document import Line
from ocr_pipeline.geometry import Box
from ocr_pipeline.page_net import MAPS, PageMaps
from ocr_pipeline.tables.borders import SeenBorders
from ocr_pipeline.tables.words import find_words, usual_size

EM = 24.0


def printed(boxes: list[tuple[int, int, int, int]]) -> np.ndarray:
    mask = np.zeros((120, 400), np.uint8)
    for left, top, right, bottom in boxes:
        mask[top:bottom, left:right] = 255
    return mask


@pytest.mark.parametrize(("height", "figure"), [(16, True), (22, False)])
def test_what_nobody_read_is_no_figure_where_it_is_as_high_as_characters(height: int, figure: bool) -> None:
    (found,) = find_words(printed([(50, 40, 110, 40 + height)]), EM, [])
    assert found.figure is figure


@pytest.mark.parametrize(("text", "words"), [("（三）不予公开", 1), ("科研社会公益构", 2)])
def test_a_label_is_not_parted_behind_its_number(text: str, words: int) -> None:
    """The network sees a border in the gap, where the first has its bracket."""
    values = np.zeros((len(MAPS), 30, 100), np.uint8)
    values[MAPS.index("columns"), :, 29:32] = 255
    borders = SeenBorders(PageMaps(values, (0.25, 0.25)))
    line = Line(box=Box(46, 36, 232, 66), text=text, confidence=1.0)
    found = find_words(printed([(50, 40, 114, 62), (126, 40, 228, 62)]), EM, [line], borders)
    assert len(found) == words


@pytest.mark.parametrize(("height", "figure"), [(2, True), (3, True), (22, False)])
def test_a_dash_is_a_figure_whatever_it_was_read_as(height: int, figure: bool) -> None:
    line = Line(box=Box(48, 40, 76, 64), text="一", confidence=1.0)
    (found,) = find_words(printed([(50, 52 - height // 2, 74, 52 - height // 2 + height)]), EM, [line])
    assert found.figure is figure


@pytest.mark.parametrize("apart", [0, 2])
def test_words_set_apart_do_not_tell_the_size_of_characters(apart: int) -> None:
    """Figures 17 pixels high, and words of characters of 22, two of which may be spaced."""
    page = np.zeros((400, 900), np.uint8)
    lines = []
    for k in range(4):
        step = 33 if k < apart else 24
        for c in range(4):
            page[20 + 50 * k : 42 + 50 * k, 40 + step * c : 62 + step * c] = 255
        lines.append(Line(box=Box(34, 10 + 50 * k, 44 + step * 4, 52 + 50 * k), text="行政诉讼", confidence=1.0))
    for k in range(8):
        page[300:317, 40 + 100 * k : 80 + 100 * k] = 255
    assert usual_size(page, 200, lines) == pytest.approx(24, abs=3)


def characters(left: int, count: int, top: int = 40) -> list[tuple[int, int, int, int]]:
    """Broad ones, 20 pixels wide and 24 apart."""
    return [(left + 24 * k, top, left + 24 * k + 20, top + 22) for k in range(count)]


@pytest.mark.parametrize(
    ("mark", "words"),
    [
        pytest.param([], 2, id="headers of two narrow columns"),
        pytest.param([(118, 40, 126, 62)], 1, id="a bracket"),
        pytest.param([(118, 54, 122, 58), (118, 46, 122, 50)], 1, id="a colon"),
        pytest.param([(118, 44, 126, 62)], 2, id="a digit"),
    ],
)
def test_headers_part_where_no_punctuation_leaves_room(mark: list[tuple[int, int, int, int]], words: int) -> None:
    end = max((box[2] for box in mark), default=114)
    found = find_words(printed([*characters(46, 3), *mark, *characters(end + 15, 3)]), EM, [])
    assert len(found) == words


@given(st.integers(1, 5), st.integers(1, 5), st.integers(13, 18))
def test_narrow_columns_part_whatever_their_headers_length(first: int, second: int, gap: int) -> None:
    end = 10 + 24 * first - 4
    found = find_words(printed([*characters(10, first), *characters(end + gap, second)]), EM, [])
    assert [(word.box.left, word.box.right) for word in found] == (
        [(10, end), (end + gap, end + gap + 24 * second - 4)]
    )


@pytest.mark.parametrize(("text", "words"), [("结果维 结果纠", 2), ("结果维结果纠", 1), ("（一） 结果纠", 1)])
def test_what_was_read_with_a_gap_is_no_word(text: str, words: int) -> None:
    line = Line(box=Box(46, 36, 200, 66), text=text, confidence=1.0)
    found = find_words(printed([*characters(46, 3), *characters(129, 3)]), EM, [line])
    assert len(found) == words


@pytest.mark.parametrize(
    ("text", "figure"), [("增减", False), ("（%）", False), ("(件)", False), ("%", True), ("增3", True), ("12%", True)]
)
def test_units_and_words_beside_figures_are_no_figures_alone(text: str, figure: bool) -> None:
    line = Line(box=Box(48, 40, 92, 62), text=text, confidence=1.0)
    (found,) = find_words(printed([(50, 42, 90, 59)]), EM, [line])
    assert found.figure is figure
