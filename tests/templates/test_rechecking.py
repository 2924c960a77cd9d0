"""Equations and statuses once more, after values changed."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ocr_pipeline.document import Evidence, Status, Value
from ocr_pipeline.templates import TemplateOptions, extract, load_templates, recheck
from tests.templates.drawn_tables import draw, figures_of, print_figure

TEMPLATES = load_templates()
FORM = TEMPLATES.form("gov-disclosure-b")
PART = FORM.part("applications")
SEEDS = st.integers(0, 10_000)
SOME = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
WRONG = "applications/3.1/natural"
BESIDE = ("applications/3.1/total", "applications/3.7/natural")


def _read(figures: Mapping[str, str], *, seed: int = 1, repair: bool = False) -> tuple[Value, ...]:
    """The part as read, some of its cells with doubt."""
    rng = random.Random(seed)
    drawn = draw(PART, {})
    for field, text in figures.items():
        print_figure(drawn.tokens[field], text, rng.choice((0.99, 0.99, 0.99, 0.9, 0.6, 0.3)))
    return extract([drawn.table()], [], TEMPLATES, options=TemplateOptions(repair=repair)).values


def _sure(figures: Mapping[str, str]) -> tuple[Value, ...]:
    return extract([draw(PART, figures).table()], [], TEMPLATES).values


def _figures(seed: int) -> dict[str, str]:
    return figures_of(FORM, PART, random.Random(seed))


def _changed(values: Sequence[Value], field: str, **changes: Any) -> tuple[Value, ...]:
    return tuple(Value(**{**dict(v), **changes}) if v.id == field else v for v in values)


def _settled(values: Sequence[Value], field: str, number: int | None) -> tuple[Value, ...]:
    before = next(v for v in values if v.id == field)
    person = Evidence(kind="person", detail="王芳", agrees=True)
    status = Status.BLANK if number is None else Status.VERIFIED
    return _changed(values, field, value=number, status=status, confidence=1.0, evidence=(*before.evidence, person))


def _statuses(values: Sequence[Value]) -> dict[str, Status]:
    return {value.id: value.status for value in values}


@SOME
@given(seed=SEEDS, wrong=st.integers(0, 3), repair=st.booleans())
def test_what_was_read_comes_back_as_it_is(seed: int, wrong: int, repair: bool) -> None:
    figures, rng = _figures(seed), random.Random(seed)
    for field in rng.sample(sorted(figures), wrong):
        figures[field] = rng.choice(("/", "", str(int(figures[field]) + 1)))
    values = _read(figures, seed=seed, repair=repair)
    assert recheck(values, TEMPLATES).values == values


def test_a_correction_clears_the_values_beside_it() -> None:
    figures = _figures(7)
    values = _sure({**figures, WRONG: str(int(figures[WRONG]) + 40)})
    assert {_statuses(values)[field] for field in (WRONG, *BESIDE)} <= {Status.CONFLICT, Status.READ}
    found = recheck(_settled(values, WRONG, int(figures[WRONG])), TEMPLATES)
    assert set(_statuses(found.values).values()) == {Status.VERIFIED}
    assert not found.findings
    assert {outcome.state for outcome in found.outcomes} == {"closed"}
    beside = next(v for v in found.values if v.id == BESIDE[0])
    assert all(evidence.agrees for evidence in beside.evidence)


def test_a_wrong_correction_is_seen_by_the_values_beside_it() -> None:
    figures = _figures(7)
    found = recheck(_settled(_sure(figures), WRONG, int(figures[WRONG]) + 40), TEMPLATES)
    statuses = _statuses(found.values)
    assert statuses.pop(WRONG) is Status.VERIFIED  # a person said so; the finding says what does not add up
    assert {field for field, status in statuses.items() if status is not Status.VERIFIED} > set(BESIDE)
    assert {field for f in found.findings for field in f.fields} >= {WRONG, *BESIDE}
    assert {f.code for f in found.findings} == {"equation-broken"}
    assert "difference 40" in found.findings[0].message or "difference -40" in found.findings[0].message


def test_a_figure_that_was_missing_lets_its_equations_speak() -> None:
    figures = _figures(7)
    drawn = draw(PART, figures)
    print_figure(drawn.tokens[WRONG], "乂", 0.3)
    values = extract([drawn.table()], [], TEMPLATES).values
    assert _statuses(values)[WRONG] is Status.MISSING
    assert _statuses(values)[BESIDE[0]] is Status.READ
    right = recheck(_settled(values, WRONG, int(figures[WRONG])), TEMPLATES)
    assert set(_statuses(right.values).values()) == {Status.VERIFIED}
    wrong = recheck(_settled(values, WRONG, int(figures[WRONG]) + 1), TEMPLATES)
    assert {_statuses(wrong.values)[field] for field in BESIDE} == {Status.READ}  # another equation still backs them
    assert len(wrong.findings) == 2


def test_a_doubtful_figure_is_proved_by_one_that_a_person_settled() -> None:
    figures = _figures(7)
    drawn = draw(PART, figures)
    doubtful = [WRONG, "applications/3.1/business", "applications/3.2/natural", "applications/3.2/business"]
    for field in doubtful:
        print_figure(drawn.tokens[field], figures[field], 0.3)
    values = extract([drawn.table()], [], TEMPLATES).values
    assert {_statuses(values)[field] for field in doubtful} == {Status.READ}
    # Two of the four could balance each other, if hardly; with one known, its row and its column prove the next.
    found = recheck(_settled(values, WRONG, int(figures[WRONG])), TEMPLATES)
    assert set(_statuses(found.values).values()) == {Status.VERIFIED}
    assert {v.id: str(v.value) for v in found.values} == figures
    wrong = recheck(_settled(values, WRONG, int(figures[WRONG]) + 1), TEMPLATES)
    assert not {_statuses(wrong.values)[field] for field in doubtful[1:3]} & {Status.VERIFIED, Status.READ}


@SOME
@given(seed=SEEDS, data=st.data())
def test_what_people_settled_stays_and_order_does_not_matter(seed: int, data: st.DataObject) -> None:
    values = _read(_figures(seed), seed=seed)
    fields = data.draw(st.lists(st.sampled_from([v.id for v in values]), max_size=4, unique=True))
    for field in fields:
        values = _settled(values, field, data.draw(st.none() | st.integers(0, 60)))
    found = recheck(values, TEMPLATES)
    kept = {v.id: (v.value, v.status, v.confidence) for v in values if v.id in fields}
    assert {v.id: (v.value, v.status, v.confidence) for v in found.values if v.id in fields} == kept
    assert [v.id for v in found.values] == [v.id for v in values]
    mixed = random.Random(seed).sample(values, len(values))
    assert {v.id: v for v in recheck(mixed, TEMPLATES).values} == {v.id: v for v in found.values}
    after = {value.id: value for value in found.values}
    for member in (after[field] for o in found.outcomes if o.state == "broken" for field in o.equation.members):
        backed = any(evidence.kind == "equation" and evidence.agrees for evidence in member.evidence)
        assert not member.status.is_good or member.settled or backed


@SOME
@given(seed=SEEDS, data=st.data())
def test_settling_a_value_as_it_was_read_puts_no_other_in_doubt(seed: int, data: st.DataObject) -> None:
    values = _read(_figures(seed), seed=seed)
    read = {v.id: int(v.value) for v in values if v.value is not None}
    field = data.draw(st.sampled_from(sorted(read)))
    found = recheck(_settled(values, field, read[field]), TEMPLATES)
    worse = [
        after.id
        for before, after in zip(values, found.values, strict=True)
        if before.status.is_good and not after.status.is_good
    ]
    assert worse == []


def test_a_form_that_nobody_knows() -> None:
    values = tuple(v.model_copy(update={"form": "other"}) for v in _sure(_figures(7)))
    found = recheck(_settled(values, WRONG, 5000), TEMPLATES)
    assert found.values == _settled(values, WRONG, 5000)
    assert found.findings == found.outcomes == ()


def test_part_of_a_form() -> None:
    values = [v for v in _sure(_figures(7)) if v.id.split("/")[1] != "3.7"]
    found = recheck(values, TEMPLATES)
    assert {o.state for o in found.outcomes if "applications/3.7/total" in o.equation.members} == {"open"}
    assert not found.findings


@pytest.mark.parametrize("values", [[], [Value(id="x", value=1, status=Status.READ, confidence=1.0)]])
def test_nothing_to_add_up(values: list[Value]) -> None:
    assert recheck(values, TEMPLATES).values == tuple(values)
