"""Files that hold several reports, one behind the other: where the first one ends."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from ocr_pipeline.document import Finding, Section, Severity, Table
from ocr_pipeline.flow import FlowBlock, FlowText, FlowTokens
from ocr_pipeline.layout import Scheme, parse_numbering

__all__ = ["Contents", "Title", "first_report", "later_titles"]

_REPORT = re.compile(r"(?:公开|年度).*(?:报告|年报)(?:[（(][^（()）]*[）)])?$")
_SENTENCE = re.compile(r"[，。；：！？,;:!?]")
_BODY = re.compile(r"[^\w]|_")
_LONGEST = 60
_SHORT = 18
"""Characters of a row that may be the rest of a title only: the body's name or the year stands in the row above."""
_LONGEST_HEADING = 40
_RANKS = (Scheme.CHAPTER, Scheme.COMMA)


@dataclass(frozen=True, slots=True)
class Title:
    """Where the title of a further report stands.

    Attributes:
        line: number of its first row among the lines looked at.
        text: its rows joined.
        opening: number of the line that is the first heading below it.
    """

    line: int
    text: str
    opening: int


@dataclass(frozen=True)
class Contents:
    """What values are taken from: all of a file, or the share of it that is one report.

    Attributes:
        sections: the tree of headings with the prose.
        tables: in document order.
        flow: the blocks of a document without pages; None for one of pages.
    """

    sections: tuple[Section, ...]
    tables: tuple[Table, ...]
    flow: tuple[FlowBlock, ...] | None = None


def later_titles(lines: Sequence[str], first: str | None, is_label: Callable[[str], bool]) -> Iterator[Title]:
    """The titles of reports that begin among these lines.

    Behind the title of a report the headings' numbers begin anew with 一. A running header is the last title again.

    Args:
        lines: headings and paragraphs in their order.
        first: the title above them.
        is_label: whether a line is a label of a known form, which may be numbered, too.
    """
    last, further = _plain(first or ""), False
    for number, line in enumerate(lines):
        text, start = line.strip(), number
        if not _could_be_title(text) or not _REPORT.search(text):
            further = further or (_rank(line) or 0) > 1
            continue
        above = lines[number - 1].strip() if number else ""
        if len(text) <= _SHORT and _could_be_title(above) and not above.endswith("日") and _rank(above) is None:
            text, start = above + text, number - 1
        plain = _plain(text)
        if last and not further and (plain in last or last in plain):
            continue
        opening = _opening(lines, number + 1, is_label)
        if opening is not None:
            yield Title(start, text, opening)
            last, further = plain, False


def first_report(
    whole: Contents,
    title: str | None,
    *,
    holds_parts: Callable[[Contents], bool],
    is_label: Callable[[str], bool],
) -> tuple[Contents, tuple[Finding, ...]]:
    """The first report of a file that holds known tables, and a finding for each one behind it.

    Figures of two reports must never be handed out as those of one, whichever table of a part is the clearer one.

    Args:
        whole: what the file holds.
        title: of the file, as its first page gives it.
        holds_parts: whether there is a part of a known form in it.
        is_label: whether a line is a label of a known form.

    Returns:
        All of it and no findings where the file holds one report.
    """
    shares = list(_shares(whole, title, is_label))
    if len(shares) == 1:
        return whole, ()
    known = [holds_parts(share) for _, share in shares]
    later = [number for number, holds in enumerate(known) if holds][1:]
    if not later:
        return whole, ()
    reports = [shares[number][0] for number in later]
    first = [share for _, share in shares[: later[0]]]
    flow = None if whole.flow is None else tuple(block for share in first for block in share.flow or ())
    return (
        Contents(
            tuple(section for share in first for section in share.sections),
            tuple(table for share in first for table in share.tables),
            flow,
        ),
        tuple(_found(title) for title in reports if title is not None),
    )


