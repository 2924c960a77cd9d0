"""Bytes to text, by what they can be: encodings are tried in the order in which they rule each other out."""

from __future__ import annotations

from ocr_pipeline.errors import DamagedSourceError

__all__ = ["decode", "utf16_without_mark"]

_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_PROBE = 4096
_CUT = 3
"""Bytes at the end that may be the beginning of a character whose rest was cut off."""


def decode(data: bytes, name: str) -> tuple[str, str]:
    """The text, and the encoding it was in.

    A byte order mark decides; then UTF-16 by its line ends and blanks, UTF-8, and GB18030 (with GBK and GB2312 in it).

    Raises:
        DamagedSourceError: it is valid in none of them.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            text = _strictly(data[len(mark) :], encoding)
            if text is not None:
                return text, encoding
    guess = utf16_without_mark(data)
    for encoding in (*((guess,) if guess else ()), "utf-8", "gb18030"):
        text = _strictly(data, encoding)
        if text is not None:
            return text, encoding
    raise DamagedSourceError(
        "the text is in no known encoding", remedy="save it as UTF-8 with a text editor", source=name
    )


def utf16_without_mark(data: bytes) -> str | None:
    """``utf-16-le`` or ``utf-16-be`` where figures, blanks and line ends stand beside zero bytes on one side only."""
    probe = data[: _PROBE - _PROBE % 2]
    even, odd = probe[0::2].count(0), probe[1::2].count(0)
    if max(even, odd) * 50 < len(probe) or min(even, odd) * 10 > max(even, odd):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        if error.start < len(data) - _CUT:
            return None
        return data[: error.start].decode(encoding)
