"""``ocr-pipeline read`` with a reader that plays each failure."""

from __future__ import annotations

import json
import shutil
import sys
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

from ocr_pipeline.cli import main
from tests.fakes.scripted_reader import ScriptedReader


@pytest.fixture(autouse=True)
def _scripted(monkeypatch: pytest.MonkeyPatch) -> None:
    pipeline = ModuleType("ocr_pipeline.pipeline")
    pipeline.Reader = ScriptedReader  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "ocr_pipeline.pipeline", pipeline)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with documents named after what happens to them."""
    monkeypatch.chdir(tmp_path)
    for name in ("good", "better", "damaged", "locked", "bug", "formless", "torn", "stopped"):
        (tmp_path / f"{name}.pdf").write_bytes(name.encode())
    return tmp_path


def _written(folder: Path) -> list[str]:
    return sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file())


def test_results_on_stdout_and_silence_on_stderr(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", "good.pdf", "--out", "o", "--format", "json,md,csv,xlsx"]) == 0
    output = capsys.readouterr()
    assert output.err == ""
    assert "7" in output.out
    paths = output.out.splitlines()[-4:]
    assert paths == ["o/good.json", "o/good.md", "o/good.csv", "o/good.xlsx"]
    assert json.loads((desk / "o/good.json").read_text("utf-8"))["values"][0]["value"] == 7


def test_pictures_are_kept_for_the_formats_that_show_them(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", "good.pdf", "-q", "--format", "html,pages"]) == 0
    assert capsys.readouterr().out.splitlines() == ["out/good.html", "out/good.pages"]
    assert _written(desk / "out") == ["good.html", "good.pages/001.webp"]


def test_quiet_prints_the_paths_alone(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", "good.pdf", "better.pdf", "-q", "--format", "json"]) == 0
    assert capsys.readouterr().out.splitlines() == ["out/good.json", "out/better.json"]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["damaged.pdf"], 3, "damaged.pdf: cut off"),
        (["nothing.pdf"], 3, "nothing.pdf: no such file"),
        (["locked.pdf"], 3, "--password"),
        (["locked.pdf", "--password", "wrong"], 3, "--password"),
        (["formless.pdf", "--require-form"], 4, "no table matches a known form"),
        (["bug.pdf"], 1, "unexpected ZeroDivisionError"),
        (["good.pdf", "--format", "jsn"], 2, "unknown format 'jsn'"),
        (["good.pdf", "--format", ","], 2, "unknown format"),
        (["good.pdf", "--set", "tables.max_cell=1"], 2, "tables.max_cells"),
        (["good.pdf", "--config", "nothing.yaml"], 2, "no such configuration file"),
        ([], 2, "INPUT"),
        (["good.pdf", "--no-such-option"], 2, "--no-such-option"),
        (["good.pdf", "--out", "damaged.pdf"], 6, "cannot write there"),
        (["stopped.pdf"], 130, "interrupted"),
    ],
)
def test_a_failure_is_one_line_and_its_code_and_leaves_no_file(
    desk: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, words: str
) -> None:
    before = _written(desk)
    assert main(["read", *arguments]) == code
    output = capsys.readouterr()
    assert output.out == ""
    assert words in output.err
    assert len(output.err.splitlines()) == 1
    assert _written(desk) == before


def test_one_bad_file_does_not_stop_the_others(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["read", "good.pdf", "damaged.pdf", "bug.pdf", "nothing.pdf", "better.pdf", "--format", "json", "-q"])
    output = capsys.readouterr()
    assert code == 7
    assert output.out.splitlines() == ["out/good.json", "out/better.json"]
    assert _written(desk / "out") == ["better.json", "good.json"]
    assert "3 of 5 documents failed" in output.err
    assert all(name in output.err for name in ("damaged.pdf", "ZeroDivisionError", "nothing.pdf"))


def test_the_bug_of_one_of_several_names_its_file(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["read", "good.pdf", "bug.pdf", "-q"])
    assert "bug.pdf" in capsys.readouterr().err


def test_several_that_all_fail_have_the_code_of_a_batch(desk: Path) -> None:
    assert main(["read", "damaged.pdf", "bug.pdf"]) == 7


def test_a_report_that_lost_a_page_is_written_but_no_success(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", "torn.pdf", "--format", "json"]) == 7
    assert _written(desk / "out") == ["torn.json"]
    assert "torn.pdf, page 2: text failed: page is torn" in capsys.readouterr().err


def test_the_right_password_opens(desk: Path) -> None:
    assert main(["read", "locked.pdf", "--password", "open", "-q"]) == 0


def test_inputs_of_one_stem_get_folders_of_their_own(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for year in ("2022", "2023"):
        (desk / year).mkdir()
        (desk / year / "report.pdf").write_bytes(year.encode())
    assert main(["read", "2022/report.pdf", "2023/report.pdf", "-q", "--format", "json", "--debug-dir", "d"]) == 0
    files = [Path(line) for line in capsys.readouterr().out.splitlines()]
    assert len({file.parent for file in files}) == 2
    assert {file.name for file in files} == {"report.json"}
    assert len(_written(desk / "d")) == 2


def test_a_failed_second_run_leaves_the_first_result(desk: Path) -> None:
    assert main(["read", "good.pdf", "-q", "--format", "json"]) == 0
    first = (desk / "out/good.json").read_bytes()
    (desk / "out/good.xlsx").mkdir()
    assert main(["read", "good.pdf", "-q", "--format", "json,xlsx"]) == 6
    assert (desk / "out/good.json").read_bytes() == first
    assert _written(desk / "out") == ["good.json"]


def test_two_times_verbose_shows_where(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", "bug.pdf", "-vv"]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_folders_and_archives_are_read_document_by_document(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (desk / "in").mkdir()
    with zipfile.ZipFile(desk / "in" / "a.zip", "w") as archive:
        for name in ("x/good.pdf", "damaged.pdf", "y/GOOD.pdf", "市局?.pdf"):
            archive.writestr(name, name)
    (desk / "in" / "last.pdf").write_bytes(b"last")
    assert main(["read", "in", "good.pdf", "in/last.pdf", "--format", "json", "-q"]) == 7
    output = capsys.readouterr()
    written = [Path(line) for line in output.out.splitlines()]
    assert len(written) == 5
    assert sorted(file.name for file in written) == ["GOOD.json", "good.json", "good.json", "last.json", "市局_.json"]
    assert "1 of 6 documents failed" in output.err
    assert "in/a.zip!/damaged.pdf" in output.err
    later = main(["read", "in", "--format", "json", "-q"])
    assert later == 7
    assert {Path(line) for line in capsys.readouterr().out.splitlines()} <= set(written)


def test_results_of_an_earlier_run_are_no_documents(
    desk: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (desk / "in").mkdir()
    (desk / "in" / "good.pdf").write_bytes(b"good")
    monkeypatch.chdir(desk / "in")
    for _ in range(2):
        assert main(["read", ".", "--format", "json", "-q", "--debug-dir", "stages"]) == 0
        assert capsys.readouterr().out.splitlines() == ["out/good.json"]
        shutil.rmtree("stages")


def test_an_archive_alone_that_cannot_be_opened_has_its_own_code(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (desk / "a.7z").write_bytes(b"7z\xbc\xaf\x27\x1c" + bytes(20))
    assert main(["read", "a.7z"]) == 3
    assert "7-Zip archive is cut off or corrupt" in capsys.readouterr().err
