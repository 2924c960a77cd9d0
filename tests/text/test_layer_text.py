from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.geometry import Box
from ocr_pipeline.text.layer_text import common, figure_of, said_in, words_of
from ocr_pipeline.text_layer import LayerChar, TextLayer


def row(text: str, left: float, top: float, size: float = 20) -> list[LayerChar]:
    return [LayerChar(c, Box(left + i * size, top, left + (i + 1) * size, top + size)) for i, c in enumerate(text)]


def layer(*chars: LayerChar) -> TextLayer:
    return TextLayer(chars, drawn=True)


def texts(*args: object, **options: float) -> list[str | None]:
    return [None if said is None else said.text for said in said_in(*args, **options)]  # type: ignore[arg-type]


def test_each_character_belongs_to_the_box_that_holds_its_centre() -> None:
    cells = [Box(0, 0, 100, 40), Box(100, 0, 200, 40), Box(200, 0, 300, 40)]
    # The second figure reaches over the ruling with less than half of its width.
    assert texts(layer(*row("12", 40, 10), *row("7", 92, 10)), cells) == ["12", "7", None]


def test_rows_are_read_from_top_to_bottom_whatever_the_order_of_the_source() -> None:
    chars = [*row("结果", 10, 30), *row("维持", 10, 5)]
    [said] = said_in(layer(*chars), [Box(0, 0, 100, 60)])
    assert said is not None
    assert (said.text, said.streamed) == ("维持结果", "结果维持")
    assert said.nearest("维持结果") == "维持结果"
    assert said.nearest("结果维特") == "结果维持"


def test_one_row_has_the_order_of_its_places_only() -> None:
    [said] = said_in(layer(*reversed(row("102", 10, 10))), [Box(0, 0, 100, 40)])
    assert said is not None
    assert said.nearest("201") == "102"


def test_of_overlapping_lines_the_nearest_takes_a_character() -> None:
    lines = [Box(0, 0, 100, 26), Box(0, 18, 100, 44)]
    assert texts(layer(*row("上", 10, 3), *row("下", 10, 21)), lines) == ["上", "下"]


def test_a_line_reaches_for_the_stop_past_its_ink() -> None:
    chars = layer(*row("完成。", 0, 0))
    ink = [Box(0, 0, 46, 20)]
    assert texts(chars, ink) == ["完成"]
    assert texts(chars, ink, reach=0.5) == ["完成。"]


def test_blanks_stay_between_latin_words_only() -> None:
    spaced = [
        LayerChar(c, Box(10 * i, 0, 10 * i + 10, 10), gap=i > 0) for i, c in enumerate("ab公1 2".replace(" ", ""))
    ]
    assert texts(layer(*spaced), [Box(0, 0, 99, 20)]) == ["a b公12"]


def test_nothing_said() -> None:
    assert texts(layer(), [Box(0, 0, 10, 10)]) == [None]
    assert texts(layer(*row("1", 0, 0)), []) == []


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("0", "0"),
        ("1，234", "1234"),
        ("１ 234", "1234"),
        ("－5", "-5"),
        ("+5", "+5"),
        ("8.4亿元", "8.4亿元"),
        ("增加33", "增加33"),
        ("/", None),
        ("", None),
        ("规章", None),
        ("3.危及“三安全一稳定”", None),
        ("�", None),
    ],
)
def test_what_counts_as_a_figure(text: str, figure: str | None) -> None:
    assert figure_of(text) == figure


def test_words_leave_out_what_readers_differ_in() -> None:
    assert words_of("（一） 予以\n公开。") == words_of("(一)予以公开") == "一予以公开"


@given(st.text("01公开"), st.text("01公开"))
def test_common_characters(first: str, second: str) -> None:
    assert 0 <= common(first, second) <= max(len(first), len(second))
    assert common(first, second) == common(second, first)
    assert (common(first, second) == max(len(first), len(second))) == (first == second)
