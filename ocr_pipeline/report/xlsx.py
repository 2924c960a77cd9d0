"""The report as a workbook: each matched part in the shape of the official form, then the flat sheets.

Statuses are cell colours, explained on the sheet "legend"; a comment gives the printed text and the evidence wherever
a figure is not simply verified. Tables of no known form come as plain grids.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from ocr_pipeline.document import Status, Table
from ocr_pipeline.report.model import Report
from ocr_pipeline.report.palette import STATUS_STYLES
from ocr_pipeline.report.rows import VALUE_COLUMNS, RowValue, value_rows
from ocr_pipeline.report.sheet import FormSheet
from ocr_pipeline.report.text_width import display_width

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["write_xlsx"]

_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_LONGEST_NAME = 31
_WIDEST_COLUMN = 70
_FIXED_NAMES = frozenset({"values", "findings", "legend", "history"})
"""Names of the flat sheets, and the one that Excel keeps to itself."""


def write_xlsx(report: Report, path: Path) -> None:
    """Write the workbook.

    Raises:
        OSError: the file cannot be written.
    """
    # Openpyxl takes a quarter of a second to import, and most runs do not write a workbook.
    import openpyxl

    book = openpyxl.Workbook()
    if book.active is not None:
        book.remove(book.active)
    for sheet in report.sheets:
        _add_form(book, report, sheet)
    covered = {table for sheet in report.sheets for table in sheet.tables}
    for table in report.document.tables:
        if table.id not in covered:
            _add_table(book, report, table)
    _add_values(book, report)
    _add_findings(book, report)
    _add_legend(book, report)
    book.save(path)


def _add_form(book: Workbook, report: Report, sheet: FormSheet) -> None:
    from ocr_pipeline.report.xlsx_grid import draw_grid, form_cells

    page = _new_page(book, sheet.title, sheet.title, sheet.columns)
    draw_grid(page, form_cells(sheet, {v.id: v for v in report.values}), sheet.rows, sheet.columns, top=2)


def _add_table(book: Workbook, report: Report, table: Table) -> None:
    from ocr_pipeline.report.xlsx_grid import draw_grid, table_cells

    page = _new_page(book, f"table {table.id}", table.heading or f"table {table.id}", table.columns)
    draw_grid(page, table_cells(table, report.values), table.rows, table.columns, top=2)


def _new_page(book: Workbook, name: str, title: str, columns: int) -> Worksheet:
    """A sheet with its title over ``columns`` columns, set up to print on one page's width."""
    from ocr_pipeline.report.xlsx_cells import CENTERED, TITLE, put

    page: Worksheet = book.create_sheet(_sheet_name(book, name, taken=_FIXED_NAMES))
    put(page, 1, 1, title, font=TITLE, alignment=CENTERED)
    if columns > 1:
        page.merge_cells(start_row=1, start_column=1, end_row=1, end_column=columns)
    page.row_dimensions[1].height = 30
    page.page_setup.paperSize = page.PAPERSIZE_A4
    page.page_setup.orientation = "landscape" if columns > 10 else "portrait"
    _print_on_one_width(page)
    return page


def _add_values(book: Workbook, report: Report) -> None:
    from ocr_pipeline.report.xlsx_cells import status_fill

    rows = value_rows(report, first=1)
    page = _flat_page(book, "values", list(VALUE_COLUMNS), [list(row.values()) for row in rows])
    status_column = list(VALUE_COLUMNS).index("status") + 1
    for number, value in enumerate(report.values):
        page.cell(row=number + 2, column=status_column).fill = status_fill(value.status)


def _add_findings(book: Workbook, report: Report) -> None:
    rows: list[list[RowValue]] = [
        [f.severity.value, f.code, f.message, None if f.page is None else f.page + 1, f.table, ", ".join(f.fields)]
        for f in report.findings
    ]
    rows += [
        ["failure", f"{e.stage}: {e.category}", e.message, None if e.page is None else e.page + 1, None, None]
        for e in report.errors
    ]
    _flat_page(book, "findings", ["severity", "code", "message", "page", "table", "fields"], rows)


def _add_legend(book: Workbook, report: Report) -> None:
    from ocr_pipeline.report.xlsx_cells import status_fill

    counts = report.status_counts()
    rows: list[list[RowValue]] = [[s.value, STATUS_STYLES[s].meaning, counts[s]] for s in Status]
    about: list[list[RowValue]] = [
        ["source", report.source.name, None],
        ["sha256", report.source.sha256, None],
        ["program", report.versions.program, None],
        ["complete", "yes" if report.ok else "no: see the failures among the findings", None],
    ]
    page = _flat_page(book, "legend", ["status", "meaning", "values"], [*rows, [None, None, None], *about])
    for number, status in enumerate(Status):
        page.cell(row=number + 2, column=1).fill = status_fill(status)


def _flat_page(book: Workbook, name: str, header: list[str], rows: list[list[RowValue]]) -> Worksheet:
    """A sheet with one record a row under a header that stays in view, and with filters."""
    from openpyxl.utils import get_column_letter

    from ocr_pipeline.report.xlsx_cells import BODY, BOLD, WRAPPED, put

    page: Worksheet = book.create_sheet(name)
    for column, label in enumerate(header, start=1):
        put(page, 1, column, label, font=BOLD)
        longest = max((display_width(str(row[column - 1] or "")) for row in rows), default=0)
        page.column_dimensions[get_column_letter(column)].width = min(max(longest, len(label)) + 3, _WIDEST_COLUMN)
    for number, row in enumerate(rows, start=2):
        for column, content in enumerate(row, start=1):
            put(page, number, column, content, font=BODY, alignment=WRAPPED)
    page.freeze_panes = "A2"
    page.auto_filter.ref = page.dimensions
    page.page_setup.orientation = "landscape"
    _print_on_one_width(page)
    return page


def _print_on_one_width(page: Worksheet) -> None:
    from openpyxl.worksheet.properties import PageSetupProperties

    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.page_setup.fitToHeight = 0
    page.print_options.horizontalCentered = True


def _sheet_name(book: Workbook, wanted: str, *, taken: frozenset[str]) -> str:
    """A name the format allows and no other sheet has, letter case aside."""
    clean = _NOT_IN_A_NAME.sub(" ", wanted).strip().strip("'") or "sheet"
    taken |= {name.casefold() for name in book.sheetnames}
    name, number = clean[:_LONGEST_NAME], 1
    while name.casefold() in taken:
        number += 1
        ending = f" ({number})"
        name = clean[: _LONGEST_NAME - len(ending)] + ending
    return name
