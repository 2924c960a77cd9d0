"""Printed figures to numbers: counts, signed changes, amounts with a unit.

Nothing is guessed: a letter is never a digit, a figure with an impossible grouping is no figure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from ocr_pipeline.templates.blocks import ValueType
from ocr_pipeline.templates.contrasts import AFTER, BEFORE, SO_FAR

__all__ = ["MONEY", "Parsed", "figure_characters", "is_no_value", "parse_value"]

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20, 0x2212: 0x2D}
_NO_VALUE = re.compile(r"[/\\\-—–―一_﹣─無无]*|\.{2,}|…+|&nbsp;")
_COUNTERS = "件条條项項个個宗起人份次家部篇户笔批例种類类件次人次"
_SPELLINGS = {"元": ("元",), "万元": ("万元", "万", "萬元", "萬"), "亿元": ("亿元", "亿", "億元", "億")}
MONEY = {spelling: unit for unit, spellings in _SPELLINGS.items() for spelling in spellings}
"""Units of amounts, each by all of its spellings."""
_ANY_UNIT = "|".join(sorted(MONEY, key=len, reverse=True))
_UP = ("增加", "新增", "增", "+", "↑")
_DOWN = ("减少", "減少", "减", "減", "-", "—", "–", "↓")
_WORD_SIGN = "|".join(re.escape(word) for word in (*_UP, *_DOWN))
_NUMBER = r"(?P<number>\d[\d,\. \n]*\d|\d)"
_REMARK = r"(?P<remark>[\s\S]*)"
_COUNT = re.compile(rf"{_NUMBER}\s*{_REMARK}")
_CHANGE = re.compile(rf"(?P<sign>{_WORD_SIGN})?了?\s*{_NUMBER}\s*{_REMARK}")
_AMOUNT = re.compile(rf"(?:人民币|[¥￥])?\s*{_NUMBER}\s*(?P<unit>{_ANY_UNIT})?\s*整?\s*{_REMARK}")
_COUNTER = re.compile(rf"[\(\s]*[{_COUNTERS}]{{1,2}}[\)\s]*")
_CORRECTS = re.compile(r"更正|勘误|订正|应为|改为|实为|有误|错误")
"""In a remark these say that the number before it is not what the issuer stands for."""
_OTHERS = re.compile(
    rf"[\(\[【](?:为|系|属|按|仅)?(?:(?:{BEFORE}|{AFTER}|{SO_FAR}|预计|估计|暂估|预算|计划)[^\d含其包]*"
    r"|减|减少|下降|降低?|负)[\)\]】]"
)
"""A remark that is nothing but these says that the number is another one: last year's, a forecast, less by so much."""
_BRACKETED = re.compile(
    r"[\(\[【](?:单位|單位)?[:：]?(?P<unit>[十百千万萬亿億]{0,2}[元件条條项項个個次宗]|[万萬亿億%‰])[\)\]】]"
)
"""A unit behind a number."""
_GROUPED = re.compile(r"\d{1,3}(?:[, ]\d{3})+")
_GAP = re.compile(r"(?<=[\u4e00-\u9fff])\s+|\s+(?=[\u4e00-\u9fff])")
_FIGURES = set("0123456789+-.,")


@dataclass(frozen=True, slots=True)
class Parsed:
    """A printed figure as a number, its printed unit (元, 万元, 亿元), and a remark that followed it."""

    value: int | float
    unit: str | None = None
    remark: str = ""


@lru_cache(maxsize=1 << 16)
def parse_value(text: str, kind: ValueType, *, joined: bool = False) -> Parsed | None:
    """The number that ``text`` prints, None when it prints none beyond doubt.

    Args:
        text: as read, line breaks included.
        kind: what the field holds; a count has no sign and no decimals, a change has no decimals.
        joined: take blanks between digits for gaps in the print, whatever the grouping ("1 0" for 10).
    """
    flat = text.translate(_FULL_WIDTH).strip()
    flat = _GAP.sub("", flat)
    if joined:
        flat = re.sub(r"(?<=[\d.,])\s+(?=[\d.,])", "", flat)
    pattern = {"count": _COUNT, "change": _CHANGE, "amount": _AMOUNT}[kind]
    match = pattern.fullmatch(flat)
    if match is None:
        return None
    groups = match.groupdict()
    number = _number(groups["number"], decimals=kind == "amount")
    remark = (groups["remark"] or "").strip()
    if number is None or not _is_remark(remark):
        return None
    if kind == "change" and groups["sign"] in _DOWN:
        number = -number
    unit = MONEY[groups["unit"]] if groups.get("unit") else None
    if (behind := _BRACKETED.fullmatch(remark)) and behind["unit"] not in _COUNTERS:
        # In no unit that figures of this kind have, or in two: 12（万件）, 45.6元（万元）.
        stated = MONEY.get(behind["unit"])
        if kind != "amount" or stated is None or (unit is not None and not unit.endswith(stated)):
            return None
        unit, remark = unit or stated, ""
    if kind == "amount" and _COUNTER.fullmatch(remark):
        return None
    return Parsed(number, unit, "" if _COUNTER.fullmatch(remark) else remark)


def is_no_value(text: str) -> bool:
    """Whether the cell prints that there is nothing: empty, ``/``, ``-``, ``—`` and their kin."""
    flat = re.sub(r"\s+", "", text.translate(_FULL_WIDTH))
    return flat != "一" and _NO_VALUE.fullmatch(flat) is not None


def figure_characters(text: str) -> str:
    """The characters of a figure in ``text``, half-width, without grouping."""
    return "".join(char for char in text.translate(_FULL_WIDTH) if char in _FIGURES and char != ",")


def _number(text: str, *, decimals: bool) -> int | float | None:
    digits = _unwrapped(text)
    if digits is None:
        return None
    whole, dot, fraction = digits.partition(".")
    if dot and (not decimals or not fraction.isdecimal()):
        return None
    if not whole.isdecimal():
        if not _GROUPED.fullmatch(whole):
            return None
        whole = re.sub(r"[, ]", "", whole)
    if len(whole) > 1 and whole.startswith("0"):
        return None
    return float(f"{whole}.{fraction}") if dot else int(whole)


def _unwrapped(text: str) -> str | None:
    """One line out of a number wrapped in a narrow cell; None for figures that rather stand one below the other."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if len(lines) > 1:
        widths = [len(line) for line in lines]
        if widths[0] < 2 or any(width != widths[0] for width in widths[:-1]) or widths[-1] > widths[0]:
            return None
        if widths[-1] == widths[0] and lines[-1] == lines[0]:
            return None
    return "".join(lines)


def _is_remark(text: str) -> bool:
    """A counter or bracketed words; anything else that follows a number makes it doubtful."""
    if not text or _COUNTER.fullmatch(text):
        return True
    if _CORRECTS.search(text) or _OTHERS.fullmatch(text):
        return False
    return re.fullmatch(r"[\(\[【][^\d]*[^\x00-\x7f]+[\s\S]*[\)\]】]", text) is not None
