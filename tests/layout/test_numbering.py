import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.layout.numbering import Scheme, chinese_number, parse_numbering

_DIGITS = "零一二三四五六七八九"


def _written(value: int) -> str:
    tens, ones = divmod(value, 10)
    if tens == 0:
        return _DIGITS[ones]
    return ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")


@given(st.integers(1, 99))
def test_chinese_numbers_round_trip(value: int) -> None:
    assert chinese_number(_written(value)) == value


@pytest.mark.parametrize(
    ("text", "scheme", "ordinal", "rest"),
    [
        ("一、总体情况", Scheme.COMMA, 1, "总体情况"),
        ("十二、附则", Scheme.COMMA, 12, "附则"),
        ("二.主动公开", Scheme.COMMA, 2, "主动公开"),
        ("—、总体情况", Scheme.COMMA, 1, "总体情况"),
        ("（三）平台建设", Scheme.BRACKETED, 3, "平台建设"),
        ("(一） 依申请公开", Scheme.BRACKETED, 1, "依申请公开"),
        ("（-）组织领导", Scheme.BRACKETED, 1, "组织领导"),
        ("1.主动公开", Scheme.ARABIC, 1, "主动公开"),
        ("12、部门信息", Scheme.ARABIC, 12, "部门信息"),
        ("（1）受理", Scheme.ARABIC_BRACKETED, 1, "受理"),
        ("3）答复", Scheme.ARABIC_BRACKETED, 3, "答复"),
        ("②复核", Scheme.CIRCLED, 2, "复核"),
        ("第一章 总则", Scheme.CHAPTER, 1, "总则"),
        ("第2部分 概述", Scheme.CHAPTER, 2, "概述"),
        ("第三节 方法", Scheme.PART, 3, "方法"),
        ("第四条 适用范围", Scheme.ARTICLE, 4, "适用范围"),
        ("1.2 建设情况", Scheme.DECIMAL, 2, "建设情况"),
    ],
)
def test_numbers(text: str, scheme: Scheme, ordinal: int, rest: str) -> None:
    number = parse_numbering(text)
    assert number is not None
    assert (number.scheme, number.ordinal, number.rest) == (scheme, ordinal, rest)


@pytest.mark.parametrize(
    "text",
    [
        "2023年度",
        "2023.12.1发布",
        "3.5万元",
        "12.5%",
        "1,234件",
        "一是加强领导",
        "第二十条第（一）项",
        "第八条规定的",
        "- 3 -",
        "",
        "三季度",
        "3.14",
    ],
)
def test_figures_and_words_are_no_numbers(text: str) -> None:
    assert parse_numbering(text) is None


@given(st.text(max_size=12))
def test_never_fails(text: str) -> None:
    number = parse_numbering(text)
    assert number is None or number.ordinal >= 0
