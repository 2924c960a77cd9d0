from __future__ import annotations

from dataclasses import replace

import pytest

from ocr_pipeline.document import Evidence, Status
from ocr_pipeline.templates import TemplateOptions
from ocr_pipeline.templates.deciding import Decision
from ocr_pipeline.templates.equations import Equation, evaluate
from ocr_pipeline.templates.repair import figures_read
from ocr_pipeline.templates.statuses import judge

SUM = Equation("sum", ("p/a", "p/b"), (), ("p/c",))


def read(number: int, confidence: float, *odds: tuple[int, float]) -> Decision:
    """A figure that recognisers read."""
    return Decision(number, None, str(number), confidence, clear=True, odds=odds, weighed=True)


def statuses(decisions: dict[str, Decision], *equations: Equation) -> dict[str, Status]:
    outcomes = evaluate(equations, figures_read(decisions))
    return {field: judged.status for field, judged in judge(decisions, outcomes, TemplateOptions()).items()}


@pytest.mark.parametrize(("doubtful", "good"), [(2, True), (3, True), (4, False)])
def test_where_much_cannot_be_read_readers_alone_vouch_for_nothing(doubtful: int, good: bool) -> None:
    decisions = {f"p/{n}": read(5, 0.6 if n < doubtful else 0.999, (6, 0.001)) for n in range(12)}
    found = statuses(decisions)
    assert [found[f"p/{n}"].is_good for n in range(12)] == [n >= doubtful and good for n in range(12)]


@pytest.mark.parametrize(("lost", "good"), [(0.4, True), (0.25, False)])
def test_signs_that_may_be_lost_do_not_say_that_figures_cannot_be_read(lost: float, good: bool) -> None:
    signs = {f"p/{n}": replace(read(5, 0.595), unknown=0.4, unsigned=lost) for n in range(6)}
    others = {f"p/{n}": read(5, 0.999) for n in range(6, 12)}
    found = statuses(signs | others)
    assert [found[f"p/{n}"].is_good for n in range(12)] == [n >= 6 and good for n in range(12)]


@pytest.mark.parametrize(("confidence", "good"), [(0.95, True), (0.85, False)])
def test_what_is_only_held_back_does_not_wreck_a_part(confidence: float, good: bool) -> None:
    held_back = {f"p/{n}": read(5, confidence) for n in range(6)}
    found = statuses(held_back | {f"p/{n}": read(5, 0.999) for n in range(6, 12)})
    assert [found[f"p/{n}"].is_good for n in range(12)] == [n >= 6 and good for n in range(12)]


def test_what_an_equation_proves_is_good_there_too() -> None:
    decisions = {f"p/{n}": read(5, 0.6, (6, 0.4)) for n in range(9)}
    decisions |= {"p/a": read(1, 0.999), "p/b": read(2, 0.999), "p/c": read(3, 0.999), "p/d": read(3, 0.999)}
    found = statuses(decisions, SUM)
    assert {found[field] for field in SUM.members} == {Status.VERIFIED}
    assert found["p/d"] is Status.MISSING


def test_what_only_the_reader_of_figures_finds_needs_an_equation() -> None:
    lone = {"p/a": replace(read(1, 0.998), lone=True), "p/b": read(2, 0.999), "p/c": read(3, 0.999)}
    assert set(statuses(lone, SUM).values()) == {Status.VERIFIED}
    assert statuses(lone)["p/a"] is Status.MISSING
    assert statuses({**lone, "p/c": read(4, 0.999)}, SUM)["p/a"] is Status.CONFLICT
    # So many of them say that the print is worn, however likely each is by itself.
    many = {f"p/{n}": replace(read(5, 0.998), lone=n < 5) for n in range(12)}
    assert set(statuses(many).values()) == {Status.MISSING}


def test_what_the_reader_of_figures_finds_unlikely_needs_an_equation_or_a_text_layer() -> None:
    """Two readers of text agreed on a blurred 653 that was printed as 683."""
    heard = Evidence(kind="second_reading", detail="two: 1", agrees=True)
    unsure = {
        "p/a": replace(read(1, 0.998), unsure=True, evidence=(heard,)),
        "p/b": read(2, 0.999),
        "p/c": read(3, 0.999),
    }
    assert set(statuses(unsure, SUM).values()) == {Status.VERIFIED}
    assert statuses(unsure)["p/a"] is Status.MISSING
    layer = heard.model_copy(update={"kind": "text_layer"})
    assert statuses({"p/a": replace(unsure["p/a"], evidence=(heard, layer))})["p/a"] is Status.VERIFIED


def test_a_figure_that_fits_better_with_what_the_ink_beside_it_says_is_not_proved() -> None:
    sure = {"p/a": read(8, 0.99, (0, 0.007)), "p/b": read(2, 0.999), "p/c": read(10, 0.999, (2, 0.0001))}
    assert set(statuses(sure, SUM).values()) == {Status.VERIFIED}
    # The total is rather 2, which makes of the 8 the 0 that was seen as well.
    torn = {**sure, "p/c": read(10, 0.001, (2, 0.998))}
    found = statuses(torn, SUM)
    assert not found["p/a"].is_good
    assert found["p/b"].is_good


def repaired(number: int, *by: str) -> Decision:
    return Decision(number, None, "9", 0.999, clear=False, repaired_by=by, weighed=True)


@pytest.mark.parametrize(("other", "good"), [(1, True), (5, False)])
def test_what_a_repair_closes_supports_a_reading_if_another_equation_asks_for_the_repair_too(
    other: int, good: bool
) -> None:
    down = Equation("down", ("p/a", "p/d"), (), ("p/e",))
    doubtful = replace(read(2, 0.993, (7, 0.005)), clear=False)
    decisions = {"p/a": repaired(1, "sum", "down"), "p/b": doubtful, "p/c": read(3, 0.999)}
    decisions |= {"p/d": read(4, 0.999), "p/e": read(4 + other, 0.999)}
    found = statuses(decisions, SUM, down)
    assert found["p/b"] is (Status.READ if good else Status.MISSING)
    assert found["p/c"] is Status.READ


def test_two_repairs_that_lean_on_one_another_support_nothing() -> None:
    doubtful = replace(read(2, 0.993, (7, 0.005)), clear=False)
    decisions = {"p/a": repaired(1, "sum", "down"), "p/b": doubtful, "p/c": read(3, 0.999)}
    decisions |= {"p/d": repaired(4, "down"), "p/e": read(5, 0.999)}
    assert statuses(decisions, SUM, Equation("down", ("p/a", "p/d"), (), ("p/e",)))["p/b"] is Status.MISSING
