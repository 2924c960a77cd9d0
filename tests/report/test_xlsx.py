from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from openpyxl import Workbook

from ocr_pipeline.document import Status, Table
from ocr_pipeline.report import Report, StageError
from ocr_pipeline.report.palette import STATUS_STYLES
from ocr_pipeline.report.xlsx import write_xlsx

FORM = "三、收到和处理政府信息公开申请情况"


def _book(report: Report, tmp_path: Path) -> Workbook:
    write_xlsx(report, tmp_path / "x.xlsx")
    return openpyxl.load_workbook(tmp_path / "x.xlsx")


def test_sheets(report: Report, tmp_path: Path) -> None:
    assert _book(report, tmp_path).sheetnames == [FORM, "table t2", "values", "findings", "legend"]


def test_the_form_has_the_official_shape(report: Report, tmp_path: Path) -> None:
    page = _book(report, tmp_path)[FORM]
    assert {str(r) for r in page.merged_cells.ranges} == {
        "A1:F1", "A2:C3", "D2:F2", "A4:C4", "A5:A7", "B5:C5", "B6:B7",
    }  # fmt: skip
    assert page["A1"].value == FORM
    assert page["C6"].value == "1.属于国家秘密"
    assert page["D4"].value == 91
    assert page["D4"].alignment.horizontal == "center"
    assert all(page.cell(row, column).border.top.style for row in range(2, 8) for column in range(4, 7))


@pytest.mark.parametrize(
    ("place", "shown", "status"),
    [
        ("D4", 91, Status.VERIFIED),
        ("E5", 1, Status.READ),
        ("D5", 40, Status.REPAIRED),
        ("F6", 1234, Status.CONFLICT),
        ("D6", "/", Status.BLANK),
        ("E6", "?", Status.MISSING),
    ],
)
def test_status_is_the_colour(report: Report, tmp_path: Path, place: str, shown: object, status: Status) -> None:
    cell = _book(report, tmp_path)[FORM][place]
    assert cell.value == shown
    assert cell.fill.start_color.rgb == "00{:02X}{:02X}{:02X}".format(*STATUS_STYLES[status].fill)


def test_comments_give_the_printed_text_and_the_evidence(report: Report, tmp_path: Path) -> None:
    page = _book(report, tmp_path)[FORM]
    assert page["D4"].comment is None
    repaired = page["D5"].comment.text
    assert "printed: 4O" in repaired
    assert "readings: 40" in repaired
    assert "equation row total: agrees" in repaired
    assert "page 1" in repaired
    assert "disagrees" in page["F6"].comment.text
    assert "(nothing)" in page["E6"].comment.text


def test_text_is_never_a_formula_and_never_breaks_the_file(report: Report, tmp_path: Path) -> None:
    page = _book(report, tmp_path)["table t2"]
    assert (page["A3"].value, page["A3"].data_type, page["A3"].quotePrefix) == ("=1+2", "s", True)
    assert page["A4"].data_type == "s"


def test_control_characters_are_shown_as_lost(report: Report, plain_table: Table, tmp_path: Path) -> None:
    cell = plain_table.cells[0].model_copy(update={"text": "x\x07y"})
    table = plain_table.model_copy(update={"cells": (cell,), "heading": "a\x01"})
    document = report.document.model_copy(update={"tables": (table,)})
    page = _book(Report(document=document, versions=report.versions), tmp_path)["table t2"]
    assert page["A2"].value == "x\ufffdy"


def test_units_and_signs_look_as_printed_and_still_count(report: Report, tmp_path: Path) -> None:
    changes = {
        "applications/1/natural": {"value": 8.4, "unit": "亿元", "raw": "8.4 亿"},
        "applications/1/business": {"value": 33, "raw": "增加 33"},
        "applications/1/total": {"value": 2.5, "unit": "万元", "raw": "2.5"},
    }
    values = tuple(value.model_copy(update=changes.get(value.id, {})) for value in report.values)
    page = _book(report.model_copy(update={"values": values}), tmp_path)[FORM]
    shown = [(page[place].value, page[place].number_format) for place in ("D4", "E4", "F4")]
    assert shown == [(8.4, 'General"亿元"'), (33, "+General"), (2.5, "General")]


def test_a_matched_table_without_a_form_sheet_keeps_figures_and_colours(report: Report, tmp_path: Path) -> None:
    book = _book(report.model_copy(update={"sheets": ()}), tmp_path)
    assert book.sheetnames[0] == "table t1"
    assert book["table t1"]["D4"].value == 91
    assert book["table t1"]["F6"].fill.start_color.rgb.endswith("F6BE98")


def test_flat_sheets(report: Report, tmp_path: Path) -> None:
    errors = (StageError(stage="text", category="MemoryError", message="too much", page=0),)
    book = _book(report.model_copy(update={"errors": errors}), tmp_path)
    assert book["values"].max_row == 13
    assert book["values"].freeze_panes == "A2"
    assert [cell.value for cell in book["findings"][2]][:4] == ["warning", "equation-broken", "总计 does not close", 1]
    assert [cell.value for cell in book["findings"][3]][:4] == ["failure", "text: MemoryError", "too much", 1]
    assert [book["legend"].cell(row, 1).value for row in range(2, 8)] == [status.value for status in Status]


def test_sheet_names_are_legal_and_differ(report: Report, plain_table: Table, tmp_path: Path) -> None:
    ids = ("a/b:c", "a b c", "legend", "x" * 60, "x" * 61)
    tables = tuple(plain_table.model_copy(update={"id": name}) for name in ids)
    sheet = report.sheets[0].model_copy(update={"title": "Legend"})
    document = report.document.model_copy(update={"tables": tables})
    names = _book(
        report.model_copy(update={"document": document, "sheets": (sheet,), "values": ()}), tmp_path
    ).sheetnames
    assert len({name.casefold() for name in names}) == len(names) == 9
    assert max(map(len, names)) == 31
    assert names[0] == "Legend (2)"
    assert names[1:3] == ["table a b c", "table a b c (2)"]


def test_a_report_of_nothing_still_opens(report: Report, tmp_path: Path) -> None:
    document = report.document.model_copy(update={"tables": ()})
    book = _book(Report(document=document, versions=report.versions), tmp_path)
    assert book.sheetnames == ["values", "findings", "legend"]
