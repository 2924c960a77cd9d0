"""What a paragraph takes from its style: outline level, list, and whether it belongs to a list of contents."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ocr_pipeline.source.word.names import Element, child, children, name, value

__all__ = ["ListPlace", "Styles", "list_place", "outline_level"]

ListPlace = tuple[str | None, str | None]
"""Number of the list and level in it, as written; None for what is not said there."""

_HEADING = re.compile(r"heading ([1-9])", re.IGNORECASE)
_CONTENTS = re.compile(r"toc [1-9]|toc heading|table of figures", re.IGNORECASE)
_BODY_LEVEL = 9  # ISO/IEC 29500-1, 17.3.1.20: 0 to 8 are headings, 9 is text


class Styles:
    """The paragraph styles of a document.

    Args:
        root: ``w:styles``; None for a document without.
    """

    def __init__(self, root: Element | None) -> None:
        self._styles: dict[str, Element] = {}
        self._default: str | None = None
        for style in children(root, "w:style"):
            key = value(style, "w:styleId")
            if key is None:
                continue
            self._styles[key] = style
            if value(style, "w:type") == "paragraph" and value(style, "w:default") in ("1", "true", "on"):
                self._default = key

    def _chain(self, key: str | None) -> Iterator[tuple[str, Element]]:
        """The style and those it is based on, nearest first; a circle is left where it closes."""
        seen: set[str] = set()
        key = self._default if key is None else key
        while key is not None and key in self._styles and key not in seen:
            seen.add(key)
            yield key, self._styles[key]
            key = value(child(self._styles[key], "w:basedOn"))

    def level(self, key: str | None) -> int | None:
        """Outline level that a style gives, from 1; 0 for the title; None for body text."""
        for _, style in self._chain(key):
            label = value(child(style, "w:name")) or ""
            if label.lower() == "title":
                return 0
            outline = value(child(style, "w:pPr", "w:outlineLvl"))
            if outline is not None and outline.isdigit():
                return outline_level(int(outline))
            heading = _HEADING.fullmatch(label)
            if heading:
                return int(heading.group(1))
        return None

    def is_contents(self, key: str | None) -> bool:
        """Whether it is the style of a line in a list of contents, which repeats the headings."""
        return any(_CONTENTS.fullmatch(value(child(style, "w:name")) or "") for _, style in self._chain(key))

    def of_run(self, properties: Element | None, short: str) -> Element | None:
        """What a run or, where it says nothing, its character style says of one property (``w:vanish``)."""
        own = child(properties, short)
        if own is not None:
            return own
        key = value(child(properties, "w:rStyle"))
        found = (child(style, "w:rPr", short) for _, style in self._chain(key)) if key is not None else iter(())
        return next((said for said in found if said is not None), None)

    def list_place(self, key: str | None) -> tuple[ListPlace, str | None]:
        """The list that a style puts its paragraphs in, and the style of the chain that says so."""
        number: str | None = None
        level: str | None = None
        for owner, style in self._chain(key):
            here, depth = list_place(child(style, "w:pPr"))
            level = depth if level is None else level
            if here is not None:
                number = here
                return (number, level), owner
        return (number, level), None


def outline_level(written: int) -> int | None:
    """The level of a heading from 1 that ``w:outlineLvl`` counts from 0; None for text."""
    return written + 1 if written < _BODY_LEVEL else None


def list_place(properties: Element | None) -> ListPlace:
    """The list that ``w:pPr`` itself names."""
    place = None if properties is None else properties.find(name("w:numPr"))
    return value(child(place, "w:numId")), value(child(place, "w:ilvl"))
