"""The lines of a dump told apart: headings and prose, and stretches that may be tables.

Row labels of the forms are numbered like headings (一、本年新收…), so numbering alone says nothing: the headings of the
document are those whose numbers go on from the last one, and which no figure follows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ocr_pipeline.flow import FlowBlock, FlowText, FlowTokens

__all__ = ["split_blocks"]

_NUMERALS = "一二三四五六七八九十"
_HEADING = re.compile(rf"([{_NUMERALS}])\s*[、.．]\s*\S.*")
_MARKED = re.compile(r"(#{1,6})\s+(\S.*?)\s*#*")
_SENTENCE = re.compile(r"[。；！？]|[：:，,]$")
_LONG, _VERY_LONG = 45, 70
"""Characters from which a line with a comma is prose, and from which any single cell is."""
_FIGURE = re.compile(r"[\s+\-—–/\d.,，%()（）件万亿元增加减少]*")

Line = tuple[str, ...]


def split_blocks(lines: Sequence[Line]) -> tuple[FlowBlock, ...]:
    """Prose and headings one block a line, all else in stretches; empty lines stay only inside stretches."""
    headings = _headings(lines)
    blocks: list[FlowBlock] = []
    start = 0
    for number in range(len(lines) + 1):
        if number < len(lines) and not (number in headings or _is_prose(lines[number]) or _marked(lines[number])):
            continue
        blocks.extend(_stretch(lines, start, number))
        if number < len(lines):
            marked = _marked(lines[number])
            blocks.append(FlowText(marked[2], len(marked[1]) - 1) if marked else FlowText(_text(lines[number])))
        start = number + 1
    return tuple(blocks)


def _text(line: Line) -> str:
    return " ".join(cell for cell in line if cell)


def _marked(line: Line) -> re.Match[str] | None:
    """A heading that Markdown marks: its hashes and its text."""
    return _MARKED.fullmatch(line[0]) if len(line) == 1 else None


def _is_prose(line: Line) -> bool:
    text = _text(line)
    if len(line) != 1 or not text:
        return False
    long = len(text) >= _LONG and any(char in text for char in "，,。；")
    return long or len(text) >= _VERY_LONG or (bool(_SENTENCE.search(text)) and not text.startswith(("(", "（")))


def _is_figure(cell: str) -> bool:
    return bool(cell) and any(char.isdigit() or char in "/-—" for char in cell) and bool(_FIGURE.fullmatch(cell))


def _headings(lines: Sequence[Line]) -> set[int]:
    """Numbers of the lines that are headings of the document's first level."""
    found: list[int] = []
    expected = 0
    for number, line in enumerate(lines):
        match = _HEADING.fullmatch(line[0]) if len(line) == 1 else None
        if match is None or len(line[0]) > _LONG or _SENTENCE.search(line[0]):
            continue
        value = _NUMERALS.index(match[1])
        following = next((cell for later in lines[number + 1 : number + 4] for cell in later if cell), "")
        if _is_figure(following):
            continue
        if value == expected or (not found and value > 0):
            found.append(number)
            expected = value + 1
        elif found and value == expected - 1 and not any(_text(later) for later in lines[found[-1] + 1 : number]):
            found[-1] = number  # two in a row: the first was the last label of a table
    return set(found)


def _stretch(lines: Sequence[Line], start: int, stop: int) -> Iterator[FlowBlock]:
    while start < stop and not any(lines[start]) and len(lines[start]) < 2:
        start += 1
    while stop > start and not any(lines[stop - 1]) and len(lines[stop - 1]) < 2:
        stop -= 1
    inside = lines[start:stop]
    if (
        any(len(line) > 1 for line in inside)
        or any(_is_figure(cell) for line in inside for cell in line)
        or any(re.search(r"[\u4e00-\u9fff]\s+\d", cell) for line in inside for cell in line)
    ):
        yield FlowTokens(tuple(inside))
    else:
        yield from (FlowText(_text(line)) for line in inside if _text(line))
