"""Columns of a table without vertical rulings: few upright lines that part the neighbours on each line of print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.geometry import Box
from ocr_pipeline.tables.borders import SeenBorders
from ocr_pipeline.tables.words import Word

_Floats = NDArray[np.float64]

__all__ = ["ColumnCosts", "column_lines", "spans", "touched", "with_centred", "within_columns"]

_LINE_COST, _CROSSED_COST, _ROOM_GAIN = 1.2, 0.2, 0.2
"""In gaps: of a line, for each word that it runs through, and what it gains that has a character's room."""
_AGREED_EM, _OFF_EM = 1.6, 1.4
"""How far two words may disagree on where their cells meet, and how far that is from a line at least to be another."""
_CHARACTER_EM, _LEAST_CHARACTERS = 2.3, 3
"""Width of two characters at most, and how many lines of them make words that run down."""
_DEEP_EM = 0.5
"""So deep inside a word, in characters, a line runs through it."""
_CENTRED_EM = 0.35
_BESIDE = 0.2
"""Share of their height that words side by side have in common at least."""
_EMPTY_COST = 0.5
"""In characters off the centre: what leaving a column without a cell costs."""
_BORDER_COST = 0.5
"""In characters off the centre: twice what running over a border costs, or ending where there is none."""


@dataclass(frozen=True)
class ColumnCosts:
    """What columns cost, in characters off the centre: words x columns for those that a word's cell takes, and one for
    each column that no cell takes."""

    taken: Sequence[Sequence[float]]
    left_out: Sequence[float]


def column_lines(rows: Sequence[Sequence[Word]], em: float, borders: SeenBorders | None = None) -> list[float]:
    """Where columns meet, ascending, page pixels.

    Each gap between two neighbours on a line of print asks for a line through it. A set of lines costs what the gaps
    weigh that none runs through, and for each line as much as two gaps, and more for the print that it runs through.
    The set of least cost is found by dynamic programming from left to right.

    Args:
        rows: words of each line of print, left to right.
        em: usual size of a character, pixels.
        borders: that the network sees.
    """
    borders = borders or SeenBorders(None)
    pairs = [(a, b) for row in rows for a, b in pairwise(row) if b.box.left - a.box.right > 0.2 * em]
    pairs += _beside_upright(rows, em)
    pairs += _staggered(rows, em)
    if not pairs:
        return []
    starts = np.array([a.box.right for a, _ in pairs])
    ends = np.array([b.box.left for _, b in pairs])
    weights = np.array([_weight(a, b, borders) for a, b in pairs])
    boxes = [w.box for row in rows for w in row]
    left, right = np.array([b.left for b in boxes]), np.array([b.right for b in boxes])
    edges = np.unique(np.concatenate([left, right]))
    edges = edges[(edges >= starts.min()) & (edges <= ends.max())]
    places = (edges[:-1] + edges[1:]) / 2
    depth = np.minimum(places[:, None] - left[None], right[None] - places[:, None]) / (_DEEP_EM * em)
    cost = _LINE_COST + _CROSSED_COST * np.clip(depth, 0, 1).sum(axis=1)
    cost -= _ROOM_GAIN * np.minimum(1, (edges[1:] - edges[:-1]) / em)
    return [float(places[k]) for k in _cheapest(places, cost, (starts, ends, weights))]


def with_centred(
    lines: Sequence[float], rows: Sequence[Sequence[Word]], ends: tuple[float, float], em: float
) -> list[float]:
    """The lines, with those that a row with a division of its own shows: its words stand in the middle of its cells.

    Args:
        lines: where columns meet, ascending.
        rows: words of each line of print, left to right, those that no line parts taken together.
        ends: left and right of the table.
        em: usual size of a character, pixels.
    """
    found: list[float] = []
    for row in rows:
        if not 3 <= len(row) <= len(lines) or any(w.figure for w in row[-2:]):
            continue
        first, second = row[-2].box, row[-1].box
        left = max((x for x in (ends[0], *lines) if x <= first.left), default=ends[0])
        by_first, by_second = 2 * first.center[0] - left, 2 * second.center[0] - ends[1]
        place = (by_first + by_second) / 2
        apart = min(abs(place - x) for x in lines)
        if abs(by_first - by_second) < _AGREED_EM * em and first.right < place < second.left and apart > _OFF_EM * em:
            found.append(place)
    groups: list[list[float]] = []
    for place in sorted(found):
        if groups and place - groups[-1][-1] < em:
            groups[-1].append(place)
        else:
            groups.append([place])
    return sorted([*lines, *(float(np.median(g)) for g in groups)])


def _beside_upright(rows: Sequence[Sequence[Word]], em: float) -> list[tuple[Word, Word]]:
    """Words that run down, with what stands right of them between their characters."""
    columns: list[list[Word]] = []
    for word in (w for row in rows for w in row[:1] if w.box.width < _CHARACTER_EM * em):
        above = next((c for c in columns if _below(word.box, c[-1].box, em)), None)
        if above is None:
            columns.append([word])
        else:
            above.append(word)
    pairs = []
    for column in columns:
        box = Box.union_of(w.box for w in column)
        if len(column) < _LEAST_CHARACTERS or all(w.figure for w in column):
            continue
        right = [w for row in rows for w in row if w.box.left - box.right > 0.2 * em and _side_by_side(w.box, box)]
        first = [w for w in right if any(row[0] is w for row in rows)]
        # What runs down stands in a column of its own, whatever else parts it from what is further right.
        first += [min(right, key=lambda w: w.box.left)] * len(column) if right else []
        pairs += [(Word(Box(box.left, w.box.top, box.right, w.box.bottom), figure=False), w) for w in first]
    return pairs


