from __future__ import annotations

import math

import pytest

from ocr_pipeline.document import Reading
from ocr_pipeline.engine import Recognition
from ocr_pipeline.geometry import Box
from ocr_pipeline.tables.cell_ink import CellInk
from ocr_pipeline.tables.cell_task import CellTask
from ocr_pipeline.tables.grid import GridCell
from ocr_pipeline.tables.specialist import contradicts, weighed


def typed(engine: str, **chances: float) -> tuple[Reading, ...]:
    """Readings of figures: ``n0=0.5`` is a 0 with a probability of one half."""
    return tuple(Reading(text=k[1:], log_prob=math.log(p), engine=engine) for k, p in chances.items())


def seen(**chances: float) -> Recognition:
    readings = typed("specialist", **chances)
    sure = readings[0].text if readings and math.exp(readings[0].log_prob) >= 0.5 else ""
    return Recognition(sure, 1.0 if sure else 0.0, readings)


def task(text: str, confidence: float, readings: tuple[Reading, ...], width: int = 10) -> CellTask:
    line = Box(0, 0, width, 14)
    cell = CellTask(GridCell(0, 0), CellInk(line, (line,)), [line], vertical=False)
    cell.text, cell.confidence, cell.readings = text, confidence, readings
    return cell


def best(readings: tuple[Reading, ...]) -> tuple[str, float]:
    return readings[0].text, math.exp(readings[0].log_prob)


def test_what_went_to_brackets_is_made_over_to_the_figure_that_both_see() -> None:
    both = weighed(typed("first", n0=0.43, n1=0.01), "0", seen(n0=0.98, n9=0.01))
    assert best(both)[0] == "0"
    assert best(both)[1] > 0.9
    assert both[0].engine == "first+specialist"


def test_a_rival_of_either_reader_stays_one() -> None:
    """Both look at the same ink: a broken 8 looks like a 3 to both of them, and only one still doubts it."""
    both = weighed(typed("first", n36385=0.70, n86385=0.29), "36385", seen(n36385=0.97, n86385=0.01))
    text, probability = best(both)
    assert text == "36385"
    assert math.exp(both[1].log_prob) > 0.3 * probability
    assert both[1].text == "86385"


def test_what_the_first_only_thought_of_is_read_where_the_specialist_is_sure_of_it() -> None:
    """Of a worn 0 the first makes a 1 or an 11, and a 0 if need be; but the 1 stays a rival."""
    both = weighed(typed("first", n1=0.42, n0=0.12, n11=0.06), "1", seen(n0=0.98, n9=0.01))
    text, probability = best(both)
    assert text == "0"
    assert both[1].text == "1"
    assert 0.3 * probability < math.exp(both[1].log_prob) < 0.5 * probability


@pytest.mark.parametrize(
    ("own", "read", "specialist"),
    [
        (typed("first", n5=0.6, n6=0.3), "5", seen(n8=0.99)),  # the first never thought of it
        (typed("first", n0=0.4), "0", seen(n0=0.3, n6=0.3)),  # the specialist is not sure either
        (typed("first", n7=0.6, n0=0.01), "", seen(n0=0.99)),  # the first saw no figure, but rather another
        ((), "", seen(n0=0.7)),  # alone, that is not enough
        ((), "", Recognition("", 0.0)),
    ],
)
def test_together_they_say_nothing(own, read, specialist) -> None:
    assert weighed(own, read, specialist) == ()


def test_where_the_first_saw_no_figure_the_specialist_is_worth_what_it_says() -> None:
    sure = seen(n0=0.99)
    assert weighed((), "", sure) == sure.typed
    assert best(weighed(typed("first", n0=0.002, n1=0.001), "", sure)) == ("0", pytest.approx(0.99, abs=0.002))
    # What it gave to no figure, or to none in particular, is not made over to what it gave most to.
    assert best(weighed((), "", seen(n0=0.85, n6=0.05))) == ("0", pytest.approx(0.85))


def test_what_the_first_was_likelier_to_see_stays_a_rival() -> None:
    for read in ("", "1"):
        both = weighed(typed("first", n1=0.3, n7=0.1), read, seen(n0=0.95))
        assert [reading.text for reading in both] == ["0", "1", "7"]
        assert math.exp(both[1].log_prob - both[0].log_prob) == pytest.approx(0.3 / 0.95)


def test_a_broken_zero_is_read_after_all() -> None:
    cell = task("()", 0.9, typed("first", n0=0.003, n1=0.001))
    cell.hear_specialist(seen(n0=0.995), 0.9)
    assert cell.text == "0"
    assert best(cell.readings) == ("0", pytest.approx(0.995, abs=0.002))
    word = task("总", 0.9, ())
    word.hear_specialist(Recognition("", 0.0, typed("specialist", n2=0.01)), 0.9)
    assert word.text == "总"


@pytest.mark.parametrize("text", ["1", "11"])
def test_a_sure_reading_that_the_specialist_does_not_see_is_doubted(text) -> None:
    """A slash reads as 1 to every general recogniser."""
    cell = task(text, 0.98, (Reading(text=text, log_prob=-0.02, engine="first"),))
    cell.hear_specialist(Recognition("", 0.0, typed("specialist", n7=0.02, n1=0.01)), 0.9)
    assert cell.text == text
    assert best(cell.readings)[1] < 0.4
    assert contradicts(seen(n4=0.9), "1")
    assert not contradicts(seen(n1=0.6), "1")


def test_words_are_not_its_business() -> None:
    assert not task("增加33", 0.9, (), width=60).may_be_figure
    assert task("()", 0.9, ()).may_be_figure
    assert task("士", 0.9, ()).may_be_figure
    assert not task("总计", 0.9, (), width=26).may_be_figure


def test_words_that_have_no_room_for_themselves_are_no_words() -> None:
    assert task("王千", 0.9, ()).may_be_figure
    low = task("王千", 0.9, (), width=26)
    assert not low.may_be_figure
    # Worn print is shown as high as that beside it.
    low.shown = Box(0, -4, 26, low.lines[0].height + 8)
    assert low.may_be_figure
    upright = task("总计", 0.9, ())
    upright.lines.append(Box(0, 18, 10, 32))
    upright.vertical = True
    assert not upright.may_be_figure
