from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.document import Cell, Reading
from ocr_pipeline.engine import CLOSER_LOOKS, FIGURE_NET
from ocr_pipeline.templates.calibration import load_calibration
from ocr_pipeline.templates.contest import closer_gain, lead
from ocr_pipeline.templates.mistakes import mistake_probability, mistaken
from ocr_pipeline.templates.readers import second_readings

CALIBRATION = load_calibration()
NUMBERS = st.integers(0, 10**7)


def read(**by_engine: dict[str, float]) -> Cell:
    """A cell with what each reader gives to each text."""

    def readings(engine: str, name: str) -> tuple[Reading, ...]:
        seen = by_engine.get(engine, {})
        return tuple(Reading(text=text, log_prob=math.log(p), engine=name) for text, p in seen.items())

    return Cell(
        row=0, column=0, text="8", ink=True, readings=readings("first", "one"),
        witnesses=(*readings("second", "two"), *readings("third", FIGURE_NET)),
    )  # fmt: skip


def lead_of(cell: Cell, read: int | None = 8, asked: int = 0) -> float:
    return lead(cell, "count", read, asked, CALIBRATION)


def test_the_more_readers_find_the_number_the_likelier_it_was_misread() -> None:
    sure, torn = {"8": 0.98, "0": 0.001}, {"8": 0.4, "0": 0.5}
    leads = [
        lead_of(read(first=first, second=second, third=third))
        for first, second, third in ((sure, sure, sure), (sure, sure, torn), (sure, torn, torn), (torn, torn, torn))
    ]
    assert leads == sorted(leads)
    assert leads[0] < 0 < leads[-1]


def test_without_three_readers_or_a_reading_of_it_nothing_leads() -> None:
    torn = {"8": 0.5, "0": 0.5}
    assert lead_of(read(first=torn, second=torn, third=torn)) > 0
    for missing in (read(first=torn, second=torn), read(first=torn, third=torn), read(second=torn, third=torn)):
        assert lead_of(missing) == -math.inf
    assert lead_of(read(first=torn, second=torn, third=torn), asked=3) == -math.inf


def test_what_issuers_often_do_leads_less() -> None:
    torn = {"18": 0.5, "19": 0.5, "48": 0.5}
    cell = read(first=torn, second=torn, third=torn)
    assert lead_of(cell, 18, 19) < lead_of(cell, 18, 48)


def test_an_unreadable_figure_is_weighed_against_the_likeliest_other() -> None:
    cell = read(first={"8": 0.3, "0": 0.1}, second={"0": 0.6}, third={"0": 0.9})
    # A broken equation tells of a mistake; without a reading there is none yet, and mistakes are rare.
    rare = -math.log(CALIBRATION.broken) - CALIBRATION.contest.bias
    assert lead_of(cell, None) == pytest.approx(lead_of(cell, 8) + rare)


def test_the_more_figures_an_issuer_may_have_mistaken_the_less_a_misreading_leads() -> None:
    torn = {"8": 0.5, "0": 0.5}
    cell = read(first=torn, second=torn, third=torn)
    alone = lead_of(cell)
    # 8 less here is 8 less in a total, and 8 more in a figure that is added beside it.
    for printed, way, meant in ((18, 1, 10), (20, -1, 28)):
        slips = mistake_probability(8, 0) + mistake_probability(printed, meant)
        expected = alone - math.log(slips / mistake_probability(8, 0))
        assert lead(cell, "count", 8, 0, CALIBRATION, [(printed, way)]) == pytest.approx(expected)
    # No figure is less than nothing.
    assert lead(cell, "count", 8, 0, CALIBRATION, [(3, 1)]) == alone


@given(NUMBERS)
def test_slips_are_a_distribution(meant: int) -> None:
    slips = mistaken(meant)
    assert meant not in slips
    assert 0.2 < sum(slips.values()) < 0.9001
    assert all(number >= 0 for number in slips)


@given(NUMBERS, NUMBERS)
def test_any_other_number_may_be_printed(printed: int, meant: int) -> None:
    assert 0 < mistake_probability(printed, meant) < 1


def test_miscounts_are_likelier_than_one_digit_for_another() -> None:
    assert mistake_probability(19, 18) > mistake_probability(48, 18) > mistake_probability(74, 18)


def closer(cell: Cell, *seen: dict[str, float]) -> Cell:
    looks = [
        Reading(text=text, log_prob=math.log(p), engine=engine)
        for engine, texts in zip(CLOSER_LOOKS, seen, strict=True)
        for text, p in texts.items()
    ]
    return cell.model_copy(update={"witnesses": (*cell.witnesses, *looks)})


def test_a_closer_look_counts_instead_of_the_first() -> None:
    torn, back, forth = {"8": 0.5, "0": 0.5}, {"8": 0.9, "0": 0.05}, {"8": 0.05, "0": 0.9}
    cell = read(first=torn, second=torn, third=torn)
    gains = [
        closer_gain(closer(cell, *seen), "count", 8, 0, CALIBRATION) or 0.0
        for seen in ((back, back, back), (torn, torn, torn), (forth, torn, torn), (forth, forth, forth))
    ]
    assert gains == sorted(gains)
    assert gains[1] == 0 < gains[2]
    assert lead_of(closer(cell, forth, forth, forth)) == pytest.approx(lead_of(cell) + gains[3])
    assert lead_of(closer(cell, forth, forth, forth)) == pytest.approx(
        lead_of(read(first=forth, second=forth, third=forth))
    )


def test_without_a_closer_look_by_all_three_nothing_is_gained() -> None:
    torn, forth = {"8": 0.5, "0": 0.5}, {"8": 0.05, "0": 0.9}
    cell = read(first=torn, second=torn, third=torn)
    assert closer_gain(cell, "count", 8, 0, CALIBRATION) is None
    assert closer_gain(closer(cell, forth, forth, {}), "count", 8, 0, CALIBRATION) is None
    assert lead_of(closer(cell, forth, forth, {})) == lead_of(cell)
    assert second_readings(closer(cell, forth, forth, forth)) == second_readings(cell)
