"""Order-preserving alignment of two sequences, with how much worse the next best partner of each element is.

Needleman and Wunsch (1970) for the whole, Smith and Waterman (1981) for the best stretch; the margins come from
combining the forward and the backward pass (max-marginals).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

__all__ = ["Alignment", "Span", "align", "best_span"]

Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Alignment:
    """Pairs (observed, expected) in order, the total score, and for each observed index of a pair its margin:
    by how much the best alignment beats the best one that gives this element no partner or another."""

    pairs: tuple[tuple[int, int], ...]
    score: float
    margins: dict[int, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Span:
    """The stretch of both sequences that aligns best: half-open ranges, and its score."""

    observed: tuple[int, int]
    expected: tuple[int, int]
    score: float


def best_span(scores: Scores, skip_observed: Sequence[float], skip_expected: Sequence[float]) -> Span | None:
    """The best-scoring stretch, None when nothing scores above 0.

    Args:
        scores: n x m, the gain of pairing observed i with expected j; may be negative.
        skip_observed: n costs >= 0 of leaving an observed element without partner.
        skip_expected: m costs >= 0, likewise.
    """
    n, m = scores.shape
    gain = scores.tolist()
    total = [[0.0] * (m + 1) for _ in range(n + 1)]
    start = {(i, j): (i, j) for i in range(n + 1) for j in range(m + 1)}
    best: tuple[float, int, int] = (0.0, 0, 0)
    for i in range(1, n + 1):
        for j in range(1, m + 1):
            options = (
                (total[i - 1][j - 1] + gain[i - 1][j - 1], start[i - 1, j - 1]),
                (total[i - 1][j] - skip_observed[i - 1], start[i - 1, j]),
                (total[i][j - 1] - skip_expected[j - 1], start[i, j - 1]),
            )
            value, origin = max(options, key=lambda option: option[0])
            if value > 0:
                total[i][j], start[i, j] = value, origin
                # A later end wins a tie within rounding: it takes in rows that say nothing about themselves.
                if value > best[0] + 1e-9:
                    best = (value, i, j)
    score, i, j = best
    if score <= 0:
        return None
    top, left = start[i, j]
    return Span((top, i), (left, j), score)


def align(
    scores: Scores, skip_observed: Sequence[float], skip_expected: Sequence[float], *, free_ends: bool
) -> Alignment:
    """The best alignment of all observed elements.

    Args:
        scores: n x m, the gain of pairing observed i with expected j.
        skip_observed: n costs >= 0 of leaving an observed element without partner.
        skip_expected: m costs >= 0, likewise.
        free_ends: expected elements before the first and after the last pair cost nothing.
    """
    ends = np.zeros(len(skip_expected)) if free_ends else np.asarray(skip_expected, dtype=np.float64)
    before = _pass(scores, skip_observed, skip_expected, ends)
    after = _pass(scores[::-1, ::-1], skip_observed[::-1], skip_expected[::-1], ends[::-1])[::-1, ::-1]
    return _trace(scores, skip_observed, before, after)


def _pass(scores: Scores, skip_observed: Sequence[float], skip_expected: Sequence[float], ends: Scores) -> Scores:
    """``[i, j]``: best score of the first i observed with the first j expected elements."""
    n, m = scores.shape
    gain = scores.tolist()
    best = [[0.0, *(-np.cumsum(ends)).tolist()]]
    for i in range(1, n + 1):
        above, skip = best[-1], skip_observed[i - 1]
        row = [above[0] - skip]
        for j in range(1, m + 1):
            row.append(max(above[j - 1] + gain[i - 1][j - 1], above[j] - skip, row[j - 1] - skip_expected[j - 1]))
        best.append(row)
    return np.array(best, dtype=np.float64)


def _trace(scores: Scores, skip_observed: Sequence[float], before: Scores, after: Scores) -> Alignment:
    n, m = scores.shape
    total = float((before[0] + after[0]).max()) if n else 0.0
    # through[i, j]: best total of an alignment that pairs i with j; without[i]: of one that leaves i alone.
    through = before[:n, :m] + scores + after[1:, 1:]
    without = np.array([(before[i] - skip_observed[i] + after[i + 1]).max() for i in range(n)])
    pairs: list[tuple[int, int]] = []
    margins: dict[int, float] = {}
    last = -1
    for i in range(n):
        if m == 0 or last + 1 >= m:
            break
        j = last + 1 + int(np.argmax(through[i, last + 1 :]))
        if through[i, j] < total - 1e-9:
            continue
        others = np.delete(through[i], j)
        rival = max(float(without[i]), float(others.max()) if others.size else -np.inf)
        pairs.append((i, j))
        margins[i] = total - rival
        last = j
    return Alignment(tuple(pairs), total, margins)
