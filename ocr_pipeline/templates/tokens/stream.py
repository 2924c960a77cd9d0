"""A text dump as a stream of tokens: labels, figures and empty cells, in order, with the breaks between them.

A cell that still stands alone is one token. A cell that holds several things side by side (flattened text) is taken
apart at its blanks, where signs stay with their figure, units with theirs, and brackets whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from ocr_pipeline.flow import FlowBlock, FlowText, FlowTokens
from ocr_pipeline.templates.blocks import ValueType
from ocr_pipeline.templates.labels import normalize
from ocr_pipeline.templates.values import is_no_value, parse_value

__all__ = ["Token", "is_figure", "tokenize"]

_KINDS: tuple[ValueType, ...] = ("count", "change", "amount")
_SIGN = re.compile(r"(?:增加|新增|增|减少|減少|减|減|\+|＋|↑|↓)了?")
"""Signs that stay with the figure after a blank; a dash there may as well be a cell that prints nothing."""
_UNIT = re.compile(r"[\(（]?(?:亿元|億元|万元|萬元|亿|億|万|萬|元|件|条|條|项|項|个|個|宗|起)[\)）]?")
_PAGE = re.compile(
    r"[-—–·•]\s*\d{1,4}\s*[-—–·•]|第\s*\d{1,4}\s*页.*|[Pp](?:age|\.)\s*\d{1,4}\b.*|\d{1,3}\s*/\s*\d{1,3}"
)
_NUMBERING = re.compile(r"(?:\d{1,2}|[一二三四五六七八九十])\s*[.．、]|[\(（]\s*[一二三四五六七八九十]\s*[\)）]")
_PAIR = re.compile(r"\d+\s+[\d.]+")
_OPEN, _CLOSE = "(（[【", ")）]】"
_LONGEST_FIGURE = 40


@dataclass(frozen=True, slots=True)
class Token:
    """One piece of a dump.

    Attributes:
        text: as the dump has it, without blanks around it.
        kind: words, a figure (or a mark that there is none, such as ``/``), or an empty cell.
        line: number of its line in the stream; lines without tokens are counted.
        first: whether it is the first of its line.
        gap: whether a blank line, or a line of empty cells, stands right before it: in some dumps the end of a row.
        crowded: how many figures its line holds.
    """

    text: str
    kind: Literal["label", "figure", "empty"]
    line: int
    first: bool = False
    gap: bool = False
    crowded: int = 0


def tokenize(flow: Sequence[FlowBlock]) -> tuple[Token, ...]:
    """The tokens of a flow; paragraphs are labels, since a heading may be one; tables and pictures are breaks."""
    result: list[Token] = []
    gap = True
    for number, line in enumerate(_lines(flow)):
        alone, whole = _alone(line), _broken_figures(line)
        tokens = [token for cell in line for token in _cell_tokens(cell, number, alone=alone, whole=whole)]
        if not any(token.kind != "empty" for token in tokens) and len(tokens) != 1:
            gap = True
            continue
        figures = sum(token.kind == "figure" for token in tokens)
        tokens = [replace(token, crowded=figures) for token in tokens]
        # Empty cells in front do not hide from the first word or figure that a line, or a row, begins with it.
        ahead = next((i for i, token in enumerate(tokens) if token.kind != "empty"), len(tokens) - 1) + 1
        tokens[:ahead] = [replace(token, first=True, gap=gap) for token in tokens[:ahead]]
        lone = len(tokens) == 1 and tokens[0].kind == "empty"
        result.extend(tokens)
        gap = gap and lone
    return tuple(result)


@lru_cache(maxsize=4096)
def is_figure(text: str, kind: ValueType | None = None) -> bool:
    """Whether the text prints a figure of this kind (of any when left out), or that there is none."""
    if not text or len(text) > _LONGEST_FIGURE:
        return False
    if is_no_value(text):
        return True
    return any(parse_value(text, k) is not None for k in ((kind,) if kind else _KINDS))


def _lines(flow: Sequence[FlowBlock]) -> Iterator[tuple[str, ...]]:
    for block in flow:
        if isinstance(block, FlowTokens):
            yield from block.lines
        elif isinstance(block, FlowText):
            yield from ((line,) for line in block.text.split("\n"))
        else:
            yield ()


def _alone(line: Sequence[str]) -> bool:
    """Whether one cell at most holds a figure, so that blanks inside it may have been the gaps between cells."""
    return sum(any(char.isdigit() for char in cell) for cell in line) <= 1


def _broken_figures(line: Sequence[str]) -> bool:
    """Whether two groups of digits in a cell are rather one figure, since other cells of the line hold one each."""
    pairs = sum(_PAIR.fullmatch(cell.strip()) is not None for cell in line)
    return 0 < pairs <= sum(is_figure(cell.strip()) and any(char.isdigit() for char in cell) for cell in line)


def _cell_tokens(cell: str, line: int, *, alone: bool, whole: bool) -> Iterator[Token]:
    text = re.sub(r"[\s\u3000]+", " ", cell).strip()
    if not text:
        yield Token("", "empty", line)
        return
    if _PAGE.fullmatch(text):
        return
    if whole and _PAIR.fullmatch(text) and not is_figure(text):
        yield Token(text, "label", line)  # perhaps two figures after all: not one that anybody may use
        return
    grouped = alone and re.search(r"\d \d", text)
    if is_figure(text) and not grouped:
        yield Token(text, "figure", line)
        return
    for piece in _pieces(text):
        if is_figure(piece):
            yield Token(piece, "figure", line)
        elif normalize(piece).body:
            yield Token(piece, "label", line)


def _pieces(text: str) -> list[str]:
    """The text taken apart at its blanks."""
    pieces: list[str] = []
    for word in text.split(" "):
        last = pieces[-1] if pieces else ""
        opened = sum(last.count(c) for c in _OPEN) > sum(last.count(c) for c in _CLOSE)
        signed = _SIGN.fullmatch(last) and is_figure(word) and not is_no_value(word)
        measured = _UNIT.fullmatch(word) and last and is_figure(last) and not is_no_value(last)
        numbered = _NUMBERING.fullmatch(last) or (last.isdigit() and word[0] in ".．、")
        remark = word[0] in _OPEN and is_figure(last) and is_figure(last + word)
        if pieces and (opened or signed or measured or numbered or remark):
            pieces[-1] = f"{last} {word}" if opened and last[-1].isdigit() else last + word
        else:
            pieces.append(word)
    return pieces
