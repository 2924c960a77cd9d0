"""Automatic numbers of lists, as Word prints them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.source.word.ordinals import ordinal

Read = Callable[..., Any]


def _level(n: int, form: str, text: str, extra: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{extra}<w:lvlText w:val="{text}"/></w:lvl>'
    )


_NUMBERING = (
    '<w:abstractNum w:abstractNumId="7">'
    + _level(0, "chineseCountingThousand", "%1、")
    + _level(1, "chineseCounting", "（%2）")
    + _level(2, "decimal", "%3.")
    + "</w:abstractNum>"
    '<w:abstractNum w:abstractNumId="8">'
    + _level(0, "upperRoman", "%1")
    + _level(1, "decimal", "%1.%2", "<w:isLgl/>")
    + _level(2, "decimal", "%3)", '<w:lvlRestart w:val="0"/>')
    + _level(3, "bullet", "\uf0b7")
    + "</w:abstractNum>"
    '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="8"/></w:num>'
    '<w:num w:numId="3"><w:abstractNumId w:val="7"/></w:num>'
    '<w:num w:numId="4"><w:abstractNumId w:val="7"/>'
    '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>'
    '<w:num w:numId="5"><w:abstractNumId w:val="9"/></w:num>'
    '<w:abstractNum w:abstractNumId="9"><w:numStyleLink w:val="list"/></w:abstractNum>'
)
_STYLES = (
    '<w:style w:type="paragraph" w:styleId="h1"><w:name w:val="heading 1"/>'
    '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="h1b"><w:name w:val="b"/><w:basedOn w:val="h1"/></w:style>'
    '<w:style w:type="numbering" w:styleId="list"><w:name w:val="list"/>'
    '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
)


def _item(number: int, level: int, text: str = "x") -> str:
    place = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
    return f"<w:p><w:pPr>{place}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def _read(read_body: Read, body: str) -> list[str]:
    blocks, _ = read_body(body, parts={"numbering": _NUMBERING, "styles": _STYLES})
    return [block.text for block in blocks]


def test_levels_count_and_restart(read_body: Read) -> None:
    places = [0, 1, 1, 2, 2, 1, 2, 0, 1]
    expected = ["一、x", "（一）x", "（二）x", "1. x", "2. x", "（三）x", "1. x", "二、x", "（一）x"]
    assert _read(read_body, "".join(_item(1, level) for level in places)) == expected


def test_legal_numbers_never_restarting_ones_and_bullets(read_body: Read) -> None:
    places = [0, 1, 2, 0, 1, 2, 3]
    expected = ["I x", "1.1 x", "1)x", "II x", "2.1 x", "2)x", "x"]
    assert _read(read_body, "".join(_item(2, level) for level in places)) == expected


def test_lists_of_one_definition_count_on_unless_told_where_to_start(read_body: Read) -> None:
    body = _item(1, 0) + _item(3, 0) + _item(4, 0) + _item(4, 0)
    assert _read(read_body, body) == ["一、x", "二、x", "五、x", "六、x"]


def test_empty_paragraphs_are_counted_but_not_given(read_body: Read) -> None:
    assert _read(read_body, _item(1, 0) + _item(1, 0, "") + _item(1, 0)) == ["一、x", "三、x"]


def test_numbers_given_by_styles(read_body: Read) -> None:
    styled = '<w:p><w:pPr><w:pStyle w:val="{}"/>{}</w:pPr><w:r><w:t>x</w:t></w:r></w:p>'
    off = '<w:numPr><w:numId w:val="0"/></w:numPr>'
    body = styled.format("h1", "") + styled.format("h1b", "") + styled.format("h1", off) + _item(5, 0)
    assert _read(read_body, body) == ["一、x", "二、x", "x", "三、x"]


def test_a_list_that_is_not_defined_prints_nothing(read_body: Read) -> None:
    assert _read(read_body, _item(99, 0) + _item(1, 8)) == ["x", "x"]


@pytest.mark.parametrize(
    ("number", "style", "text"),
    [
        (1, "chineseCounting", "一"), (10, "chineseCounting", "十"), (12, "chineseCountingThousand", "十二"),
        (20, "japaneseCounting", "二十"), (101, "chineseCountingThousand", "一百零一"),
        (110, "chineseCountingThousand", "一百一十"), (2020, "chineseCountingThousand", "二千零二十"),
        (10_001, "chineseCountingThousand", "一万零一"),
        (20_010, "chineseCountingThousand", "二万零一十"), (3, "chineseLegalSimplified", "叁"),
        (12, "chineseLegalSimplified", "拾贰"), (20, "ideographDigital", "二〇"), (3, "ideographTraditional", "丙"),
        (3, "decimalEnclosedCircle", "③"), (25, "decimalEnclosedCircle", "25"), (2, "decimalEnclosedParen", "⑵"),
        (12, "decimalFullWidth", "１２"), (7, "decimalZero", "07"), (27, "lowerLetter", "aa"),
        (14, "lowerRoman", "xiv"), (4, "none", ""), (4, "thaiNumbers", "4"), (0, "chineseCounting", "0"),
    ],
)  # fmt: skip
def test_ordinals(number: int, style: str, text: str) -> None:
    assert ordinal(number, style) == text


@given(st.integers(1, 99_999))
def test_chinese_numbers_read_back(number: int) -> None:
    text = ordinal(number, "chineseCountingThousand")
    total = part = digit = 0
    for sign in "一" + text if text[0] == "十" else text:
        if sign in "零一二三四五六七八九":
            digit = "零一二三四五六七八九".index(sign)
        elif sign == "万":
            total, part, digit = (part + digit) * 10_000, 0, 0
        else:
            part, digit = part + digit * {"十": 10, "百": 100, "千": 1000}[sign], 0
    assert total + part + digit == number
