"""The text of the document: its tree of headings, with the tables of no known form in their places."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ocr_pipeline.document import Section
from ocr_pipeline.report.html.markup import Html, el

__all__ = ["prose_html"]

_DEEPEST = 6
_TOP = 2
"""Headings of the file itself that stand above those of the document."""


def prose_html(sections: tuple[Section, ...], table: Callable[[str], Html | None]) -> list[Html]:
    """The sections in order.

    Args:
        sections: the tree.
        table: what to show for a table, by id.
    """
    return [_section(section, table) for section in sections]


def _section(section: Section, table: Callable[[str], Html | None]) -> Html:
    return el("section", list(_content(section, table)))


def _content(section: Section, table: Callable[[str], Html | None]) -> Iterator[Html]:
    if section.title:
        yield el(f"h{min(max(section.level, 1) + _TOP, _DEEPEST)}", section.title)
    yield from (el("p", line.strip()) for line in section.text.splitlines() if line.strip())
    for name in section.tables:
        shown = table(name)
        if shown is not None:
            yield shown
    yield from (_section(child, table) for child in section.children)
