"""Results are there as a whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ocr_pipeline.batch.outputs import Outputs
from ocr_pipeline.batch.task import Measures
from ocr_pipeline.errors import OutputError

SHA = "a" * 64


@pytest.fixture
def outputs(out: Path) -> Outputs:
    made = Outputs(out)
    made.prepare()
    return made


def publish(outputs: Outputs, content: str, folder: str = "x", fingerprint: str = "f") -> None:
    with outputs.scratch() as scratch:
        (scratch / "pages").mkdir()
        (scratch / "pages" / "001.webp").write_text(content, encoding="utf-8")
        (scratch / "report.json").write_text(content, encoding="utf-8")
        outputs.publish(scratch, folder, measures(fingerprint))


def measures(fingerprint: str) -> Measures:
    return Measures(sha256=SHA, name="x.pdf", fingerprint=fingerprint, formats=("json",))


def test_results_are_moved_to_their_place_and_nothing_stays_behind(outputs: Outputs) -> None:
    publish(outputs, "one")
    assert (outputs.documents / "x" / "report.json").read_text("utf-8") == "one"
    assert (outputs.documents / "x" / "pages" / "001.webp").is_file()
    assert outputs.finished("x") == measures("f")
    assert sorted(path.name for path in outputs.work.iterdir()) == ["replaced", "spool", "traces"]


def test_results_replace_those_of_an_earlier_run(outputs: Outputs) -> None:
    publish(outputs, "one")
    publish(outputs, "two", fingerprint="g")
    assert (outputs.documents / "x" / "report.json").read_text("utf-8") == "two"
    assert outputs.finished("x") == measures("g")
    assert list(outputs.replaced.iterdir()) == []


@pytest.mark.parametrize("at", range(1, 3))
def test_an_interrupted_replacement_leaves_the_old_or_the_new_results(
    outputs: Outputs, at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(outputs, "one")
    renamed: list[Path] = []
    rename = Path.rename

    def interrupted(self: Path, target: Path) -> Path:
        renamed.append(self)
        if len(renamed) == at:
            raise KeyboardInterrupt
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", interrupted)
    with pytest.raises(KeyboardInterrupt):
        publish(outputs, "two")
    monkeypatch.undo()
    Outputs(outputs.out).prepare()
    assert (outputs.documents / "x" / "report.json").read_text("utf-8") == "one"
    assert list(outputs.replaced.iterdir()) == []


def test_what_an_interrupted_run_has_left_is_cleared_away(outputs: Outputs) -> None:
    (outputs.work / "results-123").mkdir()
    (outputs.spool / "abc").write_text("x", encoding="utf-8")
    outputs.prepare()
    assert sorted(path.name for path in outputs.work.rglob("*")) == ["replaced", "spool", "traces"]
    outputs.clean()
    assert not outputs.work.exists()


def test_a_full_disk_is_an_output_error_and_nothing_is_in_place(
    outputs: Outputs, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="No space left"):
        publish(outputs, "one")
    assert list(outputs.documents.iterdir()) == []
    assert sorted(path.name for path in outputs.work.iterdir()) == ["replaced", "spool", "traces"]


def test_file_systems_that_cannot_sync_a_folder_will_do(outputs: Outputs, monkeypatch: pytest.MonkeyPatch) -> None:
    def unable(descriptor: int) -> None:
        raise OSError(22, "Invalid argument")

    monkeypatch.setattr(os, "fsync", unable)
    publish(outputs, "one")
    assert outputs.finished("x") is not None


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("a/b/年报.2023.pdf", "aaaaaaaaaaaa-年报.2023"),
        ("all.zip!/deep/we:ird?.pdf", "aaaaaaaaaaaa-we_ird_"),
        ("memory:///r/x.pdf", "aaaaaaaaaaaa-x"),
    ],
)
def test_a_folder_is_named_by_hash_and_stem(name: str, folder: str) -> None:
    assert Outputs.folder_name(SHA, name) == folder


def test_the_longest_name_fits_any_file_system() -> None:
    assert len(Outputs.folder_name(SHA, "报" * 200 + ".pdf", digits=64).encode()) <= 255


def test_a_folder_that_is_not_ours_holds_no_results(outputs: Outputs) -> None:
    (outputs.documents / "x").mkdir()
    (outputs.documents / "x" / "outcome.json").write_text('{"some": "thing"}', encoding="utf-8")
    assert outputs.finished("x") is None
    assert outputs.finished("nothing") is None


def test_a_place_that_cannot_be_written_is_an_output_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(OutputError, match="cannot write"):
        Outputs(tmp_path / "file").prepare()
