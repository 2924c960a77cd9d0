"""Walks a document's body in its own order and gives its paragraphs, tables and pictures as blocks of a flow."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from ocr_pipeline.document import Cell, Finding, Severity, Table
from ocr_pipeline.flow import FlowBlock, FlowPicture, FlowTable, FlowText
from ocr_pipeline.source.struck import struck_out_findings
from ocr_pipeline.source.word.drawings import PictureUse, TextBox, Unreadable
from ocr_pipeline.source.word.inline import InlineReader
from ocr_pipeline.source.word.names import Element, child, local, value
from ocr_pipeline.source.word.numbering import Numbering
from ocr_pipeline.source.word.package import Package
from ocr_pipeline.source.word.pictures import Pictures
from ocr_pipeline.source.word.styles import Styles, outline_level
from ocr_pipeline.source.word.tables import Grid, GridCell, place_cells

__all__ = ["BodyReader"]

_WRAPPERS = frozenset({"sdtContent", "customXml", "ins", "moveTo", "smartTag"})
_FOREIGN = {"altChunk": "an inserted document", "subDoc": "a linked document"}
_BLANKS = re.compile(r"[ \t\xa0]+")
_LONGEST_HEADING = 80
"""Characters of a heading whose lines are joined; a longer one is a paragraph with the wrong style."""
_TALL = 36.0
"""Points; a lower picture in a line of text is an ornament or a sign, and the line goes on behind it."""


class BodyReader:
    """Reads the story of one document.

    Args:
        package: the document.
        part: the part that holds the body.
    """

    def __init__(self, package: Package, part: str) -> None:
        self._package = package
        self._part = part
        self._main = part
        self.styles = Styles(self._optional("styles"))
        self._numbering = Numbering(self._optional("numbering"), self.styles)
        self._inline = InlineReader(self.styles)
        self._pictures = Pictures(package)
        self._findings: list[Finding] = []
        self._carried = ""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Remarks so far."""
        return (*self._pictures.findings, *self._findings, *struck_out_findings(self._inline.struck))

    def _optional(self, kind: str) -> Element | None:
        part = self._package.related(self._part, kind)
        return None if part is None else self._package.xml(part)

    def read(self, body: Element) -> list[FlowBlock]:
        """All blocks of the body, notes at the end; tables are named t1, t2 and so on."""
        blocks = [*self.blocks(body), *self._notes()]
        names = (f"t{number}" for number in range(1, len(blocks) + 1))
        return [
            FlowTable(block.table.model_copy(update={"id": next(names)})) if isinstance(block, FlowTable) else block
            for block in blocks
        ]

    def blocks(self, container: Element) -> Iterator[FlowBlock]:
        """The blocks of anything that holds paragraphs and tables, in order."""
        for item in container:
            tag = local(item)
            if tag == "p":
                yield from self._paragraph(item)
            elif tag == "tbl":
                yield from self._flush()
                yield from self._table(item)
            elif tag == "sdt":
                if not _is_contents(item):
                    yield from self.blocks(item)
            elif tag == "AlternateContent":
                options = (list(self.blocks(option)) for option in item)
                yield from next((found for found in options if found), [])
            elif tag in _WRAPPERS:
                yield from self.blocks(item)
            elif tag in _FOREIGN:
                message = f"{_FOREIGN[tag]} was not read; save the document anew in Word to make it part of the text"
                self._findings.append(Finding(code="unread-part", severity=Severity.ERROR, message=message))

        yield from self._flush()

    def _flush(self) -> Iterator[FlowText]:
        """Text of a paragraph whose end was deleted where no other paragraph follows."""
        yield from _texts(self._carried, None)
        self._carried = ""

    def _paragraph(self, item: Element) -> Iterator[FlowBlock]:
        properties = child(item, "w:pPr")
        style = value(child(properties, "w:pStyle"))
        pieces = self._inline.read(item)
        if child(properties, "w:rPr", "w:del") is not None:
            # The end of this paragraph was deleted: its text begins the next one.
            self._carried += "".join(piece for piece in pieces if isinstance(piece, str))
            pieces = [piece for piece in pieces if not isinstance(piece, str)]
            number = ""
        else:
            # Counted also where nothing is shown: Word numbers empty paragraphs as well.
            number = self._numbering.prefix(properties, style)
            pieces.insert(0, self._carried)
            self._carried = ""
        if self.styles.is_contents(style):
            return
        level = self._level(properties, style)
        text = number if any(isinstance(piece, str) and piece.strip() for piece in pieces) else ""
        later: list[PictureUse | TextBox | Unreadable] = []
        for piece in pieces:
            if isinstance(piece, str):
                text += piece
            elif isinstance(piece, PictureUse) and not piece.floating and (piece.height or _TALL) >= _TALL:
                yield from _texts(text, level)
                text = ""
                yield from self._drawn(piece)
            else:
                later.append(piece)
        yield from _texts(text, level)
        for piece in later:
            yield from self._drawn(piece)

    def _level(self, properties: Element | None, style: str | None) -> int | None:
        own = value(child(properties, "w:outlineLvl"))
        if own is not None and own.isdigit():
            return outline_level(int(own))
        return self.styles.level(style)

    def _drawn(self, piece: PictureUse | TextBox | Unreadable) -> Iterator[FlowBlock]:
        if isinstance(piece, TextBox):
            yield from self.blocks(piece.content)
        elif isinstance(piece, Unreadable):
            self._pictures.lost(piece.what)
        else:
            picture = self._pictures.load(piece, self._part)
            if picture is not None:
                yield picture

    def _table(self, item: Element) -> Iterator[FlowBlock]:
        grid = place_cells(item, self._package.source, self._package.options.max_table_slots)
        if grid is None:
            return
        contents = [list(self.blocks(cell.element)) for cell in grid.cells]
        if _is_layout(grid, contents):
            for blocks in contents:
                yield from blocks
            return
        cells = []
        for cell, blocks in zip(grid.cells, contents, strict=True):
            cells.append(_cell(cell, grid, blocks))
            if any(isinstance(block, FlowPicture) for block in blocks):
                message = f"the cell in row {cell.row + 1}, column {cell.column + 1} of a table holds a picture"
                self._findings.append(Finding(code="picture-in-cell", severity=Severity.INFO, message=message))
        yield FlowTable(
            Table(
                id="t",
                rows=grid.rows,
                columns=grid.columns,
                cells=tuple(cells),
                header_rows=grid.header_rows,
                ruling="markup",
            )
        )
        for blocks in contents:
            yield from (block for block in blocks if isinstance(block, FlowPicture))

    def _notes(self) -> Iterator[FlowBlock]:
        """Footnotes, then endnotes, in the order in which the text refers to them."""
        for kind, tag in (("footnotes", "footnote"), ("endnotes", "endnote")):
            wanted = [number for of, number in self._inline.notes if of == kind]
            part = self._package.related(self._main, kind) if wanted else None
            if part is None:
                continue
            notes = {value(note, "w:id"): note for note in self._package.xml(part) if local(note) == tag}
            self._part = part
            for number in wanted:
                if number in notes:
                    yield from self.blocks(notes[number])
            self._part = self._main


