"""Years that labels name beside the year that the report is of: in a report of 2023, 2022年 is last year.

Forms say 本年 and 上年; issuers who print this year's figures beside last year's say which years they mean. So before a
report is compared with the forms, the years of its labels are put into the forms' words, and what is known of these
(``contrasts``) holds for both.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace

from ocr_pipeline.document import Cell, Table
from ocr_pipeline.flow import FlowBlock, FlowTable, FlowText, FlowTokens
from ocr_pipeline.templates.contrasts import BEFORE
from ocr_pipeline.templates.observed import is_label

__all__ = ["flow_without_years", "is_before", "tables_without_years", "without_years", "years_named"]

_NUMERALS = "〇零○一二三四五六七八九"
_DIGITS = str.maketrans(_NUMERALS, "000123456789")
_Y = rf"(?:20\d\d|二[{_NUMERALS}]{{3}})"
_ALONE = rf"(?<![\d{_NUMERALS}])"
_TO = "[-—–－~～至到]+"
_DEEDS = "修订|修正|公布|发布|印发|施行|实施|制定|出台|以来|以前|之前|之后|以后|起|第"
"""What follows the year of a law or of a deed, which is not that of figures."""
_OPEN = rf"(?!(?:\d{{1,2}}|[一二三四五六七八九十]{{1,3}})(?:月|{_TO})|{_DEEDS})"
"""Nor is a date that of a whole year."""
_MONTHS = re.compile(rf"{_ALONE}(?P<first>{_Y})年0?1(?:月(?:0?1日)?)?{_TO}(?:(?P<last>{_Y})年)?12月(?:31日)?")
_PERIOD = re.compile(rf"{_ALONE}(?P<first>{_Y})(?:年度?)?{_TO}(?P<last>{_Y})年{_OPEN}")
_YEAR = re.compile(rf"{_ALONE}(?P<first>{_Y})(?P<last>)年{_OPEN}")
_WORDS = {-1: "上年", 0: "本年", 1: "下年"}
_LONGEST = 60
"""Characters of a label or a caption; what is longer is prose."""
_BEFORE = re.compile(BEFORE)
_NOW = re.compile("本年|今年|当年")


def without_years(text: str, year: int) -> str:
    """A label with the years it names in the words of the forms; dates, and the years of laws, are left alone.

    >>> without_years("2022年度", 2023), without_years("结转2024年度继续办理", 2023), without_years("2019年修订", 2023)
    ('上年度', '结转下年度继续办理', '2019年修订')
    """
    flat = _flat(text)
    told = flat
    for pattern in (_MONTHS, _PERIOD, _YEAR):
        told = pattern.sub(lambda found: _relative(found, year), told)
    return text if told == flat or len(flat) > _LONGEST else told


def years_named(text: str) -> frozenset[int]:
    """The years whose figures a label says that its own are."""
    flat = _flat(text)
    found = (match for pattern in (_MONTHS, _PERIOD, _YEAR) for match in pattern.finditer(flat))
    short = len(flat) <= _LONGEST
    return frozenset(_number(written) for match in found for written in match.groups() if short and written)


def is_before(caption: str, year: int) -> bool:
    """Whether a caption says that what it stands above is of an earlier year than the report, and of that only."""
    told = without_years(caption, year)
    return _BEFORE.search(told) is not None and _NOW.search(told) is None


def tables_without_years(tables: Iterable[Table], year: int) -> tuple[Table, ...]:
    """The tables as they are compared with the forms: years in their labels are in the forms' words."""
    return tuple(_table(table, year) for table in tables)


def flow_without_years(flow: Sequence[FlowBlock], year: int) -> tuple[FlowBlock, ...]:
    """The same for a flow."""
    return tuple(_block(block, year) for block in flow)


def _block(block: FlowBlock, year: int) -> FlowBlock:
    if isinstance(block, FlowText):
        return replace(block, text=without_years(block.text, year))
    if isinstance(block, FlowTokens):
        return FlowTokens(tuple(tuple(without_years(cell, year) for cell in line) for line in block.lines))
    return FlowTable(_table(block.table, year)) if isinstance(block, FlowTable) else block


def _table(table: Table, year: int) -> Table:
    cells = tuple(_cell(cell, year) for cell in table.cells)
    same = all(told is cell for told, cell in zip(cells, table.cells, strict=True))
    return table if same else table.model_copy(update={"cells": cells})


def _cell(cell: Cell, year: int) -> Cell:
    told = without_years(cell.text, year) if is_label(cell) else cell.text
    return cell if told == cell.text else cell.model_copy(update={"text": told})


def _relative(found: re.Match[str], year: int) -> str:
    first, last = found["first"], found["last"]
    if last and _number(last) != _number(first):
        return "历年"
    return _WORDS.get(_number(first) - year, "往年" if _number(first) < year else "明年")


def _number(written: str) -> int:
    return int(written.translate(_DIGITS))


def _flat(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
