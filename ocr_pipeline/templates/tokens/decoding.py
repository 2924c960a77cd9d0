"""The best walk of a token stream through a chain, with how much worse any other place of each token is.

The Viterbi algorithm (Viterbi 1967) over max-plus scores; the margins come from combining a forward and a backward
pass (max-marginals), so that a figure that could as well stand elsewhere has margin 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.templates.tokens.chain import Break, Chain, Scores

__all__ = ["Emission", "Walk", "walk"]


@dataclass(frozen=True, eq=False, slots=True)
class Emission:
    """What one token scores: ``enter`` for stepping into each state with it, ``stay`` for remaining there."""

    step: Break
    enter: Scores
    stay: Scores


@dataclass(frozen=True, eq=False, slots=True)
class Walk:
    """The best walk.

    Attributes:
        states: for each token its state.
        entered: for each token whether it was stepped into that state with (otherwise it was passed over there).
        margins: for each token, by how much this walk beats every one that puts the token elsewhere.
        score: of the walk.
    """

    states: tuple[int, ...]
    entered: tuple[bool, ...]
    margins: tuple[float, ...]
    score: float


def walk(chain: Chain, emissions: Sequence[Emission]) -> Walk:
    """Decode; the walk begins outside the part and may end anywhere."""
    size, count = len(chain.kinds), len(emissions)
    ending = chain.steps["label"][:, -1].copy()
    ending[[0, -1]] = 0.0
    before = np.empty((count + 1, size))
    before[0] = -1e9
    before[0, 0] = 0.0
    entering = np.empty((count, size))
    staying = np.empty((count, size))
    for i, emission in enumerate(emissions):
        entering[i] = (before[i][:, None] + chain.steps[emission.step]).max(axis=0) + emission.enter
        staying[i] = before[i] + emission.stay
        before[i + 1] = np.maximum(entering[i], staying[i])
    after = np.empty((count + 1, size))
    after[count] = ending
    for i in range(count - 1, -1, -1):
        emission = emissions[i]
        onward = (chain.steps[emission.step] + (emission.enter + after[i + 1])[None, :]).max(axis=1)
        after[i] = np.maximum(onward, emission.stay + after[i + 1])
    states, entered = _trace(chain, emissions, before, entering, staying, ending)
    total = float((before[count] + ending).max())
    margins = [
        _margin(entering[i] + after[i + 1], staying[i] + after[i + 1], states[i], entered[i], total)
        for i in range(count)
    ]
    return Walk(tuple(states), tuple(entered), tuple(margins), total)


def _trace(
    chain: Chain, emissions: Sequence[Emission], before: Scores, entering: Scores, staying: Scores, ending: Scores
) -> tuple[list[int], list[bool]]:
    states = [0] * len(emissions)
    entered = [False] * len(emissions)
    state = int((before[-1] + ending).argmax())
    for i in range(len(emissions) - 1, -1, -1):
        states[i] = state
        entered[i] = bool(entering[i, state] > staying[i, state])
        if entered[i]:
            state = int((before[i] + chain.steps[emissions[i].step][:, state]).argmax())
    return states, entered


def _margin(entering: NDArray[np.float64], staying: Scores, state: int, entered: bool, total: float) -> float:
    through, passed = entering.copy(), staying.copy()
    (through if entered else passed)[state] = -np.inf
    return total - float(max(through.max(), passed.max()))
