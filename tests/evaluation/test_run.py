from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ocr_pipeline.document import Document, SourceInfo, Status, Value
from ocr_pipeline.errors import DamagedSourceError, EncryptedSourceError, SourceNotFoundError
from ocr_pipeline.evaluation.memory import peak_memory_mb
from ocr_pipeline.evaluation.result import EvaluationResult
from ocr_pipeline.evaluation.run import evaluate
from ocr_pipeline.evaluation.show import format_evaluation
from ocr_pipeline.report import Report, Versions

WriteJson = Callable[[Path, Any], Path]


class _OneFieldReader:
    """Reads one figure out of ``one.pdf`` and meets a password at every other document."""

    def read(self, source: Path) -> Report:
        if source.stem != "one":
            raise EncryptedSourceError("needs a password", source=source)
        info = SourceInfo(name=source.name, kind="pdf", sha256="0" * 64, size=1, page_count=1)
        value = Value(id="proactive/license/decisions", value=12, status=Status.READ, confidence=0.9)
        return Report(
            document=Document(source=info, title="年度报告"),
            values=(value,),
            versions=Versions(program="0"),
            timings={"text": 0.25},
        )


@pytest.fixture
def predictions(tmp_path: Path, write_json: WriteJson, perfect_report: dict[str, Any]) -> Path:
    write_json(tmp_path / "out" / "deep" / "one.json", perfect_report)
    wrong = {"id": "proactive/fees/items_change", "value": 5, "status": "read", "raw": "5"}
    write_json(tmp_path / "out" / "two.json", {"values": [wrong]})
    return tmp_path / "out"


def test_saved_reports_are_judged_by_damage_and_by_form(truth_folder: Path, predictions: Path) -> None:
    result = evaluate(truth_folder, predictions)
    assert [(g.name, g.fields.right, g.fields.wrong) for g in result.by_damage] == [
        ("scans/clean", 3, 0),
        ("scans/fax", 0, 1),
    ]
    assert [g.name for g in result.by_form] == ["A", "B"]
    assert [g.name for g in result.by_damage_and_form] == ["scans/clean/B", "scans/fax/A"]
    assert result.total.fields.right_share == pytest.approx(0.75)
    assert (result.total.teds, result.total.structure, result.total.cer) == (1.0, 1.0, 0.0)
    assert result.by_damage[1].teds is result.by_damage[1].cer is None
    assert result.total.seconds == {"pages": 0.5, "text": 1.5}
    assert result.peak_memory_mb is None


def test_result_survives_json(truth_folder: Path, predictions: Path) -> None:
    result = evaluate(truth_folder, predictions)
    text = result.model_dump_json()
    assert EvaluationResult.model_validate_json(text) == result
    assert json.loads(text)["total"]["fields"]["right_share"] == 0.75


def test_a_document_without_a_report_counts_as_absent(truth_folder: Path, predictions: Path) -> None:
    (predictions / "two.json").unlink()
    result = evaluate(truth_folder, predictions)
    assert (result.total.failed, result.total.fields.absent) == (1, 1)


def test_only_the_damage_asked_for(truth_folder: Path, predictions: Path) -> None:
    assert [d.file for d in evaluate(truth_folder, predictions, profile="fax").documents] == ["scans/two.pdf"]


def test_documents_are_read_and_timed_and_a_failure_is_a_result(truth_folder: Path) -> None:
    told: list[tuple[int, int, str]] = []
    result = evaluate(truth_folder, reader=_OneFieldReader(), progress=lambda *step: told.append(step))
    one, two = result.documents
    assert (one.fields.right, one.fields.absent) == (1, 2)
    assert one.seconds["text"] == 0.25
    assert one.seconds["total"] >= 0
    assert two.error is not None
    assert "password" in two.error
    assert (two.fields.absent, two.fields.total) == (1, 1)
    assert (result.peak_memory_mb is None) == (peak_memory_mb() is None)
    assert told == [(0, 2, "scans/one.pdf"), (1, 2, "scans/two.pdf")]


@pytest.mark.skipif(sys.platform == "win32", reason="the system does not tell")
def test_peak_memory_grows_with_what_the_process_holds() -> None:
    code = (
        "from ocr_pipeline.evaluation.memory import peak_memory_mb as peak\n"
        "before = peak(); block = bytearray(b'1') * 200_000_000; print(before, peak())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    before, after = (float(number) for number in done.stdout.split())
    assert 150 < after - before < 250


def test_a_table_without_a_table_in_it_is_named(truth_folder: Path, predictions: Path, write_json: WriteJson) -> None:
    write_json(predictions / "deep" / "one.json", {"values": [], "tables": [{"id": "t", "html": "<p>"}]})
    with pytest.raises(DamagedSourceError, match=r"one\.json"):
        evaluate(truth_folder, predictions)


def test_no_truth_no_reports(tmp_path: Path, truth_folder: Path) -> None:
    with pytest.raises(SourceNotFoundError):
        evaluate(tmp_path / "none")
    with pytest.raises(SourceNotFoundError):
        evaluate(truth_folder, tmp_path / "none")


def test_shown_as_a_table_with_each_mistake_on_request(truth_folder: Path, predictions: Path) -> None:
    result = evaluate(truth_folder, predictions)
    shown = format_evaluation(result)
    lines = [line.split() for line in shown.splitlines()]
    assert ["scans/clean", "1", "3", "100.00", "%", "0", "0", "0", "1.0000", "1.0000", "0.00", "%", "-"] in lines
    assert ["scans/fax", "1", "1", "0.00", "%", "1", "0", "0", "-", "-", "-", "-"] in lines
    assert ["total", "2", "4", "75.00", "%", "1", "0", "0", "1.0000", "1.0000", "0.00", "%", "-"] in lines
    assert "seconds per document: pages 0.50, text 1.50" in shown
    assert "items_change" not in shown
    listed = format_evaluation(result, mistakes=True).splitlines()[0]
    assert listed == "scans/two.pdf\twrong\tproactive/fees/items_change\ttruth '减少5'\tgot 5.0  read raw '5'"


def test_documents_without_a_report_are_named(truth_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    shown = format_evaluation(evaluate(truth_folder, tmp_path / "empty"), mistakes=True)
    assert "  scans/one.pdf: no report" in shown
    assert "scans/two.pdf\tabsent\tproactive/fees/items_change\ttruth '减少5'\tno entry" in shown
