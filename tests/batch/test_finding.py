"""Documents are found wherever they are, with the hash of their content."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path

import fsspec
import pytest

from ocr_pipeline.batch.finding import Finder, Found
from ocr_pipeline.batch.outputs import Outputs
from ocr_pipeline.source.options import SourceOptions
from tests.batch.conftest import Write


@pytest.fixture
def finder(out: Path) -> Finder:
    outputs = Outputs(out)
    outputs.prepare()
    return Finder(outputs, SourceOptions())


def zipped(documents: dict[str, str | bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in documents.items():
            archive.writestr(name, content)
    return stream.getvalue()


def sha256(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


def found(finder: Finder, *inputs: str | Path) -> dict[str, Found]:
    listed = list(finder.find([str(given) for given in inputs]))
    assert len({item.name for item in listed}) == len(listed)
    return {item.name: item for item in listed}


def test_files_of_folders_have_their_hash_and_size(finder: Finder, write: Write) -> None:
    folder = write({"a.pdf": "one", "2023/b.pdf": "two", "Thumbs.db": "junk"})
    items = found(finder, folder)
    assert {name: item.sha256 for name, item in items.items()} == {
        f"{folder}/a.pdf": sha256("one"),
        f"{folder}/2023/b.pdf": sha256("two"),
    }
    assert items[f"{folder}/a.pdf"].size == 3
    assert {item.place.kind for item in items.values()} == {"file"}


def test_members_of_nested_archives_are_found_in_the_outermost_one(finder: Finder, tmp_path: Path) -> None:
    inner = zipped({"c.pdf": "three"})
    (tmp_path / "all.zip").write_bytes(zipped({"a.pdf": "one", "deep/inner.zip": inner}))
    items = found(finder, tmp_path / "all.zip")
    assert {name: item.sha256 for name, item in items.items()} == {
        f"{tmp_path}/all.zip!/a.pdf": sha256("one"),
        f"{tmp_path}/all.zip!/deep/inner.zip!/c.pdf": sha256("three"),
    }
    assert {item.place.container for item in items.values()} == {str(tmp_path / "all.zip")}
    assert {item.place.kind for item in items.values()} == {"archive"}


def test_a_folder_whose_name_looks_like_an_archive_is_none(finder: Finder, tmp_path: Path) -> None:
    (tmp_path / "odd!").mkdir()
    (tmp_path / "odd!" / "x.zip").write_bytes(zipped({"a.pdf": "one"}))
    (item,) = found(finder, tmp_path / "odd!" / "x.zip").values()
    assert item.place.container == str(tmp_path / "odd!" / "x.zip")


def test_what_cannot_be_read_is_found_with_its_reason(finder: Finder, tmp_path: Path) -> None:
    broken = zipped({"a.pdf": "one" * 999})[:-30]
    (tmp_path / "broken.zip").write_bytes(broken)
    items = found(finder, tmp_path / "broken.zip", tmp_path / "missing.pdf")
    failures = [item.failure for item in items.values()]
    assert [failure.category for failure in failures if failure] == ["DamagedSourceError", "SourceNotFoundError"]
    assert not any(item.sha256 for item in items.values())


def test_a_file_without_permission_is_found_with_its_reason(
    finder: Finder, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(self: Path, *arguments: object, **keywords: object) -> object:
        raise PermissionError(13, "Permission denied")

    folder = write({"a.pdf": "one"})
    monkeypatch.setattr(Path, "open", refused)  # root may read everything, and tests may be run by root
    (item,) = found(finder, folder).values()
    assert item.failure is not None
    assert "Permission" in item.failure.message


def test_the_results_are_no_inputs(finder: Finder, out: Path, write: Write) -> None:
    folder = write({"a.pdf": "one"}, folder=".")
    write({"documents/x/report.json": "{}"}, folder="out")
    assert [Path(name).name for name in found(finder, folder)] == ["a.pdf"]


def test_a_file_known_by_its_token_is_not_hashed_again(out: Path, write: Write) -> None:
    asked: list[tuple[str, str]] = []

    def known(name: str, token: str) -> str:
        asked.append((name, token))
        return "f" * 64

    folder = write({"a.pdf": "one"})
    finder = Finder(Outputs(out), SourceOptions(), known=known)
    (item,) = finder.find([str(folder)])
    assert item.sha256 == "f" * 64
    (folder / "a.pdf").write_text("longer", encoding="utf-8")
    list(finder.find([str(folder)]))
    assert asked[0] != asked[1]


def test_documents_at_addresses_and_in_archives_there(finder: Finder, out: Path) -> None:
    system = fsspec.filesystem("memory")
    system.store.clear()
    system.pipe("/r/a.pdf", b"one")
    system.pipe("/r/b.zip", zipped({"c.pdf": "three"}))
    items = found(finder, "memory://r")
    assert {name: item.sha256 for name, item in items.items()} == {
        "memory:///r/a.pdf": sha256("one"),
        "memory:///r/b.zip!/c.pdf": sha256("three"),
    }
    assert [item.place.container for item in items.values()] == ["memory:///r/a.pdf", "memory:///r/b.zip"]
    assert list(Outputs(out).spool.iterdir()) == []
