from __future__ import annotations

import numpy as np
import pytest

from ocr_pipeline.document import Line
from ocr_pipeline.geometry import Box
from ocr_pipeline.page_net import MAPS, PageMaps
from ocr_pipeline.tables.borders import SeenBorders
from ocr_pipeline.tables.words import find_words

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
