"""Report files as written and as people change them, each kind."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from ocr_pipeline.cli import main
from ocr_pipeline.errors import (
    DamagedSourceError,
    EmptySourceError,
    SourceNotFoundError,
    TemplateError,
    UnknownFormatError,
)
from ocr_pipeline.report import VALUE_COLUMNS
from ocr_pipeline.templates import TemplateSet, part_equations
from ocr_pipeline.verification import Verification, format_verification, verification_json, verify
from ocr_pipeline.verification.entries import FigureError, figure_in
from tests.verification.conftest import FORM, Files

FIELD = "applications/3.1/natural"
KINDS = ("json", "csv", "xlsx")
ROW, COLUMN = "applicants[3.1]", "results[natural]"


def _book(path: Path) -> tuple[Any, Worksheet, Worksheet]:
    book = openpyxl.load_workbook(path)
    return book, book["values"], book[book.sheetnames[0]]


def _flat_row(sheet: Worksheet, field: str = FIELD) -> int:
    return next(row for row in range(2, sheet.max_row + 1) if sheet.cell(row, 1).value == field)


def _form_cell(templates: TemplateSet, sheet: Worksheet, field: str = FIELD) -> Any:
    layout = templates.form(FORM).part("applications").layout()
    placed = next(cell for cell in layout if cell.field == field)
    return sheet.cell(placed.row + 2, placed.column + 1)


def _rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))


def _save(path: Path, rows: list[dict[str, str]], *, encoding: str = "utf-8-sig", separator: str = ",") -> None:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, rows[0].keys(), delimiter=separator)
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))


def _change_json(path: Path, _: TemplateSet, figure: object) -> None:
    content = json.loads(path.read_text(encoding="utf-8"))
    next(value for value in content["values"] if value["id"] == FIELD)["value"] = figure
    path.write_text(json.dumps(content), encoding="utf-8")


def _change_csv(path: Path, _: TemplateSet, figure: object) -> None:
    rows = _rows(path)
    next(row for row in rows if row["id"] == FIELD)["value"] = str(figure)
    _save(path, rows)


def _change_flat(path: Path, _: TemplateSet, figure: object) -> None:
    book, flat, _form = _book(path)
    flat.cell(_flat_row(flat), list(VALUE_COLUMNS).index("value") + 1).value = figure
    book.save(path)


def _change_form(path: Path, templates: TemplateSet, figure: object) -> None:
    book, _flat, form = _book(path)
    _form_cell(templates, form).value = figure
    book.save(path)


CHANGES: dict[str, tuple[str, Callable[[Path, TemplateSet, object], None]]] = {
    "json": ("json", _change_json),
    "csv": ("csv", _change_csv),
    "values": ("xlsx", _change_flat),
    "form": ("xlsx", _change_form),
}


def _broken(found: Verification) -> set[str]:
    return {one.id for one in found.broken}


@pytest.mark.parametrize("kind", KINDS)
def test_as_written(written: Files, templates: TemplateSet, kind: str) -> None:
    found = verify(written(kind), templates)
    assert found.ok
    assert (found.kind, found.forms) == (kind, {"applications": FORM})
    assert len(found.sums) == len(part_equations(templates.form(FORM), "applications"))
    assert {one.state for one in found.sums} == {"closed"}


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_issuer_printed_wrong(written: Files, templates: TemplateSet, figures: Any, kind: str) -> None:
    wrong = str(int(figures[FIELD]) + 7)
    found = verify(written(kind, {FIELD: wrong}), templates)
    assert _broken(found) == {ROW, COLUMN}
    row = next(one for one in found.broken if one.id == ROW)
    assert row.difference == 7
    assert row.needed(FIELD) == int(figures[FIELD])
    assert next(term for term in row.left if term.field == FIELD).value == int(wrong)
    text = format_verification(found)
    assert f"自然人 {wrong}" in text
    assert "difference 7" in text
    (told,) = json.loads(verification_json([found]))
    assert told["ok"] is False
    assert {(one["id"], one["difference"]) for one in told["equations"]["broken"]} == {(ROW, 7), (COLUMN, 7)}


@pytest.mark.parametrize("where", CHANGES)
def test_a_figure_that_a_person_corrects(written: Files, templates: TemplateSet, figures: Any, where: str) -> None:
    kind, change = CHANGES[where]
    path = written(kind, {FIELD: str(int(figures[FIELD]) + 7)})
    change(path, templates, int(figures[FIELD]))
    assert verify(path, templates).ok


@pytest.mark.parametrize("where", CHANGES)
def test_a_figure_that_a_person_gets_wrong(written: Files, templates: TemplateSet, figures: Any, where: str) -> None:
    kind, change = CHANGES[where]
    path = written(kind)
    change(path, templates, int(figures[FIELD]) + 3)
    found = verify(path, templates)
    assert _broken(found) == {ROW, COLUMN}
    assert found.problems == ()


@pytest.mark.parametrize("where", ["csv", "values", "form"])
def test_a_missing_figure_that_a_person_fills_in(
    written: Files, templates: TemplateSet, figures: Any, where: str
) -> None:
    kind, change = CHANGES[where]
    path = written(kind, {FIELD: "乂"})
    before = verify(path, templates)
    assert before.ok
    assert {one.id for one in before.open} == {ROW, COLUMN}
    assert "自然人 is missing" in format_verification(before, with_open=True)
    change(path, templates, figures[FIELD] + "件")
    after = verify(path, templates)
    assert after.ok
    assert after.open == ()


def test_a_missing_figure_in_json_needs_its_status_too(written: Files, templates: TemplateSet, figures: Any) -> None:
    path = written("json", {FIELD: "乂"})
    _change_json(path, templates, int(figures[FIELD]))
    found = verify(path, templates)
    assert found.broken == found.open == ()
    assert "status missing with value" in found.problems[0].message


@pytest.mark.parametrize("figure", ["many", "12.5", -3, True, "2024-01-01"])
@pytest.mark.parametrize("where", CHANGES)
def test_what_is_no_figure(written: Files, templates: TemplateSet, where: str, figure: object) -> None:
    kind, change = CHANGES[where]
    path = written(kind)
    change(path, templates, figure)
    found = verify(path, templates)
    assert not found.ok
    assert any(FIELD in problem.message for problem in found.problems)
    assert {one.id for one in found.open} == {ROW, COLUMN}


def test_two_places_that_contradict_each_other(written: Files, templates: TemplateSet, figures: Any) -> None:
    path = written("xlsx")
    _change_flat(path, templates, int(figures[FIELD]) + 3)
    _change_form(path, templates, int(figures[FIELD]) + 4)
    (problem,) = verify(path, templates).problems
    assert "make the two agree" in problem.message
    assert "cell D" in problem.place
    _change_flat(path, templates, int(figures[FIELD]))
    _change_form(path, templates, None)
    (problem,) = verify(path, templates).problems
    assert "taken out" in problem.message


def test_a_formula_counts_with_its_stored_result_only(written: Files, templates: TemplateSet) -> None:
    path = written("xlsx")
    _change_form(path, templates, "=1+1")  # written without a result, as no spreadsheet program has seen it
    assert not verify(path, templates).ok


def test_a_sheet_that_lost_its_shape_is_not_used(written: Files, templates: TemplateSet) -> None:
    path = written("xlsx")
    book, _, form = _book(path)
    form.insert_rows(6)
    book.save(path)
    found = verify(path, templates)
    assert "lost the shape" in found.problems[0].message
    assert found.broken == ()
    book.remove(form)
    book.save(path)
    assert verify(path, templates).ok


@pytest.mark.parametrize(
    ("encoding", "separator"), [("gb18030", ","), ("utf-16", "\t"), ("utf-8", ";"), ("utf-8-sig", ",")]
)
def test_csv_as_spreadsheets_save_it(written: Files, templates: TemplateSet, encoding: str, separator: str) -> None:
    path = written("csv")
    _save(path, _rows(path), encoding=encoding, separator=separator)
    assert verify(path, templates).ok


def test_csv_with_the_columns_that_are_left(written: Files, templates: TemplateSet) -> None:
    path = written("csv")
    _save(path, [{"value": row["value"], "id": row["id"]} for row in _rows(path)])
    assert verify(path, templates).ok  # only this form has all of these fields
    few = [row for row in _rows(path) if row["id"].split("/")[1] in ("1", "2")]
    _save(path, few)
    found = verify(path, templates)
    assert "--form" in found.problems[0].message
    again = verify(path, templates, form=FORM)
    assert again.ok
    assert {one.id for one in again.sums if one.state == "closed"} == {"applicants[1]", "applicants[2]"}
    with pytest.raises(TemplateError):
        verify(path, templates, form="no-such-form")


def test_rows_that_cannot_be_placed(written: Files, templates: TemplateSet) -> None:
    path = written("csv")
    rows = _rows(path)
    odd = [
        {**rows[0], "id": "applications/9/natural"},
        {**rows[0], "id": "poetry/1"},
        {**rows[0], "form": "no-such-form"},
        {**rows[0], "id": ""},
    ]
    _save(path, [*rows, *odd])
    messages = [problem.message for problem in verify(path, templates).problems]
    assert len(messages) == 4
    for words in ("has no such field", "poetry", "second time", "without the id"):
        assert any(words in message for message in messages), words


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("empty.json", b" \n", EmptySourceError),
        ("cut.json", b'{"schema_version": "1", "values": [', DamagedSourceError),
        ("other.json", b'{"values": []}', UnknownFormatError),
        ("list.json", b"[1, 2]", UnknownFormatError),
        ("old.json", b'{"schema_version": "0"}', UnknownFormatError),
        ("cut.xlsx", b"PK\x03\x04 and no more", DamagedSourceError),
        ("noise.bin", bytes(range(256)) * 4, DamagedSourceError),
        ("letter.txt", "关于召开会议的通知".encode(), UnknownFormatError),
        ("other.csv", b"a,b\n1,2\n", UnknownFormatError),
    ],
)
def test_files_that_are_no_reports(
    templates: TemplateSet, tmp_path: Path, name: str, content: bytes, error: type[Exception]
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(error, match=name):
        verify(tmp_path / name, templates)


def test_a_workbook_of_something_else(templates: TemplateSet, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.save(tmp_path / "other.xlsx")
    with pytest.raises(UnknownFormatError, match='"values"'):
        verify(tmp_path / "other.xlsx", templates)
    with pytest.raises(SourceNotFoundError):
        verify(tmp_path / "nothing.json", templates)
    with pytest.raises(DamagedSourceError):
        verify(tmp_path, templates)


@given(number=st.integers(0, 10**12), grouped=st.booleans(), kind=st.sampled_from(["count", "change", "amount"]))
def test_figures_as_people_type_them(number: int, grouped: bool, kind: Any) -> None:
    text = f"{number:,}" if grouped else str(number)
    for content in (text, f" {text} ", f"'{text}", text.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789"})):
        assert figure_in(content, kind) == (number, None)
    for content in (number, float(number), f"{number}.0"):
        assert figure_in(content, kind)[0] == number
    if kind == "change" and number:
        assert figure_in(f"-{text}", kind) == (-number, None)


@pytest.mark.parametrize("nothing", [None, "", " ", "/", "—", "-"])
def test_cells_that_hold_nothing(nothing: object) -> None:
    assert figure_in(nothing, "count") == (None, None)


def test_amounts_keep_their_unit() -> None:
    assert figure_in("12.5万元", "amount") == (12.5, "万元")
    for wrong in ("nan", "inf", float("nan"), "1 2 3", "十二"):
        with pytest.raises(FigureError):
            figure_in(wrong, "amount")


def test_the_command(written: Files, figures: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = written("csv")
    assert main(["verify", str(good)]) == 0
    assert "0 broken" in capsys.readouterr().out
    assert main(["verify", "-q", str(good)]) == 0
    assert capsys.readouterr().out == ""
    bad = written("json", {FIELD: str(int(figures[FIELD]) + 1)})
    assert main(["verify", str(bad)]) == 4
    shown = capsys.readouterr()
    assert "difference 1" in shown.out
    assert "2 of " in shown.err
    assert main(["verify", str(bad), "--json"]) == 4
    assert json.loads(capsys.readouterr().out)[0]["equations"]["broken"][0]["difference"] == 1
    assert main(["verify", str(good), str(bad), str(tmp_path / "nothing.json"), "--json"]) == 7
    shown = capsys.readouterr()
    assert [one["ok"] for one in json.loads(shown.out)] == [True, False]
    assert "no such report" in shown.err
    assert main(["verify", str(tmp_path / "nothing.json")]) == 3
