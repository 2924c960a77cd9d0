from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocr_pipeline.document import Cell, Reading
from ocr_pipeline.engine import FIGURE_NET
from ocr_pipeline.templates import TemplateOptions
from ocr_pipeline.templates.calibration import load_calibration
from ocr_pipeline.templates.deciding import Decision, decide
from ocr_pipeline.templates.weighing import climate, weigh, weigh_all
from ocr_pipeline.text_layer import LAYER_ENGINE

CALIBRATION = load_calibration()


def cell(typed: dict[str, float], second: dict[str, float] | None = None, *, text: str | None = None) -> Cell:
    readings = tuple(Reading(text=t, log_prob=math.log(p), engine="one") for t, p in typed.items())
    heard = tuple(Reading(text=t, log_prob=math.log(p), engine="two") for t, p in (second or {}).items())
    best = next(iter(typed), "")
    confidence = typed.get(best, 0.9)
    return Cell(
        row=0, column=0, text=best if text is None else text, confidence=confidence, ink=True, readings=readings,
        witnesses=heard,
    )  # fmt: skip


def weighed(made: Cell, worn: float = 0.1, kind: str = "count") -> Decision:
    return weigh(decide(made, kind, TemplateOptions()), made, kind, worn, CALIBRATION)  # type: ignore[arg-type]


@settings(deadline=None)
@given(
    st.floats(0.3, 0.95), st.floats(0.0, 1.0), st.dictionaries(st.sampled_from(["12", "17", "72"]), st.floats(0.01, 1))
)
def test_probabilities_add_up(first: float, worn: float, second: dict[str, float]) -> None:
    found = weighed(cell({"12": first, "17": (1 - first) / 2}, second), worn)
    total = found.confidence + found.unknown + sum(p for _, p in found.odds)
    assert total == pytest.approx(1.0)
    assert found.weighed


def test_doubt_grows_with_rivals_wear_and_contradiction() -> None:
    sure = weighed(cell({"12": 0.999}, {"12": 0.99}))
    rival = weighed(cell({"12": 0.8, "17": 0.19}, {"12": 0.99}))
    worn = weighed(cell({"12": 0.999}, {"12": 0.99}), worn=1.0)
    contradicted = weighed(cell({"12": 0.999}, {"17": 0.99}))
    assert sure.confidence > 0.999
    for doubtful in (rival, worn, contradicted):
        assert doubtful.confidence < sure.confidence


def third(made: Cell, said: dict[str, float]) -> Cell:
    """The cell with what the reader of figures makes of it."""
    seen = tuple(Reading(text=t, log_prob=math.log(p), engine=FIGURE_NET) for t, p in said.items())
    return made.model_copy(update={"witnesses": (*made.witnesses, *seen)})


def test_a_rival_of_one_reader_leaves_clear_what_all_three_find_likeliest() -> None:
    torn = cell({"0": 0.75, "3": 0.2}, {"0": 0.6, "2": 0.1})
    assert not weighed(torn).clear
    assert weighed(third(torn, {"0": 0.99})).clear
    assert not weighed(third(torn, {"3": 0.9, "0": 0.05})).clear
    assert not weighed(third(cell({"0": 0.75, "3": 0.2}, {"8": 0.4, "0": 0.3}), {"0": 0.99})).clear
    # A second reading that is heard and differs is no matter of rivals.
    assert not weighed(third(cell({"0": 0.9}, {"8": 0.7}), {"0": 0.99})).clear


def test_a_sign_in_words_is_no_wear_and_no_doubt() -> None:
    # Forced into figures, the word leaves a typed reading of hardly any probability.
    told = cell({"220": 1.5e-5}, {"增220": 0.99}, text="增220").model_copy(update={"confidence": 0.999})
    bare = told.model_copy(update={"readings": ()})
    with_reading, without = weighed(told, kind="change"), weighed(bare, kind="change")
    assert with_reading.value == without.value == 220
    assert with_reading.confidence == pytest.approx(without.confidence)
    assert climate([(with_reading, told)], CALIBRATION) == climate([], CALIBRATION)
    misread = cell({"10": 0.6}, text="1口")
    assert climate([(weighed(misread), misread)], CALIBRATION) > climate([], CALIBRATION)


