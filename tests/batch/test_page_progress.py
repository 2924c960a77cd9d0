from __future__ import annotations

from pathlib import Path

import pytest

from ocr_pipeline.batch.page_progress import forget_pages, note_pages, pages_done

SHA256 = "a" * 64


def test_what_a_worker_says_is_read_by_whoever_waits(tmp_path: Path) -> None:
    folder = tmp_path / "work" / "progress"
    assert pages_done(folder, SHA256) == (0, 0)
    note_pages(folder, SHA256, 1, 12)
    note_pages(folder, SHA256, 2, 12)
    assert pages_done(folder, SHA256) == (2, 12)
    assert [file.name for file in folder.iterdir()] == [SHA256]
    forget_pages(folder, SHA256)
    forget_pages(folder, SHA256)
    assert pages_done(folder, SHA256) == (0, 0)


@pytest.mark.parametrize("content", ["", "3", "three 4", "1 2 3", "\xff 2"])
def test_what_makes_no_sense_is_no_progress(tmp_path: Path, content: str) -> None:
    (tmp_path / SHA256).write_bytes(content.encode("latin-1"))
    assert pages_done(tmp_path, SHA256) == (0, 0)


def test_a_place_that_cannot_be_written_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    note_pages(tmp_path / "file", SHA256, 1, 2)
    forget_pages(tmp_path / "file", SHA256)
    assert pages_done(tmp_path / "file", SHA256) == (0, 0)
