"""Figures of other years than the report's: what captions announce is left out, labels are told in the forms' words.

An annual report shows last year's table once more, or for comparison. Nothing in such a table says so but the caption
above it, or the year over a column.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from ocr_pipeline.dataset.identity import identify
from ocr_pipeline.dataset.identity.years import years_of_text
from ocr_pipeline.document import Finding, Section, Severity, Table
from ocr_pipeline.flow import FlowBlock, FlowText, FlowTokens
from ocr_pipeline.layout import Scheme, parse_numbering
from ocr_pipeline.pipeline.dividing import Contents
from ocr_pipeline.templates import flow_without_years, is_before, tables_without_years, years_named

__all__ = ["OfYear", "of_year", "reported_year"]

_RANKS = (Scheme.CHAPTER, Scheme.COMMA)
_PRINTED = re.compile(r"表(?![现明彰示达扬述])|数据|统计|(?:情况|如下)[:：]?$|^[(（]?(?:20\d\d|二.{3})年度?[)）]?$")
"""What lines say that announce a table of figures, or are the year alone."""
_APPENDIX = re.compile(r"附[件表]?[\d一二三四五六七八九十]*[:：、.\s]")
_COMPARED = re.compile(r"相比|比较|对比|同比|较")
_SENTENCE = re.compile(r"[。；！，？]")
_LONGEST = 60
_FEW = 40
"""Characters between a heading and its table; what is longer is prose that the heading may be of."""


@dataclass(frozen=True)
class OfYear:
    """What is compared with the forms, and what is to be said of the rest.

    Attributes:
        contents: those of the report's own year, labels in the forms' words.
        findings: of what was left out, or is not certain.
        year: the report's, None where it is not known.
    """

    contents: Contents
    findings: tuple[Finding, ...] = ()
    year: int | None = None

    def retold(self, tables: Sequence[Table]) -> tuple[Table, ...]:
        """Tables that were read once more, with their labels in the forms' words again."""
        return tuple(tables) if self.year is None else tables_without_years(tables, self.year)


def reported_year(title: str | None, name: str, sections: Sequence[Section]) -> int | None:
    """The year that the report is of; None where title, file name and text do not say, or do not agree.

    A year that the text merely names most often, or a folder, is too little to tell figures of two years apart by.
    """
    prose = "\n".join(f"{section.title}\n{section.text}" for top in sections for section in top.walk())
    found = identify(title, name, prose)
    agreed = all(finding.code != "year-conflict" for finding in found.findings)
    said = not {"title", "name"}.isdisjoint(found.year_from) or years_of_text(prose).firm
    return found.year if agreed and said else None


def of_year(whole: Contents, year: int | None, is_label: Callable[[str], bool]) -> OfYear:
    """The contents without the tables and lines of earlier years, and with the years of labels in the forms' words.

    Args:
        whole: of one report.
        year: that it is of; where it is not known, everything stays, and labels that name years are findings.
        is_label: whether a line is a label of a known form, which may be numbered as headings are.
    """
    if year is None:
        return OfYear(whole, tuple(_undecided(whole.tables)))
    captions = _captions(whole, _Above(year, is_label))
    captions.update((table.id, text) for table in whole.tables if (text := _caption_within(table, year)))
    tables = tables_without_years((table for table in whole.tables if table.id not in captions), year)
    flow = whole.flow
    if flow is not None:
        flow = flow_without_years(tuple(_lines_left(flow, _Above(year, is_label))), year)
    findings = [
        Finding(
            code="other-year",
            severity=Severity.WARNING,
            message=f"no figure is taken from what is not of {year}: {caption}",
            table=table,
        )
        for table, caption in captions.items()
    ]
    return OfYear(replace(whole, tables=tables, flow=flow), tuple(findings), year)


def _undecided(tables: Sequence[Table]) -> Iterator[Finding]:
    for table in tables:
        years = sorted({year for cell in table.cells for year in years_named(cell.text)})
        if years:
            yield Finding(
                code="other-year",
                severity=Severity.WARNING,
                message=f"labels name {', '.join(map(str, years))}, and which year the report is of is not certain",
                table=table.id,
            )


class _Above:
    """What the lines read so far say of the figures below them.

    Attributes:
        caption: the line that says that they are of an earlier year; None where none does.
    """

    def __init__(self, year: int, is_label: Callable[[str], bool]) -> None:
        self.caption: str | None = None
        self._year, self._is_label = year, is_label
        self._reached, self._prose, self._firm = 0, 0, False

    def hear(self, line: str) -> None:
        """Go on with the next line, from top to bottom."""
        text = line.strip()
        short = 0 < len(text) <= _LONGEST and not _SENTENCE.search(text) and not _COMPARED.search(text)
        opens = self._opens(text)
        printed = short and _PRINTED.search(text) is not None
        if opens or (printed and self._year in years_named(text)) or (short and _APPENDIX.match(text)):
            self.caption = None
        if short and (printed or opens) and is_before(text, self._year):
            self.caption, self._firm, self._prose = text, printed, 0
        else:
            self._prose += len(text)
        if self.caption is not None and not self._firm and self._prose > _FEW:
            self.caption = None

    def _opens(self, text: str) -> bool:
        """Whether a line is the next heading of the outermost rank; in an appendix they begin anew with 一."""
        number = parse_numbering(text) if 0 < len(text) <= _LONGEST else None
        if number is None or number.scheme not in _RANKS or number.ordinal <= self._reached or self._is_label(text):
            return False
        self._reached = number.ordinal
        return True


def _captions(whole: Contents, above: _Above) -> dict[str, str]:
    """By table the line above it that says that it is of an earlier year."""
    found: dict[str, str] = {}
    for section in (below for top in whole.sections for below in top.walk()):
        for line in (section.title, *section.text.split("\n")):
            above.hear(line)
        if above.caption is not None:
            found.update(dict.fromkeys(section.tables, above.caption))
    return found


def _caption_within(table: Table, year: int) -> str | None:
    """The row above all others of a table, over all its columns, that says that it is of an earlier year."""
    wide = sorted((c.row, c.text) for c in table.cells if c.column_span == table.columns and c.text.strip())
    top = [text for number, (row, text) in enumerate(wide) if row == number]
    return next((text for text in top if is_before(text, year) and _PRINTED.search(text)), None)


def _lines_left(flow: Sequence[FlowBlock], above: _Above) -> Iterator[FlowBlock]:
    """The flow without the text below such a caption."""
    for block in flow:
        if isinstance(block, FlowTokens):
            kept: list[tuple[str, ...]] = []
            for line in block.lines:
                above.hear("".join(line))
                if above.caption is None:
                    kept.append(line)
            yield FlowTokens(tuple(kept))
            continue
        if isinstance(block, FlowText):
            above.hear(block.text)
        if above.caption is None or not isinstance(block, FlowText):
            yield block
