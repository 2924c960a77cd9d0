"""From a recogniser's probabilities per time step to strings.

A recogniser trained with connectionist temporal classification (Graves et al., "Connectionist Temporal Classification",
ICML 2006) gives at each of T steps a distribution over its characters and a blank. Many paths collapse to one string
(repeats merged, then blanks dropped); the probability of the string is the sum over its paths.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Steps", "beam_search", "greedy", "steps_of"]

Probabilities = NDArray[np.floating]

_LEAST = 1e-300


class Steps(NamedTuple):
    """What decoding needs of the probabilities at T time steps: a thousandth of them all.

    Attributes:
        best: T, the column of the most probable character.
        peak: T, its probability.
        picked: T x A, the probabilities in the columns that were asked for.
    """

    best: NDArray[np.integer]
    peak: Probabilities
    picked: Probabilities


def steps_of(probabilities: Probabilities, columns: Sequence[int] = ()) -> Steps:
    """What decoding needs of probabilities, ... x T x C, with the same axes before the last."""
    best = probabilities.argmax(axis=-1)
    peak = np.take_along_axis(probabilities, best[..., None], axis=-1)[..., 0]
    return Steps(best, peak, probabilities[..., list(columns)])


def greedy(steps: Steps, characters: Sequence[str]) -> tuple[str, float]:
    """The best path, collapsed (Graves et al. 2006, section 3.2): the free reading.

    Args:
        steps: of one image; column 0 is the blank.
        characters: C strings; the one of the blank is not used.

    Returns:
        The string and the mean probability of its characters, 0..1 (0 for an empty string).
    """
    best = steps.best
    kept = best != 0
    kept[1:] &= best[1:] != best[:-1]
    if not kept.any():
        return "", 0.0
    confidence = float(steps.peak[kept].mean(dtype=np.float64))
    return "".join(characters[i] for i in best[kept]), min(1.0, confidence)


def beam_search(
    probabilities: Probabilities,
    alphabet: str,
    *,
    beams: int = 5,
    width: int = 12,
    choices: int = 5,
    floor: float = 1e-6,
) -> list[tuple[str, float]]:
    """The most probable strings over a small alphabet, by prefix beam search.

    The algorithm of Hannun et al., "First-Pass Large Vocabulary Continuous Speech Recognition using Bi-Directional
    Recurrent DNNs" (2014), without a language model: each prefix carries the probability of its paths that end in a
    blank and of those that do not. What the model gives to characters outside the alphabet is lost and not shared out,
    so the log probability is that of the string under the whole model. Probabilities are rescaled at each step, so that
    hundreds of steps do not underflow.

    Args:
        probabilities: T x (1 + A): the blank, then the characters of the alphabet, taken from the full distribution.
        alphabet: A characters, none twice.
        beams: how many strings at most.
        width: prefixes kept at each step, at least ``beams`` are.
        choices: characters tried at each step, the most probable ones.
        floor: a character less probable than this at a step is not tried there. With ``floor=0`` and ``width`` and
            ``choices`` large the search is exact.

    Returns:
        Strings with their natural log probability (<= 0), best first; the empty string may be among them.
    """
    # prefix -> probability of its paths that end in the blank, and in its last character
    state: dict[str, tuple[float, float]] = {"": (1.0, 0.0)}
    log_scale = 0.0
    width = max(width, beams)
    column = {symbol: index for index, symbol in enumerate(alphabet, start=1)}
    rows = probabilities.astype(np.float64).tolist()
    for row, tried in zip(rows, _tried(probabilities, alphabet, choices, floor), strict=True):
        state = _step(state, row, tried, column)
        if len(state) > width:
            state = dict(sorted(state.items(), key=_total, reverse=True)[:width])
        top = max(blank + ending for blank, ending in state.values())
        if top < _LEAST:
            return []
        log_scale += math.log(top)
        state = {prefix: (blank / top, ending / top) for prefix, (blank, ending) in state.items()}
    ranked = sorted(state.items(), key=_total, reverse=True)[:beams]
    return [
        (prefix, min(0.0, log_scale + math.log(blank + ending)))
        for prefix, (blank, ending) in ranked
        if blank + ending > _LEAST
    ]


def _total(item: tuple[str, tuple[float, float]]) -> float:
    return item[1][0] + item[1][1]


def _tried(probabilities: Probabilities, alphabet: str, choices: int, floor: float) -> list[list[str]]:
    """For each step the characters worth extending a prefix with."""
    symbols = probabilities[:, 1:]
    steps, count = symbols.shape
    if count == 0:
        return [[] for _ in range(steps)]
    order = np.argsort(-symbols, axis=1, kind="stable")[:, : min(choices, count)]
    worth = np.take_along_axis(symbols, order, axis=1) >= floor
    return [
        [alphabet[i] for i, is_worth in zip(indices, flags, strict=True) if is_worth]
        for indices, flags in zip(order.tolist(), worth.tolist(), strict=True)
    ]


def _step(
    state: dict[str, tuple[float, float]], row: list[float], tried: list[str], column: dict[str, int]
) -> dict[str, tuple[float, float]]:
    after: dict[str, tuple[float, float]] = {}
    for prefix, (blank, ending) in state.items():
        total = blank + ending
        last = prefix[-1:]
        stay_blank, stay_ending = after.get(prefix, (0.0, 0.0))
        if last:
            stay_ending += ending * row[column[last]]
        after[prefix] = (stay_blank + total * row[0], stay_ending)
        for symbol in tried:
            # A repeat needs a blank between the two; without one it is the same character still sounding.
            source = blank if symbol == last else total
            if source > 0.0:
                longer = prefix + symbol
                old_blank, old_ending = after.get(longer, (0.0, 0.0))
                after[longer] = (old_blank, old_ending + source * row[column[symbol]])
    return after
