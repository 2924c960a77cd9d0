import json
from pathlib import Path
from typing import Any

import pytest

from ocr_pipeline.dataset.saved import SavedReport, find_reports, load_saved
from ocr_pipeline.errors import DamagedSourceError, SourceNotFoundError, UnknownFormatError
from ocr_pipeline.report import Report, to_json
from tests.dataset.made_reports import made_report

REPORT = made_report("松塘县财政局", 2023, {"applications/1/total": 5})


def altered(**changes: Any) -> bytes:
    content = json.loads(to_json(REPORT))
    for place, entry in changes.items():
        target = content
        *above, last = place.split("__")
        for step in above:
            target = target[int(step) if step.isdigit() else step]
        target[last] = entry
    return json.dumps(content).encode()


def test_a_saved_report_and_the_whole_one_give_the_same(read_reports: dict[str, Report]) -> None:
    for name, report in read_reports.items():
        assert load_saved(to_json(report).encode(), name) == SavedReport.of(report)


@pytest.mark.parametrize(
    "changes",
    [
        {"values__0__status": "guessed"},
        {"values__0__value": None},
        {"values__0__status": "blank"},
        {"values__0__value": float("nan")},
        {"values__0__confidence": 1.5},
        {"source": {}},
        {"values": None},
        {"findings": [3]},
    ],
)
def test_a_report_that_does_not_hold_together_is_damaged(changes: dict[str, Any]) -> None:
    with pytest.raises(DamagedSourceError, match="does not hold together") as caught:
        load_saved(altered(**changes), "r.json")
    assert caught.value.source == "r.json"


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", to_json(REPORT).encode()[:500]])
def test_what_is_no_json_is_damaged(content: bytes) -> None:
    with pytest.raises(DamagedSourceError, match="no JSON"):
        load_saved(content, "r.json")


@pytest.mark.parametrize("content", [b"{}", b"[]", b"3", b"null", altered(schema_version="2")])
def test_other_json_is_no_report(content: bytes) -> None:
    with pytest.raises(UnknownFormatError):
        load_saved(content, "r.json")


def test_links_are_followed_to_files_but_not_to_folders(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "a.json").write_text("{}")
    (tmp_path / "in" / "b.json").symlink_to(tmp_path / "other" / "a.json")
    (tmp_path / "in" / "round").symlink_to(tmp_path / "in")
    assert [file.name for file in find_reports(tmp_path / "in")] == ["b.json"]
    with pytest.raises(SourceNotFoundError):
        list(find_reports(tmp_path / "none"))
