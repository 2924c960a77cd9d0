"""Old Word documents through LibreOffice, and what happens without it."""

from __future__ import annotations

import io
import os
import shutil
import stat
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import docx
import pytest

from ocr_pipeline.errors import DamagedSourceError, DependencyError, LimitExceededError
from ocr_pipeline.flow import FlowPicture, FlowTable, FlowText
from ocr_pipeline.source import SourceOptions, open_source
from ocr_pipeline.source.word.libreoffice import convert_to_docx, find_libreoffice

RTF = rb"{\rtf1\ansi\ansicpg936\uc1 \u25253?\u21578?\par}"


def _has_writer() -> bool:
    program = find_libreoffice()
    return program is not None and (Path(program).resolve().parent / "libswlo.so").is_file()


needs_writer = pytest.mark.skipif(not _has_writer(), reason="needs LibreOffice Writer (Debian: libreoffice-writer)")


@pytest.fixture(scope="module")
def old_document(tmp_path_factory: pytest.TempPathFactory, make_png: Callable[..., bytes]) -> bytes:
    """A DOC with a line, a table with merged cells and a picture, written by LibreOffice itself."""
    folder = tmp_path_factory.mktemp("doc")
    document = docx.Document()
    document.add_paragraph("某局2020年报告")
    table = document.add_table(rows=3, cols=3)
    table.cell(0, 0).merge(table.cell(1, 1)).text = "合计"
    table.cell(2, 2).text = "12"
    document.add_picture(io.BytesIO(make_png(300, 200)))
    document.save(str(folder / "a.docx"))
    return _saved_as(folder / "a.docx", "doc")


def _saved_as(path: Path, suffix: str) -> bytes:
    program = find_libreoffice()
    assert program is not None
    profile = f"-env:UserInstallation={(path.parent / 'profile').as_uri()}"
    command = [program, profile, "--headless", "--convert-to", suffix, "--outdir", str(path.parent), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return path.with_suffix(f".{suffix}").read_bytes()


@needs_writer
def test_an_old_document_gives_what_a_new_one_does(old_document: bytes) -> None:
    with open_source(old_document, name="年报.doc") as source:
        assert (source.kind, source.findings, source.info.size) == ("doc", (), len(old_document))
        assert source.flow is not None
        text, table, picture = source.flow
    assert text == FlowText("某局2020年报告")
    assert isinstance(table, FlowTable)
    assert isinstance(picture, FlowPicture)
    cells = {(c.row, c.column, c.row_span, c.column_span): c.text for c in table.table.cells if c.text}
    assert cells == {(0, 0, 2, 2): "合计", (2, 2, 1, 1): "12"}


@needs_writer
def test_rich_text() -> None:
    with open_source(RTF, name="年报.rtf") as source:
        assert (source.kind, source.flow) == ("rtf", (FlowText("报告"),))


@needs_writer
def test_a_cut_old_document_is_an_error(old_document: bytes) -> None:
    with pytest.raises(DamagedSourceError, match=r"年报.doc: "):
        open_source(old_document[:1024], name="年报.doc")


def test_without_libreoffice_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DependencyError, match=r"年报.rtf: .*needs LibreOffice .*libreoffice-writer") as caught:
        open_source(RTF, name="年报.rtf")
    assert caught.value.exit_code == 5


def _script(folder: Path, text: str) -> Path:
    path = folder / "soffice"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


@pytest.mark.skipif(os.name != "posix", reason="the stand-in for LibreOffice is a shell script")
class TestStandIn:
    @pytest.fixture(autouse=True)
    def _path(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setenv("PATH", str(tmp_path) + os.pathsep + os.environ["PATH"])

    def test_it_is_ended_at_the_time_limit_with_all_it_started(self, tmp_path: Path) -> None:
        _script(tmp_path, f"sh -c 'echo $$ > {tmp_path}/child; exec sleep 60' &\nwait")
        began = time.monotonic()
        with pytest.raises(LimitExceededError, match=r"did not finish within 0.5 seconds.*office_seconds"):
            open_source(RTF, name="a.rtf", options=SourceOptions(office_seconds=0.5))
        assert time.monotonic() - began < 20
        child = int((tmp_path / "child").read_text())
        for _ in range(100):
            if not _is_running(child):
                return
            time.sleep(0.05)
        pytest.fail("the program that it started is still running")

    def test_it_gets_a_profile_of_its_own_without_macros(self, tmp_path: Path) -> None:
        _script(tmp_path, f'echo "$@" > {tmp_path}/called\ncp -r "${{1#*file://}}" {tmp_path}/kept')
        with pytest.raises(DamagedSourceError, match="LibreOffice cannot read the document"):
            convert_to_docx(RTF, ".rtf", "--年报.rtf", 20)
        called = (tmp_path / "called").read_text()
        assert "-env:UserInstallation=file://" in called
        assert "--年报" not in called
        settings = (tmp_path / "kept" / "user" / "registrymodifications.xcu").read_text()
        assert '"DisableMacrosExecution" oor:op="fuse"><value>true' in settings

    def test_libreoffice_without_its_word_processor(self, tmp_path: Path) -> None:
        _script(tmp_path, "exit 0")
        (tmp_path / "bootstraprc").touch()
        with pytest.raises(DependencyError, match="without Writer"):
            open_source(RTF, name="a.rtf")

    def test_nothing_is_left_behind(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        work = tmp_path / "tmp"
        work.mkdir()
        monkeypatch.setattr("tempfile.tempdir", str(work))
        _script(tmp_path, "exit 0")
        with pytest.raises(DamagedSourceError):
            open_source(RTF, name="a.rtf")
        assert list(work.iterdir()) == []
        shutil.rmtree(work)


def _is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
