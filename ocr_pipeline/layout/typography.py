"""How Chinese text is set: widths of characters, what may stand at the end of a line, how lines join."""

from __future__ import annotations

import re
import unicodedata

__all__ = [
    "ends_sentence",
    "first_token_width",
    "join",
    "text_width",
]

_CLOSING = "，。、；：！？）》〉」』】〕”’％,.;:!?)]}%"
_OPENING = "（《〈「『【〔“‘([{"
_SENTENCE_END = "。！？；!?;"
_QUOTES_AFTER = "”’」』）)】》"
_LATIN_RUN = re.compile(r"[0-9A-Za-z.,:/%+\-_@#&=~]+")


def text_width(text: str) -> float:
    """Width of a text in em: 1 for each full-width character, 0.5 for the others, blanks left out."""
    return sum(1.0 if unicodedata.east_asian_width(c) in "WFA" else 0.5 for c in text if not c.isspace())


def first_token_width(text: str) -> float:
    """Width in em of what cannot be parted at the start of a line; 0 for an empty text.

    A line breaks early when the next token does not fit: a figure or Latin word stays whole, closing punctuation
    stays with what it follows and opening punctuation with what it precedes.
    """
    end = 0
    while end < len(text) and text[end] in _OPENING:
        end += 1
    run = _LATIN_RUN.match(text, end)
    end = run.end() if run else min(end + 1, len(text))
    while end < len(text) and text[end] in _CLOSING:
        end += 1
    return text_width(text[:end])


def ends_sentence(text: str) -> bool:
    """Whether the last character closes a sentence or clause, closing quotes and brackets left aside."""
    bare = text.rstrip()
    stripped = bare.rstrip(_QUOTES_AFTER)
    return bool(stripped) and stripped[-1] in _SENTENCE_END


def join(first: str, second: str) -> str:
    """Two consecutive pieces of one paragraph as one text: a blank goes between Latin words only.

    >>> join("本年度共收到", "申请 3 件")
    '本年度共收到申请 3 件'
    >>> join("Open", "Government")
    'Open Government'
    """
    first, second = first.rstrip(), second.lstrip()
    if not first or not second:
        return first + second
    words = _is_latin_letter(second[0]) and (
        _is_latin_letter(first[-1]) or (first[-1] in ",;" and _is_latin_letter(first[-2:-1]))
    )
    return f"{first} {second}" if words else first + second


def _is_latin_letter(char: str) -> bool:
    return char.isascii() and char.isalpha()
