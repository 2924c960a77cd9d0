"""Whole native PDFs through the real models: a text layer verifies what is right and never brings in what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from ocr_pipeline.document import Status
from ocr_pipeline.evaluation.fields import PredictedValue, Verdict, judge_all
from ocr_pipeline.evaluation.synthetic.native_pdf import TEXT_FAULTS, TextFault, write_native_pdf
from ocr_pipeline.evaluation.synthetic.options import ContentOptions
from ocr_pipeline.evaluation.synthetic.report import SyntheticReport, draw_report
from ocr_pipeline.evaluation.synthetic.style import ReportStyle
from ocr_pipeline.pipeline import Reader
from ocr_pipeline.report import Report

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def drawn() -> SyntheticReport:
    pytest.importorskip("fpdf")
    content = ContentOptions(scale="small", zero="0", broken=0, parts=("applications", "disputes"), prose=False)
    return draw_report(11, form="B", style=ReportStyle(), content=content)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


def verdicts(report: Report, drawn: SyntheticReport) -> list[Verdict]:
    predicted = {v.id: PredictedValue(v.value, v.status, v.unit) for v in report.values}
    return [found.verdict for found in judge_all(drawn.truth.fields, predicted)]


def test_a_right_layer_verifies_every_value(drawn: SyntheticReport, reader: Reader, tmp_path: Path) -> None:
    report = reader.read(write_native_pdf(drawn, tmp_path / "a.pdf"))
    assert set(verdicts(report, drawn)) == {Verdict.RIGHT}
    assert all(value.status is Status.VERIFIED for value in report.values)
    heard = [e for value in report.values for e in value.evidence if e.kind == "text_layer"]
    assert len(heard) == len(report.values)
    assert all(evidence.agrees for evidence in heard)


@pytest.mark.parametrize("fault", TEXT_FAULTS)
def test_no_fault_of_a_layer_gives_a_wrong_value(
    drawn: SyntheticReport, reader: Reader, tmp_path: Path, fault: TextFault
) -> None:
    report = reader.read(write_native_pdf(drawn, tmp_path / "a.pdf", fault=fault))
    found = verdicts(report, drawn)
    assert Verdict.WRONG not in found
    assert found.count(Verdict.RIGHT) >= 0.99 * len(found)
    codes = {finding.code for finding in report.findings}
    if fault in ("digits", "private", "mojibake", "unmapped", "shifted", "changed"):
        assert "text-layer-wrong" in codes
    if fault == "one_changed":
        assert "text-layer-disagrees" in codes
