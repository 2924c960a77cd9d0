"""The part of a page that is the document: not its navigation, not the frame that the web site puts around it.

Only what the page itself marks is believed, and only when every table of figures lies inside; in doubt the whole page
is the document, since a line of navigation too many does no harm and a table too few does.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from ocr_pipeline.source.web.markup import Element, attribute, is_hidden, squeezed, tag_of, text_lines, walk

__all__ = ["is_navigation", "main_content", "page_title"]

# Marks of the content systems that Chinese administrations use, beside those of HTML and ARIA.
_MARKS = re.compile(
    r"ucap-content|trs_editor|trs_ueditor|zoom|vsb_content\w*|article[-_]?(?:content|body|con)|pages_content|xxgk_content"
    r"|news_content\w*|zwcontent|js_content|con_con|content_main",
    re.IGNORECASE,
)
_NAVIGATION_ROLES = ("navigation", "banner", "contentinfo", "search", "complementary")
_LEAST_SHARE = 0.6
"""Of a page's prose; a marked element that holds less of it is not its content."""
_LINKS_OF_A_LIST = 3
_LINK_SHARE = 0.75
"""Share of its text that stands in links, where an element is a menu."""
_LINK_LENGTH = 30
"""Characters of an entry of a menu on average; a list of titles of documents has longer ones."""
_TITLE_CUTS = re.compile(r"[_|—–]+|\s[-·]\s|-(?=[^-]*$)")


def main_content(body: Element, tables: Collection[Element]) -> Element:
    """The smallest element that is marked as the content and holds every table and most of the text; else ``body``.

    Args:
        body: the page.
        tables: those that must not be lost.
    """
    best, total = body, _prose_length(body)
    for element in _marked(body):
        within = set(element.iter("table"))
        if all(table in within for table in tables):
            length = _prose_length(element)
            if length > 0 and length >= _LEAST_SHARE * total:
                best = element
    return best


def is_navigation(element: Element) -> bool:
    """Whether an element is a menu, a header or footer of the site, or a list of links."""
    tag = tag_of(element)
    if tag in ("nav", "footer", "aside") or attribute(element, "role").lower() in _NAVIGATION_ROLES:
        return True
    if tag not in ("ul", "ol", "dl", "div", "p"):
        return False
    links = [link for link in element.iter("a") if link.get("href") is not None and not is_hidden(link)]
    if len(links) < _LINKS_OF_A_LIST or next(element.iter("table", "h1"), None) is not None:
        return False
    lengths = [_length(link) for link in links]
    whole = _length(element)
    return sum(lengths) >= _LINK_SHARE * whole and sum(lengths) <= _LINK_LENGTH * len(links)


def page_title(root: Element, shown: Collection[str]) -> str | None:
    """The title of the document; None when the page has none.

    In this order: the title that the metadata of administrations' sites give, the only ``h1``, the part of ``title``
    that stands on the page, the longest part of ``title``.

    Args:
        root: the whole page.
        shown: the paragraphs of its content.
    """
    for meta in root.iter("meta"):
        if attribute(meta, "name").lower() in ("articletitle", "article_title"):
            title = squeezed(attribute(meta, "content"))
            if title:
                return title
    headings = [squeezed("".join(text_lines(h))) for h in root.iter("h1") if not is_hidden(h)]
    if len(headings) == 1 and headings[0]:
        return headings[0]
    element = next(root.iter("title"), None)
    written = squeezed(element.text or "") if element is not None else ""
    parts = [written, *(part.strip() for part in _TITLE_CUTS.split(written))]
    present = [part for part in parts if part and part in shown]
    return max(present or parts[1:], key=len) or None


def _marked(body: Element) -> Iterator[Element]:
    for element in body.iterdescendants():
        names = (attribute(element, "id"), *attribute(element, "class").split())
        if (
            tag_of(element) in ("main", "article")
            or attribute(element, "role").lower() == "main"
            or any(_MARKS.fullmatch(name) for name in names)
        ):
            yield element


def _length(element: Element) -> int:
    return sum(len(line) for line in text_lines(element))


def _prose_length(element: Element) -> int:
    """Characters of text outside of links."""
    return sum(len(text.strip()) for kind, _, text in walk(element, _is_link) if kind == "text")


def _is_link(element: Element) -> bool:
    return tag_of(element) == "a" and element.get("href") is not None
