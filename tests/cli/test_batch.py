"""``ocr-pipeline batch`` with a reader that does what a document's name says."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import ocr_pipeline.batch.start as start
from ocr_pipeline.batch.options import BatchOptions
from ocr_pipeline.cli import main
from ocr_pipeline.errors import WeightsError
from tests.fakes.inline_engine import inline
from tests.fakes.named_reader import NamedReader, NamedReaders

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def options(monkeypatch: pytest.MonkeyPatch) -> list[BatchOptions]:
    """The options of each batch that was begun; documents are read by the fake, without workers."""
    asked: list[BatchOptions] = []

    def engine_of(name: str, made: NamedReaders, given: BatchOptions) -> object:
        asked.append(given)
        return inline(made)

    monkeypatch.setattr(start, "PipelineReaders", lambda settings, folder, threads: NamedReaders())
    monkeypatch.setattr(start, "engine_of", engine_of)
    return asked


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """A working folder with documents of these names in ``in/``."""
    monkeypatch.chdir(tmp_path)

    def fill(*names: str) -> Path:
        for number, name in enumerate(names):
            (tmp_path / "in").mkdir(exist_ok=True)
            (tmp_path / "in" / f"{name}.pdf").write_text(f"{name} {number}", encoding="utf-8")
        return tmp_path

    return fill


def test_all_done_is_zero_and_says_where_the_results_are(
    desk: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = desk("a", "b")
    assert main(["batch", "in", "--out", "o"]) == 0
    output = capsys.readouterr()
    lines = output.out.splitlines()
    assert lines[-1] == "o/summary.html"
    assert "o/archive.duckdb" in lines
    assert [line for line in lines if line.startswith("done")] == ["done         2"]
    assert output.err.splitlines() == ["documents: 2 to read"]
    assert (folder / "o" / "dataset" / "values").is_dir()


def test_a_report_that_the_dataset_lacks_is_no_success(
    desk: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = desk("a", "b")
    assert main(["batch", "in", "--out", "o"]) == 0
    (report,) = (folder / "o" / "documents").glob("*-a/report.json")
    report.write_text(report.read_text("utf-8")[:-9], encoding="utf-8")
    capsys.readouterr()
    assert main(["batch", "in", "--out", "o"]) == 7
    assert "-a/report.json is not in the dataset" in capsys.readouterr().err


def test_quiet_prints_the_paths_alone(desk: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> None:
    desk("a", "damaged")
    assert main(["batch", "in", "-q", "--no-dataset"]) == 7
    output = capsys.readouterr()
    assert output.out.splitlines() == ["out/summary.html"]
    assert output.err.splitlines() == [
        "in/damaged.pdf: failed: DamagedSourceError: cut off (fetch the file again, or repair it with a PDF tool)"
    ]


def test_what_has_no_content_is_named_too(desk: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> None:
    desk("a")
    assert main(["batch", "in", "missing.pdf", "-q", "--no-dataset"]) == 7
    assert capsys.readouterr().err == "missing.pdf: failed: SourceNotFoundError: no such file (check the path)\n"


@pytest.mark.parametrize("name", ["damaged", "torn", "lost", "bug"])
def test_partial_success_is_seven_and_names_the_document(
    desk: Callable[..., Path], capsys: pytest.CaptureFixture[str], name: str
) -> None:
    desk("a", name)
    assert main(["batch", "in", "--no-dataset"]) == 7
    assert f"in/{name}.pdf: " in capsys.readouterr().err
    # It is no better the next time, and still is no success.
    assert main(["batch", "in", "--no-dataset"]) == 7
    assert "1 failed before" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["in", "--format", "jsn"], 2, "unknown format 'jsn'"),
        (["in", "--attempts", "0"], 2, "--attempts 0"),
        (["in", "--memory", "1"], 2, "--memory 1"),
        (["in", "--set", "tables.max_cell=1"], 2, "tables.max_cells"),
        (["in", "--max-pages", "0"], 2, "source.max_pages"),
        (["@missing.txt"], 3, "no such list"),
        ([], 2, "INPUT"),
        (["in", "--out", "in/a.pdf"], 6, "cannot write there"),
    ],
)
def test_a_wrong_call_is_one_line_and_its_code(
    desk: Callable[..., Path], capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, words: str
) -> None:
    desk("a")
    assert main(["batch", *arguments, "--no-dataset"]) == code
    output = capsys.readouterr()
    assert output.out == "" or arguments[0].startswith("@")
    assert words in output.err
    assert "Traceback" not in output.err


def test_options_reach_the_batch(desk: Callable[..., Path], options: list[BatchOptions]) -> None:
    desk("a")
    arguments = ["--workers", "3", "--threads", "2", "--attempts", "4", "--page-seconds", "5", "--recycle", "6"]
    more = ["--document-seconds", "70", "--memory", "800", "--retry-failed", "--refresh", "--format", "json,csv"]
    assert main(["batch", "in", *arguments, *more, "--no-dataset", "-q"]) == 0
    assert options == [
        BatchOptions(
            formats=("json", "csv"),
            workers=3,
            threads=2,
            attempts=4,
            page_seconds=5,
            document_seconds=70,
            memory_mb=800,
            recycle=6,
            retry_failed=True,
            refresh=True,
        )
    ]


def test_a_reader_that_cannot_be_made_has_its_own_code(
    desk: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Missing(NamedReaders):
        def fingerprint(self) -> str:
            raise WeightsError("the weights are missing")

    monkeypatch.setattr(start, "PipelineReaders", lambda settings, folder, threads: Missing())
    desk("a")
    assert main(["batch", "in"]) == WeightsError.exit_code
    assert "the weights are missing" in capsys.readouterr().err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_an_output_error_after_the_summary(
    desk: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    read = NamedReader.read

    def full(self: NamedReader, source: Path, **keywords: object) -> object:
        if source.stem == "b":
            Path("/dev/full").write_text("x", encoding="utf-8")
        return read(self, source, **keywords)  # type: ignore[arg-type]

    monkeypatch.setattr(NamedReader, "read", full)
    folder = desk("a", "b", "c")
    assert main(["batch", "in"]) == 6
    output = capsys.readouterr()
    assert "No space left" in output.err
    assert "run it again" in output.err
    assert "pending      2" in output.out
    assert (folder / "out" / "summary.html").is_file()
    monkeypatch.undo()


def test_the_command_is_light_until_it_runs() -> None:
    code = (
        "import sys; from ocr_pipeline.cli import main; main(['batch', '--help']);"
        "sys.stderr.write(' '.join(sorted({'pydantic', 'psutil', 'pebble', 'sqlite3', 'fsspec'} & set(sys.modules))))"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert done.stderr == ""
