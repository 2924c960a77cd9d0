"""The rows below a header: figures beside each other are a row, and lines of label belong to the row they stand at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from ocr_pipeline.geometry import Box
from ocr_pipeline.tables.aligned_header import Frame, Stack, goes_on, meet
from ocr_pipeline.tables.aligned_lines import AlignedLine, Span, between
from ocr_pipeline.tables.figures_across import Middles
from ocr_pipeline.tables.label_lines import assign_lines
from ocr_pipeline.tables.outer_labels import OuterLabels
from ocr_pipeline.tables.words import Word
from ocr_pipeline.tables.wrapped_figures import wrapped_figures

__all__ = ["body_stacks", "in_their_columns"]

_FAR_OFF = 3.0
"""In characters: how far off its place a label may count; further is as far."""
_SAME_EDGE = 0.5
"""Labels whose left edges spread this much less than their middles are set to the left."""


@dataclass
class _Row:
    """One row: its figures, and its own label with the first column that it takes."""

    values: list[Stack] = field(default_factory=list)
    label: list[Word] = field(default_factory=list)
    start: int = 0

    @property
    def box(self) -> Box:
        return Box.union_of(word.box for word in (*self.label, *(w for s in self.values for w in s.words)))


def body_stacks(lines: Sequence[AlignedLine], headed: Sequence[Span], frame: Frame) -> tuple[list[Stack], int]:
    """The cells of a body, their rows counted from its top, and how many rows it has.

    Args:
        lines: top to bottom, with the columns that their words take.
        headed: the columns of each header cell right above.
        frame: of the table.
    """
    placed = [(w, s) for line in lines for w, s in zip(line.words, line.spans, strict=True)]
    zone = frame.zone
    labelled = [word for word, span in placed if span[0] < zone]
    anchors = _anchors([(w, s) for w, s in placed if s[0] >= zone], labelled, frame)
    own = sorted(((w, s) for w, s in placed if s[0] < zone <= s[1]), key=lambda pair: pair[0].box.center[1])
    outer = [(w, s) for w, s in placed if s[1] < zone]
    short = _short_labels(own, outer, anchors, frame)
    outer = [pair for pair in outer if pair not in short]
    own = sorted((*own, *((w, (s[0], zone)) for w, s in short)), key=lambda pair: pair[0].box.center[1])
    rows = _rows(own, anchors, frame)
    values = [Stack(s.span, s.words, r, r + 1) for r, row in enumerate(rows) for s in row.values]
    found = in_their_columns(values, headed, frame)
    if zone:
        _settle_starts(rows, outer, frame)
        boxes = [row.box for row in rows]
        labels = OuterLabels(frame.xs, frame.leading, frame.borders)
        found += labels.settle(outer, boxes, [row.start if row.label else zone for row in rows], zone)
        for r, row in enumerate(rows):
            if row.label:
                start = labels.starts[r]
                found.append(Stack((start, zone), row.label, r, r + 1))
    return found, len(rows)


def in_their_columns(stacks: Sequence[Stack], headed: Sequence[Span], frame: Frame) -> list[Stack]:
    """Cells of known rows, each with all columns that it takes: it may stand in the middle of several.

    Args:
        stacks: with the columns that their print touches.
        headed: the columns of each header cell right above.
        frame: of the table.
    """
    middles = Middles.of([s for s in stacks if s.span[0] >= frame.zone], frame)
    in_row: dict[int, list[Stack]] = defaultdict(list)
    for stack in stacks:
        for row in range(stack.row, stack.stop):
            in_row[row].append(stack)
    found = []
    for stack in stacks:
        beside = [s for row in range(stack.row, stack.stop) for s in in_row[row]]
        span = stack.span
        if span[0] >= frame.zone:
            span = middles.across(_under_header(stack, beside, headed, frame.zone), stack, beside)
        found.append(Stack(span, list(stack.words), stack.row, stack.stop))
    return found


def _short_labels(
    own: Sequence[tuple[Word, Span]],
    outer: Sequence[tuple[Word, Span]],
    anchors: Sequence[list[Stack]],
    frame: Frame,
) -> list[tuple[Word, Span]]:
    """Labels beside figures that have no other: they may be too short to reach the column next to the figures."""
    short = []
    for values in anchors:
        y = float(np.mean([s.box.center[1] for s in values]))
        if all(abs(w.box.center[1] - y) > 0.9 * frame.leading for w, _ in own):
            short += [(w, s) for w, s in outer if abs(w.box.center[1] - y) < 0.3 * frame.em]
    return short


def _anchors(values: Sequence[tuple[Word, Span]], labels: Sequence[Word], frame: Frame) -> list[list[Stack]]:
    """Cells of figures, row by row: two figures one above the other are two cells, other print may go on."""
    stacks: list[Stack] = []
    wrapped = wrapped_figures(values, labels, frame)
    for word, span in sorted(values, key=lambda pair: pair[0].box.center[1]):
        above = next((s for s in reversed(stacks) if meet(s.span, span)), None)
        if above is not None and (
            word in wrapped
            if above.last.figure and word.figure
            else goes_on(above.last, word, frame.leading, frame.borders)
        ):
            above.words.append(word)
            above.span = (min(above.span[0], span[0]), max(above.span[1], span[1]))
        else:
            stacks.append(Stack(span, [word]))
    rows: list[list[Stack]] = []
    for stack in sorted(stacks, key=lambda s: s.box.center[1]):
        if rows and not any(meet(s.span, stack.span) for s in rows[-1]):
            beside = Box.union_of(s.box for s in rows[-1])
            if stack.box.overlap_y(beside) >= 0.5 * min(stack.box.height, beside.height):
                rows[-1].append(stack)
                continue
        rows.append([stack])
    return rows


def _rows(own: Sequence[tuple[Word, Span]], anchors: Sequence[list[Stack]], frame: Frame) -> list[_Row]:
    if not frame.zone:
        return [_Row(values) for values in anchors]
    lines: list[list[tuple[Word, Span]]] = []
    for word, span in own:
        if lines and word.box.center[1] - lines[-1][0][0].box.center[1] < 0.45 * frame.em:
            lines[-1].append((word, span))
        else:
            lines.append([(word, span)])
    boxes = [Box.union_of(w.box for w, _ in line) for line in lines]
    seen = [_border(between(a, b), frame) for a, b in pairwise(boxes)]
    heights = [float(np.mean([s.box.center[1] for s in values])) for values in anchors]
    found, _ = assign_lines([b.center[1] for b in boxes], heights, seen, frame.leading)
    rows = []
    for (first, stop), which in found:
        inside = [pair for line in lines[first:stop] for pair in line]
        start = min((span[0] for _, span in inside), default=frame.zone)
        rows.append(_Row(anchors[which] if which is not None else [], [word for word, _ in inside], start))
    return rows


def _border(gap: Box, frame: Frame) -> float:
    """How surely a row ends in the white between two lines of label, 0..1: it ends for its figures there, too.

    Where rows are as close as the lines of one label, the network sees borders between all lines.
    """
    beside = Box(frame.xs[frame.zone], gap.top, frame.xs[-1], gap.bottom)
    return min(frame.borders.across(gap), frame.borders.across(beside))


def _settle_starts(rows: Sequence[_Row], outer: Sequence[tuple[Word, Span]], frame: Frame) -> None:
    """Where each row's own label begins: set in the middle of its cell, it says how far that reaches to the left."""
    zone, labels = frame.zone, [row for row in rows if row.label]
    boxes = [Box.union_of(w.box for w in row.label) for row in labels]
    inner = [b for b, row in zip(boxes, labels, strict=True) if row.start == zone - 1]
    if len(inner) > 2 and np.std([b.left for b in inner]) < _SAME_EDGE * np.std([b.center[0] for b in inner]):
        return
    for row, box in zip(labels, boxes, strict=True):
        costs = []
        beside = [s for w, s in outer if w.box.overlap_y(box) > 0.3 * min(w.box.height, box.height)]
        # No label takes a column in which another stands at its height.
        least = max((stop for _, stop in beside if stop <= row.start), default=0)
        for start in range(least, row.start + 1):
            off = abs(box.center[0] - (frame.xs[start] + frame.xs[zone]) / 2) / frame.em
            crossed = [_side(frame, k, box) for k in range(start + 1, zone)]
            ends = 1 - _side(frame, start, box) if start > 0 else 0.0
            costs.append((min(off, _FAR_OFF) + sum(crossed) + ends, -start))
        row.start = -min(costs)[1]


def _side(frame: Frame, edge: int, box: Box) -> float:
    x = frame.xs[edge]
    return frame.borders.upright(Box(x - 0.4 * frame.em, box.top, x + 0.4 * frame.em, box.bottom))


def _under_header(stack: Stack, row: Sequence[Stack], headed: Sequence[Span], zone: int) -> Span:
    """The columns of the header that a figure stands under, where it stands there alone."""
    for header in headed:
        if header[0] <= stack.span[0] and stack.span[1] <= header[1] and header[0] >= zone:
            alone = not any(meet(header, other.span) for other in row if other is not stack)
            return header if alone else stack.span
    return stack.span
