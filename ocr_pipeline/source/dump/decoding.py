"""Bytes to text: as saved pages are decoded, and UTF-16 without a byte order mark besides."""

from __future__ import annotations

from dataclasses import replace

from ocr_pipeline.errors import DamagedSourceError
from ocr_pipeline.source.web.charset import BROKEN_SHARE, Decoded, decode_as, decode_page

__all__ = ["decode", "utf16_without_mark"]

_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_PROBE = 4096


def decode(data: bytes, name: str) -> Decoded:
    """The text, in UTF-16, UTF-8, or GB18030 (with GBK and GB2312 in it), or what it declares itself to be in.

    Raises:
        DamagedSourceError: it is valid in none of them, nor nearly.
    """
    wide = None if data.startswith(_MARKS) else utf16_without_mark(data)
    if wide is not None:
        odd = len(data) % 2
        return replace(decode_as(data[: len(data) - odd], wide), cut=odd == 1)
    found = decode_page(data)
    if found.lost > BROKEN_SHARE * len(found.text):
        raise DamagedSourceError(
            "the text is in no known encoding", remedy="save it as UTF-8 with a text editor", source=name
        )
    return found


def utf16_without_mark(data: bytes) -> str | None:
    """``utf-16-le`` or ``utf-16-be`` where figures, blanks and line ends stand beside zero bytes.

    Pictures and programs hold zeros, too, but on both sides, and not beside the characters of text alone. (Some Chinese
    characters, 一 among them, have a zero on the other side.)
    """
    probe = data[: min(_PROBE, len(data)) // 2 * 2]
    even, odd = probe[0::2].count(0), probe[1::2].count(0)
    little = odd > even
    if max(even, odd) * 100 < len(probe) or min(even, odd) * 3 > max(even, odd):
        return None
    beside, zeros = (probe[0::2], probe[1::2]) if little else (probe[1::2], probe[0::2])
    plain = all(0x20 <= char < 0x7F or char in b"\t\r\n" for char, zero in zip(beside, zeros, strict=True) if not zero)
    return ("utf-16-le" if little else "utf-16-be") if plain else None
