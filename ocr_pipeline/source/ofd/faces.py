"""Fonts that draw the text of an OFD page: those inside the package, else the one that is always there."""

from __future__ import annotations

import io
import struct
from functools import lru_cache

from PIL import ImageFont

from ocr_pipeline.resources import bundled_font
from ocr_pipeline.source.ofd.package import OfdPackage

__all__ = ["Face", "Faces", "with_glyph_numbers"]

_FIRST_PRIVATE = 0xF0000
"""Glyph n of an embedded font is drawn as this code point plus n (supplementary private use area A)."""
_LARGEST_GLYPH = 0xFFFD
_NO_CHARACTER = "\U0010ffff"


class Face:
    """One font in any size.

    Args:
        program: its file.
        numbered: it knows its glyphs by number too, see ``with_glyph_numbers``.
    """

    def __init__(self, program: bytes, *, numbered: bool) -> None:
        self._program = program
        self.numbered = numbered
        self._sizes: dict[float, ImageFont.FreeTypeFont] = {}
        self._known: dict[str, bool] = {}
        self.at(16.0)  # a font that cannot be loaded must fail now

    def at(self, size: float) -> ImageFont.FreeTypeFont:
        """The font at a size in pixels, with FreeType's own layout so that no optional library changes the result."""
        size = max(1.0, round(size * 4) / 4)
        if size not in self._sizes:
            stream = io.BytesIO(self._program)
            self._sizes[size] = ImageFont.truetype(stream, size, layout_engine=ImageFont.Layout.BASIC)
        return self._sizes[size]

    def text_for(self, char: str, index: int | None) -> str | None:
        """What to draw for a character, or for the glyph of that number; None when the font has not got it."""
        if index is not None and self.numbered and 0 <= index <= _LARGEST_GLYPH:
            return chr(_FIRST_PRIVATE + index)
        if char not in self._known:
            font = self.at(16.0)
            absent, mine = font.getmask(_NO_CHARACTER), font.getmask(char)
            self._known[char] = char.isspace() or (mine.size, bytes(mine)) != (absent.size, bytes(absent))
        return char if self._known[char] else None


class Faces:
    """The fonts of one document, loaded as they are used.

    Args:
        package: holds the font programs.
        files: the name of the program of each font, by the font's identifier.
    """

    def __init__(self, package: OfdPackage, files: dict[str, str]) -> None:
        self._package = package
        self._files = files
        self._faces: dict[str, Face | None] = {}

    def find(self, font: str, char: str, index: int | None) -> tuple[Face, str]:
        """A face for a character, and the text that shows it there."""
        embedded = self._loaded(font)
        text = None if embedded is None else embedded.text_for(char, index)
        if embedded is not None and text is not None:
            return embedded, text
        return _fallback(), char

    def replaced(self) -> tuple[str, ...]:
        """The font programs in the package that cannot be used by glyph number, or not at all, in order of name.

        What they show is drawn from the characters beside the glyphs, in the other font: where those characters are
        wrong, so is the picture.
        """
        return tuple(sorted({file for font, file in self._files.items() if not self._is_numbered(font)}))

    def _is_numbered(self, font: str) -> bool:
        face = self._loaded(font)
        return face is not None and face.numbered

    def _loaded(self, font: str) -> Face | None:
        if font not in self._faces:
            self._faces[font] = self._embedded(font)
        return self._faces[font]

    def _embedded(self, font: str) -> Face | None:
        file = self._files.get(font)
        if file is None:
            return None
        program = self._package.read(file)
        numbered = with_glyph_numbers(program)
        try:
            return Face(numbered or program, numbered=numbered is not None)
        except (OSError, ValueError):
            return None  # the text is drawn from its characters, in the other font


@lru_cache(maxsize=1)
def _fallback() -> Face:
    return Face(bundled_font().read_bytes(), numbered=False)


