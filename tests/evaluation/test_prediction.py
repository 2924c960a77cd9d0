from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ocr_pipeline.document import Status
from ocr_pipeline.errors import ConfigurationError, DamagedSourceError, SourceNotFoundError
from ocr_pipeline.evaluation.fields import PredictedValue
from ocr_pipeline.evaluation.prediction import find_reports, load_prediction, parse_prediction


def test_takes_what_is_judged(perfect_report: dict[str, Any]) -> None:
    prediction = parse_prediction(json.dumps(perfect_report))
    assert prediction.values["applications/1/total"] == PredictedValue(3, Status.READ, None, "3")
    assert [table.part for table in prediction.tables] == [None, None, "proactive", None]
    assert prediction.prose.split() == ["年度报告", "一、总体情况", "收到申请3件。"]
    assert prediction.seconds == {"pages": 0.5, "text": 1.5}


def test_text_of_sections_is_in_reading_order_through_the_tree() -> None:
    inner = {"title": "（一）", "text": "b", "children": [{"title": "1.", "text": "c"}]}
    sections = [{"title": "一、", "text": "a", "children": [inner]}, {"title": "二、", "text": "d"}]
    assert parse_prediction(json.dumps({"values": [], "sections": sections})).prose.split() == [
        *("一、", "a", "（一）", "b", "1.", "c", "二、", "d")
    ]


def test_the_surest_match_of_a_table_counts() -> None:
    matches = [
        {"table": "t", "part": "disputes", "score": 0.9},
        {"table": "t", "part": "proactive", "score": 0.3},
    ]
    report = {"values": [], "tables": [{"id": "t", "html": "<table></table>"}], "matches": matches}
    assert parse_prediction(json.dumps(report)).tables[0].part == "disputes"


def test_values_alone_are_enough() -> None:
    assert parse_prediction('{"values": []}').tables == ()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "Expecting"),
        ("[]", "valid dictionary"),
        ('{"tables": []}', "values"),
        ('{"values": [{"id": "a", "value": 1, "status": "sure"}]}', r"values\.0\.status"),
        ('{"values": [], "tables": [{"id": "t"}]}', r"tables\.0\.html"),
    ],
)
def test_a_report_that_cannot_be_judged_is_refused(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "r.json"
    path.write_text(content)
    with pytest.raises(DamagedSourceError, match=message):
        load_prediction(path)


def test_reports_are_found_anywhere_below(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    for name in ("x.json", "a/y.json", "a/b/z.json", "a/notes.txt"):
        (tmp_path / name).write_text("{}")
    assert set(find_reports(tmp_path)) == {"x", "y", "z"}


def test_two_reports_of_one_name_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    for name in ("x.json", "a/x.json"):
        (tmp_path / name).write_text("{}")
    with pytest.raises(ConfigurationError, match="two reports of one name"):
        find_reports(tmp_path)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SourceNotFoundError):
        find_reports(tmp_path / "none")
