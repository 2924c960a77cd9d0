"""A web page as a flow of headings, paragraphs, tables and pictures, in the order in which it shows them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ocr_pipeline.document import Finding, Severity
from ocr_pipeline.errors import EmptySourceError
from ocr_pipeline.flow import FlowBlock, FlowPicture, FlowTable, FlowText
from ocr_pipeline.source.document_source import Source
from ocr_pipeline.source.opening import Request
from ocr_pipeline.source.struck import struck_out_findings
from ocr_pipeline.source.web.charset import Decoded, decode_page
from ocr_pipeline.source.web.content import is_navigation, main_content, page_title
from ocr_pipeline.source.web.html_tables import Placed, count_figures, is_data_table, place_cells, read_table
from ocr_pipeline.source.web.list_numbers import ListNumbers
from ocr_pipeline.source.web.markup import (
    BLOCKS,
    Element,
    attribute,
    is_hidden,
    is_struck,
    parse_page,
    squeezed,
    tag_of,
    text_lines,
    walk,
)
from ocr_pipeline.source.web.pictures import Lookup, Pictures, beside
from ocr_pipeline.source.web.style_sheets import apply_style_sheets

__all__ = ["WebPage", "open_html", "read_page"]

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_FIGURES_THAT_MATTER = 4
"""Cells with figures from which a table has to lie in what is taken for the content."""


@dataclass(frozen=True, slots=True)
class WebPage:
    """What a page holds, and what has to be said about it."""

    blocks: tuple[FlowBlock, ...]
    findings: tuple[Finding, ...]


def open_html(request: Request) -> Source:
    """Open a saved page; pictures are taken from the page itself and from the folders beside its file.

    Raises:
        EmptySourceError: it shows nothing.
        LimitExceededError: a table is larger, the elements are nested deeper, or the pictures are more than is allowed.
    """
    lookup = beside(request.path, request.options.max_bytes)
    page = read_page(decode_page(request.data), lookup, request)
    return Source(request.info(0), (), flow=page.blocks, findings=(*request.findings(), *page.findings))


def read_page(decoded: Decoded, lookup: Lookup, request: Request) -> WebPage:
    """Everything that a page shows.

    Args:
        decoded: its text.
        lookup: finds the pictures that are not inlined.
        request: what was asked for; its limits hold.

    Raises:
        EmptySourceError: it shows nothing.
        LimitExceededError: see ``open_html``.
    """
    root = parse_page(decoded.text)
    if root is None:
        raise EmptySourceError("the page is empty", source=request.name)
    apply_style_sheets(root)
    body = next(root.iter("body", "frameset"), root)
    tables = {t: place_cells(t, request.options.max_table_slots) for t in body.iter("table")}
    data = {t: cells for t, cells in tables.items() if cells and is_data_table(t, cells)}
    figures = [t for t, cells in data.items() if count_figures(cells) >= _FIGURES_THAT_MATTER]
    pictures = Pictures(lookup, request.options.max_bytes, request.options.max_pictures)
    writer = _Writer(data, pictures)
    writer.write(main_content(body, figures))
    blocks = _with_title(writer.blocks, root)
    findings = (*_remarks(decoded), *_struck_out(body), *pictures.findings())
    if not blocks:
        remedy = findings[0].message if findings else "save the page anew, with everything it shows"
        raise EmptySourceError("the page shows no text, table or picture", source=request.name, remedy=remedy)
    return WebPage(blocks, findings)


class _Writer:
    """Walks through a page and writes down its blocks; the ``level`` of a heading is that of its element."""

    def __init__(self, tables: dict[Element, Placed], pictures: Pictures) -> None:
        self.blocks: list[FlowBlock] = []
        self._tables = tables
        self._pictures = pictures
        self._words: list[str] = []
        self._level: int | None = None
        self._numbers = ListNumbers()
        self._table_count = 0

    def write(self, content: Element) -> None:
        for kind, element, text in walk(content, self._is_closed):
            tag = tag_of(element)
            if kind == "text":
                self._add(text, preformatted=tag == "pre")
            elif element in self._tables:
                self._flush()
                if kind == "start":
                    self._table(element)
            elif tag == "br":
                # In a heading it only breaks the line; elsewhere it is how editors write a paragraph.
                if kind == "start" and self._level is None:
                    self._flush()
            elif tag == "img" and kind == "start":
                self._picture(element)
            elif tag in BLOCKS:
                self._flush()
                self._level = int(tag[1]) if tag in _HEADINGS and kind == "start" else None
                self._words.extend(self._numbers.step(kind, element))
        self._flush()

    def _is_closed(self, element: Element) -> bool:
        return element in self._tables or is_navigation(element)

    def _add(self, text: str, *, preformatted: bool) -> None:
        if not preformatted:
            self._words.append(text)
            return
        for line in text.splitlines():
            self._words.append(line)
            self._flush()

    def _flush(self) -> None:
        text = squeezed("".join(self._words))
        self._words.clear()
        if text:
            self.blocks.append(FlowText(text, self._level))

    def _table(self, element: Element) -> None:
        for caption in element.iterchildren("caption"):
            self.blocks.extend(FlowText(line) for line in text_lines(caption))
        self._table_count += 1
        self.blocks.append(FlowTable(read_table(self._tables[element], f"t{self._table_count}")))
        for kind, inner, _ in walk(element):
            if kind == "start" and tag_of(inner) == "img":
                self._picture(inner)

    def _picture(self, element: Element) -> None:
        # Pages that load pictures late keep the address elsewhere until the picture is scrolled to.
        address = attribute(element, "src") or attribute(element, "data-src")
        found: FlowPicture | None = self._pictures.find(address) if address else None
        if found is not None:
            self._flush()
            self.blocks.append(found)


def _with_title(blocks: Sequence[FlowBlock], root: Element) -> tuple[FlowBlock, ...]:
    """The blocks with the title marked, or put in front, and the levels of headings counted from 1 without gaps."""
    title = page_title(root, [block.text for block in blocks if isinstance(block, FlowText)])
    wanted = _letters(title or "")
    place = next((n for n, b in enumerate(blocks) if isinstance(b, FlowText) and _letters(b.text) == wanted), None)
    used = {b.level for n, b in enumerate(blocks) if isinstance(b, FlowText) and b.level is not None and n != place}
    ranks = {level: rank for rank, level in enumerate(sorted(used), start=1)}
    titled: list[FlowBlock] = []
    for number, block in enumerate(blocks):
        if isinstance(block, FlowText) and number == place:
            titled.append(replace(block, level=0))
        elif isinstance(block, FlowText) and block.level is not None:
            titled.append(replace(block, level=ranks[block.level]))
        else:
            titled.append(block)
    if title and place is None and blocks:
        titled.insert(0, FlowText(title, 0))
    return tuple(titled)


def _letters(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _struck_out(body: Element) -> tuple[Finding, ...]:
    struck = [element for element in body.iter() if is_struck(element)]
    left_out = (element for element in struck if is_hidden(element) or tag_of(element) in ("td", "th", "tr"))
    return struck_out_findings("".join(element.itertext()) for element in left_out)


def _remarks(decoded: Decoded) -> tuple[Finding, ...]:
    remarks = []
    if decoded.lost:
        message = f"{decoded.lost} characters of the page cannot be read in its encoding ({decoded.encoding})"
        remarks.append(Finding(code="undecodable-text", severity=Severity.WARNING, message=message))
    lower = decoded.text.lower()
    tail = lower[lower.rfind("<") :]
    opened, closed = lower.count("<table"), lower.count("</table")
    if decoded.cut or (tail and ">" not in tail) or opened > closed:
        message = "the page is cut off: it ends before its last table, tag or character does; what follows is missing"
        remarks.append(Finding(code="cut-off-source", severity=Severity.WARNING, message=message))
    return tuple(remarks)
