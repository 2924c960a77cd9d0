"""Title and section tree of a document without pages, from its blocks in their own order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ocr_pipeline.flow import FlowText
from ocr_pipeline.layout.headings import could_be_heading
from ocr_pipeline.layout.numbering import Scheme, parse_numbering
from ocr_pipeline.layout.options import DEFAULT_OPTIONS, LayoutOptions
from ocr_pipeline.layout.outline import Outline, numbered_level
from ocr_pipeline.layout.section_tree import SectionTree

__all__ = ["TableMark", "outline_flow"]

_TITLE = re.compile(r"(报告|总结|年报|情况)$")


@dataclass(frozen=True, slots=True)
class TableMark:
    """A table's place among the blocks."""

    table: str


def outline_flow(blocks: Sequence[FlowText | TableMark], options: LayoutOptions = DEFAULT_OPTIONS) -> Outline:
    """Title and section tree of a flow.

    A heading is what the markup names as one, or a short numbered paragraph; a number decides the level before the
    markup does, since authors number with more care than they style. Text before the first heading is a section of
    level 0 without a title. The title is what the markup names as one, or an opening line that reads like one.

    Args:
        blocks: paragraphs and tables in their order.
        options: how long a heading may be.
    """
    texts = [block for block in blocks if isinstance(block, FlowText)]
    schemes = {n.scheme for n in (parse_numbering(t.text) for t in texts if _is_heading(t, options)) if n}
    chapters, parts = Scheme.CHAPTER in schemes, Scheme.PART in schemes
    title = _title(texts)
    tree = SectionTree()
    for block in blocks:
        if isinstance(block, TableMark):
            tree.here.tables.append(block.table)
        elif block is title:
            continue
        elif _is_heading(block, options):
            number = parse_numbering(block.text)
            level = numbered_level(number, chapters=chapters, parts=parts) if number else max(1, block.level or 1)
            tree.open(level, block.text)
        else:
            tree.here.paragraphs.append(block.text)
    return Outline(title=title.text if title else None, sections=tree.sections())


def _is_heading(block: FlowText, options: LayoutOptions) -> bool:
    if block.level:
        return True
    number = parse_numbering(block.text)
    return number is not None and could_be_heading(block.text, number, options)


def _title(texts: Sequence[FlowText]) -> FlowText | None:
    named = next((text for text in texts if text.level == 0), None)
    if named is not None:
        return named
    for text in texts[:3]:
        if parse_numbering(text.text) is None and len(text.text) <= 60 and _TITLE.search(text.text.strip()):
            return text
    return None
