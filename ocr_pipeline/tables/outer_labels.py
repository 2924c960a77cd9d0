"""Labels of several rows, left of the rows' own: over which rows each of them reaches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from ocr_pipeline.geometry import Box
from ocr_pipeline.tables.aligned_header import Stack, goes_on
from ocr_pipeline.tables.aligned_lines import Span
from ocr_pipeline.tables.borders import SeenBorders
from ocr_pipeline.tables.words import Word

__all__ = ["OuterLabels"]

_BORDER_COST = 2.0
"""In distances of lines: a border between two labels' rows that is surely not there."""


class OuterLabels:
    """The labels left of the rows' own.

    Args:
        xs: column edges, page pixels.
        leading: usual distance of two lines of one cell, pixels.
        borders: that the network sees.
    """

    def __init__(self, xs: Sequence[float], leading: float, borders: SeenBorders) -> None:
        self._xs, self._leading, self._borders = xs, leading, borders
        self.starts: list[int] = []
        """First column of each row's own label, once settled."""

    def settle(
        self, words: Sequence[tuple[Word, Span]], rows: Sequence[Box], starts: Sequence[int], zone: int
    ) -> list[Stack]:
        """The labels with their rows. Where no label stands beside a run of rows, their own labels reach there.

        Args:
            words: their print and the columns that it takes.
            rows: print of each row, top to bottom.
            starts: first column of each row's own label.
            zone: how many columns hold labels.
        """
        self.starts = list(starts)
        stacks = self._stacks(words)
        found: list[Stack] = []
        for column in range(zone - 2, -1, -1):
            here = [s for s in stacks if s.span[1] == column + 1]
            free = [start > column for start in self.starts]
            for first, stop in _runs(free):
                inside = [s for s in here if self._beside(s, rows[first:stop])]
                if inside:
                    self._share(inside, rows, (first, stop), column)
                    found += inside
                else:
                    for row in range(first, stop):
                        self.starts[row] = (
                            min(self.starts[row], column) if self.starts[row] == column + 1 else self.starts[row]
                        )
        return found

    def _stacks(self, words: Sequence[tuple[Word, Span]]) -> list[Stack]:
        stacks: list[Stack] = []
        for word, span in sorted(words, key=lambda pair: pair[0].box.center[1]):
            word = replace(word, figure=False)
            above = next((s for s in reversed(stacks) if s.span == span), None)
            if above is not None and goes_on(above.last, word, self._leading, self._borders):
                above.words.append(word)
            else:
                stacks.append(Stack(span, [word]))
        return stacks

    def _beside(self, stack: Stack, rows: Sequence[Box]) -> bool:
        """Whether the middle of a label stands at the height of these rows."""
        y = stack.box.center[1]
        return rows[0].top - 0.5 * self._leading <= y <= rows[-1].bottom + 0.5 * self._leading

    def _share(self, stacks: Sequence[Stack], rows: Sequence[Box], run: Span, column: int) -> None:
        """Share out a run of rows over its labels, so that each stands in the middle of its rows, or at their top."""
        plans = [self._plan(stacks, rows, run, column, middle=middle) for middle in (True, False)]
        _, ends = min(plans)
        for stack, (row, stop) in zip(stacks, pairwise(ends), strict=True):
            stack.row, stack.stop = row, stop

    def _plan(
        self, stacks: Sequence[Stack], rows: Sequence[Box], run: Span, column: int, *, middle: bool
    ) -> tuple[float, list[int]]:
        first, stop = run
        best: dict[int, tuple[float, list[int]]] = {first: (0.0, [first])}
        for k, stack in enumerate(stacks):
            following: dict[int, tuple[float, list[int]]] = {}
            left = len(stacks) - 1 - k
            for start, (cost, ends) in best.items():
                last = [stop] if not left else range(start + 1, stop - left + 1)
                for end in last:
                    total = cost + self._off(stack, rows[start:end], middle=middle)
                    total += 0.0 if end == stop else _BORDER_COST * self._leading * (1 - self._seen(rows, end, column))
                    if end > start and (end not in following or total < following[end][0]):
                        following[end] = (total, [*ends, end])
            best = following
        if stop not in best:  # more labels than rows: the first gets them all
            return float("inf"), [first, *[stop] * len(stacks)]
        return best[stop]

    def _off(self, stack: Stack, rows: Sequence[Box], *, middle: bool) -> float:
        if not rows:
            return float("inf")
        if middle:
            return abs(stack.box.center[1] - (rows[0].top + rows[-1].bottom) / 2)
        return abs(stack.box.top - rows[0].top)

    def _seen(self, rows: Sequence[Box], end: int, column: int) -> float:
        top, bottom = sorted((rows[end - 1].center[1], rows[end].center[1]))
        return self._borders.across(Box(max(0.0, self._xs[column]), top, max(1.0, self._xs[column + 1]), bottom))


def _runs(free: Sequence[bool]) -> list[Span]:
    runs: list[Span] = []
    for row, open_ in enumerate(free):
        if open_ and runs and runs[-1][1] == row:
            runs[-1] = (runs[-1][0], row + 1)
        elif open_:
            runs.append((row, row + 1))
    return runs
