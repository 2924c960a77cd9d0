"""Rows of a table whose level rulings part them all: each strip between two is one row, however its print wraps.

Print tells rows where nothing else does. Where a ruling is drawn below every row, lines of words that wrapped must not
pass for rows; but rulings may as well be drawn below some rows only. So each strip has to show that it is one row:
cells of few lines and of many stand about the same middle, which lines of several rows do not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.tables.aligned_header import Stack, meet
from ocr_pipeline.tables.aligned_lines import Span
from ocr_pipeline.tables.grid import GridCell
from ocr_pipeline.tables.words import Word, text_rows

__all__ = ["NEAR_EM", "LevelRulings", "RuledRows", "ruled_rows"]

_DRAWN, _UNDRAWN = 0.7, 0.3
"""Share of a column along which a ruling runs where it is drawn there at least, and at most where it is not."""
_OFF_EM = 0.4
"""How far cells of one row may be off one middle: a half of the distance of two lines is more."""
_LEAST_EM = 1.2
"""Height of a row at least, in characters."""
NEAR_EM = 0.8
"""How far a ruling may be from where the print says that rows meet, in characters."""
_LEAST_ROWS = 2


@dataclass(frozen=True, eq=False)
class LevelRulings:
    """The level rulings of a page, and the heights of those of a table.

    Attributes:
        mask: 0/255, page size.
        ys: top to bottom, page pixels.
    """

    mask: NDArray[np.uint8]
    ys: tuple[float, ...]

    def share(self, y: float, left: float, right: float) -> float:
        """Along which share of a stretch a ruling runs."""
        band = self.mask[max(0, round(y) - 4) : round(y) + 5, max(0, round(left)) : max(1, round(right))]
        return float((band > 0).any(axis=0).mean()) if band.size else 0.0

    def agree(self, ys: Sequence[float], xs: Sequence[float], cells: Sequence[GridCell], em: float) -> bool:
        """Whether the rows of a grid meet at rulings, and at all of them, and no cell reaches over one.

        Args:
            ys: rows + 1 edges, page pixels.
            xs: columns + 1 edges, page pixels.
            cells: that tile the grid.
            em: usual size of a character, pixels.
        """
        near = NEAR_EM * em
        on = [[y for y in self.ys if abs(y - edge) < near] for edge in ys]
        met = all(on[1:-1]) and all(any(abs(y - edge) < near for edge in ys[1:-1]) for y in self.ys[1:-1])
        return met and not any(
            self.share(y, xs[cell.column], xs[cell.column + cell.column_span]) >= _DRAWN
            for cell in cells
            for inner in on[cell.row + 1 : cell.row + cell.row_span]
            for y in inner
        )


@dataclass(frozen=True)
class RuledRows:
    """The rows below a header.

    Attributes:
        ys: rows + 1 heights, page pixels; all print above the first is the header's.
        cells: with print, their rows counted from the first of these.
    """

    ys: tuple[float, ...]
    cells: tuple[Stack, ...]

    def fill(self, columns: int) -> bool:
        """Whether no place in so many columns at the left is blank."""
        taken = {(r, c) for cell in self.cells for r in range(cell.row, cell.stop) for c in range(*cell.span)}
        return all((r, c) in taken for r in range(len(self.ys) - 1) for c in range(columns))


def ruled_rows(
    placed: Sequence[tuple[Word, Span]], xs: Sequence[float], em: float, rulings: LevelRulings
) -> RuledRows | None:
    """The rows that rulings part; None where these need not be all rows.

    Args:
        placed: words with the columns that they take.
        xs: columns + 1 edges, page pixels.
        em: usual size of a character, pixels.
        rulings: of the table.
    """
    drawn = [_drawn(rulings, y, xs) for y in rulings.ys]
    # A single line above all columns is a caption: the header is yet to come.
    above = (sum(word.box.center[1] < y for word, _ in placed) for y in rulings.ys)
    first = next((k for k, count in enumerate(above) if k > 0 and count > 1 and all(drawn[k])), len(drawn))
    ys, below = rulings.ys[first:], drawn[first:]
    if len(ys) <= _LEAST_ROWS or any(b - a < _LEAST_EM * em for a, b in pairwise(ys)):
        return None
    if any(state is None for states in below[:-1] for state in states):
        return None
    cells: list[Stack] = []
    for word, span in sorted(placed, key=lambda pair: pair[0].box.center[1]):
        if word.box.center[1] < ys[0]:
            continue
        row = sum(y <= word.box.center[1] for y in ys) - 1
        if row >= len(ys) - 1:
            return None
        start, stop = row, row + 1
        while start > 0 and not any(below[start][slice(*span)]):
            start -= 1
        while stop < len(ys) - 1 and not any(below[stop][slice(*span)]):
            stop += 1
        cells = _with(cells, Stack(span, [word], start, stop))
    return RuledRows(tuple(ys), tuple(cells)) if _are_rows(cells, len(ys) - 1, em) else None


def _drawn(rulings: LevelRulings, y: float, xs: Sequence[float]) -> list[bool | None]:
    """Whether a ruling is drawn at a height, column by column; None where it cannot be told."""
    shares = [rulings.share(y, left, right) for left, right in pairwise(xs)]
    return [True if share >= _DRAWN else False if share <= _UNDRAWN else None for share in shares]


def _with(cells: Sequence[Stack], cell: Stack) -> list[Stack]:
    """The cells with one more; those in the same place are one with it."""
    apart = []
    for other in cells:
        if _share_a_place(other, cell):
            span = min(other.span[0], cell.span[0]), max(other.span[1], cell.span[1])
            words = [*other.words, *cell.words]
            cell = Stack(span, words, min(other.row, cell.row), max(other.stop, cell.stop))
        else:
            apart.append(other)
    return [*apart, cell]


def _are_rows(cells: Sequence[Stack], rows: int, em: float) -> bool:
    """Whether each row has cells, which show that it is one, and no cells take the same place."""
    if any(_share_a_place(one, other) for one, other in combinations(cells, 2)):
        return False
    return all(_is_row([c for c in cells if (c.row, c.stop) == (row, row + 1)], em) for row in range(rows))


def _share_a_place(one: Stack, other: Stack) -> bool:
    return one.row < other.stop and other.row < one.stop and meet(one.span, other.span)


def _is_row(cells: Sequence[Stack], em: float) -> bool:
    """Whether cells between two rulings are one row's: about one middle, and not as many lines in each of several."""
    if not cells or (len(cells) == 1 and cells[0].span[0] > 0):
        # What stands alone right of the labels is a caption, and further headers may stand below it.
        return False
    heights = [_lines(cell, em) for cell in cells]
    middles = [(lines[0] + lines[-1]) / 2 for lines in heights]
    if max(middles) - min(middles) > _OFF_EM * em:
        return False
    counts = [len(lines) for lines in heights]
    if max(counts) == 1 or len({count % 2 for count in counts}) > 1:
        # A line in the middle of two others is in no row with either.
        return True
    return counts.count(1) >= 2 and counts.count(1) > len(counts) - counts.count(1)


def _lines(cell: Stack, em: float) -> list[float]:
    """Heights of the lines of a cell, top to bottom."""
    return [float(np.mean([word.box.center[1] for word in line])) for line in text_rows(cell.words, em)]
