"""Writes drawn reports as Word files: with native tables, pictures of the tables, or pictures of whole pages."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import docx
from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Inches
from lxml import etree
from PIL import Image

from ocr_pipeline.evaluation.synthetic.files import writing
from ocr_pipeline.evaluation.synthetic.report import SyntheticReport
from ocr_pipeline.evaluation.synthetic.story import told
from ocr_pipeline.evaluation.synthetic.truth import CellTruth, TableTruth
from ocr_pipeline.evaluation.synthetic.write import pictures

__all__ = ["WordTables", "write_docx"]

WordTables = Literal["native", "pictures", "pages"]

_TEXT_WIDTH = 6.0
"""Inches between the margins of python-docx's own template; wider pictures are shown smaller."""

_MARGIN = 6
_TABLE_WIDTH = 8640
"""Twips (1/1440 inch): the same six inches."""


def write_docx(report: SyntheticReport, path: Path, *, tables: WordTables = "native", styled: bool = False) -> Path:
    """A Word file of a report: title, sections, and each table under its heading.

    Args:
        report: drawn with prose, or there are no headings for the tables to stand under. What stands before the first
            heading is left out.
        path: of the file.
        tables: ``native`` with merged cells; ``pictures`` cut out of the pages (two for a table over a page break);
            ``pages`` for a document of nothing but its pages as pictures.
        styled: headings have heading styles; otherwise they are paragraphs like all others.

    Raises:
        OutputError: the file cannot be written.
    """
    document = docx.Document()
    images = pictures(report)
    if tables == "pages":
        for image, page in zip(images, report.truth.pages, strict=True):
            _add_picture(document, image, page.image_dpi)
    else:
        _write_sections(document, report, images, tables, styled)
    with writing(path):
        document.save(str(path))
    return path


def _write_sections(
    document: Document, report: SyntheticReport, images: list[Image.Image], tables: WordTables, styled: bool
) -> None:
    truth = report.truth
    if truth.title:
        document.add_paragraph(truth.title, style="Title" if styled else None)
    for section, here in told(truth):
        if section is not None:
            if section.title:
                document.add_paragraph(section.title, style=f"Heading {section.level}" if styled else None)
            for line in section.text.splitlines():
                document.add_paragraph(line)
        for number, table in here:
            _write_table(document, report, images, tables, number, table)


def _write_table(
    document: Document,
    report: SyntheticReport,
    images: list[Image.Image],
    tables: WordTables,
    number: int,
    table: TableTruth,
) -> None:
    if tables == "native":
        last = document.add_paragraph()._p
        last.addprevious(_native(table))
        return
    for image, page in zip(images, report.truth.pages, strict=True):
        for area in page.tables:
            if area.table == number:
                box = page.on_image(area.box).expanded(_MARGIN).clipped(image.width, image.height)
                corners = (round(box.left), round(box.top), round(box.right), round(box.bottom))
                _add_picture(document, image.crop(corners), page.image_dpi)


def _add_picture(document: Document, image: Image.Image, dpi: float) -> None:
    buffer = io.BytesIO()
    image.save(buffer, "PNG", dpi=(dpi, dpi))
    buffer.seek(0)
    document.add_picture(buffer, width=Inches(min(_TEXT_WIDTH, image.width / dpi)))


def _native(table: TableTruth) -> etree._Element:
    """``w:tbl`` with ``w:gridSpan`` and ``w:vMerge`` as Word writes them."""
    element = _element("w:tbl")
    properties = _element("w:tblPr", parent=element)
    _element("w:tblStyle", "TableGrid", parent=properties)
    width = _element("w:tblW", parent=properties)
    width.set(qn("w:w"), str(_TABLE_WIDTH))
    width.set(qn("w:type"), "dxa")
    grid = _element("w:tblGrid", parent=element)
    for _ in range(table.columns):
        _element("w:gridCol", parent=grid).set(qn("w:w"), str(_TABLE_WIDTH // table.columns))
    for row in range(table.rows):
        line = _element("w:tr", parent=element)
        if row < table.header_rows:
            _element("w:tblHeader", parent=_element("w:trPr", parent=line))
        for cell in _crossing(table, row):
            line.append(_native_cell(cell, row, _TABLE_WIDTH // table.columns))
    return element


def _crossing(table: TableTruth, row: int) -> Iterator[CellTruth]:
    """The cells that a row goes through, from left to right."""
    cells = (cell for cell in table.cells if cell.row <= row < cell.row + cell.row_span)
    yield from sorted(cells, key=lambda cell: cell.column)


def _native_cell(cell: CellTruth, row: int, column_width: int) -> etree._Element:
    element = _element("w:tc")
    properties = _element("w:tcPr", parent=element)
    width = _element("w:tcW", parent=properties)
    width.set(qn("w:w"), str(column_width * cell.column_span))
    width.set(qn("w:type"), "dxa")
    if cell.column_span > 1:
        _element("w:gridSpan", str(cell.column_span), parent=properties)
    if cell.row_span > 1:
        _element("w:vMerge", "restart" if row == cell.row else "continue", parent=properties)
    if cell.vertical:
        _element("w:textDirection", "tbRlV", parent=properties)
    paragraph = _element("w:p", parent=element)
    if cell.text and row == cell.row:
        text = _element("w:t", parent=_element("w:r", parent=paragraph))
        text.text = cell.text
        text.set(qn("xml:space"), "preserve")
    return element


def _element(name: str, value: str | None = None, *, parent: etree._Element | None = None) -> etree._Element:
    element = OxmlElement(name)
    if value is not None:
        element.set(qn("w:val"), value)
    if parent is not None:
        parent.append(element)
    return element
