from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.report import VALUE_COLUMNS, Report
from ocr_pipeline.report.csv_export import neutralised, write_csv


def test_one_row_a_value_for_excel(report: Report, tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    write_csv(report, file)
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"))))
    assert list(rows[0]) == list(VALUE_COLUMNS)
    assert [row["id"] for row in rows] == [value.id for value in report.values]
    assert (rows[0]["value"], rows[0]["page"], rows[0]["row"]) == ("91", "1", "3")
    assert rows[6]["value"] == ""
    assert rows[6]["raw"] == "/"


def test_text_that_would_run_does_not(report: Report, tmp_path: Path) -> None:
    values = (report.values[0].model_copy(update={"raw": "=HYPERLINK(1)"}),)
    file = tmp_path / "x.csv"
    write_csv(report.model_copy(update={"values": values}), file)
    assert ",'=HYPERLINK(1)," in file.read_text(encoding="utf-8")


@pytest.mark.parametrize("text", ["=1+2", "+cmd|' /C calc'!A0", "@SUM(A1)", "-1+1", " =1", "＝1", "\t=1", "+1;2"])
def test_formulas_are_neutralised(text: str) -> None:
    assert neutralised(text) == "'" + text


@pytest.mark.parametrize("text", ["-13", "+72", "-1,942", "", "-", "规章", "增加 33", "'=1", "3.14"])
def test_figures_and_words_are_left_alone(text: str) -> None:
    assert neutralised(text) == text


@given(st.text(max_size=12))
def test_nothing_that_starts_like_a_formula_is_left(text: str) -> None:
    safe = neutralised(text)
    assert not safe.strip().startswith(("=", "@", "＝", "＠"))
    assert safe.removeprefix("'") == text.removeprefix("'")
