"""A grid of labels and figures on a worksheet: merged cells, and columns and rows large enough for what they hold."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from ocr_pipeline.document import Table, Value
from ocr_pipeline.report.sheet import FormSheet
from ocr_pipeline.report.table_html import one_line
from ocr_pipeline.report.text_width import display_width
from ocr_pipeline.report.xlsx_cells import BODY, BOLD, CENTERED, GRID, put, put_value

__all__ = ["GridCell", "draw_grid", "form_cells", "table_cells"]

_VERTICAL = Alignment(horizontal="center", vertical="center", text_rotation=255)
_NARROWEST, _WIDEST = 7.0, 30.0
_VERTICAL_WIDTH = 5.0
_LINE_POINTS = 15.0


@dataclass(frozen=True, slots=True)
class GridCell:
    """What stands at a position (from 0): a text, or a value."""

    row: int
    column: int
    row_span: int = 1
    column_span: int = 1
    text: str = ""
    value: Value | None = None
    vertical: bool = False
    bold: bool = False

    @property
    def width(self) -> int:
        """Columns of a monospaced font that it takes on one line."""
        return display_width(self.text if self.value is None else self.value.raw or str(self.value.value or ""))


def form_cells(sheet: FormSheet, values: dict[str, Value]) -> list[GridCell]:
    """The cells of an official form, each field with its value; a field without one stays empty."""
    return [
        GridCell(
            row=cell.row,
            column=cell.column,
            row_span=cell.row_span,
            column_span=cell.column_span,
            text=one_line(cell.text),
            value=values.get(cell.field_id) if cell.field_id else None,
            # A tall narrow label is written from top to bottom on the printed form, too.
            vertical=cell.vertical or (cell.column_span == 1 and 0 < 2 * len(cell.text) <= cell.row_span),
        )
        for cell in sheet.cells
    ]


def table_cells(table: Table, values: Sequence[Value]) -> list[GridCell]:
    """The cells of any table as read; those that hold values of a form become figures."""
    by_cell = {(value.row, value.column): value for value in values if value.table == table.id}
    return [
        GridCell(
            row=cell.row,
            column=cell.column,
            row_span=cell.row_span,
            column_span=cell.column_span,
            text=one_line(cell.text),
            value=by_cell.get((cell.row, cell.column)),
            vertical=cell.vertical,
            bold=cell.header or cell.row < table.header_rows,
        )
        for cell in table.cells
    ]


def draw_grid(sheet: Worksheet, cells: Sequence[GridCell], rows: int, columns: int, *, top: int) -> None:
    """Draw ``rows`` x ``columns`` positions from row ``top`` (1-based) down, with borders also around holes."""
    for row in range(rows):
        for column in range(columns):
            put(sheet, top + row, column + 1, None, border=GRID)
    for cell in cells:
        if cell.value is not None:
            put_value(sheet, top + cell.row, cell.column + 1, cell.value)
        else:
            alignment = _VERTICAL if cell.vertical else CENTERED
            font = BOLD if cell.bold else BODY
            put(sheet, top + cell.row, cell.column + 1, cell.text, font=font, alignment=alignment, border=GRID)
    # Only now: a merged cell cannot be written, and it takes its border from its first cell.
    for cell in cells:
        if cell.row_span > 1 or cell.column_span > 1:
            sheet.merge_cells(
                start_row=top + cell.row,
                start_column=cell.column + 1,
                end_row=top + cell.row + cell.row_span - 1,
                end_column=cell.column + cell.column_span,
            )
    widths = _column_widths(cells, columns)
    for column, width in enumerate(widths):
        sheet.column_dimensions[get_column_letter(column + 1)].width = width
    for row, lines in enumerate(_row_lines(cells, rows, widths)):
        sheet.row_dimensions[top + row].height = _LINE_POINTS * lines + 3


def _column_widths(cells: Sequence[GridCell], columns: int) -> list[float]:
    """Widths in characters: figures on one line, labels in about two, wide labels shared by the columns they cover."""
    widths = [_VERTICAL_WIDTH] * columns
    for cell in (c for c in cells if c.column_span == 1 and not c.vertical):
        wanted = cell.width if cell.value is not None else math.ceil(cell.width / 2)
        widths[cell.column] = max(widths[cell.column], _NARROWEST, min(wanted + 2.0, _WIDEST))
    for cell in sorted((c for c in cells if c.column_span > 1), key=lambda c: c.column_span):
        covered = range(cell.column, cell.column + cell.column_span)
        lines = 2 * cell.row_span
        lack = min(cell.width / lines + 2.0, _WIDEST * cell.column_span) - sum(widths[c] for c in covered)
        for column in covered:
            widths[column] += max(0.0, lack) / cell.column_span
    return widths


def _row_lines(cells: Sequence[GridCell], rows: int, widths: Sequence[float]) -> list[float]:
    """Height of each row in lines of text; what a cell over several rows lacks is shared among them."""
    lines = [1.0] * rows
    for cell in sorted(cells, key=lambda c: c.row_span):
        room = sum(widths[cell.column : cell.column + cell.column_span]) - 1.0
        needed = float(len(cell.text)) if cell.vertical else math.ceil(max(1, cell.width) / max(2.0, room - room % 2))
        covered = range(cell.row, cell.row + cell.row_span)
        lack = needed - sum(lines[row] for row in covered)
        for row in covered:
            lines[row] += max(0.0, lack) / cell.row_span
    return lines
