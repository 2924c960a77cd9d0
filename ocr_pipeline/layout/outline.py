"""The document over all its pages: title, section tree, and the text of each section."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pydantic import Field

from ocr_pipeline.document import Page, Region, RegionKind, Section, Table
from ocr_pipeline.frozen import FrozenModel
from ocr_pipeline.geometry import Box
from ocr_pipeline.layout.furniture import relabel_running
from ocr_pipeline.layout.numbering import Numbering, Scheme, parse_numbering
from ocr_pipeline.layout.options import DEFAULT_OPTIONS, LayoutOptions
from ocr_pipeline.layout.paragraphs import Frame, continues, paragraph_text
from ocr_pipeline.layout.regions import in_order
from ocr_pipeline.layout.rows import Row, group_rows
from ocr_pipeline.layout.section_tree import SectionTree
from ocr_pipeline.layout.typography import ends_sentence, join

__all__ = ["Outline", "numbered_level", "outline"]

_LEVELS = {
    Scheme.COMMA: 1,
    Scheme.BRACKETED: 2,
    Scheme.ARABIC: 3,
    Scheme.ARTICLE: 3,
    Scheme.ARABIC_BRACKETED: 4,
    Scheme.CIRCLED: 5,
}
_DECIMAL_LEVEL = 2
"""And one more for each number: 1.1 stands one below 1."""
_SAME_SIZE = 0.97
"""A heading without a number this close to the size of those of level 1 is one of them."""
_IS_TABLE = 0.5


class Outline(FrozenModel):
    """What ``outline`` makes of the pages."""

    title: str | None = Field(default=None, description="the document's title, its rows joined")
    sections: tuple[Section, ...] = ()
    pages: tuple[Page, ...] = Field(default=(), description="the pages, running headers labelled and tables named")


@dataclass(frozen=True)
class _Item:
    """A region in reading order with its rows, those inside known tables left out, and the tables it shows."""

    page: int
    region: Region
    rows: tuple[Row, ...]
    tables: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return paragraph_text(self.rows)


def outline(pages: Sequence[Page], tables: Sequence[Table] = (), options: LayoutOptions = DEFAULT_OPTIONS) -> Outline:
    """Title and section tree of a document.

    一、 opens a section of level 1, （一） of 2, 1. of 3, （1） of 4 and ① of 5, one deeper below chapters (第一章) and
    one more below their parts (第一节); a section belongs to the nearest one above it of a lower level, whatever its
    number.
    Text before the first heading is a section of level 0 without a title. A section's text is its own, without its
    children's: paragraphs parted by line feeds, each put together over line, column and page breaks. The text of
    known tables, figures, page headers and footers is no part of it.

    Args:
        pages: the pages in order, their regions as ``arrange`` gives them.
        tables: the tables of the document; each is listed once, in the section where it begins.
        options: what makes a paragraph and a running header.
    """
    places = [(place.page, place.box, table.id) for table in tables for place in table.places]
    ids = {table.id for table in tables}
    labelled = tuple(
        _with_tables(page, [(box, table) for number, box, table in places if number == page.index], ids)
        for page in relabel_running(pages, options)
    )
    items = list(_items(labelled, places))
    title = ""
    for item in items:
        if item.region.kind is RegionKind.TITLE:
            title = join(title, item.text)
    return Outline(title=title or None, sections=_sections(items, labelled, options), pages=labelled)


def _with_tables(page: Page, here: Sequence[tuple[Box, str]], ids: set[str]) -> Page:
    """The page with its TABLE regions named after the tables they show, and one for each table that stands in none.

    A region may show several, one below the other, of which it is named after one.
    """
    regions: list[Region] = []
    shown: set[str] = set()
    for region in sorted(page.regions, key=lambda r: r.order):
        table = _table_of(region, here, ids) if region.kind is RegionKind.TABLE else None
        shown.update([table] if table else [])
        regions.append(region.model_copy(update={"table": table}) if table else region)
    seen = [region.box for region in regions if region.kind is RegionKind.TABLE]
    for box, table in here:
        if table not in shown and not any(box.share_inside(other) >= _IS_TABLE for other in seen):
            _insert(regions, Region(kind=RegionKind.TABLE, box=box, table=table))
    return page.model_copy(update={"regions": in_order(regions)})


def _table_of(region: Region, here: Sequence[tuple[Box, str]], ids: set[str]) -> str | None:
    if region.table in ids:
        return region.table
    for box, table in here:
        if box.share_inside(region.box) >= _IS_TABLE or region.box.share_inside(box) >= _IS_TABLE:
            return table
    return None


def _insert(regions: list[Region], table: Region) -> None:
    """Put a table before what begins below it."""
    for index, region in enumerate(regions):
        furniture = region.kind in (RegionKind.HEADER, RegionKind.SEAL)
        if not furniture and region.box.top >= table.box.top:
            regions.insert(index, table)
            return
    regions.append(table)


def _items(pages: Sequence[Page], places: Sequence[tuple[int, Box, str]]) -> Iterator[_Item]:
    for page in pages:
        here = [(box, table) for number, box, table in places if number == page.index]
        for region in page.regions:
            rows = group_rows(
                line for line in region.lines if not any(box.contains_point(line.box.center) for box, _ in here)
            )
            yield _Item(page.index, region, tuple(rows), tuple(_shown(region, here)))


def _shown(region: Region, here: Sequence[tuple[Box, str]]) -> Iterator[str]:
    """The tables of the page that a region shows, top to bottom."""
    if region.table is None:
        return
    for box, table in sorted(here, key=lambda place: (place[0].top, place[0].left)):
        if table == region.table or box.share_inside(region.box) >= _IS_TABLE:
            yield table


def _sections(items: Sequence[_Item], pages: Sequence[Page], options: LayoutOptions) -> tuple[Section, ...]:
    frames = _Frames(pages)
    levels = _Levels.of(items)
    tree = SectionTree(items[0].page if items else None)
    listed: set[str] = set()
    last: _Item | None = None
    for item in items:
        kind = item.region.kind
        if item.region.table is not None:
            for table in item.tables:
                if table not in listed:
                    tree.here.tables.append(table)
                    listed.add(table)
            last = item
        elif kind is RegionKind.TABLE:
            tree.here.paragraphs += [row.text for row in item.rows]
            last = item
        elif item.rows and kind is RegionKind.HEADING and not _goes_on(last, item, frames, options):
            tree.open(levels.level(item, tree), item.text, item.page)
            last = item
        elif item.rows and kind in (RegionKind.TEXT, RegionKind.HEADING):
            paragraphs = tree.here.paragraphs
            if paragraphs and _goes_on(last, item, frames, options):
                paragraphs[-1] = join(paragraphs[-1], item.text)
            else:
                paragraphs.append(item.text)
            last = item
    return tree.sections()


@dataclass(frozen=True)
class _Frames:
    pages: Sequence[Page]

    def of(self, item: _Item) -> Frame:
        """The measure of the column in which the item stands."""
        page = next(page for page in self.pages if page.index == item.page)
        rows = [
            row
            for region in page.regions
            if region.kind in (RegionKind.TEXT, RegionKind.HEADING)
            and region.box.overlap_x(item.region.box) >= 0.5 * min(region.box.width, item.region.box.width)
            for row in group_rows(region.lines)
        ]
        wide = Box.union_of(row.box for row in rows).width > page.width / 2
        return Frame.of(rows, page_width=float(page.width) if wide else None)


def _goes_on(last: _Item | None, item: _Item, frames: _Frames, options: LayoutOptions) -> bool:
    """Whether the item is the rest of a paragraph that a page or column break cut."""
    if last is None or last.region.kind is not RegionKind.TEXT or not last.rows:
        return False
    same_column = last.page == item.page and item.region.box.top >= last.region.box.bottom - last.rows[-1].em
    if same_column or not 0 <= item.page - last.page <= 1:
        return False
    above, below = frames.of(last), frames.of(item)
    if item.region.kind is RegionKind.HEADING:
        # A row that opens the page with what looks like a number, in the middle of a sentence.
        unfinished = above.sure and above.room(last.rows[-1]) < 1.5 and not ends_sentence(last.text)
        return unfinished and below.indent(item.rows[0]) < 0.5 and below.sure
    return continues(last.rows[-1], item.rows[0], (above, below), options)


@dataclass(frozen=True)
class _Levels:
    """How deep a heading stands.

    Attributes:
        chapters: whether there are chapters.
        parts: whether there are parts of chapters.
        size: size of the characters of the headings of level 1 in pixels, None without any.
    """

    chapters: bool
    parts: bool
    size: float | None

    @classmethod
    def of(cls, items: Sequence[_Item]) -> _Levels:
        headings = [item for item in items if item.region.kind is RegionKind.HEADING and item.rows]
        numbers = [parse_numbering(item.text) for item in headings]
        schemes = {number.scheme for number in numbers if number}
        outermost = next((s for s in (Scheme.CHAPTER, Scheme.PART, Scheme.COMMA) if s in schemes), None)
        sizes = [
            item.rows[0].em
            for item, number in zip(headings, numbers, strict=True)
            if number is not None and number.scheme is outermost
        ]
        return cls(
            chapters=Scheme.CHAPTER in schemes,
            parts=Scheme.PART in schemes,
            size=statistics.median(sizes) if sizes else None,
        )

    def level(self, item: _Item, tree: SectionTree) -> int:
        number = parse_numbering(item.text)
        if number is not None:
            return self._of_number(number)
        if self.size is None or item.rows[0].em >= _SAME_SIZE * self.size:
            return 1
        numbered = [section.level for section in tree.above() if parse_numbering(section.title) is not None]
        return max(numbered, default=0) + 1

    def _of_number(self, number: Numbering) -> int:
        return numbered_level(number, chapters=self.chapters, parts=self.parts)


def numbered_level(number: Numbering, *, chapters: bool, parts: bool) -> int:
    """Level of a heading from its number, in a document with or without chapters (第一章) and their parts (第一节)."""
    if number.scheme is Scheme.CHAPTER:
        return 1
    if number.scheme is Scheme.PART:
        return 1 + chapters
    level = _DECIMAL_LEVEL + number.depth if number.scheme is Scheme.DECIMAL else _LEVELS[number.scheme]
    return level + chapters + parts
