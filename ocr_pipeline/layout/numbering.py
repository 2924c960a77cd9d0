"""The numbering of Chinese official documents: 一、 （一） 1. （1） ① by rank, with chapters and articles.

The order of the five ranks is that of GB/T 9704-2012 (layout of official documents of Party and government organs),
7.3.3: 一、 then （一） then 1. then （1）.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

__all__ = ["Numbering", "Scheme", "chinese_number", "opens_section", "parse_numbering"]


class Scheme(IntEnum):
    """Kinds of numbers, outermost first; the value is the rank in the section tree."""

    CHAPTER = 1
    PART = 2
    COMMA = 3
    BRACKETED = 4
    ARABIC = 5
    ARTICLE = 6
    DECIMAL = 7
    ARABIC_BRACKETED = 8
    CIRCLED = 9


@dataclass(frozen=True, slots=True)
class Numbering:
    """The number a text starts with.

    Attributes:
        scheme: its kind.
        ordinal: its value, from 1.
        depth: how many numbers it is made of (2 for 1.2), 1 for all other kinds.
        rest: the text after it, without leading blanks.
    """

    scheme: Scheme
    ordinal: int
    depth: int
    rest: str


_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_CHINESE = "[〇零一二三四五六七八九十百]{1,5}"
# A lone 一 is read as one of several dashes more often than any other character.
_DASH = r"[一\-—–―ー－]"
_UNITS = "亿万千百元件条项个次人份起家户篇部期天年月日时分%％℃倍公米吨"
_NO_HEADING = rf"\d\s{_UNITS}.．、，,）)/:：\-—~～"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"

_PATTERNS: tuple[tuple[Scheme, re.Pattern[str]], ...] = (
    (Scheme.CHAPTER, re.compile(rf"第\s*({_CHINESE}|\d{{1,2}})\s*(?:章|部分|编|篇)(?![节条款项])")),
    (Scheme.PART, re.compile(rf"第\s*({_CHINESE}|\d{{1,2}})\s*节")),
    (Scheme.ARTICLE, re.compile(rf"第\s*({_CHINESE}|\d{{1,3}})\s*条(?!\s*[第（(、,，和至规的之])")),
    (Scheme.COMMA, re.compile(rf"({_CHINESE}|{_DASH})\s*[、．]|({_CHINESE})\s*[.,，](?!\d)")),
    (Scheme.BRACKETED, re.compile(rf"[（(〔\[]\s*({_CHINESE}|{_DASH})\s*[）)〕\]]")),
    (Scheme.ARABIC_BRACKETED, re.compile(r"[（(]\s*(\d{1,2})\s*[）)]|(?<!\d)(\d{1,2})\s*[）)]")),
    (
        Scheme.DECIMAL,
        re.compile(rf"(\d{{1,2}}(?:[.．]\d{{1,2}}){{1,3}})[.．、]?(?=\s*[^{_NO_HEADING}])"),
    ),
    (Scheme.ARABIC, re.compile(r"(\d{1,2})\s*(?:[、．]|[.,，](?!\d))")),
    (Scheme.CIRCLED, re.compile(rf"([{_CIRCLED}])")),
)


def chinese_number(text: str) -> int | None:
    """The value of a number below 1000 written with Chinese or Arabic digits; None when it is none.

    >>> chinese_number("十二"), chinese_number("二十"), chinese_number("一百零三"), chinese_number("7")
    (12, 20, 103, 7)
    """
    if text.isascii() and text.isdigit():
        return int(text)
    total, digit = 0, None
    for char in text:
        if char in _DIGITS:
            digit = _DIGITS[char] if digit is None or digit == 0 else digit * 10 + _DIGITS[char]
        elif char in "十百":
            total += (1 if digit is None else digit) * (10 if char == "十" else 100)
            digit = None
        else:
            return None
    return total + (digit or 0) if text else None


def parse_numbering(text: str) -> Numbering | None:
    """The number at the start of a text, or None. A figure (3.5 万元, 2023.12.1) is no number of a heading.

    >>> parse_numbering("（三）政府信息管理")
    Numbering(scheme=<Scheme.BRACKETED: 4>, ordinal=3, depth=1, rest='政府信息管理')
    """
    bare = text.strip()
    for scheme, pattern in _PATTERNS:
        match = pattern.match(bare)
        if match is None:
            continue
        number = next(group for group in match.groups() if group is not None)
        rest = bare[match.end() :].strip()
        if scheme is Scheme.DECIMAL:
            parts = re.split(r"[.．]", number)
            return Numbering(scheme, int(parts[-1]), len(parts), rest)
        ordinal = _ordinal(scheme, number)
        if ordinal:
            return Numbering(scheme, ordinal, 1, rest)
    return None


def opens_section(text: str) -> bool:
    """Whether a text starts with a number of the outer ranks, which page headers and lists of figures do not have.

    >>> [opens_section(t) for t in ("三、收到和处理政府信息公开申请情况", "（二）依申请公开", "3.行政处罚")]
    [True, True, False]
    """
    number = parse_numbering(text)
    return number is not None and number.scheme in (Scheme.CHAPTER, Scheme.PART, Scheme.COMMA, Scheme.BRACKETED)


def _ordinal(scheme: Scheme, number: str) -> int | None:
    if scheme is Scheme.CIRCLED:
        return _CIRCLED.index(number) + 1
    if re.fullmatch(_DASH, number):
        return 1
    return chinese_number(number)
