from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

import ocr_pipeline.report.write as write
from ocr_pipeline.errors import OutputError, UsageError
from ocr_pipeline.report import EXPORTERS, PagePictures, Report, load_report, write_report


def test_every_format_beside_the_others(report: Report, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "folder"
    paths = write_report(report, folder, "报告", list(EXPORTERS))
    assert paths == [folder / f"报告.{name}" for name in ("json", "md", "csv", "xlsx", "html", "pages")]
    assert sorted(folder.iterdir()) == sorted(paths)
    assert load_report(paths[0]) == report


def test_files_get_the_usual_permissions(report: Report, tmp_path: Path) -> None:
    (tmp_path / "usual").touch()
    (path,) = write_report(report, tmp_path, "x", ["json", "json"])
    assert path.stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_a_name_as_long_as_the_file_system_allows(report: Report, tmp_path: Path) -> None:
    stem = "x" * (os.pathconf(tmp_path, "PC_NAME_MAX") - len(".json"))
    assert write_report(report, tmp_path, stem, ["json"])[0].exists()
    with pytest.raises(OutputError, match="too long"):
        write_report(report, tmp_path, stem + "x", ["json"])
    assert len(list(tmp_path.iterdir())) == 1


def _full_disk(report: Report, path: Path, pictures: PagePictures, /) -> None:
    path.write_text("half")
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _bug(report: Report, path: Path, pictures: PagePictures, /) -> None:
    path.write_text("half")
    raise ZeroDivisionError


@pytest.mark.parametrize(("exporter", "error"), [(_full_disk, OutputError), (_bug, ZeroDivisionError)])
def test_a_format_that_fails_leaves_everything_as_it_was(
    report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, exporter: write.Exporter, error: type[Exception]
) -> None:
    (tmp_path / "x.json").write_text("before")
    monkeypatch.setattr(write, "EXPORTERS", {**EXPORTERS, "bad": exporter})
    with pytest.raises(error):
        write_report(report, tmp_path, "x", ["json", "csv", "bad"])
    assert [file.name for file in tmp_path.iterdir()] == ["x.json"]
    assert (tmp_path / "x.json").read_text() == "before"


def test_full_disk_says_so(report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write, "EXPORTERS", {"bad": _full_disk})
    with pytest.raises(OutputError, match="No space left") as caught:
        write_report(report, tmp_path, "x", ["bad"])
    assert caught.value.exit_code == 6


def test_a_file_where_the_folder_should_be(report: Report, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(OutputError, match="a file stands where a folder is needed"):
            write_report(report, folder, "x", ["json"])


def test_a_folder_where_the_file_should_be(report: Report, tmp_path: Path) -> None:
    (tmp_path / "x.json").mkdir()
    with pytest.raises(OutputError, match="cannot write"):
        write_report(report, tmp_path, "x", ["json"])
    assert [file.name for file in tmp_path.iterdir()] == ["x.json"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is read-only to root")
def test_a_folder_that_is_read_only(report: Report, tmp_path: Path) -> None:
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o500)
    with pytest.raises(OutputError, match="Permission denied"):
        write_report(report, folder, "x", ["json"])


@pytest.mark.parametrize("stem", ["", ".", "..", "a/b", "../x", "a\0b"])
def test_names_that_would_leave_the_folder(report: Report, tmp_path: Path, stem: str) -> None:
    with pytest.raises(OutputError, match="no file name"):
        write_report(report, tmp_path, stem, ["json"])


def test_formats_that_do_not_exist(report: Report, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such format: docx") as caught:
        write_report(report, tmp_path, "x", ["json", "docx"])
    assert "json, md, csv, xlsx" in caught.value.remedy
    with pytest.raises(UsageError, match="no format"):
        write_report(report, tmp_path, "x", [])
    assert not list(tmp_path.iterdir())
