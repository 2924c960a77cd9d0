from __future__ import annotations

import pickle

import pytest
from pydantic import ValidationError

from ocr_pipeline.document import Status
from ocr_pipeline.errors import DamagedSourceError
from ocr_pipeline.report import VALUE_COLUMNS, Report, StageError


def test_properties(report: Report) -> None:
    assert report.source.name == "报告.pdf"
    assert [section.title for section in report.sections] == ["一、总体情况", "三、收到和处理"]
    assert report.value("applications/3.1/natural").value == 40
    assert [value.status for value in report.flagged] == [Status.BLANK, Status.MISSING, Status.CONFLICT]
    assert report.status_counts()[Status.READ] == 5
    with pytest.raises(KeyError):
        report.value("applications/9/natural")


def test_an_error_of_one_page_is_data_and_the_report_is_not_ok(report: Report) -> None:
    assert report.ok
    error = StageError.of("pages", DamagedSourceError("broken picture", page=2))
    failed = report.model_copy(update={"errors": (error,)})
    assert not failed.ok
    assert (error.category, error.page, error.message) == ("DamagedSourceError", 2, "broken picture")
    assert "failed: pages: broken picture" in str(failed)


def test_an_error_without_words_is_still_named() -> None:
    assert StageError.of("text", MemoryError()).message == "MemoryError"


def test_short_summary(report: Report) -> None:
    assert str(report).splitlines() == [
        "报告.pdf: 某县2023年政府信息公开工作年度报告",
        "pages: 1, tables: 2, values: 12 (3 verified, 5 read, 1 repaired, 1 conflict, 1 blank, 1 missing)",
        "t1: applications of form B (0.97)",
        "findings: 1",
    ]
    assert repr(report) == "<Report 报告.pdf: 12 values, 3 flagged, ok>"


def test_frozen_and_fit_for_another_process(report: Report) -> None:
    with pytest.raises(ValidationError):
        report.values = ()  # type: ignore[misc]
    assert pickle.loads(pickle.dumps(report)) == report


def test_impossible_reports_are_refused(report: Report) -> None:
    parts = dict(report)
    with pytest.raises(ValidationError, match="two values of one id: applications/1/natural"):
        Report(**parts | {"values": report.values + report.values[:1]})
    for number in (float("nan"), float("inf")):
        value = report.values[0].model_copy(update={"value": number})
        with pytest.raises(ValidationError, match="no figure"):
            Report(**parts | {"values": (value,)})


def test_values_as_a_frame(report: Report) -> None:
    frame = report.to_frame()
    assert list(frame.columns) == list(VALUE_COLUMNS)
    rows = frame.set_index("id")
    assert rows.loc["applications/3.3.1/total", "value"] == 1234
    assert rows.loc["applications/3.3.1/natural", ["value"]].isna().all()
    assert rows.loc["applications/1/natural", ["page", "row", "column"]].tolist() == [0, 2, 3]
    assert rows.loc["applications/3.3.1/business", ["page", "left"]].isna().all()
    assert str(frame["page"].dtype) == "Int64"
    assert rows["label"].iloc[6] == "三、办理结果 › （三）不予公开 › 1.属于国家秘密 / 申请人情况 › 自然人"


def test_the_frame_of_a_report_without_values_has_the_same_columns(report: Report) -> None:
    empty = Report(document=report.document, versions=report.versions).to_frame()
    assert empty.dtypes.equals(report.to_frame().dtypes)
    assert empty.empty


def test_tables(report: Report) -> None:
    first, second = report.tables
    assert (first.id, first.pages, second.pages) == ("t1", (0,), ())
    assert first.grid[1] == ["（本列数据的勾稽关系）"] * 3 + ["自然人", "商业企业", "总计"]
    assert first.html.count("<tr>") == 6
    frame = first.to_frame()
    assert list(frame.columns)[2:4] == ["（本列数据的勾稽关系） (3)", "申请人情况 / 自然人"]
    assert frame["申请人情况 / 自然人"].tolist() == ["91", "4O", "/", "0"]
    assert second.to_frame()["项目"].tolist() == ["=1+2", "@SUM(A1)"]