def changes(worn: bool, **made: Cell) -> dict[str, Decision]:
    """Decisions of changes that stand in a table of clean zeros, or of doubtful ones."""
    zeros = {f"zero{n}": cell({"0": 0.93 if worn else 0.9999}) for n in range(30)}
    cells = {**zeros, **made}
    kinds = {name: "change" if name in made else "count" for name in cells}
    decisions = {name: decide(c, kinds[name], TemplateOptions()) for name, c in cells.items()}  # type: ignore[arg-type]
    return weigh_all(decisions, cells, kinds, CALIBRATION)  # type: ignore[arg-type]


def test_a_minus_may_be_lost_where_print_is_worn_and_no_other_minus_says_otherwise() -> None:
    plain, minus = cell({"33": 0.999}, {"33": 0.99}), cell({"-7": 0.99, "7": 0.001}, {"-7": 0.98})
    unclear = cell({"-8": 0.9, "8": 0.09}, {"-8": 0.98})
    assert changes(False, plain=plain)["plain"].confidence > 0.99
    worn = changes(True, plain=plain)["plain"]
    assert worn.confidence < 0.9 < worn.confidence + worn.unsigned
    assert changes(True, plain=plain, minus=minus)["plain"].confidence > 0.99
    assert changes(True, plain=plain, minus=minus, unclear=unclear)["plain"].confidence < 0.9
    assert changes(True, minus=minus)["minus"].confidence > 0.9


def test_a_trace_before_the_figures_may_be_a_minus_anywhere() -> None:
    for traced in (cell({"33": 0.97, ".33": 0.02}), cell({"33": 0.999}, {"33": 0.9, "-33": 0.05})):
        assert changes(False, traced=traced)["traced"].confidence < 0.9


def test_a_text_layer_that_says_the_same_vouches_for_the_sign() -> None:
    plain = cell({"33": 0.999}, {"33": 0.99})
    layer = Reading(text="33", log_prob=math.log(0.999), engine=LAYER_ENGINE)
    vouched = plain.model_copy(update={"witnesses": (*plain.witnesses, layer)})
    assert changes(True, plain=vouched)["plain"].confidence > 0.99 > changes(True, plain=plain)["plain"].confidence


def test_figures_among_words_are_believed_by_their_free_reading() -> None:
    amount = Cell(row=0, column=0, text="8.4 亿", confidence=0.99, ink=True)
    assert weighed(amount, kind="amount").confidence > 0.97
    assert weighed(amount.model_copy(update={"confidence": 0.4}), kind="amount").confidence < 0.5


@pytest.mark.parametrize(
    ("worn", "confidence", "agrees", "good"),
    [
        (0.7, 0.999, None, False),
        (0.7, 0.999, 0.4, False),
        (0.7, 0.999, 0.85, True),
        (0.3, 0.999, 0.6, True),
        (0.3, 0.999, 0.45, False),
        (0.3, 0.96, 0.6, False),
        (0.3, 0.96, 0.7, True),
        (0.1, 0.999, None, True),
    ],
)
def test_on_worn_print_a_figure_among_words_needs_another_sure_reading(
    worn: float, confidence: float, agrees: float | None, good: bool
) -> None:
    amount = cell({}, {"506.24万": agrees} if agrees else None, text="506.24万").model_copy(
        update={"confidence": confidence}
    )
    assert (weighed(amount, worn, "amount").confidence > 0.99) is good


def test_what_no_recogniser_read_stays_as_it_is() -> None:
    native = Cell(row=0, column=0, text="12")
    found = decide(native, "count", TemplateOptions())
    assert weigh(found, native, "count", 0.5, CALIBRATION) == found


def test_a_layer_speaks_for_its_number() -> None:
    plain = cell({"12": 0.6, "17": 0.3})
    layer = Reading(text="17", log_prob=math.log(0.97), engine=LAYER_ENGINE)
    heard = plain.model_copy(update={"witnesses": (layer,)})
    assert dict(weighed(heard).odds)[17] > dict(weighed(plain).odds)[17]


def figures(*cells: Cell) -> list[tuple[Decision, Cell]]:
    return [(decide(made, "amount", TemplateOptions()), made) for made in cells]


