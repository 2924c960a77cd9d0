"""The lines of print of a table without any ruling: what each of them is, and which columns its words take.

A line with figures opens a row of values. Lines of words above it are header cells, one above the other; lines of
words to its left are its label.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np

from ocr_pipeline.tables.gaps import spans, touched
from ocr_pipeline.tables.words import Word

__all__ = ["AlignedLine", "AlignedLines", "Span", "sort_lines"]

Span = tuple[int, int]
"""Columns, half-open."""


@dataclass
class AlignedLine:
    """One line of print: its words, left to right, and the columns that each of them takes."""

    words: list[Word]
    spans: list[Span]
    kind: Literal["header", "values", "more", "label"] = "label"

    @property
    def y(self) -> float:
        """Height of its middle, page pixels."""
        return float(np.mean([w.box.center[1] for w in self.words]))

    @property
    def top(self) -> float:
        """Page pixels."""
        return min(w.box.top for w in self.words)

    @property
    def bottom(self) -> float:
        """Page pixels."""
        return max(w.box.bottom for w in self.words)


@dataclass(frozen=True)
class AlignedLines:
    """All lines of a table.

    Attributes:
        lines: top to bottom.
        zone: how many columns at the left hold labels.
        leading: usual distance of two lines of one cell, pixels.
    """

    lines: tuple[AlignedLine, ...]
    zone: int
    leading: float

    def blocks(self) -> list[tuple[list[AlignedLine], list[AlignedLine]]]:
        """Header lines and the lines below them, as often as header lines come again."""
        blocks: list[tuple[list[AlignedLine], list[AlignedLine]]] = []
        for k, line in enumerate(self.lines):
            in_header = any(later.kind == "header" for later in _until_values(self.lines[k:]))
            if not blocks or (in_header and blocks[-1][1]):
                blocks.append(([], []))
            blocks[-1][0 if in_header else 1].append(line)
        return blocks


def sort_lines(
    rows: Sequence[Sequence[Word]], xs: Sequence[float], centres: Sequence[float | None], em: float
) -> AlignedLines | None:
    """What each line is; None where no line has figures.

    Args:
        rows: words of each line of print, top to bottom.
        xs: columns + 1 edges, page pixels.
        centres: of what stands in each column alone; None where nothing does.
        em: usual size of a character, pixels.
    """
    lines = [AlignedLine(list(row), [touched((w.box.left, w.box.right), xs, em) for w in row]) for row in rows]
    zone = _label_columns(lines, len(xs) - 1)
    if zone is None:
        return None
    _classify(lines, zone)
    for line in lines:
        first = zone if line.kind != "header" else 0
        _settle(line, (0, first), xs, centres, em)
        _settle(line, (first, len(xs) - 1), xs, centres, em)
    return AlignedLines(tuple(lines), zone, _leading(lines, em))


def _label_columns(lines: Sequence[AlignedLine], columns: int) -> int | None:
    """How many columns at the left hold labels: those before the first that most lines of figures have a figure in."""
    valued = [line for line in lines if 2 * sum(w.figure for w in line.words) >= len(line.words)]
    if not valued:
        return None
    counts = np.zeros(columns)
    for line in valued:
        for word, (start, stop) in zip(line.words, line.spans, strict=True):
            counts[start:stop] += word.figure
    if not counts.max():
        return None
    first = int(np.flatnonzero(counts >= 0.5 * counts.max())[0])
    # Some blocks have fewer columns than others, so columns before it count where no label stands in them.
    labelled = {
        k
        for line in valued
        for word, (start, stop) in zip(line.words, line.spans, strict=True)
        if not word.figure
        for k in range(start, stop)
    }
    while first > 0 and counts[first - 1] and first - 1 not in labelled:
        first -= 1
    return first


def _classify(lines: Sequence[AlignedLine], zone: int) -> None:
    previous = 0
    for line in lines:
        here = [w for w, (_, stop) in zip(line.words, line.spans, strict=True) if stop > zone]
        figures = sum(w.figure for w in here)
        if not here:
            line.kind = "label"
        elif 2 * figures < len(here):
            line.kind, previous = "header", 0
        elif 2 * figures < previous:
            line.kind = "more"
        else:
            line.kind, previous = "values", figures


def _settle(line: AlignedLine, part: Span, xs: Sequence[float], centres: Sequence[float | None], em: float) -> None:
    """What columns the words of some columns take; labels beside figures take label columns only."""
    own = [k for k, (start, _) in enumerate(line.spans) if part[0] <= start < part[1]]
    if own:
        edges = [(line.words[k].box.left, line.words[k].box.right) for k in own]
        found = spans(edges, xs[part[0] : part[1] + 1], centres[part[0] : part[1]], em)
        for k, (start, stop) in zip(own, found, strict=True):
            line.spans[k] = (start + part[0], stop + part[0])


def _leading(lines: Sequence[AlignedLine], em: float) -> float:
    steps = [b.y - a.y for a, b in pairwise(lines) if b.y - a.y > 0.9 * em]
    return float(np.percentile(steps, 25)) if steps else 1.5 * em


def _until_values(lines: Sequence[AlignedLine]) -> Sequence[AlignedLine]:
    """The lines up to the next with figures; of those that begin with a label no more than two.

    In a body, labels go on after a line of figures: a line of label alone belongs to a header only where a header line
    stands right below it.
    """
    count = next((k for k, line in enumerate(lines) if line.kind in ("values", "more")), len(lines))
    if count and lines[0].kind == "label" and count < len(lines):
        count = min(count, 2)
    return lines[:count]