def _texts(text: str, level: int | None) -> Iterator[FlowText]:
    """One paragraph, or several where its author broke the line by hand; a heading that only turns stays whole."""
    lines = [_BLANKS.sub(" ", line).strip() for line in text.split("\n")]
    lines = [line for line in lines if line]
    if level is not None and len(lines) > 1 and sum(map(len, lines)) <= _LONGEST_HEADING and "。" not in text:
        lines = ["".join(_spaced(lines))]
    for number, line in enumerate(lines):
        # Below a heading, in the same paragraph, stands its text.
        yield FlowText(line, level if number == 0 else None)


def _spaced(lines: Sequence[str]) -> Iterator[str]:
    """The lines to be joined; a blank goes between Latin words only."""
    for number, line in enumerate(lines):
        gap = number and line[0].isascii() and line[0].isalnum() and lines[number - 1][-1].isascii()
        yield f" {line}" if gap else line


def _is_contents(item: Element) -> bool:
    """Whether a content control is a generated list of contents, which would repeat every heading."""
    gallery = value(child(item, "w:sdtPr", "w:docPartObj", "w:docPartGallery")) or ""
    return gallery.lower() == "table of contents"


def _is_layout(grid: Grid, contents: Sequence[Sequence[FlowBlock]]) -> bool:
    """Whether a table only arranges things: one column, pictures alone, or around a larger table."""
    if max(Counter(cell.row for cell in grid.cells).values()) == 1:
        return True
    flat = [block for blocks in contents for block in blocks]
    if any(isinstance(block, FlowTable) and len(block.table.cells) >= len(grid.cells) for block in flat):
        return True
    return bool(flat) and all(isinstance(block, FlowPicture) for block in flat)


def _cell(cell: GridCell, grid: Grid, blocks: Sequence[FlowBlock]) -> Cell:
    text = "\n".join(_lines(blocks))
    pictured = not text and any(isinstance(block, FlowPicture) for block in blocks)
    return Cell(
        row=cell.row,
        column=cell.column,
        row_span=cell.row_span,
        column_span=cell.column_span,
        text=text,
        # A picture alone in a cell is content that the text does not have: such a cell is not blank.
        ink=True if pictured else None,
        header=cell.row < grid.header_rows,
        vertical=cell.vertical,
    )


def _lines(blocks: Sequence[FlowBlock]) -> Iterator[str]:
    """The text of a cell; a small table inside it row by row."""
    for block in blocks:
        if isinstance(block, FlowText):
            yield block.text
        elif isinstance(block, FlowTable):
            for _, cells in itertools.groupby(block.table.cells, key=lambda cell: cell.row):
                line = " ".join(cell.text.replace("\n", "") for cell in cells if cell.text)
                if line:
                    yield line
