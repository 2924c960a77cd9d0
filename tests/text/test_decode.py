from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocr_pipeline.engine import FIGURE_ALPHABET
from ocr_pipeline.text.decode import beam_search, greedy, steps_of


def brute_force(probabilities: np.ndarray, alphabet: str) -> dict[str, float]:
    """Every path, collapsed and summed."""
    found: dict[str, float] = {}
    for path in itertools.product(range(len(alphabet) + 1), repeat=len(probabilities)):
        text = "".join(
            alphabet[symbol - 1] for i, symbol in enumerate(path) if symbol != 0 and (i == 0 or path[i - 1] != symbol)
        )
        weight = math.prod(float(probabilities[i, symbol]) for i, symbol in enumerate(path))
        found[text] = found.get(text, 0.0) + weight
    return found


@st.composite
def posteriors(draw: st.DrawFn, symbols: int) -> np.ndarray:
    """T x (1 + symbols), rows below 1: the rest of the mass is on characters outside the alphabet."""
    steps = draw(st.integers(1, 5))
    cells = st.floats(0.001, 1.0)
    raw = np.array(draw(st.lists(cells, min_size=steps * (symbols + 2), max_size=steps * (symbols + 2))))
    raw = raw.reshape(steps, symbols + 2)
    return (raw / raw.sum(axis=1, keepdims=True))[:, : symbols + 1]


@settings(max_examples=60)
@given(posteriors(symbols=2))
def test_beam_search_equals_the_sum_over_all_paths(probabilities: np.ndarray) -> None:
    expected = brute_force(probabilities, "07")
    found = beam_search(probabilities, "07", beams=200, width=200, choices=2, floor=0.0)
    assert {text for text, _ in found} == set(expected)
    for text, log_prob in found:
        assert math.exp(log_prob) == pytest.approx(expected[text], rel=1e-9)
    assert [p for _, p in found] == sorted((p for _, p in found), reverse=True)


@settings(max_examples=40)
@given(posteriors(symbols=2))
def test_a_narrow_beam_never_claims_more_than_there_is(probabilities: np.ndarray) -> None:
    expected = brute_force(probabilities, "07")
    for text, log_prob in beam_search(probabilities, "07", beams=2, width=2, choices=1):
        assert math.exp(log_prob) <= expected[text] * (1 + 1e-9)


def test_mass_outside_the_alphabet_is_lost_not_shared() -> None:
    # The model is sure of a character that is no digit and gives 1 % to "0".
    probabilities = np.array([[0.0, 0.01]])
    [(text, log_prob)] = beam_search(probabilities, "0")
    assert text == "0"
    assert log_prob == pytest.approx(math.log(0.01))


def test_long_inputs_do_not_underflow() -> None:
    steps = np.full((4000, 2), 1e-6)
    found = beam_search(steps, "1", beams=1, floor=0.0)
    assert found
    assert -4000 * 14 < found[0][1] < -1000


def test_a_repeated_digit_needs_a_blank_between() -> None:
    zero = [0.01, 0.99]
    blank = [0.99, 0.01]
    assert beam_search(np.array([zero, zero]), "0", beams=1)[0][0] == "0"
    assert beam_search(np.array([zero, blank, zero]), "0", beams=1)[0][0] == "00"


def test_impossible_steps_give_nothing() -> None:
    assert beam_search(np.zeros((3, 2)), "0") == []


def test_no_steps_is_the_empty_string() -> None:
    assert beam_search(np.zeros((0, 2)), "0") == [("", 0.0)]


def test_greedy_merges_repeats_and_averages_the_characters_only() -> None:
    characters = ["", "一", "二"]
    probabilities = np.array([[0.0, 0.8, 0.2], [0.1, 0.9, 0.0], [1.0, 0.0, 0.0], [0.3, 0.1, 0.6]])
    assert greedy(steps_of(probabilities), characters) == ("一二", pytest.approx(0.7))
    assert greedy(steps_of(probabilities[2:3]), characters) == ("", 0.0)
    assert greedy(steps_of(np.zeros((0, 3))), characters) == ("", 0.0)


def test_the_alphabet_of_figures_has_no_character_twice() -> None:
    assert len(set(FIGURE_ALPHABET)) == len(FIGURE_ALPHABET)
