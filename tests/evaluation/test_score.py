from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ocr_pipeline.evaluation.fields import Verdict
from ocr_pipeline.evaluation.prediction import PredictedTable, parse_prediction
from ocr_pipeline.evaluation.score import score_document, score_tables
from ocr_pipeline.evaluation.truth import TrueTable, load_truth


def _table(*texts: str) -> str:
    return "<table><tr>" + "".join(f"<td>{text}</td>" for text in texts) + "</tr></table>"


def test_a_report_without_a_mistake(truth_folder: Path, perfect_report: dict[str, Any]) -> None:
    score = score_document(load_truth(truth_folder)[0], parse_prediction(json.dumps(perfect_report)))
    assert (score.fields.right, score.fields.total) == (3, 3)
    assert [(t.part, t.teds, t.structure) for t in score.tables] == [
        ("proactive", 1.0, 1.0),
        ("applications", 1.0, 1.0),
        ("disputes", 1.0, 1.0),
    ]
    assert score.prose_edits == 0
    assert score.mistakes == ()


def test_mistakes_name_field_truth_and_what_was_read(truth_folder: Path, perfect_report: dict[str, Any]) -> None:
    perfect_report["values"][0].update(value=72, raw="72")
    perfect_report["values"].pop()
    score = score_document(load_truth(truth_folder)[0], parse_prediction(json.dumps(perfect_report)))
    assert (score.fields.wrong, score.fields.absent, score.fields.right) == (1, 1, 1)
    wrong, absent = score.mistakes
    assert (wrong.field, wrong.verdict, wrong.truth, wrong.value) == (
        "proactive/license/decisions",
        Verdict.WRONG,
        "12",
        72.0,
    )
    assert (absent.verdict, absent.status) == (Verdict.ABSENT, None)


def test_without_a_report_all_is_lost(truth_folder: Path) -> None:
    score = score_document(load_truth(truth_folder)[0], None, error="crashed")
    assert (score.fields.absent, score.fields.total) == (3, 3)
    assert [table.teds for table in score.tables] == [0.0, 0.0, 0.0]
    assert score.prose_edits == score.prose_length > 0
    assert score.error == "crashed"


def test_a_matched_part_outweighs_likeness() -> None:
    truth = [TrueTable("proactive", _table("a", "b")), TrueTable("disputes", _table("c", "d"))]
    read = [PredictedTable(_table("a", "b"), "disputes"), PredictedTable(_table("c", "d"), "proactive")]
    assert [table.teds for table in score_tables(truth, read)] == [pytest.approx(1 / 3), pytest.approx(1 / 3)]


def test_tables_without_a_match_are_assigned_by_what_they_share() -> None:
    truth = [TrueTable("proactive", _table("a", "b", "x")), TrueTable("disputes", _table("c", "d"))]
    read = [PredictedTable(_table("c", "z"), None), PredictedTable(_table("a", "b", "y"), None)]
    first, second = score_tables(truth, read)
    assert (first.part, first.teds, first.structure) == ("proactive", pytest.approx(1 - 1 / 4), 1.0)
    assert (second.part, second.teds, second.structure) == ("disputes", pytest.approx(1 - 1 / 3), 1.0)


def test_a_table_that_shares_nothing_is_no_partner() -> None:
    truth = [TrueTable("proactive", _table("a"))]
    assert score_tables(truth, [PredictedTable(_table("b"), None)])[0].structure == 0.0
    assert score_tables(truth, [])[0].teds == 0.0
    assert score_tables([], [PredictedTable(_table("b"), None)]) == []
