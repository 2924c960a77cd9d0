"""An export as a workbook: values long or wide, findings, documents, and a legend of the statuses.

Written as a stream, since an archive has more rows than a workbook held in memory can have.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ocr_pipeline.dataset.export.query import WIDE_KEY, Query, WideValue
from ocr_pipeline.dataset.schema import TABLES, TableName
from ocr_pipeline.document import Status
from ocr_pipeline.errors import LimitExceededError
from ocr_pipeline.report.palette import STATUS_STYLES

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell

__all__ = ["write_workbook"]

# Sheets written as a stream have no public type.
Sheet = Any

_MOST_ROWS = 1_048_575
"""Rows of a sheet below its header."""
_LABEL_HEIGHT = 110
"""Of the row of labels in points: room for six lines."""
_WIDTHS = {"report": 28, "document": 34, "body": 26, "id": 30, "label": 46, "message": 70, "title": 44, "raw": 14}


def write_workbook(query: Query, path: Path, *, wide: bool) -> None:
    """Write the workbook; pages, rows and columns count from 1.

    Raises:
        LimitExceededError: more rows than a sheet can have.
        OSError: it cannot be written.
    """
    # Openpyxl takes a quarter of a second to import.
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    if wide:
        for form in query.forms():
            _add_wide(book.create_sheet(form[:31]), query, form)
    else:
        _add_long(book.create_sheet("values"), query, "values")
    _add_long(book.create_sheet("findings"), query, "findings")
    _add_long(book.create_sheet("documents"), query, "documents")
    _add_legend(book.create_sheet("legend"), query)
    book.save(path)


def _add_long(sheet: Sheet, query: Query, table: TableName) -> None:
    count = query.count(table)
    if count > _MOST_ROWS:
        raise LimitExceededError(
            f"{count:,} rows of {table} are more than a sheet can have",
            remedy="select fewer with --year, --body or --field, take --wide, or export to csv or parquet",
        )
    names = [column.name for column in TABLES[table]]
    _head(sheet, [names], [_WIDTHS.get(name, 13) for name in names])
    status = names.index("status") if "status" in names else None
    for row in query.rows(table, first=1):
        cells = [_cell(sheet, entry) for entry in row]
        if status is not None:
            _colour(cells[status], Status(row[status]))
        sheet.append(cells)


def _add_wide(sheet: Sheet, query: Query, form: str) -> None:
    """A row a report under two header rows, labels and ids; flagged values bear the colour of their status."""
    fields = query.fields(form)
    labels = [*[""] * len(WIDE_KEY), *(field.label for field in fields)]
    ids = [*WIDE_KEY, *(field.id for field in fields)]
    _head(sheet, [labels, ids], [_WIDTHS.get(name, 13) for name in ids], kept=2)
    for key, values in query.wide(form, fields):
        sheet.append([_cell(sheet, entry) for entry in key] + [_figure(sheet, value) for value in values])


def _figure(sheet: Sheet, value: WideValue | None) -> Cell:
    """A figure; where there is none, what is printed, or the mark of a missing one. Nothing where there is no field."""
    if value is None:
        return _cell(sheet, None)
    if value.status is Status.MISSING:
        cell = _cell(sheet, STATUS_STYLES[Status.MISSING].mark)
    else:
        cell = _cell(sheet, value.raw if value.value is None else value.value)
    _colour(cell, value.status)
    return cell


def _add_legend(sheet: Sheet, query: Query) -> None:
    _head(sheet, [["status", "meaning"]], [14, 60])
    for status, style in STATUS_STYLES.items():
        cells = [_cell(sheet, status.value), _cell(sheet, style.meaning)]
        _colour(cells[0], status)
        sheet.append(cells)
    sheet.append([])
    sheet.append([_cell(sheet, "selection"), _cell(sheet, str(query.selection))])


def _head(sheet: Sheet, rows: Sequence[Sequence[str]], widths: Iterable[int], kept: int = 0) -> None:
    """Header rows, which stay in view with the first ``kept`` columns."""
    from openpyxl.utils import get_column_letter

    from ocr_pipeline.report.xlsx_cells import BOLD, WRAPPED

    for number, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = f"{get_column_letter(kept + 1)}{len(rows) + 1}"
    if len(rows) > 1:
        sheet.row_dimensions[1].height = _LABEL_HEIGHT
    for row in rows:
        cells = [_cell(sheet, name) for name in row]
        for cell in cells:
            cell.font, cell.alignment = BOLD, WRAPPED
        sheet.append(cells)


def _cell(sheet: Sheet, content: Any) -> Cell:
    from openpyxl.cell import WriteOnlyCell

    from ocr_pipeline.report.xlsx_cells import BODY, set_content

    cell: Cell = WriteOnlyCell(sheet)
    set_content(cell, content)
    cell.font = BODY
    return cell


def _colour(cell: Cell, status: Status) -> None:
    from ocr_pipeline.report.xlsx_cells import status_fill

    cell.fill = status_fill(status)
