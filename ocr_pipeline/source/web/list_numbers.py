"""The numbers that a page shows before the items of its lists, as text."""

from __future__ import annotations

import re
from typing import Literal

from ocr_pipeline.source.roman import LARGEST, roman
from ocr_pipeline.source.web.markup import Element, attribute, tag_of

__all__ = ["ListNumbers"]

_NO_MARKS = re.compile(r"list-style(?:-type)?\s*:[^;]*\bnone\b", re.IGNORECASE)
_INTEGER = re.compile(r"[-+]?\d{1,9}")


class ListNumbers:
    """Follows a walk through a page and counts (WHATWG HTML, 4.4.5 "The ol element")."""

    def __init__(self) -> None:
        self._lists: list[tuple[Element, int | None, int]] = []

    def step(self, kind: Literal["start", "text", "end"], element: Element) -> list[str]:
        """What stands before the text of an element: its number, or nothing."""
        tag = tag_of(element)
        if tag in ("ol", "ul"):
            if kind == "start":
                self._lists.append(_opened(element))
            elif self._lists:
                self._lists.pop()
        elif tag == "li" and kind == "start" and self._lists:
            return self._number(element)
        return []

    def _number(self, item: Element) -> list[str]:
        owner, number, step = self._lists[-1]
        if number is None or _NO_MARKS.search(item.get("style") or ""):
            return []
        number = _integer(attribute(item, "value"), number)
        self._lists[-1] = (owner, number + step, step)
        return [_written(number, attribute(item, "type") or attribute(owner, "type"))]


def _opened(element: Element) -> tuple[Element, int | None, int]:
    if tag_of(element) == "ul" or _NO_MARKS.search(element.get("style") or ""):
        return element, None, 0
    backwards = element.get("reversed") is not None
    first = sum(1 for _ in element.iterchildren("li")) if backwards else 1
    return element, _integer(attribute(element, "start"), first), -1 if backwards else 1


def _integer(text: str, otherwise: int) -> int:
    match = _INTEGER.match(text)
    return int(match.group()) if match else otherwise


def _written(number: int, style: str) -> str:
    if style in ("a", "A") and number > 0:
        letters = ""
        while number:
            number, letter = divmod(number - 1, 26)
            letters = chr(ord(style) + letter) + letters
        return f"{letters}. "
    if style in ("i", "I") and 0 < number <= LARGEST:
        return f"{roman(number).upper() if style == 'I' else roman(number)}. "
    return f"{number}. "
