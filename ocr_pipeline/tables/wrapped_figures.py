"""Figures of columns too narrow for them, which go on in the line below: no row of their own begins there."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ocr_pipeline.geometry import Box
from ocr_pipeline.tables.aligned_header import Frame, meet
from ocr_pipeline.tables.aligned_lines import Span, between
from ocr_pipeline.tables.words import Word

__all__ = ["wrapped_figures"]

_WRAPPED, _WIDE_EM, _NO_BORDER = 1.15, 1.2, 0.15
"""Of a figure that wrapped: distance of its lines against the usual one, width of its first line against the size of a
character, and how surely a border may be seen between them."""
_UNSEEN = 0.4
"""Less sure than this of a border, the network sees none."""
_LEVEL = 0.3
"""How much the middles of figures of one row differ at most, in characters."""
_TOLD = 2
"""Figures in one line each that show at which height a row stands, at least."""


def wrapped_figures(values: Sequence[tuple[Word, Span]], labels: Sequence[Word], frame: Frame) -> list[Word]:
    """The words that go on with a figure above them. What is put together like this, nobody takes for one figure.

    Args:
        values: words right of the labels, with their columns.
        labels: words of labels.
        frame: of the table.
    """
    return [*_filled(values, frame), *_unlabelled(values, labels, frame), *_about_rows(values, frame)]


def _about_rows(values: Sequence[tuple[Word, Span]], frame: Frame) -> list[Word]:
    """Figures on several lines, in the middle of which the others of their row stand in one line."""
    chains: list[list[tuple[Word, Span]]] = []
    for word, span in sorted((pair for pair in values if pair[0].figure), key=lambda pair: pair[0].box.center[1]):
        chain = next((c for c in reversed(chains) if meet(c[-1][1], span)), None)
        if chain is not None and _is_close(chain[-1][0], word, frame):
            chain.append((word, span))
        else:
            chains.append([(word, span)])
    off = _LEVEL * frame.em
    alone = [chain[0][0].box.center[1] for chain in chains if len(chain) == 1]
    rows = [y for y in alone if sum(abs(y - other) <= off for other in alone) >= _TOLD]
    more: list[Word] = []
    for chain in chains:
        first, last = chain[0][0].box.center[1], chain[-1][0].box.center[1]
        within = [y for y in rows if first - off <= y <= last + off]
        if len(chain) > 1 and within and all(abs(y - (first + last) / 2) <= 2 * off for y in within):
            more += [word for word, _ in chain[1:]]
    return more


def _filled(values: Sequence[tuple[Word, Span]], frame: Frame) -> list[Word]:
    """Figures that go on with those above them. Beside the first figures of a row stand the others of that row."""
    figures = [(word, span) for word, span in values if word.figure]
    more = []
    for word, span in figures:
        over = [w for w, s in figures if meet(s, span) and w.box.center[1] < word.box.center[1]]
        above = max(over, key=lambda w: w.box.center[1], default=None)
        if above is not None and _may_wrap(above, word, frame):
            more.append(word)
    return [
        word
        for word in more
        if all(w in more for w, _ in figures if abs(w.box.center[1] - word.box.center[1]) < _LEVEL * frame.em)
    ]


def _unlabelled(values: Sequence[tuple[Word, Span]], labels: Sequence[Word], frame: Frame) -> list[Word]:
    """Figures of lines with fewer figures than the row above has, each below one of those, and with no label beside.

    They wrapped, at a comma as well, where the line that goes on is wider than the one before. What is put together
    like this, nobody takes for one figure; the other figures of the row stay in one row.
    """
    levels: list[list[tuple[Word, Span]]] = []
    for word, span in sorted((pair for pair in values if pair[0].figure), key=lambda pair: pair[0].box.center[1]):
        if levels and word.box.center[1] - levels[-1][0][0].box.center[1] < 2 * _LEVEL * frame.em:
            levels[-1].append((word, span))
        else:
            levels.append([(word, span)])
    more: list[Word] = []
    first = 0
    for above, level in pairwise(levels):
        boxes = [Box.union_of(w.box for w, _ in line) for line in (above, level)]
        beside = [any(label.box.overlap_y(box) > 0 for label in labels) for box in boxes]
        first = len(above) if beside[0] else first
        over = [next((w for w, s in above if meet(s, span)), None) for _, span in level]
        goes_on_ = all(w is not None and _is_close(w, word, frame) for w, (word, _) in zip(over, level, strict=True))
        if beside[1] or not goes_on_ or len(level) >= first:
            first = 0 if not beside[1] else first
            continue
        more += [word for word, _ in level]
    return more


def _is_close(above: Word, below: Word, frame: Frame) -> bool:
    """Whether two lines are as close as those of one cell, with no border between."""
    step = below.box.center[1] - above.box.center[1]
    return step <= _WRAPPED * frame.leading and frame.borders.across(between(above.box, below.box)) < _UNSEEN


def _may_wrap(above: Word, below: Word, frame: Frame) -> bool:
    """Whether a figure may go on in the one below, as only such do that fill their column."""
    near = 0 < below.box.center[1] - above.box.center[1] <= _WRAPPED * frame.leading
    wide = above.box.width >= _WIDE_EM * frame.em and below.box.width <= above.box.width
    return near and wide and frame.borders.across(between(above.box, below.box)) < _NO_BORDER
