"""What inputs stand for: lists, globs, addresses."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import fsspec
import pytest

from ocr_pipeline.batch.inputs import expand, fetch
from ocr_pipeline.errors import SourceError, SourceNotFoundError


@pytest.fixture
def memory() -> Iterator[fsspec.AbstractFileSystem]:
    system = fsspec.filesystem("memory")
    system.store.clear()
    yield system
    system.store.clear()


def names(*inputs: str) -> list[str]:
    return [given.name for given in expand(inputs)]


def test_a_path_stands_for_itself_whether_it_exists_or_not(tmp_path: Path) -> None:
    (given,) = expand([f"{tmp_path}/./a/../no-such.pdf"])
    assert given.path == tmp_path / "no-such.pdf"
    assert given.error is None


def test_a_list_names_one_input_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("files.txt").write_bytes("\ufeff年报.pdf\r\n\r\n# not this\r\n  b.pdf \r\n".encode())
    assert names("@files.txt", "c.pdf") == ["年报.pdf", "b.pdf", "c.pdf"]


def test_a_list_within_a_list_is_a_file_of_that_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("files.txt").write_text("@files.txt\n", encoding="utf-8")
    assert names("@files.txt") == ["@files.txt"]


def test_a_list_may_come_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("a.pdf\nb.pdf\n"))
    assert names("@-") == ["a.pdf", "b.pdf"]


def test_a_file_whose_name_begins_with_an_at_is_no_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("@home.pdf").write_text("1", encoding="utf-8")
    assert names("@home.pdf") == ["@home.pdf"]


@pytest.mark.parametrize("content", [None, b"\xff\xfe\xfa"])
def test_a_list_that_cannot_be_read_is_an_error(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "files.txt"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SourceNotFoundError if content is None else SourceError):
        names(f"@{file}")


def test_a_glob_stands_for_the_files_that_fit_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("b.pdf", "a.pdf", "c.txt", "2023/d.pdf", "~$a.pdf"):
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text("1", encoding="utf-8")
    assert names("*.pdf") == ["a.pdf", "b.pdf"]
    assert names("**/*.pdf") == [str(Path("2023/d.pdf")), "a.pdf", "b.pdf"]


def test_a_file_with_the_signs_of_a_glob_in_its_name_is_taken_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("report[1].pdf").write_text("1", encoding="utf-8")
    assert names("report[1].pdf") == ["report[1].pdf"]


def test_a_glob_that_nothing_fits_is_an_error_of_that_input(tmp_path: Path) -> None:
    (given,) = expand([f"{tmp_path}/*.pdf"])
    assert isinstance(given.error, SourceNotFoundError)


def test_an_address_of_a_folder_stands_for_its_files(memory: fsspec.AbstractFileSystem) -> None:
    for name in ("/r/b.pdf", "/r/2023/a.pdf", "/r/Thumbs.db", "/r/page.html", "/r/page_files/x.png", "/s/c.pdf"):
        memory.pipe(name, b"1")
    assert names("memory://r") == ["memory:///r/2023/a.pdf", "memory:///r/b.pdf", "memory:///r/page.html"]
    assert names("memory://r/b.pdf") == ["memory:///r/b.pdf"]
    assert names("memory://*/b.pdf") == ["memory:///r/b.pdf"]


def test_the_token_of_an_address_changes_with_its_content(memory: fsspec.AbstractFileSystem) -> None:
    memory.pipe("/a.pdf", b"1")
    (first,) = expand(["memory://a.pdf"])
    (again,) = expand(["memory://a.pdf"])
    memory.pipe("/a.pdf", b"12")
    (other,) = expand(["memory://a.pdf"])
    assert first.token == again.token != other.token
    assert first.token


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("memory://nothing/there.pdf", "nothing there"),
        ("no-such-protocol://x", "cannot be opened"),
    ],
)
def test_an_address_that_leads_nowhere_is_an_error_of_that_input(
    memory: fsspec.AbstractFileSystem, address: str, words: str
) -> None:
    (given,) = expand([address])
    assert given.error is not None
    assert words in str(given.error)


def test_fetching_copies_the_content(memory: fsspec.AbstractFileSystem, tmp_path: Path) -> None:
    memory.pipe("/a.pdf", b"content")
    fetch("memory:///a.pdf", tmp_path / "here")
    assert (tmp_path / "here").read_bytes() == b"content"
    with pytest.raises(SourceError, match="cannot be read"):
        fetch("memory:///b.pdf", tmp_path / "there")