def with_glyph_numbers(program: bytes) -> bytes | None:
    """A font in which every glyph can also be reached by its number, through a character of private use.

    Pages that name glyphs by number may give wrong characters beside them, and fonts cut down to what a document uses
    often name no character at all. Its own map of characters stays, in a table of ranges (OpenType 1.9, "cmap", format
    12) that ends with those numbers.

    Args:
        program: an OpenType or TrueType font.

    Returns:
        None for a font of another kind.
    """
    try:
        count = struct.unpack_from(">H", program, 4)[0]
        if program[:4] not in (b"\x00\x01\x00\x00", b"OTTO", b"true") or not 0 < count < 100:
            return None
        tables = {}
        for number in range(count):
            tag, _, offset, length = struct.unpack_from(">4sIII", program, 12 + 16 * number)
            tables[tag] = program[offset : offset + length]
        glyphs = min(struct.unpack_from(">H", tables[b"maxp"], 4)[0], _LARGEST_GLYPH + 1)
        tables[b"cmap"] = _mapped(tables.get(b"cmap", b""), glyphs)
    except (struct.error, KeyError):
        return None
    return _written(program[:4], tables)


def _mapped(cmap: bytes, glyphs: int) -> bytes:
    groups = [*_groups(cmap), (_FIRST_PRIVATE, _FIRST_PRIVATE + glyphs - 1, 0)]
    body = b"".join(struct.pack(">III", *group) for group in groups)
    table = struct.pack(">HHIII", 12, 0, 16 + len(body), 0, len(groups)) + body
    return struct.pack(">HHHHI", 0, 1, 3, 10, 12) + table


def _groups(cmap: bytes) -> list[tuple[int, int, int]]:
    """The characters of a Unicode table as ranges: first, last, glyph of the first; below those of private use."""
    if len(cmap) < 4:
        return []
    offsets = {}
    for number in range(struct.unpack_from(">H", cmap, 2)[0]):
        platform, encoding, offset = struct.unpack_from(">HHI", cmap, 4 + 8 * number)
        if platform == 0 or (platform == 3 and encoding in (1, 10)):
            offsets[struct.unpack_from(">H", cmap, offset)[0]] = offset
    if 12 in offsets:
        start = offsets[12]
        count = struct.unpack_from(">I", cmap, start + 12)[0]
        found = [struct.unpack_from(">III", cmap, start + 16 + 12 * n) for n in range(min(count, 100_000))]
        return [(first, last, glyph) for first, last, glyph in found if last < _FIRST_PRIVATE]
    return _groups_of_format_4(cmap, offsets[4]) if 4 in offsets else []


def _groups_of_format_4(cmap: bytes, start: int) -> list[tuple[int, int, int]]:
    segments = struct.unpack_from(">H", cmap, start + 6)[0] // 2
    ends, begins = start + 14, start + 16 + 2 * segments
    groups = []
    for n in range(segments):
        last = struct.unpack_from(">H", cmap, ends + 2 * n)[0]
        first = struct.unpack_from(">H", cmap, begins + 2 * n)[0]
        delta = struct.unpack_from(">H", cmap, begins + 2 * segments + 2 * n)[0]
        at = begins + 4 * segments + 2 * n
        offset = struct.unpack_from(">H", cmap, at)[0]
        for char in range(first, min(last, 0xFFFE) + 1):
            glyph = char if not offset else struct.unpack_from(">H", cmap, at + offset + 2 * (char - first))[0]
            if not offset or glyph:
                groups.append((char, char, (glyph + delta) & 0xFFFF))
    return groups


def _written(kind: bytes, tables: dict[bytes, bytes]) -> bytes:
    power = 1 << (len(tables).bit_length() - 1)
    header = struct.pack(">4sHHHH", kind, len(tables), 16 * power, power.bit_length() - 1, 16 * (len(tables) - power))
    offset = len(header) + 16 * len(tables)
    directory, body = b"", b""
    for tag in sorted(tables):
        content = tables[tag]
        directory += struct.pack(">4sIII", tag, 0, offset + len(body), len(content))
        body += content + bytes(-len(content) % 4)
    return header + directory + body
