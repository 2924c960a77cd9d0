"""Archives to try batches on: all sources, nested, and each broken document refused for its own reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from ocr_pipeline.errors import SourceError
from ocr_pipeline.evaluation.synthetic.archive import BROKEN, SOURCES, ArchiveEntry, write_archive
from ocr_pipeline.source import open_source
from ocr_pipeline.source.archives import walk

pytest.importorskip("fpdf")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[ArchiveEntry]]:
    out = tmp_path_factory.mktemp("archive")
    return out, list(write_archive(out, 18, broken=1 / 3, parts=("disputes",)))


def test_every_document_is_where_its_entry_says(archive: tuple[Path, list[ArchiveEntry]]) -> None:
    out, entries = archive
    assert sorted(member.name for member in walk(out)) == sorted(f"{out}/{entry.name}" for entry in entries)
    assert {entry.source for entry in entries} == set(SOURCES) | set(BROKEN)
    assert any("packed.zip!/deep/nested.zip!/" in entry.name for entry in entries)
    assert sum(bool(entry.reason) for entry in entries) == 6


def test_the_broken_ones_are_refused_for_their_reason_and_the_others_open(
    archive: tuple[Path, list[ArchiveEntry]],
) -> None:
    out, entries = archive
    reasons = {f"{out}/{entry.name}": entry.reason for entry in entries}
    for member in walk(out):
        reason = ""
        try:
            with open_source(member.content(), name=member.name) as opened:
                if opened.flow is None and all((page.render(40.0) > 200).all() for page in opened.pages):
                    reason = "NoTextError"
        except SourceError as error:
            reason = type(error).__name__
        assert reason == reasons[member.name], member.name
