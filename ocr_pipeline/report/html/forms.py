"""Tables in HTML: the parts of the form with their figures, spans kept, and the tables of no known form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ocr_pipeline.document import Cell, Status, Table, Value
from ocr_pipeline.report.html.markup import Html, el
from ocr_pipeline.report.palette import STATUS_STYLES
from ocr_pipeline.report.sheet import FormCell, FormSheet
from ocr_pipeline.report.table_html import one_line

__all__ = ["FieldLink", "figure_of", "form_html", "plain_table"]


@dataclass(frozen=True, slots=True)
class FieldLink:
    """A figure of a form: its own id in the file, where it leads, and what it says when pointed at."""

    id: str
    target: str | None
    title: str


def form_html(sheet: FormSheet, values: Mapping[str, Value], link: Callable[[Value], FieldLink]) -> Html:
    """A part of the form as it is printed, each figure in the colour of its status.

    Args:
        sheet: the shape of the part.
        values: by field id; a field without one is left empty.
        link: what each figure leads to.
    """
    starts = {(cell.row, cell.column): cell for cell in sheet.cells}
    rows = []
    for row, slots in enumerate(sheet.grid()):
        # A label beside fields names its row, any other the columns below it.
        beside = any(slot is not None and slot.field_id for slot in slots)
        cells = []
        for column, slot in enumerate(slots):
            if slot is None:
                cells.append(el("td"))
            elif (row, column) in starts:
                cells.append(_cell(slot, values, link) if slot.field_id else _label(slot, beside=beside))
        rows.append(el("tr", cells))
    wide = " wide" if sheet.columns > 10 else ""
    return el(
        "div",
        el("table", rows, class_="form"),
        class_=f"scroll{wide}",
        tabindex=0,
        role="region",
        aria_label=sheet.title,
    )


def _spans(cell: FormCell | Cell) -> dict[str, int | None]:
    return {
        "rowspan": cell.row_span if cell.row_span > 1 else None,
        "colspan": cell.column_span if cell.column_span > 1 else None,
    }


def _label(cell: FormCell, *, beside: bool) -> Html:
    # A tall narrow label is written from top to bottom on the printed form, too.
    vertical = cell.vertical or (cell.column_span == 1 and 0 < 2 * len(cell.text) <= cell.row_span)
    name = "vertical" if vertical else "beside" if beside else None
    return el("th", el("span", one_line(cell.text)), class_=name, **_spans(cell))


def _cell(cell: FormCell, values: Mapping[str, Value], link: Callable[[Value], FieldLink]) -> Html:
    spans = _spans(cell)
    value = values.get(cell.field_id or "")
    if value is None:
        return el("td", **spans)
    leads = link(value)
    style = STATUS_STYLES[value.status]
    shown = style.mark if value.status is Status.MISSING else figure_of(value)
    sign = (
        el("span", style.mark, class_="sign", aria_label=value.status.value)
        if style.mark and shown != style.mark
        else None
    )
    content = el("a", shown, sign, href=leads.target) if leads.target else el("span", shown, sign)
    settled = " settled" if value.settled else ""
    return el("td", content, class_=f"figure s-{value.status.value}{settled}", id=leads.id, title=leads.title, **spans)


def figure_of(value: Value) -> str:
    """What stands in the cell: the number with its unit, or what is printed in its place."""
    if value.value is None:
        return one_line(value.raw) or STATUS_STYLES[value.status].mark
    return f"{value.value:,}{value.unit or ''}"


def plain_table(table: Table) -> Html:
    """Any table as read."""
    starts = {(cell.row, cell.column): cell for cell in table.cells}
    rows = []
    for row, slots in enumerate(table.grid()):
        cells = []
        for column, slot in enumerate(slots):
            if slot is None:
                cells.append(el("td"))
            elif (row, column) in starts:
                head = slot.header or row < table.header_rows
                cells.append(el("th" if head else "td", one_line(slot.text), **_spans(slot)))
        rows.append(el("tr", cells))
    name = table.heading or f"table {table.id}"
    return el("div", el("table", rows, class_="plain"), class_="scroll", tabindex=0, role="region", aria_label=name)
