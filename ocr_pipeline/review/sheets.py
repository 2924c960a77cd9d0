"""One report for its page: page pictures with the cells on them, forms, other tables, sections, remarks and history."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ocr_pipeline.document import Finding, Section, Value
from ocr_pipeline.report.sheet import FormSheet
from ocr_pipeline.report.table_html import one_line, table_html
from ocr_pipeline.review.cards import deed_of
from ocr_pipeline.review.contract import Deed
from ocr_pipeline.review.desk import Desk
from ocr_pipeline.review.folder import document_name
from ocr_pipeline.review.opened import OpenReport

__all__ = ["FieldBox", "PageView", "ReportView", "SectionView", "SheetCell", "SheetView", "report_view"]

_GAP = 40
"""Between two pages, in pixels of the raster."""


@dataclass(frozen=True, slots=True)
class FieldBox:
    """A value's cell on a page; coordinates are those of the page's raster."""

    field: str
    label: str
    value: Value
    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class PageView:
    """A page in the column of all pages. ``top`` is where it begins in that column."""

    index: int
    width: int
    height: int
    top: int
    href: str
    problem: str
    boxes: tuple[FieldBox, ...]


@dataclass(frozen=True, slots=True)
class SheetCell:
    """A position of a form: a label, a value, or a field that the report has no value of."""

    text: str
    row_span: int
    column_span: int
    value: Value | None
    field: str | None
    vertical: bool


@dataclass(frozen=True, slots=True)
class SheetView:
    """A part of a form, row by row."""

    title: str
    form: str
    columns: int
    rows: tuple[tuple[SheetCell, ...], ...]


@dataclass(frozen=True, slots=True)
class SectionView:
    """A section with its tables: ids of those that are forms, HTML of the others."""

    level: int
    title: str
    paragraphs: tuple[str, ...]
    tables: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReportView:
    """Everything that the page of a report shows."""

    opened: OpenReport
    name: str
    pages: tuple[PageView, ...]
    width: int
    height: int
    sheets: tuple[SheetView, ...]
    others: tuple[Value, ...]
    sections: tuple[SectionView, ...]
    tables: tuple[tuple[str, str], ...]
    findings: tuple[Finding, ...]
    history: tuple[Deed, ...]


def report_view(desk: Desk, opened: OpenReport) -> ReportView:
    """What to show of a report."""
    report = opened.report
    pages = tuple(_pages(desk, opened))
    sheets = tuple(_sheet(desk, opened, sheet) for sheet in report.sheets)
    on_sheets = {cell.field_id for sheet in report.sheets for cell in sheet.cells}
    matched = {match.table for match in report.matches}
    sections = [section for top in report.sections for section in top.walk()]
    in_sections = {table for section in sections for table in section.tables}
    return ReportView(
        opened=opened,
        name=document_name(report.source.name),
        pages=pages,
        width=max((page.width for page in pages), default=1),
        height=max(1, sum(page.height + _GAP for page in pages) - _GAP),
        sheets=sheets,
        others=tuple(value for value in report.values if value.id not in on_sheets),
        sections=tuple(_section(opened, section, matched) for section in sections),
        tables=tuple(
            (table.heading or f"table {table.id}", table_html(table, header_cells=True))
            for table in report.document.tables
            if table.id not in matched and table.id not in in_sections
        ),
        findings=report.findings,
        history=tuple(deed_of(opened, entry) for entry in reversed(opened.log) if entry.action != "skip"),
    )


def _pages(desk: Desk, opened: OpenReport) -> Iterator[PageView]:
    boxes: dict[int, list[FieldBox]] = {}
    for value in opened.report.values:
        for at in opened.places.of(value):
            box = at.box
            found = FieldBox(value.id, str(opened.label(value.id)), value, box.left, box.top, box.width, box.height)
            boxes.setdefault(at.page, []).append(found)
    top = 0
    for page in opened.report.pages:
        yield PageView(
            index=page.index,
            width=page.width,
            height=page.height,
            top=top,
            href=f"/api/v1/reports/{opened.key}/pages/{page.index}/picture?v={opened.sha256[:12]}",
            problem=desk.pictures.available(opened, page.index),
            boxes=tuple(boxes.get(page.index, ())),
        )
        top += page.height + _GAP


def _sheet(desk: Desk, opened: OpenReport, sheet: FormSheet) -> SheetView:
    rows: list[list[SheetCell]] = [[] for _ in range(sheet.rows)]
    for cell in sorted(sheet.cells, key=lambda cell: (cell.row, cell.column)):
        rows[cell.row].append(
            SheetCell(
                text=one_line(cell.text),
                row_span=cell.row_span,
                column_span=cell.column_span,
                value=opened.values.get(cell.field_id) if cell.field_id else None,
                field=cell.field_id,
                vertical=cell.vertical or (cell.column_span == 1 and 0 < 2 * len(cell.text) <= cell.row_span),
            )
        )
    return SheetView(sheet.title, desk.forms.name(sheet.form), sheet.columns, tuple(map(tuple, rows)))


def _section(opened: OpenReport, section: Section, matched: set[str]) -> SectionView:
    plain = [
        opened.places.tables[table]
        for table in section.tables
        if table in opened.places.tables and table not in matched
    ]
    return SectionView(
        level=min(6, section.level + 1),
        title=section.title,
        paragraphs=tuple(line for line in section.text.splitlines() if line.strip()),
        tables=tuple(table_html(table, header_cells=True) for table in plain),
    )
