"""One document out of the pages of a source, or out of its flow of text, tables and pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from ocr_pipeline.assembly import NumberedPage, adjoining, blocks_of, continues
from ocr_pipeline.document import Table
from ocr_pipeline.errors import SourceError
from ocr_pipeline.flow import FlowBlock, FlowPicture, FlowTable, FlowText, FlowTokens
from ocr_pipeline.layout import Outline, TableMark, outline, outline_flow
from ocr_pipeline.pipeline.gathered import Gathered
from ocr_pipeline.pipeline.page_stages import PageReader
from ocr_pipeline.report import StageError
from ocr_pipeline.settings import Settings
from ocr_pipeline.source import Source, open_source
from ocr_pipeline.tables import join_tables

__all__ = ["Body", "BodyReader", "Progress"]

Progress = Callable[[int, int], None]
"""Called after each page, or block of a flow, with how many are done and how many there are."""


@dataclass(frozen=True)
class Body:
    """What a document says: its outline with the pages, and its tables, joined and named ``t1``, ``t2`` ..."""

    outline: Outline
    tables: tuple[Table, ...]


class BodyReader:
    """Reads what a source holds.

    Args:
        settings: options of every stage.
        pages: reads pages, and those of pictures in a flow.
    """

    def __init__(self, settings: Settings, pages: PageReader) -> None:
        self._settings, self._pages = settings, pages

    def read(self, opened: Source, so_far: Gathered, progress: Progress | None) -> Body:
        """The body of an open source; what else is to be said of it is gathered.

        Raises:
            SourceError: none of its pages can be read.
            NoTextError: there is no text in it.
        """
        if opened.flow is None:
            return self._of_pages(opened, so_far, progress)
        return self._of_flow(opened, opened.flow, so_far, progress)

    def _of_pages(self, opened: Source, so_far: Gathered, progress: Progress | None) -> Body:
        for number, page in enumerate(self._pages.read(opened.pages), start=1):
            so_far.add(page)
            if progress is not None:
                progress(number, len(opened.pages))
        so_far.refuse_empty(opened)
        with so_far.watch("layout"):
            found = outline(so_far.pages, so_far.pieces, self._settings.layout)
        with so_far.watch("tables"):
            together = partial(adjoining, {page.index: page for page in found.pages})
            tables = tuple(_named(self._joined(so_far, together)).values())
        with so_far.watch("layout"):
            return Body(outline(found.pages, tables, self._settings.layout), tables)

    def _of_flow(self, opened: Source, flow: Sequence[FlowBlock], so_far: Gathered, progress: Progress | None) -> Body:
        """A document without pages: its own tables as they are, its pictures through the pixel stages in place."""
        blocks: list[FlowText | TableMark] = []
        for number, block in enumerate(flow):
            if isinstance(block, FlowText):
                blocks.append(block)
            elif isinstance(block, FlowTable):
                so_far.pieces.append(block.table.model_copy(update={"id": f"b{number}"}))
                blocks.append(TableMark(f"b{number}"))
            elif isinstance(block, FlowPicture):
                blocks.extend(self._of_picture(block, so_far))
            if progress is not None:
                progress(number + 1, len(flow))
        so_far.holds_text = any(isinstance(block, FlowText | FlowTokens) for block in flow)
        so_far.refuse_empty(opened)
        with so_far.watch("tables"):
            order = [block.table if isinstance(block, TableMark) else None for block in blocks]
            followers = {below for above, below in pairwise(order) if above and below}
            tables = _named(self._joined(so_far, partial(continues, followers)))
        with so_far.watch("layout"):
            found = outline_flow(list(_renamed(blocks, tables)), self._settings.layout)
        return Body(found.model_copy(update={"pages": tuple(so_far.pages)}), tuple(tables.values()))

    def _of_picture(self, picture: FlowPicture, so_far: Gathered) -> list[FlowText | TableMark]:
        """The blocks that a picture shows; a picture that cannot be read costs itself only."""
        before, pieces = len(so_far.pages), len(so_far.pieces)
        try:
            with open_source(picture.data, name=picture.name, options=self._settings.source) as opened:
                first = len(so_far.pages) + len(so_far.failures)
                for page in self._pages.read([NumberedPage(page, first + n) for n, page in enumerate(opened.pages)]):
                    so_far.add(page)
        except SourceError as error:
            so_far.failures.append(error)
            so_far.errors.append(StageError.of("source", error))
        with so_far.watch("layout"):
            found = outline(so_far.pages[before:], so_far.pieces[pieces:], self._settings.layout)
        so_far.pages[before:] = found.pages
        return list(blocks_of(found))

    def _joined(self, so_far: Gathered, together: Callable[[Table, Table], bool]) -> Sequence[Table]:
        dpi = {page.index: page.dpi for page in so_far.pages}
        options = self._settings.tables
        return join_tables(so_far.pieces, adjoining=together, dpi=dpi.__getitem__, options=options)


def _named(tables: Sequence[Table]) -> dict[str, Table]:
    """The tables under their names in the report, by the ids that they had so far."""
    return {table.id: table.model_copy(update={"id": f"t{n}"}) for n, table in enumerate(tables, start=1)}


def _renamed(blocks: Sequence[FlowText | TableMark], tables: Mapping[str, Table]) -> Iterator[FlowText | TableMark]:
    """The blocks with the names of the joined tables; what was joined to a table before it has no block of its own."""
    for block in blocks:
        if not isinstance(block, TableMark):
            yield block
        elif block.table in tables:
            yield TableMark(tables[block.table].id)
