from __future__ import annotations

import doctest
from pathlib import Path

from ocr_pipeline.document import Status
from ocr_pipeline.report import EXPORTERS, VALUE_COLUMNS, Report
from ocr_pipeline.report.serial import ReportJson

GUIDE = (Path(__file__).parents[2] / "docs" / "report.md").read_text(encoding="utf-8")


def test_the_example_runs(report: Report) -> None:
    test = doctest.DocTestParser().get_doctest(GUIDE, {"report": report}, "report.md", "docs/report.md", 0)
    results = doctest.DocTestRunner().run(test)
    assert results.attempted >= 9
    assert results.failed == 0


def test_every_name_of_the_contract_is_explained() -> None:
    names = [*VALUE_COLUMNS, *ReportJson.model_fields, *(status.value for status in Status), *set(EXPORTERS) - {"json"}]
    assert [name for name in names if f"`{name}`" not in GUIDE and f"`{name}[]`" not in GUIDE] == []
