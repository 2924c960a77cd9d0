"""Columns of a table without vertical rulings: the fewest upright lines that part all neighbours on a line of print.

Each gap between two neighbouring words is an interval that some line must pass through. The fewest points that meet a
set of intervals are found by taking the ends of intervals in order (a classical greedy algorithm).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ocr_pipeline.geometry import Box
from ocr_pipeline.tables.words import Word

__all__ = ["column_lines", "spans", "touched", "within_columns"]

_LEAST_SUPPORT = 2
"""A gap that only one line of print shows may be one inside a cell."""
_LEAST_SHARE = 0.34
"""Gaps inside labels fall together here and there; then most labels run across the place."""
_CENTRED_EM = 0.35
_EMPTY_COST = 0.5
"""In characters off the centre: what leaving a column without a cell costs."""


def column_lines(rows: Sequence[Sequence[Word]], em: float) -> list[float]:
    """Where columns meet, ascending, page pixels.

    Args:
        rows: words of each line of print, left to right.
        em: usual size of a character, pixels.
    """
    gaps = sorted(
        (right.box.left, left.box.right)
        for row in rows
        for left, right in pairwise(row)
        if right.box.left - left.box.right > 0.2 * em
    )
    lines: list[float] = []
    while gaps:
        end = gaps[0][0]
        met = [gap for gap in gaps if gap[1] < end]
        gaps = [gap for gap in gaps if gap[1] >= end]
        line = (max(start for _, start in met) + end) / 2
        crossing = sum(w.box.left + 0.3 * em < line < w.box.right - 0.3 * em for row in rows for w in row)
        if len(met) >= max(_LEAST_SUPPORT, _LEAST_SHARE * crossing):
            lines.append(line)
    return lines


def within_columns(row: Sequence[Word], lines: Sequence[float]) -> list[Word]:
    """The words of one line of print, those that no column line parts taken together."""
    whole: list[Word] = []
    for word in row:
        if whole and not any(whole[-1].box.center[0] < x < word.box.center[0] for x in lines):
            last = whole.pop()
            word = Word(Box.union_of((last.box, word.box)), last.figure and word.figure)
        whole.append(word)
    return whole


def spans(
    words: Sequence[tuple[float, float]], xs: Sequence[float], centres: Sequence[float | None], em: float
) -> list[tuple[int, int]]:
    """Which columns the cell of each word takes, half-open, so that words stand in the middle of their cells.

    Args:
        words: left and right of each word of one row of cells, ascending; they do not overlap.
        xs: columns + 1 edges.
        centres: of what stands in each column alone; None where nothing does.
        em: usual size of a character, pixels.
    """
    least = [touched(word, xs, em) for word in words]
    best: dict[int, tuple[float, list[tuple[int, int]]]] = {0: (0.0, [])}
    for k, (word, (first, last)) in enumerate(zip(words, least, strict=True)):
        limit = least[k + 1][0] if k + 1 < len(least) else len(xs) - 1
        following: dict[int, tuple[float, list[tuple[int, int]]]] = {}
        for used, (cost, chosen) in best.items():
            for start in range(max(used, 0), first + 1):
                for stop in range(last, max(last, limit) + 1):
                    total = cost + _EMPTY_COST * (start - used) + _off(word, (start, stop), xs, centres, em)
                    if stop not in following or total < following[stop][0] - 1e-9:
                        following[stop] = (total, [*chosen, (start, stop)])
        if not following:
            return least
        best = following
    return min((cost + _EMPTY_COST * (len(xs) - 1 - end), chosen) for end, (cost, chosen) in best.items())[1]


def touched(word: tuple[float, float], xs: Sequence[float], em: float) -> tuple[int, int]:
    """The columns, half-open, that a word really stands in; it may reach over an edge by a little."""
    slack = min(0.3 * em, 0.3 * (word[1] - word[0]))
    first = max((k for k in range(len(xs) - 1) if xs[k] <= word[0] + slack), default=0)
    last = min((k + 1 for k in range(len(xs) - 1) if xs[k + 1] >= word[1] - slack), default=len(xs) - 1)
    return first, max(last, first + 1)


def _off(
    word: tuple[float, float],
    span: tuple[int, int],
    xs: Sequence[float],
    centres: Sequence[float | None],
    em: float,
) -> float:
    """How many characters a word stands off the middle of a span, beyond what printing explains."""
    middle = (word[0] + word[1]) / 2
    start, stop = span
    offs = [abs(middle - (xs[start] + xs[stop]) / 2)]
    first, last = centres[start], centres[stop - 1]
    if first is not None and last is not None:
        offs.append(abs(middle - (first + last) / 2))
    return max(0.0, min(offs) / em - _CENTRED_EM)
