"""Why a value is what it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from ocr_pipeline.cli import main
from ocr_pipeline.document import Reading, Value
from ocr_pipeline.errors import UsageError
from ocr_pipeline.report import Report, write_report
from ocr_pipeline.report.corrections import Correction, Seen, Settled, apply
from tests.report.explained import drawn_pages, with_sums

REPAIRED, CONFLICT, MISSING, BLANK, FREE = (
    "applications/3.1/natural", "applications/3.3.1/total", "applications/3.3.1/business",
    "applications/3.3.1/natural", "applications/3.3.2/natural",
)  # fmt: skip


@pytest.fixture
def summed(report: Report) -> Report:
    return with_sums(report)


def _with(report: Report, field: str, **changes: object) -> Report:
    values = tuple(Value(**{**dict(v), **changes}) if v.id == field else v for v in report.values)
    return Report(**{**dict(report), "values": values})


def test_a_value_that_the_sums_contradict(summed: Report) -> None:
    found = summed.explain(CONFLICT)
    assert found.figure == "1234"
    assert found.place == "page 1"
    assert [one.state for one in found.sums] == ["broken", "open"]
    assert found.sums[0].needed(CONFLICT) == 52
    assert found.decision[0].startswith("conflict: ")
    assert "for a person to look at" in found.decision[0]
    assert found.decision[-1] == "1 of its 2 sums does not close"
    text = found.text()
    for words in ("三、办理结果", "read as '1,234'", "broken: results[total]", "difference 1182", "row 1 is the sum"):
        assert words in text


@pytest.mark.parametrize(
    ("field", "words"),
    [
        (REPAIRED, "first read as '4O', which did not close"),
        (REPAIRED, "40, repaired"),
        (MISSING, "no figure, missing"),
        (MISSING, "not found on a page"),
        (MISSING, "its only sum says nothing: 商业企业 is missing"),
        (BLANK, "blank, blank"),
        (FREE, "the form has no sum for it"),
        ("applications/1/natural", "1 of its 2 sums does not close, 1 closes"),
        ("applications/1/business", "its only sum closes"),
    ],
)
def test_what_is_said_of_each_kind(report: Report, summed: Report, field: str, words: str) -> None:
    # The cell of the missing value is taken away, as if it had not been found.
    lost = _with(summed, MISSING, row=None, column=None)
    assert words in lost.explain(field).text()


def test_readings_with_what_they_would_close(summed: Report) -> None:
    alternatives = tuple(
        Reading(text=text, log_prob=log_prob, engine="one")
        for text, log_prob in (("1234", -0.1), ("52", -2.5), ("052", -6.0), ("1,234", -7.0), ("l234", -9.0))
    )
    found = _with(summed, CONFLICT, alternatives=alternatives).explain(CONFLICT)
    assert [(r.text, r.closes, r.taken) for r in found.readings] == [
        ("1234", 0, True),
        ("52", 1, False),
        ("l234", 0, False),
    ]
    assert found.readings[1].probability == pytest.approx(0.082, abs=1e-3)
    assert "'52' 0.0821 by one, closes 1 of 2 sums" in found.text()


def test_a_value_that_a_person_settled(summed: Report) -> None:
    entry = Correction(
        who="王芳", action="value", field=CONFLICT, old=Seen.of(summed.value(CONFLICT)), new=Settled(value=52),
        reason="看过原件", source_sha256=summed.source.sha256, report_sha256="cd" * 32,
    )  # fmt: skip
    found = apply(summed, [entry]).report.explain(CONFLICT)
    assert found.decision[0].startswith("verified")
    assert "王芳" in found.decision[1]
    assert "看过原件" in found.decision[1]
    assert next(one for one in found.sums if one.id == "results[total]").state == "closed"


def test_a_field_that_is_not_there(summed: Report) -> None:
    with pytest.raises(UsageError, match=r"did you mean applications/3\.1/natural"):
        summed.explain("applications/3.1/natura")
    with pytest.raises(UsageError, match="ids are those"):
        summed.explain("x")


def test_the_command(summed: Report, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_report(summed, tmp_path, "report", ["json", "pages"], drawn_pages(summed))
    file, card = str(tmp_path / "report.json"), tmp_path / "new" / "card.html"
    assert main(["explain", file, CONFLICT, REPAIRED]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith(f"{CONFLICT}: 1234, conflict")
    assert f"\n\n{REPAIRED}: 40, repaired" in shown
    assert main(["explain", file, CONFLICT, "--html", str(card), "-q"]) == 0
    assert capsys.readouterr().out == f"{card}\n"
    assert "data:image/webp;base64," in card.read_text(encoding="utf-8")
    assert len(card.read_bytes()) < 60_000
    assert main(["explain", file, CONFLICT, "--html", str(card), "--pages", str(tmp_path / "nowhere"), "-q"]) == 0
    assert "data:image" not in card.read_text(encoding="utf-8")
    assert main(["explain", file, CONFLICT, REPAIRED, "--html", str(card)]) == 2
    assert main(["explain", file, "nothing"]) == 2
    assert main(["explain", str(tmp_path / "none.json"), CONFLICT]) == 3
