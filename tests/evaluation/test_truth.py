from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ocr_pipeline.errors import DamagedSourceError, SourceNotFoundError
from ocr_pipeline.evaluation.truth import load_truth

WriteJson = Callable[[Path, Any], Path]


def test_reads_the_manifest_and_finds_truth_files_in_gt_and_beside_it(truth_folder: Path) -> None:
    one, two = load_truth(truth_folder)
    assert (one.form, one.profile, one.path) == ("B", "clean", truth_folder / "scans" / "one.pdf")
    assert [table.part for table in one.tables] == ["proactive", "applications", "disputes"]
    assert one.prose is not None
    assert one.prose.split() == ["年度报告", "一、总体情况", "收到申请3件。"]
    assert two.fields == {"proactive/fees/items_change": "减少5"}
    assert (two.tables, two.prose) == ((), None)


def test_the_manifest_itself_will_do(truth_folder: Path) -> None:
    assert load_truth(truth_folder / "manifest.json") == load_truth(truth_folder)


def test_chooses_by_set_and_damage(truth_folder: Path) -> None:
    assert [t.file for t in load_truth(truth_folder, part="scans", profile="fax")] == ["scans/two.pdf"]
    with pytest.raises(SourceNotFoundError, match=r"scans/clean, scans/fax"):
        load_truth(truth_folder, profile="smudge")


def test_a_picture_of_one_table_has_only_its_fields_and_no_prose(truth_folder: Path, write_json: WriteJson) -> None:
    entry = {"file": "t.png", "part": "tables", "profile": "clean", "gt": "one.json", "table": 3}
    write_json(truth_folder / "manifest.json", [entry])
    (truth,) = load_truth(truth_folder)
    assert truth.fields == {"applications/1/total": "3"}
    assert [table.part for table in truth.tables] == ["applications"]
    assert truth.prose is None


def test_grids_name_the_part_of_each_table(truth_folder: Path, write_json: WriteJson) -> None:
    content = {"fields": {"x": None}, "tables": ["<table></table>"], "grids": [{"part": "disputes", "rows": 4}]}
    write_json(truth_folder / "gt" / "one.json", content)
    one = load_truth(truth_folder)[0]
    assert [table.part for table in one.tables] == ["disputes"]
    assert one.fields == {"x": None}


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("manifest.json", "[", "no JSON"),
        ("manifest.json", '[{"file": "a"}]', r"0\.gt"),
        ("manifest.json", '[{"file": "a", "gt": "one.json", "table": 5}]', r"0\.table"),
        ("gt/one.json", "{}", "fields"),
        ("gt/one.json", '{"fields": 3}', "fields"),
    ],
)
def test_files_of_another_form_are_refused(truth_folder: Path, name: str, content: str, message: str) -> None:
    (truth_folder / name).write_text(content)
    with pytest.raises(DamagedSourceError, match=message):
        load_truth(truth_folder)


def test_bytes_that_are_no_text_are_refused(truth_folder: Path) -> None:
    (truth_folder / "manifest.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DamagedSourceError, match="cannot be read"):
        load_truth(truth_folder)


def test_missing_files_are_named(truth_folder: Path, tmp_path: Path) -> None:
    (truth_folder / "gt" / "one.json").unlink()
    with pytest.raises(SourceNotFoundError, match=r"one\.json"):
        load_truth(truth_folder)
    with pytest.raises(SourceNotFoundError, match="nowhere"):
        load_truth(tmp_path / "nowhere")
