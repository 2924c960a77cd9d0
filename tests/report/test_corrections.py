"""Corrections on top of a report: what each action does, what fits, what is taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ocr_pipeline.document import Finding, Severity, Status, Value
from ocr_pipeline.geometry import Box
from ocr_pipeline.report import Report, from_json, to_json
from ocr_pipeline.report.corrections import Correction, Seen, Settled, apply

NATURAL, BLANK, MISSING, CONFLICT = (
    "applications/1/natural", "applications/3.3.1/natural", "applications/3.3.1/business", "applications/3.3.1/total",
)  # fmt: skip


def _about(report: Report, field: str, action: str, new: int | float | None = None, **more: Any) -> Correction:
    old = Seen.of(report.value(field))
    content = {
        "who": "王芳", "action": action, "field": field, "old": old,
        "new": None if new is None else Settled(value=new),
        "source_sha256": report.source.sha256, "report_sha256": "cd" * 32,
    }  # fmt: skip
    return Correction(**{**content, **more})


def _with(report: Report, field: str, **changes: Any) -> Report:
    values = tuple(Value(**{**dict(v), **changes}) if v.id == field else v for v in report.values)
    return Report(**{**dict(report), "values": values})


@pytest.mark.parametrize(
    ("field", "action", "new", "status", "value"),
    [
        (NATURAL, "accept", None, Status.VERIFIED, 91),
        (NATURAL, "alternative", 97, Status.VERIFIED, 97),
        (NATURAL, "value", 5, Status.VERIFIED, 5),
        (NATURAL, "blank", None, Status.BLANK, None),
        (NATURAL, "issuer-error", None, Status.CONFLICT, 91),
        (NATURAL, "issuer-error", 19, Status.CONFLICT, 19),
        (CONFLICT, "accept", None, Status.VERIFIED, 1234),
        (BLANK, "accept", None, Status.BLANK, None),
        (BLANK, "issuer-error", None, Status.BLANK, None),
        (MISSING, "value", 7, Status.VERIFIED, 7),
        (MISSING, "blank", None, Status.BLANK, None),
    ],
)
def test_actions(report: Report, field: str, action: str, new: int | None, status: Status, value: int | None) -> None:
    done = apply(report, [_about(report, field, action, new, reason="看过原件")])
    after = done.report.value(field)
    assert (after.status, after.value, after.confidence) == (status, value, 1.0)
    assert after.raw == report.value(field).raw
    assert after.settled
    assert after not in done.report.flagged
    person = after.evidence[-1]
    assert person.agrees is (action != "issuer-error")
    assert "王芳" in person.detail
    assert "看过原件" in person.detail
    assert [entry.field for entry in done.fitted] == [field]
    others = [(a, b) for a, b in zip(report.values, done.report.values, strict=True) if a.id != field]
    assert all(a == b for a, b in others)
    assert from_json(to_json(done.report)) == done.report


def test_the_report_itself_stays_as_it_was_read(report: Report) -> None:
    before = report.model_copy(deep=True)
    assert report.value(NATURAL).value == 91
    apply(report, [_about(report, NATURAL, "value", 5)])
    assert report == before


def test_the_last_word_counts(report: Report) -> None:
    done = apply(report, [_about(report, NATURAL, "value", n) for n in (5, 6)])
    assert done.report.value(NATURAL).value == 6
    assert len(done.fitted) == 1


def test_a_skip_changes_nothing(report: Report) -> None:
    typed, skipped = _about(report, NATURAL, "value", 5), _about(report, NATURAL, "skip")
    assert apply(report, [skipped]).report == report
    assert apply(report, [typed, skipped]).report.value(NATURAL).value == 5


def test_undo_and_undo_of_the_undo(report: Report) -> None:
    first, second = _about(report, NATURAL, "value", 5), _about(report, NATURAL, "value", 6)
    undo = _about(report, NATURAL, "undo", undoes=second.id)
    assert apply(report, [first, second, undo]).report.value(NATURAL).value == 5
    redo = _about(report, NATURAL, "undo", undoes=undo.id)
    assert apply(report, [first, second, undo, redo]).report.value(NATURAL).value == 6
    both = [first, second, undo, _about(report, NATURAL, "undo", undoes=first.id)]
    assert apply(report, both).report == report


@pytest.mark.parametrize("target", ["0" * 32, "itself", "later"])
def test_an_undo_of_nothing_is_reported(report: Report, target: str) -> None:
    later = _about(report, NATURAL, "value", 5)
    undo = _about(report, NATURAL, "undo", undoes=later.id if target == "later" else target, id="itself-itself")
    done = apply(report, [undo.model_copy(update={"undoes": undo.id}) if target == "itself" else undo, later])
    assert [lost.correction.action for lost in done.unfit] == ["undo"]
    assert done.report.value(NATURAL).value == 5


_FIELDS = [NATURAL, BLANK, MISSING]


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_undoing_everything_gives_the_report_as_read(report: Report, data: st.DataObject) -> None:
    steps = data.draw(st.lists(st.tuples(st.sampled_from(_FIELDS), st.integers(0, 99)), max_size=6))
    log = [_about(report, field, "value", number) for field, number in steps]
    expected = dict(steps)
    done = apply(report, log)
    assert {entry.field: done.report.value(entry.field).value for entry in done.fitted} == expected
    order = data.draw(st.permutations(log))
    undone = apply(report, [*log, *(_about(report, entry.field, "undo", undoes=entry.id) for entry in order)])
    assert undone.report == report
    assert undone.fitted == undone.unfit == ()


def test_a_new_reading_keeps_what_still_fits(report: Report) -> None:
    box = report.value(NATURAL).box
    assert box is not None
    entry = _about(report, NATURAL, "value", 5)
    moved = _with(report, NATURAL, box=box.translated(2, -1), raw="9l", value=9)
    assert apply(moved, [entry]).report.value(NATURAL).value == 5
    accepted = _about(report, NATURAL, "accept")
    # What was accepted is the number that the person saw, not the one that stands there now.
    assert apply(moved, [accepted]).report.value(NATURAL).value == 91


_PLACELESS: dict[str, Any] = {"box": None, "page": None}


@pytest.mark.parametrize(
    ("changes", "fits"),
    [
        ({"box": Box(0, 0, 10, 10)}, False),  # the same number from elsewhere is another cell's
        ({"page": 1}, False),
        (_PLACELESS, True),
        ({**_PLACELESS, "raw": "９１"}, True),
        ({**_PLACELESS, "value": 5, "raw": "5"}, True),  # it now reads what the person typed
        ({**_PLACELESS, "value": 19, "raw": "91"}, True),
        ({**_PLACELESS, "value": 7, "raw": "7"}, False),
        ({**_PLACELESS, "value": None, "status": Status.MISSING, "raw": "91"}, False),
    ],
)
def test_what_fits(report: Report, changes: dict[str, Any], fits: bool) -> None:
    entry = _about(report, NATURAL, "value", 5)
    again = _with(report, NATURAL, **changes)
    done = apply(again, [entry])
    assert bool(done.fitted) is fits
    assert bool(done.unfit) is not fits
    if fits:
        assert done.report.value(NATURAL).value == 5
    else:
        assert done.report.values == again.values
        assert [f.fields for f in done.report.findings if f.code == "correction-unfit"] == [(NATURAL,)]


def test_other_documents_and_other_forms(report: Report) -> None:
    entry = _about(report, NATURAL, "value", 5)
    lost = [
        entry.model_copy(update={"source_sha256": "00" * 32}),
        entry.model_copy(update={"field": "applications/9/natural"}),
    ]
    done = apply(report, lost)
    assert [u.reason for u in done.unfit] == ["it is about another document", "the report has no such field"]
    assert done.report.values == report.values


@dataclass
class _Checked:
    values: Sequence[Value]
    findings: Sequence[Finding]


def test_equations_are_evaluated_anew(report: Report) -> None:
    now_broken = Finding(code="equation-broken", severity=Severity.WARNING, message="anew", fields=(NATURAL,))

    def recheck(values: Sequence[Value]) -> _Checked:
        assert next(v for v in values if v.id == NATURAL).value == 5
        return _Checked(tuple(reversed(values)), (now_broken,))

    done = apply(report, [_about(report, NATURAL, "value", 5)], recheck=recheck)
    assert done.report.findings == (now_broken,)
    assert done.report.values[-1].id == report.values[0].id
