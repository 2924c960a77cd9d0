from pathlib import Path

import pytest

from ocr_pipeline.cli import main
from tests.dataset.made_reports import made_report, save

BODY = "松塘县财政局"


@pytest.fixture
def reports(tmp_path: Path) -> list[str]:
    return [
        str(save(tmp_path, made_report(BODY, year, {"applications/1/total": year - 2000, "applications/2/total": 5})))
        for year in (2022, 2023)
    ]


def test_the_comparison_goes_to_standard_output(reports: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", *reports]) == 0
    out = capsys.readouterr().out
    assert f"{BODY} 2022  →  {BODY} 2023" in out
    assert "+4.5 %" in out
    assert "\033[" not in out
    assert main(["compare", *reports, "--changed"]) == 0
    assert len(capsys.readouterr().out) < len(out)


def test_a_page_is_written_and_named(reports: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "new" / "page.html"
    assert main(["compare", *reports, "--html", str(page), "-q"]) == 0
    assert capsys.readouterr().out == f"{page}\n"
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_what_is_no_report_is_refused(reports: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = tmp_path / "other.json"
    other.write_text("{}")
    assert main(["compare", reports[0], str(other)]) == 3
    assert "no report" in capsys.readouterr().err
    assert main(["compare", reports[0], str(tmp_path / "none.json")]) == 3
