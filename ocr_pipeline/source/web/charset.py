"""The text of a saved page, whatever encoding it claims to have.

Browsers believe the declaration (WHATWG HTML, 13.2.3.2 "Determining the character encoding"). A page that was saved,
converted or passed on by a content system often declares another encoding than it has, so here a declaration is only
believed where the bytes allow it.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

__all__ = ["BROKEN_SHARE", "Decoded", "decode_as", "decode_page", "utf16_of"]

_PRESCAN = 4096  # browsers look into 1,024 bytes; some content systems write longer comments before the declaration
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_:.-]+)""", re.IGNORECASE)
_TEXTS_OF_ONE_BYTE = ("iso8859", "cp125", "latin", "ascii", "mac", "koi8", "hp", "cp43", "cp85", "tis")


BROKEN_SHARE = 0.02
"""More characters than this share broken, and the bytes are no text in that encoding."""
_UTF8_PROOF = 10  # so many good characters for each broken one, and the text is UTF-8


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, and how it was found.

    Attributes:
        text: without a byte order mark.
        encoding: the Python name of the one it was decoded with.
        lost: how many characters could not be decoded (U+FFFD stands for each).
        cut: it ends within a character, which was left out.
    """

    text: str
    encoding: str
    lost: int = 0
    cut: bool = False


def decode_page(data: bytes, hint: str | None = None) -> Decoded:
    """Decode a page: by byte order mark, as UTF-8 where it is valid, as declared, else as GB18030 or Big5.

    A text in a Chinese double-byte encoding is as good as never valid UTF-8, while pages that are UTF-8 and declare
    GB2312 are common, so validity is asked before the declaration. GB2312 and GBK are taken as GB18030, which holds
    both.

    Args:
        data: the whole page.
        hint: the encoding that its container names (a part of an MHT); it comes before the page's own declaration.
    """
    wide = utf16_of(data)
    if wide is not None:
        return decode_as(data, wide)
    match = _DECLARED.search(data[:_PRESCAN])
    declared = hint or (match.group(1).decode("ascii") if match else None)
    candidates = ["utf-8", *_python_names(declared), "gb18030", "big5"]
    for encoding in candidates:
        found = _strict(data, encoding)
        if found is not None:
            return found
    # Nothing fits as a whole: a few broken bytes in an otherwise good page must not cost the rest of it. UTF-8 goes
    # first again, since almost any bytes pass for a double-byte encoding.
    broken = [decode_as(data, encoding) for encoding in candidates]
    if broken[0].lost * _UTF8_PROOF <= sum(1 for char in broken[0].text if char > "\x7f"):
        return broken[0]
    return min(broken[1:], key=lambda decoded: decoded.lost)


def decode_as(data: bytes, encoding: str) -> Decoded:
    """The text in an encoding that is known, whatever of it is broken."""
    text = data.decode(encoding, errors="replace").lstrip("\ufeff")
    return Decoded(text, encoding, text.count("\ufffd"))


def utf16_of(data: bytes) -> str | None:
    """The flavour of UTF-16 that a page is in, by its mark or by the zero beside its first character; else None."""
    if data[:2] == codecs.BOM_UTF16_LE or re.match(rb"(?:\s\x00)*<\x00[!?a-zA-Z]\x00", data):
        return "utf-16-le"
    if data[:2] == codecs.BOM_UTF16_BE or re.match(rb"(?:\x00\s)*\x00<\x00[!?a-zA-Z]", data):
        return "utf-16-be"
    return None


def _python_names(declared: str | None) -> list[str]:
    """The declared encoding as Python calls it; none for those that take any bytes, which prove nothing."""
    try:
        name = codecs.lookup(declared or "").name
    except LookupError:
        return []
    if name in ("gb2312", "gbk", "hz"):
        return ["gb18030"]
    if name.startswith(("utf-16", "utf-32", "utf-7")) or name.startswith(_TEXTS_OF_ONE_BYTE):
        return []
    return [name]


def _strict(data: bytes, encoding: str) -> Decoded | None:
    """The text, but for a last character that is cut off; None where it is not in that encoding."""
    try:
        return Decoded(data.decode(encoding).lstrip("\ufeff"), encoding)
    except UnicodeDecodeError as error:
        if error.start > 0 and error.start >= len(data) - 3:
            return Decoded(data[: error.start].decode(encoding).lstrip("\ufeff"), encoding, cut=True)
        return None
