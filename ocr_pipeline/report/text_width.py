"""How wide text is in a monospaced font, where a Chinese character takes two columns."""

from __future__ import annotations

import unicodedata

__all__ = ["clipped", "display_width", "padded", "wrapped", "wrapped_words"]


def display_width(text: str) -> int:
    """Columns that the text takes: 2 for a wide character, 0 for a combining or a control one, 1 for any other.

    >>> display_width("总计 12")
    7
    """
    return sum(_width(character) for character in text)


def _width(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Cc", "Cf", "Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def clipped(text: str, width: int) -> str:
    """The text cut to at most ``width`` columns, ending in … where something is lost; empty for a width below 1.

    >>> clipped("法律服务机构", 7)
    '法律服…'
    """
    if display_width(text) <= width:
        return text
    if width < 1:
        return ""
    kept, used = "", 1
    for character in text:
        used += _width(character)
        if used > width:
            break
        kept += character
    return kept + "…"


def padded(text: str, width: int, *, right: bool = False) -> str:
    """The text filled with blanks up to ``width`` columns, on the left side when it belongs to the ``right``."""
    blanks = " " * max(0, width - display_width(text))
    return blanks + text if right else text + blanks


def wrapped(text: str, width: int) -> list[str]:
    """The text in lines of at most ``width`` columns, broken between any two characters, as Chinese is.

    A line holds at least one character, so a wide one may stand out of a width of 1.

    >>> wrapped("法律服务机构", 5)
    ['法律', '服务', '机构']
    """
    lines = [""]
    for character in text:
        if lines[-1] and display_width(lines[-1] + character) > width:
            lines.append("")
        lines[-1] += character
    return lines


def wrapped_words(text: str, width: int) -> list[str]:
    """The text in lines of at most ``width`` columns, broken between words; only what is longer than a line is cut.

    >>> wrapped_words("the heading '四、行政复议'", 14)
    ['the heading', "'四、行政复议'"]
    """
    lines = [""]
    for word in text.split():
        joined = f"{lines[-1]} {word}".strip()
        if display_width(joined) <= width:
            lines[-1] = joined
        else:
            lines = [line for line in [*lines, *wrapped(word, width)] if line]
    return lines