def test_the_climate_is_that_of_the_whole_part_in_any_order() -> None:
    clean, worn = figures(*[cell({"0": 0.9999})] * 40), figures(*[cell({"0": 0.9})] * 40)
    assert climate(clean, CALIBRATION) < 0.2 < climate([*clean, *worn], CALIBRATION) < climate(worn, CALIBRATION)
    assert climate([*clean, *worn], CALIBRATION) == climate([*worn, *clean], CALIBRATION)
    # A single doubtful figure says little of its page.
    assert climate(worn[:1], CALIBRATION) < 0.7


def test_figures_among_words_do_not_worsen_the_climate() -> None:
    words = cell({"187905": 0.001}, text="187905元")
    clean = figures(*[cell({"0": 0.9999})] * 20)
    assert climate([*clean, *figures(words)], CALIBRATION) == climate(clean, CALIBRATION)


def test_an_amount_that_may_have_lost_its_point_is_not_believed_though_both_readers_agree() -> None:
    blurred = cell({"43": 0.94, "4.3": 0.05}, {"43": 0.999})
    whole = cell({"43": 0.999, "4.3": 2e-5}, {"43": 0.999})
    layer = Reading(text="43", log_prob=math.log(0.999), engine=LAYER_ENGINE)
    vouched = blurred.model_copy(update={"witnesses": (*blurred.witnesses, layer)})
    good = TemplateOptions().good_confidence
    for made, kind, believed in ((blurred, "amount", False), (whole, "amount", True), (vouched, "amount", True)):
        found = weigh_all({"f": decide(made, kind, TemplateOptions())}, {"f": made}, {"f": kind}, CALIBRATION)["f"]  # type: ignore[arg-type,dict-item]
        assert (found.confidence >= good) is believed
        assert found.confidence + found.unknown + sum(p for _, p in found.odds) == pytest.approx(1.0)


@pytest.mark.parametrize(("kind", "text"), [("change", "28"), ("amount", "43")])
def test_a_line_missing_across_a_figure_may_have_taken_its_sign_or_point(kind: str, text: str) -> None:
    whole = cell({text: 0.9999}, {text: 0.9999})
    cells = {"whole": whole, "cut": whole.model_copy(update={"cut": True})}
    decisions = {field: decide(made, kind, TemplateOptions()) for field, made in cells.items()}  # type: ignore[arg-type]
    found = weigh_all(decisions, cells, dict.fromkeys(cells, kind), CALIBRATION)  # type: ignore[arg-type]
    assert found["whole"].confidence > 0.99
    assert found["cut"].confidence < 0.6
    assert found["cut"].unknown > 0.4


@pytest.mark.parametrize(("kind", "text"), [("change", "-28"), ("amount", "4.3"), ("count", "28")])
def test_a_line_missing_across_other_figures_takes_nothing(kind: str, text: str) -> None:
    whole = cell({text: 0.9999}, {text: 0.9999})
    cells = {"whole": whole, "cut": whole.model_copy(update={"cut": True})}
    decisions = {field: decide(made, kind, TemplateOptions()) for field, made in cells.items()}  # type: ignore[arg-type]
    found = weigh_all(decisions, cells, dict.fromkeys(cells, kind), CALIBRATION)  # type: ignore[arg-type]
    assert found["cut"].confidence == found["whole"].confidence


def test_what_the_reader_of_figures_finds_unlikely_is_told_where_the_others_are_not_sure() -> None:
    told = {}
    for rival in (0.01, 0.02, 0.05, 0.1, 0.2, 0.4):
        for third in (0.3, 0.6):
            seen = cell({"653": 0.8, "663": 0.1}, {"653": 0.6, "663": rival})
            looked = (("653", third), ("663", rival * third))
            read = tuple(Reading(text=text, log_prob=math.log(p), engine=FIGURE_NET) for text, p in looked)
            found = weighed(seen.model_copy(update={"witnesses": (*seen.witnesses, *read)}), 0.6)
            assert found.value == 653
            assert found.unsure is (third < 0.5 and found.confidence < 0.995)
            told[rival, third] = found.unsure
    assert set(told.values()) == {True, False}
