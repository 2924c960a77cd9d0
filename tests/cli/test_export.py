from pathlib import Path

import pytest

from ocr_pipeline.cli import main
from tests.dataset.made_reports import made_report, save

BODY = "松塘县财政局"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for year in (2022, 2023):
        save(tmp_path, made_report(BODY, year, {"applications/1/total": year, "applications/2/total": 0}))
    return tmp_path


@pytest.mark.parametrize("kind", ["xlsx", "csv", "parquet"])
def test_the_file_is_written_where_it_is_said(folder: Path, kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", str(folder), "--to", kind]) == 0
    assert capsys.readouterr().out == f"{folder / 'values'}.{kind}\n"
    assert (folder / f"values.{kind}").stat().st_size > 0
    out = folder / "elsewhere" / f"x.{kind}"
    assert main(["export", str(folder), "--to", kind, "--out", str(out), "--wide"]) == 0
    assert out.is_file()


def test_options_select(folder: Path) -> None:
    options = ["--year", "2023", "--body", "松塘*", "--field", "applications/1/*", "--status", "read,verified"]
    assert main(["export", str(folder), "--to", "csv", *options]) == 0
    lines = (folder / "values.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 2
    assert ",2023," in lines[1]


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (["--to", "csv", "--year", "1999"], 4, "no values for year 1999"),
        (["--to", "csv", "--year", "last"], 2, "'last' is no year"),
        (["--to", "csv", "--status", "sure"], 2, "no status 'sure'"),
        (["--to", "xlsx", "--table", "findings"], 2, "a workbook holds all tables"),
        (["--to", "csv", "--table", "findings", "--wide"], 2, "findings cannot be wide"),
        (["--to", "doc"], 2, "invalid choice"),
    ],
)
def test_what_cannot_be_done_is_said(
    folder: Path, options: list[str], code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", str(folder), *options]) == code
    assert words in capsys.readouterr().err


def test_a_damaged_report_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "cut.json").write_text("{")
    assert main(["export", str(folder), "--to", "csv"]) == 0
    assert "cut.json: left out: the report is no JSON" in capsys.readouterr().err


def test_a_folder_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", str(tmp_path / "none"), "--to", "csv"]) == 3
    assert "no such folder" in capsys.readouterr().err
