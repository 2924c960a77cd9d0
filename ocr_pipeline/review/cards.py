"""The card of one value: everything a person needs to settle it, gathered."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from urllib.parse import urlencode

from ocr_pipeline.document import Status, Value
from ocr_pipeline.report.corrections import Correction
from ocr_pipeline.report.explanation import check_text
from ocr_pipeline.report.places import View
from ocr_pipeline.report.sums import Sum, Term
from ocr_pipeline.report.table_html import one_line
from ocr_pipeline.review.contract import Card, CardSum, CardTerm, CardView, Deed, Figure, ReadingChoice
from ocr_pipeline.review.folder import document_name
from ocr_pipeline.review.forms import Forms
from ocr_pipeline.review.opened import OpenReport
from ocr_pipeline.review.pictures import Pictures
from ocr_pipeline.review.places import views

__all__ = ["card_of", "deed_of", "figure_text", "readings_of"]

_MOST_READINGS = 9
_LIKELY = 0.5
_SHOWN_WIDTH = {"cell": 900, "row": 1800, "head": 1800, "table": 1400}


def card_of(opened: OpenReport, field: str, forms: Forms, pictures: Pictures) -> Card:
    """The card of a field.

    Raises:
        KeyError: the report has no such field.
    """
    value, as_read = opened.values[field], opened.as_read[field]
    label = opened.label(field)
    sums = forms.sums(value, opened.values, opened.labels)
    readings = readings_of(as_read, forms, sums)
    looked_at = views(opened, value)
    problem = pictures.available(opened, looked_at[0].page.index) if looked_at else _NO_PLACE
    return Card(
        report=opened.key,
        title=opened.report.title or "",
        name=document_name(opened.report.source.name),
        field=field,
        part=_part_title(opened, field),
        row_labels=list(label.row),
        column_labels=list(label.column),
        kind=forms.kind(value.form, field),
        now=_figure(value),
        as_read=_figure(as_read),
        confidence=value.confidence,
        settled=value.settled,
        flagged=not value.settled and not value.status.is_good,
        readings=readings,
        accept=_acceptable(value, readings),
        checks=[check_text(e) for e in value.evidence if e.kind not in ("equation", "person")],
        sums=[_sum(one, opened, field) for one in sums],
        remarks=list(_remarks(opened, value, sums)),
        views=[] if problem else [_view(opened, view) for view in looked_at],
        picture_problem=problem,
        around=_around(opened, value) if problem else [],
        history=[deed_of(opened, entry) for entry in opened.history(field)],
        seen=opened.last(field),
    )


_NO_PLACE = "The document has no pages to show, or this cell was not found on them."


def readings_of(as_read: Value, forms: Forms, sums: Sequence[Sum]) -> list[ReadingChoice]:
    """The readings of a cell that are figures its field can hold, the likeliest first, each figure once."""
    found: dict[tuple[int | float, str | None], ReadingChoice] = {}
    needed = [figure for one in sums if (figure := one.needed(as_read.id)) is not None]
    for reading in as_read.alternatives:
        parsed = forms.parse(as_read.form, as_read.id, reading.text)
        if parsed is None or (parsed.value, parsed.unit) in found:
            continue
        found[parsed.value, parsed.unit] = ReadingChoice(
            number=len(found) + 1,
            text=reading.text,
            value=parsed.value,
            unit=parsed.unit or as_read.unit,
            probability=math.exp(reading.log_prob),
            engine=reading.engine,
            closes=sum(one == parsed.value for one in needed),
            sums=len(needed),
        )
        if len(found) == _MOST_READINGS:
            break
    return list(found.values())


def deed_of(opened: OpenReport, entry: Correction) -> Deed:
    """An entry of the log in words."""
    in_force = opened.in_force.get(entry.field)
    return Deed(
        id=entry.id,
        when=entry.when,
        who=entry.who,
        action=entry.action,
        text=_words(entry, opened),
        reason=entry.reason,
        in_force=in_force is not None and in_force.id == entry.id,
    )


def figure_text(value: int | float | None, unit: str | None = None) -> str:
    """A figure for people; whole numbers grouped by thin blanks from five digits on.

    >>> figure_text(1234), figure_text(1234567), figure_text(8.4, "亿元"), figure_text(None)
    ('1234', '1\u2009234\u2009567', '8.4亿元', '')
    """
    if value is None:
        return ""
    shown = f"{value:,}" if isinstance(value, int) else f"{value:,.10g}"
    whole = shown.partition(".")[0]
    shown = shown.replace(",", "\u2009" if len(whole) > 5 else "")
    return shown + (unit or "")


def _words(entry: Correction, opened: OpenReport) -> str:
    new = figure_text(entry.new.value, entry.new.unit) if entry.new else ""
    old = figure_text(entry.old.value, entry.old.unit)
    if entry.action == "undo":
        undone = next((one for one in opened.log if one.id == entry.undoes), None)
        return f"took back what {undone.who} did" if undone else "took something back"
    return {
        "accept": f"accepted {old}" if old else "accepted that it is blank",
        "alternative": f"picked {new}",
        "value": f"typed {new}",
        "blank": "marked it blank",
        "issuer-error": f"confirmed that {new or old} is printed: the issuer's error",
        "skip": "skipped it",
    }[entry.action]


def _remarks(opened: OpenReport, value: Value, sums: Sequence[Sum]) -> Iterator[str]:
    """Why a value is flagged, without what the card shows anyway."""
    broken = sum(one.state == "broken" for one in sums)
    if broken:
        yield f"{broken} of its {len(sums)} sums {'does' if broken == 1 else 'do'} not close"
    for finding in opened.findings(value.id):
        if finding.code != "equation-broken":
            yield finding.message.removeprefix(f"{value.id}: ").partition("; read as ")[0]


def _acceptable(value: Value, readings: Sequence[ReadingChoice]) -> str:
    if value.value is not None:
        return figure_text(value.value, value.unit)
    if value.status is Status.BLANK:
        return "blank"
    # What is less likely than not has to be picked on purpose.
    likely = readings[:1] if readings and readings[0].probability >= _LIKELY else []
    return figure_text(likely[0].value, likely[0].unit) if likely else ""


def _figure(value: Value) -> Figure:
    return Figure(value=value.value, unit=value.unit, raw=one_line(value.raw), status=value.status)


def _sum(one: Sum, opened: OpenReport, field: str) -> CardSum:
    def terms(side: Sequence[Term]) -> list[CardTerm]:
        return [
            CardTerm(
                field=term.field,
                label=term.name,
                value=term.value,
                status=value.status if (value := opened.values.get(term.field)) else Status.MISSING,
                minus=term.minus,
                mine=term.field == field,
            )
            for term in side
        ]

    # What is there adds up also while something is missing: a person wants to see it grow.
    left, right = (
        sum((-1 if term.minus else 1) * (term.value or 0) for term in side) for side in (one.left, one.right)
    )
    closed = one.state != "open"
    return CardSum(
        id=one.id,
        about=one.about,
        state=one.state,
        left=terms(one.left),
        right=terms(one.right),
        left_total=one.left_total if closed else left,
        right_total=one.right_total if closed else right,
        difference=one.difference if closed else left - right,
        needed=one.needed(field),
    )


def _view(opened: OpenReport, view: View) -> CardView:
    edges = [round(edge, 1) for edge in view.box.as_tuple()]
    query = urlencode({"box": ",".join(map(str, edges)), "width": _SHOWN_WIDTH[view.kind], "v": opened.sha256[:12]})
    href = f"/api/v1/reports/{opened.key}/pages/{view.page.index}/piece?{query}"
    return CardView(kind=view.kind, page=view.page.index, box=view.box, cell=view.cell, href=href)


def _part_title(opened: OpenReport, field: str) -> str:
    part = field.partition("/")[0]
    return next((sheet.title for sheet in opened.report.sheets if sheet.part == part), part)


def _around(opened: OpenReport, value: Value) -> list[list[str]]:
    """The rows next to a value's own, as read."""
    table = opened.places.tables.get(value.table or "")
    if table is None or value.row is None:
        return []
    return [list(_texts(opened, table.id, row, table.columns)) for row in _near(value.row, table.rows)]


def _near(row: int, rows: int) -> range:
    return range(max(0, row - 1), min(rows, row + 2))


def _texts(opened: OpenReport, table: str, row: int, columns: int) -> Iterator[str]:
    for column in range(columns):
        cell = opened.places.cell(table, row, column)
        yield one_line(cell.text) if cell is not None and (cell.row, cell.column) == (row, column) else ""