def _staggered(rows: Sequence[Sequence[Word]], em: float) -> list[tuple[Word, Word]]:
    """Words with the next to the right of them on the line above or below, where those stand side by side in part.

    Labels of several rows, and headers over two of them, do not stand at the height of what stands beside them.
    """
    pairs = []
    for row, other in [*pairwise(rows), *((below, above) for above, below in pairwise(rows))]:
        for word, after in zip(row, [*row[1:], None], strict=True):
            end = float("inf") if after is None else after.box.left
            right = [w for w in other if word.box.right + 0.2 * em < w.box.left < end]
            right = [w for w in right if _side_by_side(word.box, w.box)]
            if right:
                pairs.append((word, right[0]))
    return pairs


def _side_by_side(first: Box, second: Box) -> bool:
    return first.overlap_y(second) >= _BESIDE * min(first.height, second.height)


def _below(box: Box, above: Box, em: float) -> bool:
    return abs(box.center[0] - above.center[0]) < 0.6 * em and 0 < box.center[1] - above.center[1] < 2.4 * em


def _weight(first: Word, second: Word, borders: SeenBorders) -> float:
    """How much a gap asks for a line: what stands between two figures is surely one, but for what the network sees."""
    top, bottom = min(first.box.top, second.box.top), max(first.box.bottom, second.box.bottom)
    seen = borders.upright(Box(first.box.right, top, second.box.left, bottom))
    return (2.0 if first.figure and second.figure else 1.0) * (0.7 + 0.6 * seen)


def _cheapest(places: _Floats, cost: _Floats, gaps: tuple[_Floats, _Floats, _Floats]) -> list[int]:
    """Which places to draw lines at: places x cost of each; starts, ends and weights of the gaps."""
    starts, ends, weights = gaps
    # Which gap begins right of a place, and which ends left of it.
    after = starts[None] >= places[:, None]
    before = ends[None] <= places[:, None]
    missed = (after * weights) @ before.T.astype(np.float64)  # gaps between two lines that neither runs through
    first = before @ weights
    best = cost + first
    origin = np.full(len(places), -1)
    for k in range(1, len(places)):
        through = best[:k] + missed[:k, k] + cost[k]
        j = int(through.argmin())
        if through[j] < best[k]:
            best[k], origin[k] = through[j], j
    total = best + after @ weights
    k = int(total.argmin())
    if total[k] >= weights.sum():
        return []
    chosen = []
    while k >= 0:
        chosen.append(k)
        k = int(origin[k])
    return chosen[::-1]


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
    words: Sequence[tuple[float, float]],
    xs: Sequence[float],
    centres: Sequence[float | None],
    em: float,
    seen: Sequence[float] = (),
    costs: ColumnCosts | None = None,
) -> list[tuple[int, int]]:
    """Which columns the cell of each word takes, half-open, so that words stand in the middle of their cells.

    Args:
        words: left and right of each word of one row of cells, ascending; they do not overlap.
        xs: columns + 1 edges.
        centres: of what stands in each column alone; None where nothing does.
        em: usual size of a character, pixels.
        seen: how surely there is a border at each edge, 0..1, at the height of the words; nothing said where left out.
        costs: of taking columns and of leaving them out, where not all are alike.
    """
    seen = seen or [0.5] * len(xs)
    costs = costs or ColumnCosts([[0.0] * (len(xs) - 1)] * len(words), [_EMPTY_COST] * (len(xs) - 1))
    least = [touched(word, xs, em) for word in words]
    best: dict[int, tuple[float, list[tuple[int, int]]]] = {0: (0.0, [])}
    for k, (word, (first, last)) in enumerate(zip(words, least, strict=True)):
        limit = least[k + 1][0] if k + 1 < len(least) else len(xs) - 1
        following: dict[int, tuple[float, list[tuple[int, int]]]] = {}
        for used, (cost, chosen) in best.items():
            for start in range(max(used, 0), first + 1):
                for stop in range(last, max(last, limit) + 1):
                    total = cost + sum(costs.left_out[used:start]) + _off(word, (start, stop), xs, centres, em)
                    total += _against((start, stop), seen) + sum(costs.taken[k][start:stop])
                    if stop not in following or total < following[stop][0] - 1e-9:
                        following[stop] = (total, [*chosen, (start, stop)])
        if not following:
            return least
        best = following
    return min((cost + sum(costs.left_out[end:]), chosen) for end, (cost, chosen) in best.items())[1]


def _against(span: tuple[int, int], seen: Sequence[float]) -> float:
    """What a span costs that runs over borders, or ends where there are none."""
    ends = [edge for edge in span if 0 < edge < len(seen) - 1]
    return _BORDER_COST * (sum(seen[k] - 0.5 for k in range(span[0] + 1, span[1])) + sum(0.5 - seen[k] for k in ends))


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
