"""Documents that are no pages: what a Word file, a web page or a text dump holds, in its own order.

Such a source already has structure, so it joins the pipeline later than a scan does: a table of its markup enters where
tables are matched, a picture goes through the pixel stages in place, and a dump whose cells have run together enters as
tokens. Everything is immutable; nothing here parses.
"""

from __future__ import annotations

from dataclasses import dataclass

from ocr_pipeline.document import Table

__all__ = ["FlowBlock", "FlowPicture", "FlowTable", "FlowText", "FlowTokens"]


@dataclass(frozen=True, slots=True)
class FlowText:
    """One paragraph.

    Attributes:
        text: without line breaks of the layout; never empty.
        level: outline level of a heading that the markup names as one, from 1; 0 for the title; None otherwise.
    """

    text: str
    level: int | None = None


@dataclass(frozen=True, slots=True)
class FlowTable:
    """A table of the source's own markup (``Table.ruling`` is ``markup``), spans resolved."""

    table: Table


@dataclass(frozen=True, eq=False, slots=True)
class FlowPicture:
    """An embedded picture, still encoded: it may show a table, text, or nothing of interest.

    Attributes:
        data: the picture's file as embedded.
        name: what to call it in messages.
    """

    data: bytes
    name: str


@dataclass(frozen=True, slots=True)
class FlowTokens:
    """A stretch of a text dump in which tables may hide: its lines, each split into the cells still told apart.

    Attributes:
        lines: one tuple of cell texts a line, in order; empty cells are kept as empty strings.
    """

    lines: tuple[tuple[str, ...], ...]


FlowBlock = FlowText | FlowTable | FlowPicture | FlowTokens
