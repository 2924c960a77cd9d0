from __future__ import annotations

from pathlib import Path

from ocr_pipeline.document import Table
from ocr_pipeline.report import Report, StageError
from ocr_pipeline.report.markdown import to_markdown, write_markdown


def test_prose_and_tables_in_order(report: Report) -> None:
    text = to_markdown(report)
    places = [
        text.index(part)
        for part in (
            "# 某县2023年政府信息公开工作年度报告\n",
            "\n## 一、总体情况\n",
            "\n## 三、收到和处理\n",
            '\n<table>\n<tr><th rowspan="2" colspan="3">',
            "\n### （一）说明\n",
            "\n见下表\n",
            "\n| 项目 | A\\|B |\n| --- | --- |\n| =1+2 | \\<b\\>\\&第二 |\n",
            "\n## Values\n",
            "\n## Findings\n",
        )
    ]
    assert places == sorted(places)


def test_text_that_looks_like_markup_stays_text(report: Report) -> None:
    lines = to_markdown(report).splitlines()
    assert "1\\. 主动公开 \\*全部\\* 信息。" in lines
    assert "\\# 不是标题" in lines
    assert "\\<i\\>原文\\</i\\>" in lines


def test_every_value_with_its_status(report: Report) -> None:
    rows = [line for line in to_markdown(report).splitlines() if line.startswith("| applications/")]
    assert len(rows) == 12
    assert rows[3].endswith("| 40 |  | 4O | repaired | 0.98 | 1 |")


def test_tables_of_no_section_and_failures_are_shown(report: Report, plain_table: Table) -> None:
    document = report.document.model_copy(update={"sections": ()})
    errors = (StageError(stage="text", category="MemoryError", message="a|b", page=0),)
    text = to_markdown(report.model_copy(update={"document": document, "errors": errors}))
    assert "## Tables outside any section" in text
    assert "not complete" in text
    assert "| text | MemoryError | a\\|b | 1 |" in text


def test_a_report_without_values_says_so(report: Report, tmp_path: Path) -> None:
    empty = Report(document=report.document, versions=report.versions)
    write_markdown(empty, tmp_path / "x.md")
    text = (tmp_path / "x.md").read_text(encoding="utf-8")
    assert "No table of a known form." in text
    assert "## Values" not in text
