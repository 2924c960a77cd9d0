from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from ocr_pipeline.errors import DamagedSourceError, SourceNotFoundError, UnknownFormatError
from ocr_pipeline.report import Report, StageError, from_json, load_report, report_schema, to_json
from ocr_pipeline.report.serial import schema_text

SCHEMA_FILE = Path(__file__).parents[2] / "docs" / "report.schema.json"


@pytest.fixture
def content(report: Report) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(to_json(report))
    return loaded


def test_round_trip(report: Report) -> None:
    failed = report.model_copy(update={"errors": (StageError.of("text", RuntimeError("no memory"), 0),)})
    for original in (report, failed):
        assert from_json(to_json(original)) == original
        assert from_json(to_json(original).encode()) == original


def test_the_contract(content: dict[str, Any]) -> None:
    assert list(content) == [
        "schema_version", "source", "title", "versions", "values", "findings", "tables", "sections", "matches",
        "errors", "timings", "pages", "sheets",
    ]  # fmt: skip
    value = next(v for v in content["values"] if v["id"] == "applications/3.1/natural")
    assert value["value"] == 40
    assert value["raw"] == "4O"
    assert value["status"] == "repaired"
    assert value["page"] == 0
    assert value["box"] == [200.0, 160.0, 250.0, 180.0]
    table = content["tables"][0]
    assert table["pages"] == [0]
    assert table["html"].startswith('<table><tr><td rowspan="2" colspan="3">')
    assert content["source"]["sha256"] == "ab" * 32


def test_counts_stay_integers_and_chinese_stays_legible(report: Report) -> None:
    text = to_json(report)
    assert '"value": 91,' in text
    assert "自然人" in text


def test_the_published_schema_is_up_to_date() -> None:
    assert SCHEMA_FILE.read_text(encoding="utf-8") == schema_text(), "run: make docs"


def test_a_report_validates_against_the_schema(content: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator.check_schema(report_schema())
    jsonschema.validate(content, report_schema(), cls=jsonschema.Draft202012Validator)
    content["values"][0]["status"] = "guessed"
    with pytest.raises(jsonschema.ValidationError, match="guessed"):
        jsonschema.validate(content, report_schema(), cls=jsonschema.Draft202012Validator)


def test_derived_parts_are_ignored_when_loading(report: Report, content: dict[str, Any]) -> None:
    content["tables"][0]["html"] = "<table>something else</table>"
    assert from_json(json.dumps(content)) == report


@pytest.mark.parametrize("text", ["", "{", "\ufeff", b"\xff\xfe\x00", b"%PDF-1.7"])
def test_no_json(text: str | bytes) -> None:
    with pytest.raises(DamagedSourceError, match="no JSON"):
        from_json(text)


@pytest.mark.parametrize("text", ["[]", "null", "{}", '{"values": []}'])
def test_json_of_something_else(text: str) -> None:
    with pytest.raises(UnknownFormatError, match="no report"):
        from_json(text)


def test_another_version_of_the_contract(content: dict[str, Any]) -> None:
    content["schema_version"] = "99"
    with pytest.raises(UnknownFormatError, match="'99'"):
        from_json(json.dumps(content))


@pytest.mark.parametrize(
    ("path", "wrong", "message"),
    [
        (("values", 0, "status"), "guessed", r"values\.0\.status"),
        (("values", 0, "value"), None, r"values\.0"),
        (("source", "sha256"), "short", r"source\.sha256"),
        (("tables", 0, "rows"), 1, "reaches out of table t1"),
        (("values", 1, "id"), "applications/1/natural", "two values of one id"),
        (("surprise",), 1, "surprise"),
    ],
)
def test_a_damaged_report_names_the_place(
    content: dict[str, Any], path: tuple[str | int, ...], wrong: object, message: str
) -> None:
    place: Any = content
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = wrong
    with pytest.raises(DamagedSourceError, match=message) as caught:
        from_json(json.dumps(content), name="x.json")
    assert caught.value.source == "x.json"


def test_load_report(tmp_path: Path, report: Report) -> None:
    file = tmp_path / "报告.json"
    file.write_text(to_json(report), encoding="utf-8")
    assert load_report(file) == load_report(str(file)) == report
    with pytest.raises(SourceNotFoundError):
        load_report(tmp_path / "none.json")
    with pytest.raises(DamagedSourceError, match="cannot be read"):
        load_report(tmp_path)
