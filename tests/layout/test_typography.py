import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.layout.typography import ends_sentence, first_token_width, join, text_width


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        ("本年度共收", "到申请", "本年度共收到申请"),
        ("2023", "年度", "2023年度"),
        ("共办理 12", "34 件", "共办理 1234 件"),
        ("open", "data", "open data"),
        ("网站 http://www.", "abc.gov.cn", "网站 http://www.abc.gov.cn"),
        ("government,", "open", "government, open"),
        ("", "甲", "甲"),
    ],
)
def test_only_latin_words_are_parted(first: str, second: str, joined: str) -> None:
    assert join(first, second) == joined


@given(st.text(), st.text())
def test_joining_loses_nothing_but_blanks(first: str, second: str) -> None:
    assert "".join(join(first, second).split()) == "".join((first + second).split())


@pytest.mark.parametrize(
    ("text", "width"),
    [("123件", 1.5), ("件，比", 2.0), ("《条例》", 2.0), ("例》，坚", 3.0), ("www.abc.cn查", 5.0), ("", 0.0)],
)
def test_what_stays_together_at_the_start_of_a_row(text: str, width: float) -> None:
    assert first_token_width(text) == width


@pytest.mark.parametrize(
    ("text", "ends"),
    [("已办结。", True), ("称“好。”", True), ("（见下表。）", True), ("情况", False), ("，", False), ("", False)],
)
def test_ends_of_sentences(text: str, ends: bool) -> None:
    assert ends_sentence(text) is ends


def test_width_counts_full_and_half() -> None:
    assert text_width("2023 年（A）") == 2 + 1 + 2 + 0.5
