"""The lines of print of a table without any ruling: what each of them is, and which columns its words take.

A line with figures opens a row of values. Lines of words above it are header cells, one above the other; lines of
words to its left are its label.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from ocr_pipeline.geometry import Box
from ocr_pipeline.tables.borders import SeenBorders
from ocr_pipeline.tables.gaps import touched
from ocr_pipeline.tables.words import Word

__all__ = ["AlignedLine", "AlignedLines", "Span", "between", "sort_lines"]

_CHARACTER = 1.3
"""Width of one character at most, against the usual size."""
_FIGURE_HEIGHT, _NO_HIGHER, _FEW = 0.8, 1.1, 3
"""Height of a figure at most, against the usual size of a character or, where there are a few, against that of figures
which are too narrow or too wide for a character."""
_NARROW = 0.82
"""Width of a single digit at most, against its height; characters are as wide as high."""
_USUAL_LEADING = 1.35
"""Distance of two lines of one cell against the size of a character, where no cell has two."""
_UNSEEN = 0.4
"""Less sure than this of a border, the network sees none."""

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
    rows: Sequence[Sequence[Word]],
    xs: Sequence[float],
    em: float,
    borders: SeenBorders,
) -> AlignedLines | None:
    """What each line is; None where no line has figures.

    Args:
        rows: words of each line of print, top to bottom.
        xs: columns + 1 edges, page pixels.
        em: usual size of a character, pixels.
        borders: that the network sees.
    """
    rows = _without_upright_words(rows, em, borders)
    lines = [AlignedLine(list(row), [touched((w.box.left, w.box.right), xs, em) for w in row]) for row in rows]
    zone = _label_columns(lines, len(xs) - 1)
    if zone is None:
        return None
    for line in lines:
        # Nobody cuts labels off where their column ends, so long ones stand out of it.
        line.spans = [
            (start, zone) if start < zone < stop and word.box.right - xs[zone] < em else (start, stop)
            for word, (start, stop) in zip(line.words, line.spans, strict=True)
        ]
    leading = _leading(rows, em, borders)
    _classify(lines, zone, leading, borders)
    return AlignedLines(tuple(lines), zone, leading)


def _without_upright_words(rows: Sequence[Sequence[Word]], em: float, borders: SeenBorders) -> list[list[Word]]:
    """The lines, with characters of words that run down called no figures: detectors do not read them."""
    words = [word for row in rows for word in row]
    high = _highest_figure(words, em)
    upright: set[int] = set()
    for above in words:
        if above.box.width > _CHARACTER * em:
            continue
        for below in words:
            step = below.box.center[1] - above.box.center[1]
            level = abs(below.box.center[0] - above.box.center[0]) < 0.3 * em and below.box.width <= _CHARACTER * em
            near = level and 0.5 * em < step < 2.2 * em and not _low(above, below, high)
            if near and borders.across(between(above.box, below.box)) < _UNSEEN:
                upright |= {id(above), id(below)}
    return [[replace(word, figure=False) if id(word) in upright else word for word in row] for row in rows]


def _highest_figure(words: Sequence[Word], em: float) -> float:
    """What no figure of a table is higher than, pixels; the size of its type may be underestimated."""
    sure = [w.box.height for w in words if w.figure and (_is_narrow(w) or w.box.width > _CHARACTER * em)]
    sure = [height for height in sure if 0.5 * em < height < _CHARACTER * em]
    return max(_FIGURE_HEIGHT * em, _NO_HIGHER * float(np.median(sure)) if len(sure) >= _FEW else 0.0)


def _low(above: Word, below: Word, high: float) -> bool:
    """Whether both may be figures by their height, or one is a digit by its shape."""
    low = [word.figure and word.box.height < high for word in (above, below)]
    return all(low) or any(is_low and _is_narrow(w) for is_low, w in zip(low, (above, below), strict=True))


def _is_narrow(word: Word) -> bool:
    return word.box.width < _NARROW * word.box.height


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


def _classify(lines: Sequence[AlignedLine], zone: int, leading: float, borders: SeenBorders) -> None:
    previous = 0
    for k, line in enumerate(lines):
        here = [w for w, (_, stop) in zip(line.words, line.spans, strict=True) if stop > zone]
        figures = sum(w.figure for w in here)
        if not here:
            line.kind = "more" if k > 0 and _wraps(line, lines[max(0, k - 2) : k], leading, borders) else "label"
        elif 2 * figures < len(here):
            above = _beside_labels(lines[max(0, k - 3) : k], zone)
            going_on = all(_goes_on(w, above, leading, borders) for w in here)
            line.kind = "more" if going_on else "header"
            previous = previous if going_on else 0
        elif 2 * figures < previous:
            line.kind = "more"
        else:
            line.kind, previous = "values", figures


def _wraps(line: AlignedLine, above: Sequence[AlignedLine], leading: float, borders: SeenBorders) -> bool:
    """Whether a line of label is the rest of what stands beside figures right above."""
    labels = [w for a in above if a.kind in ("values", "more") for w in a.words if not w.figure]
    return all(
        any(
            w.box.overlap_x(word.box) > 0
            and 0 < word.box.center[1] - w.box.center[1] <= 1.35 * leading
            and borders.across(between(w.box, word.box)) < _UNSEEN
            for w in labels
        )
        for word in line.words
    )


def _beside_labels(above: Sequence[AlignedLine], zone: int) -> list[Word]:
    """What stands in the rows of some lines: figures, and words right of the labels."""
    return [
        word
        for line in above
        if line.kind in ("values", "more")
        for word, (start, _) in zip(line.words, line.spans, strict=True)
        if word.figure or start >= zone
    ]


def _goes_on(word: Word, values: Sequence[Word], leading: float, borders: SeenBorders) -> bool:
    """Whether a word is the rest of what began above: 14 (of them 4 expired)."""
    near = [w for w in values if w.box.overlap_x(word.box) > 0 and w.box.top < word.box.top]
    return any(
        word.box.center[1] - w.box.center[1] <= 1.35 * leading and borders.across(between(w.box, word.box)) < _UNSEEN
        for w in near
    )


def _leading(rows: Sequence[Sequence[Word]], em: float, borders: SeenBorders) -> float:
    """Usual distance of two lines of one cell: of words one above the other with no border between."""
    words = sorted((word for row in rows for word in row), key=lambda w: w.box.center[1])
    steps = []
    for k, above in enumerate(words):
        below = next((w for w in words[k + 1 :] if w.box.overlap_x(above.box) > 0 and w.box.top > above.box.top), None)
        step = below.box.center[1] - above.box.center[1] if below is not None else 0.0
        if below is not None and 0.9 * em < step < 2.2 * em and borders.across(between(above.box, below.box)) < _UNSEEN:
            steps.append(step)
    return float(np.median(steps)) if len(steps) > 1 else _USUAL_LEADING * em


def between(above: Box, below: Box) -> Box:
    """From the middle of one line of print to that of another below it, over the width that both share."""
    left = max(above.left, below.left)
    top, bottom = sorted((above.center[1], below.center[1]))
    return Box(left, top, max(left + 1, min(above.right, below.right)), bottom)


def _until_values(lines: Sequence[AlignedLine]) -> Sequence[AlignedLine]:
    """The lines up to the next with figures; of those that begin with a label no more than two.

    In a body, labels go on after a line of figures: a line of label alone belongs to a header only where a header line
    stands right below it.
    """
    count = next((k for k, line in enumerate(lines) if line.kind in ("values", "more")), len(lines))
    if count and lines[0].kind == "label" and count < len(lines):
        count = min(count, 2)
    return lines[:count]
