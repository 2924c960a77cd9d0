"""Reads the workbook of a report back, as people changed it.

It shows each figure twice: in the shape of the form, and in a row of the sheet "values". Who changes one of them means
it; which of the two was changed is known from what the row says was printed. Where that does not tell, the two have
to be made to agree first.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from ocr_pipeline.document import Status
from ocr_pipeline.errors import DamagedSourceError, UnknownFormatError
from ocr_pipeline.report.table_html import one_line
from ocr_pipeline.templates import Form, TemplateSet
from ocr_pipeline.templates.values import parse_value
from ocr_pipeline.verification.entries import Content, Entry, FigureError, Problem, figure_in
from ocr_pipeline.verification.known_forms import KnownForms
from ocr_pipeline.verification.rows import NEEDED_COLUMNS, FlatRow, entries_of

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["read_xlsx"]

_FLAT = "values"
_TOP = 2
"""Row (1-based) where the grid of a form begins, below its title."""
_MISSING_MARK = "?"
_REMEDY = "give a file that ocr-pipeline read has written"


@dataclass(frozen=True, slots=True)
class _Shown:
    """A figure on the sheet of a form: what it is, or what is wrong with it."""

    place: str
    value: int | float | None = None
    unit: str | None = None
    problem: str = ""


def read_xlsx(data: bytes, path: Path, templates: TemplateSet, forms: KnownForms) -> Content:
    """The figures of a workbook that the export has written.

    Args:
        data: the file.
        path: its name in messages.
        templates: the forms, for the shape of their sheets.
        forms: the same forms, to look fields up.

    Raises:
        DamagedSourceError: it is cut off, or no workbook.
        UnknownFormatError: a workbook without the sheet "values", or without its columns.
    """
    sheets = _sheets(data, path)
    flat = next((sheet for sheet in sheets if sheet.title.casefold() == _FLAT), None)
    rows = [] if flat is None else list(_flat_rows(flat))
    if flat is None or not all(name in (rows[0].cells if rows else {}) for name in NEEDED_COLUMNS):
        raise UnknownFormatError(
            'a workbook, but without a sheet "values" that has the columns id and value', source=path, remedy=_REMEDY
        )
    problems: list[Problem] = []
    entries = list(entries_of(rows, forms.kind, problems))
    texts = {row.text("id"): row for row in reversed(rows)}
    shown = _on_forms(sheets, entries, templates, forms, problems)
    agreed = [_agreed(entry, texts[entry.id], shown.get(entry.id), forms, problems) for entry in entries]
    return Content("xlsx", tuple(agreed), tuple(problems))


def _sheets(data: bytes, path: Path) -> Sequence[Worksheet]:
    import openpyxl

    try:
        # Figures that somebody replaced by formulas count with the result that their program has stored.
        book = openpyxl.load_workbook(BytesIO(data), data_only=True)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, EOFError, zipfile.BadZipFile) as error:
        raise DamagedSourceError(f"the workbook cannot be read: {error}", source=path, remedy=_REMEDY) from error
    return list(book.worksheets)


def _flat_rows(sheet: Worksheet) -> Iterator[FlatRow]:
    header: list[str] = []
    for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
        if not header:
            header = ["" if name is None else str(name).strip() for name in row]
        else:
            yield FlatRow(f"sheet {sheet.title}, row {number}", dict(zip(header, row, strict=False)))


def _on_forms(
    sheets: Sequence[Worksheet],
    entries: Sequence[Entry],
    templates: TemplateSet,
    forms: KnownForms,
    problems: list[Problem],
) -> dict[str, _Shown]:
    """The figures on the sheets in the shape of a form, by field; a sheet that lost its shape is not used."""
    by_title = {str(sheet["A1"].value or ""): sheet for sheet in reversed(sheets) if sheet.title.casefold() != _FLAT}
    shown: dict[str, _Shown] = {}
    wanted = dict.fromkeys((entry.form, entry.id.split("/")[0]) for entry in entries if entry.form)
    known = {form.id: form for form in templates.forms}
    for name, part in wanted:
        form = known.get(name or "")
        if form is None or part not in {p.id for p in form.parts}:
            continue  # said where the entries are sorted into forms
        sheet = by_title.get(form.part(part).title or part)
        if sheet is not None:
            shown.update(_on_form(sheet, form, part, forms, problems))
    return shown


def _on_form(sheet: Worksheet, form: Form, part: str, forms: KnownForms, problems: list[Problem]) -> dict[str, _Shown]:
    shown: dict[str, _Shown] = {}
    for cell in form.part(part).layout():
        there = sheet.cell(row=_TOP + cell.row, column=cell.column + 1)
        place = f"sheet {sheet.title}, cell {there.coordinate}"
        if cell.field is not None:
            shown[cell.field] = _figure(there.value, place, forms, form.id, cell.field)
        elif "".join(one_line(cell.text).split()) != "".join(str(there.value or "").split()):
            problems.append(
                Problem(place, f"the sheet lost the shape of the form: {cell.text!r} should be here; it is not used")
            )
            return {}
    return shown


def _figure(content: object, place: str, forms: KnownForms, form: str, field: str) -> _Shown:
    if isinstance(content, str) and content.strip() == _MISSING_MARK:
        return _Shown(place)
    try:
        value, unit = figure_in(content, forms.kind(form, field))
    except FigureError as error:
        return _Shown(place, problem=str(error))
    return _Shown(place, value, unit)


def _agreed(entry: Entry, row: FlatRow, shown: _Shown | None, forms: KnownForms, problems: list[Problem]) -> Entry:
    """The entry with the figure that counts, of the two that the workbook shows."""
    if shown is None or (not shown.problem and shown.value == entry.value):
        return entry
    if shown.problem:
        problems.append(Problem(shown.place, f"{entry.id}: {shown.problem}"))
        return replace(entry, value=None, missing=True)
    printed, is_known = _as_exported(row, entry, forms)
    if is_known and entry.value == printed:
        unit = (shown.unit or row.text("unit") or None) if shown.value is not None else None
        missing = shown.value is None
        if missing:
            problems.append(Problem(shown.place, f"{entry.id}: the figure was taken out"))
        return replace(entry, place=shown.place, value=shown.value, unit=unit, missing=missing)
    if is_known and shown.value == printed:
        return entry
    here, there = ("nothing" if value is None else value for value in (shown.value, entry.value))
    problems.append(Problem(shown.place, f"{entry.id} is {here} here and {there} in {row.place}: make the two agree"))
    return replace(entry, value=None, missing=True)


def _as_exported(row: FlatRow, entry: Entry, forms: KnownForms) -> tuple[int | float | None, bool]:
    """The figure that the export wrote in both places, and whether the row tells."""
    status = row.text("status")
    if status in (Status.BLANK.value, Status.MISSING.value):
        return None, True
    kind = forms.kind(entry.form, entry.id)
    parsed = None if kind is None or status == Status.REPAIRED.value else parse_value(row.text("raw"), kind)
    return (None, False) if parsed is None else (parsed.value, True)