def _found(title: _Placed) -> Finding:
    how = "" if title.page is None else " (ocr-pipeline divide)"
    return Finding(
        code="several-reports",
        severity=Severity.WARNING,
        message=f"the file holds another report, '{title.text}', whose figures are not in this one; "
        f"divide the file there{how}, and read it by itself",
        page=title.page,
    )


@dataclass(frozen=True)
class _Placed:
    text: str
    page: int | None


def _shares(
    whole: Contents, title: str | None, is_label: Callable[[str], bool]
) -> Iterator[tuple[_Placed | None, Contents]]:
    """The contents from title to title, each with the title it begins with (None before the first)."""
    sections = _flat(whole.sections)
    lines = [(number, line) for number, section in enumerate(sections) for line in _lines(section)]
    titles = headed = list(later_titles([line for _, line in lines], title, is_label))
    flows: list[tuple[FlowBlock, ...] | None] = [None] * (len(titles) + 1)
    if whole.flow is not None:
        titles = list(later_titles([line for block in whole.flow for line in _lines_of_block(block)], title, is_label))
        flows = [*_cut_flow(whole.flow, [found.line for found in titles])]
    # A title inside a stretch of a dump is in no section: whose the prose is cannot be told then.
    told = len(headed) == len(titles)
    starts = [lines[found.opening][0] if told else 0 for found in (headed if told else titles)]
    bounds = [0, *starts, len(sections)]
    for number, flow in enumerate(flows):
        here = sections[bounds[number] : bounds[number + 1]]
        shown = {table for section in here for table in section.tables}
        tables = tuple(table for table in whole.tables if table.id in shown)
        begins = None if number == 0 else _Placed(titles[number - 1].text, here[0].page if here else None)
        yield begins, Contents(tuple(here), tables, flow)


def _flat(sections: Sequence[Section]) -> list[Section]:
    return [section.model_copy(update={"children": ()}) for top in sections for section in top.walk()]


def _lines(section: Section) -> list[str]:
    return [line for line in (section.title, *section.text.split("\n")) if line.strip()]


def _lines_of_block(block: FlowBlock) -> list[str]:
    if isinstance(block, FlowText):
        return [block.text]
    if isinstance(block, FlowTokens):
        return ["".join(line) for line in block.lines]
    return [""]


def _cut_flow(flow: Sequence[FlowBlock], lines: Sequence[int]) -> Iterator[tuple[FlowBlock, ...]]:
    """The flow cut before these lines, also inside a stretch of a dump."""
    ends = list(accumulate(len(_lines_of_block(block)) for block in flow))
    for start, stop in zip([0, *lines], [*lines, ends[-1] if ends else 0], strict=True):
        share: list[FlowBlock] = []
        for block, end in zip(flow, ends, strict=True):
            begin = end - len(_lines_of_block(block))
            inside = slice(max(start - begin, 0), max(stop - begin, 0))
            if isinstance(block, FlowTokens) and block.lines[inside]:
                share.append(replace(block, lines=block.lines[inside]))
            elif not isinstance(block, FlowTokens) and start <= begin < stop:
                share.append(block)
        yield tuple(share)


def _could_be_title(text: str) -> bool:
    return 0 < len(text) <= _LONGEST and not _SENTENCE.search(text)


def _plain(text: str) -> str:
    return _BODY.sub("", text)


def _opening(lines: Sequence[str], start: int, is_label: Callable[[str], bool]) -> int | None:
    """The next heading of the outermost rank, where it is the first one."""
    for number in range(start, len(lines)):
        rank = _rank(lines[number])
        if rank is not None and not is_label(lines[number]):
            return number if rank == 1 else None
    return None


def _rank(line: str) -> int | None:
    """The number of a heading of the outermost rank; None for any other line."""
    found = parse_numbering(line.strip())
    if found is None or found.scheme not in _RANKS or len(line) > _LONGEST_HEADING:
        return None
    return found.ordinal
