import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocr_pipeline.document import Status
from ocr_pipeline.errors import TemplateError
from ocr_pipeline.templates import Form, TemplateOptions
from ocr_pipeline.templates.deciding import Decision
from ocr_pipeline.templates.equations import Figure, evaluate, instantiate, part_equations
from ocr_pipeline.templates.model import EquationRule
from ocr_pipeline.templates.repair import repair
from ocr_pipeline.templates.statuses import judge
from tests.templates.drawn_tables import figures_of

OPTIONS = TemplateOptions()


def rule(**keys: object) -> EquationRule:
    return EquationRule.model_validate({"id": "e", "part": "p", **keys})


def clear(value: float, confidence: float = 0.99) -> Decision:
    return Decision(value, None, str(value), confidence, clear=confidence >= OPTIONS.clear_confidence)


def test_one_equation_for_each_value_of_a_name() -> None:
    fields = ["p/1/a", "p/1/b", "p/1/t", "p/2/a", "p/2/b", "p/2/t", "p/3/a"]
    made = list(instantiate(rule(sum=["{row}/a", "{row}/b"], equals=["{row}/t"]), fields))
    assert [e.id for e in made] == ["e[1]", "e[2]"]
    assert made[0].members == ("p/1/a", "p/1/b", "p/1/t")


def test_star_adds_up_within_a_segment() -> None:
    fields = ["p/3.1.1/a", "p/3.1.2/a", "p/3.2/a", "p/4/a"]
    (made,) = instantiate(rule(sum=["3.1.*/{c}"], minus=["3.2/{c}"], equals=["4/{c}"]), fields)
    assert made.plus == ("p/3.1.1/a", "p/3.1.2/a")
    assert made.minus == ("p/3.2/a",)


def test_without_names_there_is_one() -> None:
    (made,) = instantiate(rule(sum=["a", "b"], equals=["c"]), ["p/a", "p/b", "p/c"])
    assert made.id == "e"


@pytest.mark.parametrize("term", ["{row}/zz", "a|b", "{Row}/a"])
def test_bad_terms_are_named(term: str) -> None:
    with pytest.raises(TemplateError, match="term"):
        list(instantiate(rule(sum=[term], equals=["{row}/a"]), ["p/1/a"]))


def test_blank_counts_as_zero_but_a_blank_side_says_nothing() -> None:
    (made,) = instantiate(rule(sum=["a", "b"], equals=["c"]), ["p/a", "p/b", "p/c"])

    def state(a: float | None, b: float | None, c: float | None) -> str:
        return evaluate([made], {"p/a": Figure(a), "p/b": Figure(b), "p/c": Figure(c)})[0].state

    assert state(3, None, 3) == "closed"
    assert state(3, None, 4) == "broken"
    assert state(0, 0, None) == "open"
    assert state(None, None, 0) == "open"


def test_amounts_are_compared_in_one_unit() -> None:
    (made,) = instantiate(rule(sum=["a"], equals=["c"]), ["p/a", "p/c"])
    assert evaluate([made], {"p/a": Figure(1.5, "万元"), "p/c": Figure(15000, "元")})[0].state == "closed"
    assert evaluate([made], {"p/a": Figure(1.5, "万元"), "p/c": Figure(15000)})[0].state == "open"


def applications(form: Form, seed: int) -> dict[str, int]:
    drawn = figures_of(form, form.part("applications"), random.Random(seed))
    return {field: int(text) for field, text in drawn.items()}


def judged(form: Form, numbers: dict[str, int], **shaky: float) -> dict[str, Status]:
    decisions = {field: clear(number, shaky.get(field, 0.99)) for field, number in numbers.items()}
    figures = {field: Figure(number) for field, number in numbers.items()}
    outcomes = evaluate(part_equations(form, "applications"), figures)
    return {field: judgement.status for field, judgement in judge(decisions, outcomes, OPTIONS).items()}


def located(form: Form, numbers: dict[str, int]) -> dict[str, Status]:
    """The same, with those let go that no explanation of the break blames."""
    decisions = {field: clear(number) for field, number in numbers.items()}
    equations = part_equations(form, "applications")
    outcomes = evaluate(equations, {field: Figure(number) for field, number in numbers.items()})
    cleared = repair((), decisions, equations, OPTIONS).cleared
    return {f: j.status for f, j in judge(decisions, outcomes, OPTIONS, cleared=cleared).items()}


def test_all_verified_when_all_closes(form_a: Form) -> None:
    assert set(judged(form_a, applications(form_a, 1)).values()) == {Status.VERIFIED}


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 50), st.integers(0, 160), st.integers(1, 9))
def test_a_misread_cell_is_the_conflict_and_others_stand(form_b: Form, seed: int, which: int, difference: int) -> None:
    numbers = applications(form_b, seed)
    field = sorted(numbers)[which]
    numbers[field] += difference
    statuses = located(form_b, numbers)
    assert statuses[field] is Status.CONFLICT
    assert Status.CONFLICT not in {status for other, status in statuses.items() if other != field}


@given(st.integers(0, 20), st.lists(st.tuples(st.integers(0, 160), st.integers(1, 500)), min_size=1, max_size=5))
def test_never_verified_in_a_broken_equation(form_b: Form, seed: int, changes: list[tuple[int, int]]) -> None:
    numbers = applications(form_b, seed)
    for which, difference in changes:
        numbers[sorted(numbers)[which]] += difference
    statuses = judged(form_b, numbers)
    figures = {field: Figure(number) for field, number in numbers.items()}
    for outcome in evaluate(part_equations(form_b, "applications"), figures):
        if outcome.state == "broken":
            assert all(statuses[field] is not Status.VERIFIED for field in outcome.equation.members)


def test_a_shaky_reading_is_verified_by_the_crossing(form_a: Form) -> None:
    numbers = applications(form_a, 3)
    assert judged(form_a, numbers, **{"applications/3.1/natural": 0.3})["applications/3.1/natural"] is Status.VERIFIED


def test_two_shaky_readings_do_not_verify_each_other(form_a: Form) -> None:
    equations = [e for e in part_equations(form_a, "applications") if e.id == "applicants[3.1]"]
    numbers = {field: 1 if field.endswith(("natural", "total")) else 0 for field in equations[0].members}
    pair = ("applications/3.1/natural", "applications/3.1/total")
    decisions = {field: clear(number, 0.3 if field in pair else 0.99) for field, number in numbers.items()}
    outcomes = evaluate(equations, {field: Figure(number) for field, number in numbers.items()})
    statuses = judge(decisions, outcomes, OPTIONS)
    assert {statuses[field].status for field in pair} == {Status.MISSING}


def test_a_missing_member_leaves_others_read(form_a: Form) -> None:
    numbers = applications(form_a, 5)
    del numbers["applications/3.3.4/research"]
    statuses = judged(form_a, numbers)
    assert statuses["applications/3.3.4/natural"] is Status.READ
    assert statuses["applications/3.7/research"] is Status.READ
    assert statuses["applications/3.7/natural"] is Status.VERIFIED
