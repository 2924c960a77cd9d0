"""``ocr-pipeline read`` of several years of one body."""

import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from ocr_pipeline.cli import main
from ocr_pipeline.report import Report
from tests.dataset.made_reports import made_report


class YearReader:
    """Reads ``2022.pdf`` as the report of 2022, which carries nothing over and 2,022 applications forward."""

    def __init__(self, settings: object = None, models_folder: Path | None = None) -> None:
        pass

    def read(self, source: Path | bytes, **_: Any) -> Report:
        assert isinstance(source, Path)
        year = int(source.stem)
        return made_report(
            "松塘县财政局", year, {"applications/2/total": 0, "applications/4/total": year}, source=source.name
        )


@pytest.fixture(autouse=True)
def _years(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pipeline = ModuleType("ocr_pipeline.pipeline")
    pipeline.Reader = YearReader  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "ocr_pipeline.pipeline", pipeline)
    monkeypatch.chdir(tmp_path)
    for year in (2021, 2022, 2024):
        (tmp_path / f"{year}.pdf").write_bytes(b"%PDF-")


def test_what_does_not_hold_between_years_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", "2022.pdf", "2021.pdf", "2024.pdf", "--format", "json"]) == 0
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("ocr-pipeline: carried-over[total] does not hold by 2021: 松塘县财政局 2021 (2021.pdf)")
    assert main(["read", "2022.pdf", "2021.pdf", "-q", "--format", "json"]) == 0
    assert capsys.readouterr().err == ""


def test_a_year_alone_is_not_checked(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", "2022.pdf", "2024.pdf", "--format", "json"]) == 0
    assert capsys.readouterr().err == ""
