import math

import pytest

from ocr_pipeline.document import Cell, Reading
from ocr_pipeline.engine import FIGURE_NET
from ocr_pipeline.templates import TemplateOptions
from ocr_pipeline.templates.deciding import Decision, decide
from ocr_pipeline.text_layer import LAYER_ENGINE

OPTIONS = TemplateOptions()


def decided(text: str, typed: dict[str, float] | None = None, kind: str = "count", **cell: object) -> Decision:
    made = tuple(Reading(text=t, log_prob=math.log(p), engine="one") for t, p in (typed or {}).items())
    return decide(Cell(row=0, column=0, text=text, **{"ink": True, "readings": made, **cell}), kind, OPTIONS)  # type: ignore[arg-type]


def witness(text: str, probability: float = 0.95) -> tuple[Reading, ...]:
    return (Reading(text=text, log_prob=math.log(probability), engine="two"),)


def test_agreement_is_clear() -> None:
    found = decided("123", {"123": 0.97, "128": 0.01})
    assert (found.value, found.clear) == (123, True)
    assert found.confidence == pytest.approx(0.97)
    assert len(found.alternatives) == 2


@pytest.mark.parametrize(
    ("engine", "probability", "lone"),
    [(FIGURE_NET, 0.9, True), (FIGURE_NET, 0.97, False), (f"one+{FIGURE_NET}", 0.6, False)],
)
def test_what_only_the_reader_of_figures_finds_is_lone_if_that_is_not_sure(engine, probability, lone) -> None:
    readings = (Reading(text="0", log_prob=math.log(probability), engine=engine),)
    assert decided("0", readings=readings).lone is lone
    assert not decided("0", {"0": probability}).lone


def test_spellings_of_one_number_add_up() -> None:
    found = decided("1,234", {"1,234": 0.5, "1234": 0.4})
    assert found.confidence == pytest.approx(0.9)


def test_disagreement_is_not_clear() -> None:
    found = decided("13", {"18": 0.9})
    assert not found.clear
    assert found.confidence <= 0.5


def test_a_rival_makes_it_unclear() -> None:
    assert not decided("3", {"3": 0.62, "8": 0.3}).clear


@pytest.mark.parametrize(("probability", "value"), [(0.9, 0), (0.4, 0), (0.05, None)])
def test_a_letter_needs_the_typed_reading(probability: float, value: int | None) -> None:
    found = decided("O", {"0": probability})
    assert found.value == value
    assert found.note
    assert found.raw == "O"


def test_a_letter_without_typed_reading_is_unreadable() -> None:
    assert decided("l0").value is None


def test_no_ink_is_blank_and_unread_ink_is_not() -> None:
    assert decided("", ink=False).blank
    assert not decided("", ink=True).blank
    assert decided("", {"7": 0.4}, ink=True).value is None
    assert decided("", {"7": 0.97}, ink=True).value == 7
    assert decided("", ink=None).blank


@pytest.mark.parametrize("text", ["/", "-", "—"])
def test_a_dash_is_blank_unless_a_figure_is_seen(text: str) -> None:
    assert decided(text, {"-": 0.9}).blank
    assert not decided(text, {"1": 0.8}).blank
    assert not decided(text, witnesses=witness("1")).blank


def test_a_second_reading_is_evidence() -> None:
    found = decided("35", {"35": 0.7}, witnesses=witness("35"))
    assert found.confidence > 0.9
    assert [e.agrees for e in found.evidence] == [True]
    other = decided("35", {"35": 0.97}, witnesses=witness("36"))
    assert not other.clear
    assert [e.agrees for e in other.evidence] == [False]


def test_words_are_read_freely() -> None:
    found = decided("减4", {"4": 0.3}, "change", confidence=0.98)
    assert (found.value, found.clear) == (-4, True)
    amount = decided("8.4 亿", {"8.4": 0.5}, "amount", confidence=0.98)
    assert (amount.value, amount.unit) == (8.4, "亿元")


def test_a_gap_in_print_is_closed_by_the_typed_reading() -> None:
    assert decided("1 0", {"10": 0.9}).value == 10
    assert decided("1 0").value is None


@pytest.mark.parametrize(("certainty", "clear"), [(0.92, True), (0.98, False)])
@pytest.mark.parametrize("layer_first", [True, False])
def test_a_layer_with_errors_is_outvoted_by_two_sure_readers(certainty: float, clear: bool, layer_first: bool) -> None:
    layer = Reading(text="6", log_prob=math.log(certainty), engine=LAYER_ENGINE)
    heard = (layer, *witness("8")) if layer_first else (*witness("8"), layer)
    found = decided("8", {"8": 0.98}, witnesses=heard)
    assert (found.value, found.clear) == (8, clear)
    assert [(e.kind, e.agrees) for e in found.evidence] == [("second_reading", True), ("text_layer", False)]


def test_a_layer_against_one_reader_makes_its_reading_doubtful() -> None:
    layer = Reading(text="6", log_prob=math.log(0.92), engine=LAYER_ENGINE)
    assert not decided("8", {"8": 0.99}, witnesses=(layer,)).clear
