"""What a paragraph consists of: its visible text, pictures and text boxes, in order.

Tracked changes count as accepted; field codes, hidden and struck text, comments and the marks of footnotes are no text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ocr_pipeline.raised import Shift, lowered, raised
from ocr_pipeline.source.word.drawings import (
    Alternatives,
    DrawnPart,
    PictureUse,
    TextBox,
    Unreadable,
    drawn_parts,
    is_drawing,
)
from ocr_pipeline.source.word.names import Element, child, is_on, local, name, value
from ocr_pipeline.source.word.styles import Styles

__all__ = ["InlineReader", "Piece"]

Piece = str | PictureUse | TextBox | Unreadable
"""Text (a line feed is a break that somebody typed), or something drawn."""

_REMOVED = frozenset({"del", "moveFrom", "pPr", "rPr", "sdtPr", "sdtEndPr", "rt", "customXmlPr", "smartTagPr", "tblPr"})
_SIGNS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_CIRCLED = re.compile(r"^\s*eq\s.*\(\s*[○〇◯]\s*[,，;；]\s*(.+?)\s*\)\s*$", re.IGNORECASE | re.DOTALL)
_WINGDINGS = {0xA3: "□", 0xA8: "□", 0x6F: "□", 0x52: "☑", 0xFE: "☑", 0xFC: "√", 0x6C: "●", 0x6E: "■"}
_REPLACEMENT = "\ufffd"
_WHITE = "FFFFFF"
_SHIFTS: dict[str, Shift] = {"superscript": raised, "subscript": lowered}


@dataclass(slots=True)
class _Field:
    code: str = ""
    in_code: bool = True


@dataclass(slots=True)
class InlineReader:
    """Reads paragraph after paragraph; fields may reach over several.

    Attributes:
        styles: for text hidden by its style.
        notes: kind (``footnotes``, ``endnotes``) and id of the notes referred to so far.
        struck: each piece of text with a line through it, which was left out.
    """

    styles: Styles
    notes: list[tuple[str, str]] = field(default_factory=list)
    struck: list[str] = field(default_factory=list)
    _fields: list[_Field] = field(default_factory=list)
    _printed: bool = False

    def read(self, paragraph: Element) -> list[Piece]:
        """The pieces of a paragraph; neighbouring pieces of text are not joined."""
        runs = paragraph.iter(name("w:r"))
        # White text beside print is a place holder; where it stands alone, its ground may be dark.
        self._printed = any(item.find(name("w:t")) is not None and not self._is_white(item) for item in runs)
        pieces = list(self._inside(paragraph))
        # A code ends within its paragraph; without this a field that is never closed would swallow the document.
        self._fields = [item for item in self._fields if not item.in_code]
        return pieces

    def _inside(self, element: Element) -> Iterator[Piece]:
        for item in element:
            tag = local(item)
            if tag in _REMOVED or not tag:
                continue
            if tag == "AlternateContent":
                yield from _best([list(self._inside(option)) for option in item])
            elif is_drawing(item):
                if not self._in_code():
                    yield from self._drawn(drawn_parts(item))
            elif tag == "r" and item.find(name("w:rPr")) is not None:
                yield from self._run(item)
            elif tag in ("fldChar", "instrText"):
                yield from self._field(item, tag)
            elif tag in ("footnoteReference", "endnoteReference"):
                self.notes.append((tag.replace("Reference", "s"), value(item, "w:id") or ""))
            elif len(item):
                yield from self._inside(item)
            elif not self._in_code():
                yield _text(item, tag)

    def _in_code(self) -> bool:
        return any(item.in_code for item in self._fields)

    def _field(self, item: Element, tag: str) -> Iterator[Piece]:
        if tag == "instrText":
            if self._fields:
                self._fields[-1].code += item.text or ""
            return
        kind = value(item, "w:fldCharType")
        if kind == "begin":
            self._fields.append(_Field())
        elif kind == "separate" and self._fields:
            self._fields[-1].in_code = False
        elif kind == "end" and self._fields:
            closed = self._fields.pop()
            if closed.in_code and not self._in_code():
                yield _circled(closed.code)

    def _follow_fields(self, run: Element) -> None:
        for item in run:
            if local(item) in ("fldChar", "instrText"):
                list(self._field(item, local(item)))

    def _run(self, run: Element) -> Iterator[Piece]:
        properties = child(run, "w:rPr")
        if is_on(self.styles.of_run(properties, "w:vanish")) or (self._printed and self._is_white(run)):
            self._follow_fields(run)
            return
        struck = any(is_on(self.styles.of_run(properties, line)) for line in ("w:strike", "w:dstrike"))
        shift = _SHIFTS.get(value(self.styles.of_run(properties, "w:vertAlign")) or "", str)
        for piece in self._inside(run):
            if not isinstance(piece, str):
                yield piece
            elif struck:
                self.struck.append(piece)
            else:
                yield shift(piece)

    def _is_white(self, run: Element) -> bool:
        """Whether its text is white, and nothing says that its ground is not."""
        properties = child(run, "w:rPr")
        grounds = (self.styles.of_run(properties, ground) for ground in ("w:shd", "w:highlight"))
        colour = value(self.styles.of_run(properties, "w:color")) or ""
        return colour.upper() == _WHITE and all(ground is None for ground in grounds)

    def _drawn(self, parts: Iterable[DrawnPart]) -> Iterator[Piece]:
        for part in parts:
            if isinstance(part, Alternatives):
                yield from _best([list(self._drawn(option)) for option in part.options])
            else:
                yield part


def _best(readings: list[list[Piece]]) -> list[Piece]:
    """The first alternative that gives anything readable, else the first one that gives anything."""
    readable = (pieces for pieces in readings if any(not isinstance(piece, Unreadable) for piece in pieces))
    return next(readable, next((pieces for pieces in readings if pieces), []))


def _text(item: Element, tag: str) -> str:
    if tag == "t":
        return (item.text or "").replace("\n", " ")
    if tag == "sym":
        return _symbol(value(item, "w:char"), value(item, "w:font"))
    return _SIGNS.get(tag, "")


def _circled(code: str) -> str:
    """What a field draws that has no result: a sign within a circle, which is typed in this way."""
    match = _CIRCLED.match(code)
    if match is None:
        return ""
    inner = match.group(1)
    return chr(ord("①") + int(inner) - 1) if inner.isdecimal() and 1 <= int(inner) <= 20 else inner


def _symbol(code: str | None, font: str | None) -> str:
    """A sign of a symbol font, whose characters are placed in the private area by their number in the font."""
    try:
        point = int(code or "", 16)
    except ValueError:
        return ""
    if not 0xF000 <= point <= 0xF0FF:
        return chr(point) if 0x20 <= point < 0x110000 and not 0xD800 <= point < 0xE000 else ""
    place = point - 0xF000
    if (font or "").lower() == "wingdings":
        if 0x81 <= place <= 0x8A:
            return chr(ord("①") + place - 0x81)
        return _WINGDINGS.get(place, _REPLACEMENT)
    return _REPLACEMENT
