"""The XML names of WordprocessingML and its neighbours (ISO/IEC 29500-1), and short ways to ask for them."""

from __future__ import annotations

import functools
from typing import TypeAlias

from lxml import etree

__all__ = ["NAMESPACES", "Element", "child", "children", "is_on", "local", "name", "value"]

Element: TypeAlias = etree._Element

NAMESPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
    "dgm": "http://schemas.openxmlformats.org/drawingml/2006/diagram",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
}

_FALSE = ("0", "false", "off", "none")


@functools.lru_cache(maxsize=1024)
def name(short: str) -> str:
    """``w:p`` as lxml writes it: the namespace in braces before the local name."""
    prefix, _, tag = short.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{tag}"


def local(element: Element) -> str:
    """The tag without its namespace; empty for comments and processing instructions."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def child(element: Element | None, *path: str) -> Element | None:
    """The first element down a path of short names; None where there is none."""
    for step in path:
        if element is None:
            return None
        element = element.find(name(step))
    return element


def children(element: Element | None, short: str) -> list[Element]:
    """All direct children of that short name."""
    return [] if element is None else element.findall(name(short))


def value(element: Element | None, attribute: str = "w:val") -> str | None:
    """An attribute by its short name; None for no element or no attribute."""
    return None if element is None else element.get(name(attribute))


def is_on(element: Element | None) -> bool:
    """Whether a switch such as ``w:vanish`` is there and not turned off by its value."""
    return element is not None and (value(element) or "").lower() not in _FALSE
