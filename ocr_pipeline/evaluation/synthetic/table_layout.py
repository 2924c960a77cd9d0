"""A form's grid set in type: which words each cell prints, how they break into lines, how wide and high all becomes."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from ocr_pipeline.evaluation.synthetic.forms import FormCell, FormGrid
from ocr_pipeline.evaluation.synthetic.style import Align, LabelStyle, ReportStyle
from ocr_pipeline.evaluation.synthetic.typeset import Typeface, break_lines

__all__ = ["LaidCell", "LaidTable", "lay_table"]

_NOTES = (
    "注：本表数据统计期限为当年1月1日至12月31日。",
    "注：1.上年结转数以系统登记为准；2.空白项为无此类情形。",
    "说明：表内数据由各科室、各下属单位汇总上报。",
)


@dataclass(frozen=True, slots=True)
class LaidCell:
    """One cell set in type. ``role`` is that of the form, or ``note``; ``lines`` is empty for a blank cell."""

    row: int
    column: int
    row_span: int
    column_span: int
    text: str
    role: str
    field: str | None
    lines: tuple[str, ...]
    face: Typeface
    align: Align
    vertical: bool


@dataclass(frozen=True, slots=True)
class LaidTable:
    """A table set in type, before it is cut into pages.

    Attributes:
        xs: ``columns + 1`` edges in whole pixels from the table's left.
        heights: of each row, whole pixels.
        leading, pad_x, pad_y: pixels.
    """

    grid: FormGrid
    cells: tuple[LaidCell, ...]
    rows: int
    xs: tuple[int, ...]
    heights: tuple[int, ...]
    leading: int
    pad_x: int
    pad_y: int
    header_rows: int


def lay_table(
    grid: FormGrid, printed: Mapping[str, str], style: ReportStyle, *, text_width: float, rng: random.Random
) -> LaidTable:
    """Set a table in type.

    Args:
        grid: which table.
        printed: field id to what is printed.
        style: how it looks.
        text_width: pixels between the margins.
        rng: for unevenness and slips.
    """
    look, px = style.table, style.dpi / 72
    face = Typeface(style.table_face, style.table_latin_face, max(8, round(style.table_pt * px)))
    pad_x, pad_y = max(3, round(look.pad_x * px)), max(3, round(look.pad_y * px)) if look.pad_y else 0
    xs = _edges(grid, style, round(text_width * look.width), rng)
    texts = [replace(cell, text=_printed(cell, printed, style.labels, rng)) for cell in grid.cells]
    rows = grid.rows
    if look.extra_row and grid.part == "proactive":
        texts += _extra_row(grid, rng)
        rows += 1
    columns = _Columns(xs, pad_x)
    laid = [_lay_cell(cell, cell.role, grid, style, face, columns) for cell in texts]
    if look.note_row:
        note = FormCell(rows, 0, 1, grid.columns, rng.choice(_NOTES), "label")
        laid.append(_lay_cell(note, "note", grid, style, face, columns))
        rows += 1
    leading = max(face.size + 1, round(face.size * look.leading))
    heights = _heights(laid, rows, leading, pad_y, round(look.row_height * px))
    return LaidTable(grid, tuple(laid), rows, xs, heights, leading, pad_x, pad_y, grid.header_rows)


def _extra_row(grid: FormGrid, rng: random.Random) -> list[FormCell]:
    last = [cell for cell in grid.cells if cell.row == grid.rows - 1]
    return [
        replace(
            cell,
            row=grid.rows,
            field=None,
            text=rng.choice(["其他主动公开文件", "其他"]) if cell.role == "label" else str(rng.randint(0, 400)),
        )
        for cell in last
    ]


def _edges(grid: FormGrid, style: ReportStyle, width: int, rng: random.Random) -> tuple[int, ...]:
    look = style.table
    if grid.part == "proactive":
        label = rng.choice([0.25, 0.25, 0.3, 0.35])
        shares = [0.0, *(label + (1 - label) * edge for edge in grid.edges)]
    elif grid.part == "applications":
        label = look.label_share
        inner = [0.0, label * look.result_share, label * (look.result_share + look.group_share), label]
        shares = inner + [
            label + (1 - label) * s for s in _running([1 + rng.uniform(-1, 1) * look.jitter * 0.6 for _ in range(7)])
        ]
    else:
        shares = [0.0, *_running([1 + rng.uniform(-1, 1) * look.jitter * 0.4 for _ in range(15)])]
    return tuple(round(width * share) for share in shares)


def _running(weights: list[float]) -> list[float]:
    total = sum(weights)
    return [sum(weights[: i + 1]) / total for i in range(len(weights))]


def _printed(cell: FormCell, printed: Mapping[str, str], labels: LabelStyle, rng: random.Random) -> str:
    if cell.field is not None:
        return printed[cell.field]
    text = cell.text
    if labels.number != "." and text[:1].isdigit():
        text = text.replace(".", labels.number, 1)
    if labels.half_width:
        text = text.translate(str.maketrans("（），", "(),"))
    if labels.plain_quotes:
        text = text.replace("“", '"').replace("”", '"')
    if labels.spread and cell.role == "header" and len(text) <= 4:
        text = " ".join(text)
    if len(text) > 5 and rng.random() < labels.slips:
        at = rng.randrange(2, len(text) - 1)
        text = text[:at] + text[at + 1 :]
    return text


class _Columns(NamedTuple):
    """Edges of the columns and the padding inside a cell, in pixels."""

    xs: tuple[int, ...]
    pad: int


def _lay_cell(
    cell: FormCell, role: str, grid: FormGrid, style: ReportStyle, face: Typeface, columns: _Columns
) -> LaidCell:
    look = style.table
    width = columns.xs[cell.column + cell.column_span] - columns.xs[cell.column] - 2 * columns.pad
    if role in ("caption", "header") and look.bold_headers:
        face = replace(face, bold=True)
    narrow_result = role == "group" and cell.column == 0
    vertical = (narrow_result and look.vertical_result) or (
        role == "header"
        and grid.part == "disputes"
        and cell.row > 0
        and cell.column_span == 1
        and look.vertical_outcomes
    )
    text = cell.text
    if vertical:
        text = text.replace(" ", "")
        lines = list(text)
    else:
        lines = break_lines(text, face, max(width, 1)) if text else []
        vertical = len(lines) > 2 and all(len(line) == 1 for line in lines)
    align: Align = "center"
    if role == "value":
        align = look.value_align
    elif role == "label" and not vertical:
        align = look.label_align
    elif role in ("corner", "note"):
        align = "left"
    return LaidCell(
        cell.row,
        cell.column,
        cell.row_span,
        cell.column_span,
        text,
        role,
        cell.field,
        tuple(lines),
        face,
        align,
        vertical,
    )


def _heights(cells: list[LaidCell], rows: int, leading: int, pad_y: int, least: int) -> tuple[int, ...]:
    heights = [least] * rows
    for cell in sorted(cells, key=lambda c: c.row_span):
        need = len(cell.lines) * leading + 2 * pad_y
        span = slice(cell.row, cell.row + cell.row_span)
        lack = need - sum(heights[span])
        if lack > 0:
            heights[cell.row + cell.row_span - 1] += lack
    return tuple(heights)
