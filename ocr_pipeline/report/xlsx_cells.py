"""Writing single cells of a workbook: safe text, figures in the colour of their status, comments with the evidence."""

from __future__ import annotations

from typing import Any

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.worksheet import Worksheet

from ocr_pipeline.document import Status, Value
from ocr_pipeline.report.palette import STATUS_STYLES, Color
from ocr_pipeline.report.rows import RowValue, evidence_text

__all__ = [
    "BODY",
    "BOLD",
    "CENTERED",
    "GRID",
    "TITLE",
    "WRAPPED",
    "fill",
    "put",
    "put_value",
    "set_content",
    "status_fill",
]

# SimSun, the face of official documents, by the name under which every Chinese system finds it.
BODY = Font(name="宋体", size=10.5)
BOLD = Font(name="宋体", size=10.5, bold=True)
TITLE = Font(name="宋体", size=14, bold=True)
CENTERED = Alignment(horizontal="center", vertical="center", wrap_text=True)
WRAPPED = Alignment(vertical="center", wrap_text=True)
_THIN = Side(style="thin", color="808080")
GRID = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)

_LONGEST_TEXT = 32_767
_AUTHOR = "ocr-pipeline"


def fill(color: Color) -> PatternFill:
    """A solid fill."""
    return PatternFill("solid", start_color="{:02X}{:02X}{:02X}".format(*color))


def status_fill(status: Status) -> PatternFill:
    """The fill that stands for a status."""
    return fill(STATUS_STYLES[status].fill)


def put(sheet: Worksheet, row: int, column: int, content: RowValue, **style: Any) -> Cell:
    """Write a number or a text into a cell (1-based) and set its style attributes (``font``, ``border`` and so on)."""
    cell = sheet.cell(row=row, column=column)
    assert isinstance(cell, Cell)  # noqa: S101 (callers merge cells only after writing them)
    set_content(cell, content)
    for name, setting in style.items():
        setattr(cell, name, setting)
    return cell


def set_content(cell: Cell, content: RowValue) -> None:
    """Make a number or a text the content of a cell.

    Text stays text: what begins like a formula is stored as a string and marked as quoted, so that a spreadsheet
    shows it and never runs it, not even after the cell is edited. Control characters, which the format forbids,
    become U+FFFD; text beyond the format's limit is cut.
    """
    if isinstance(content, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("\ufffd", content)[:_LONGEST_TEXT] or None
        if cell.value is not None:
            cell.data_type = "s"
            cell.quotePrefix = content[0] in "=+-@"
    else:
        cell.value = content


def put_value(sheet: Worksheet, row: int, column: int, value: Value) -> Cell:
    """Write a figure as a number on the colour of its status, with a comment where there is something to say."""
    content: RowValue = value.value
    if value.status is Status.MISSING:
        content = STATUS_STYLES[Status.MISSING].mark
    elif content is None:
        content = value.raw
    cell = put(
        sheet,
        row,
        column,
        content,
        font=BODY,
        border=GRID,
        alignment=CENTERED,
        fill=status_fill(value.status),
        number_format=_number_format(value),
    )
    remark = _remark(value)
    if remark:
        cell.comment = Comment(remark, _AUTHOR, width=320, height=20 * (remark.count("\n") + 2))
    return cell


def _number_format(value: Value) -> str:
    """Shows sign and unit where the page shows them, so that the sheet looks as printed and still counts."""
    if value.value is None:
        return "General"
    shown = "General"
    if value.value > 0 and value.raw.strip()[:1] in ("+", "＋", "增"):
        shown = "+General"
    if value.unit and value.unit.rstrip("元") and value.unit.rstrip("元") in value.raw:
        return f'{shown}"{value.unit}"'
    return f'{shown}"元"' if value.unit == "元" and "元" in value.raw else shown


def _remark(value: Value) -> str:
    as_number = value.raw.strip() == str(value.value)
    if value.status is Status.VERIFIED or (value.status is Status.READ and as_number and not value.evidence):
        return ""
    lines = [f"{value.status.value}: {STATUS_STYLES[value.status].meaning}", f"printed: {value.raw or '(nothing)'}"]
    if value.alternatives:
        lines.append("readings: " + ", ".join(reading.text for reading in value.alternatives[:5]))
    if value.evidence:
        lines.append(f"checks: {evidence_text(value.evidence)}")
    lines.append(f"confidence {value.confidence:.2f}" + (f", page {value.page + 1}" if value.page is not None else ""))
    return ILLEGAL_CHARACTERS_RE.sub("\ufffd", "\n".join(lines))
