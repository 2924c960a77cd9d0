"""Header cells of a table without rulings: what stands above something is its parent, whatever their heights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations

from ocr_pipeline.geometry import Box
from ocr_pipeline.tables.aligned_lines import Span, between
from ocr_pipeline.tables.borders import SeenBorders
from ocr_pipeline.tables.gaps import ColumnCosts, spans, touched
from ocr_pipeline.tables.words import Word

__all__ = ["Frame", "Stack", "goes_on", "header_stacks", "meet"]

_NEAR, _FAR = 1.15, 1.35
"""Lines of one cell are no further apart than this many times the usual distance: where the network is undecided about
a border between them, and where it sees none."""
_SEEN, _UNSEEN = 0.6, 0.4
_CHARACTER, _SPREAD, _SURE = 0.9, 2.4, 0.95
"""Width of one character and distance of two that run down, against the usual distance of lines; how sure a border
between them must be."""
_WIDER = 1.3
"""So many times wider than what stands below it, a header may be its parent."""
_TAKEN_COST = 5.0
"""In characters off the centre: of taking a column in which another header stands at the same height."""
_UNLIKE_COST, _ORPHAN_COST, _BLANK_COST = 1.0, 1.5, 0.5
"""In characters off the centre: of taking a column whose header does not stand at the height of its sisters', and of
leaving out one whose header does, or any other."""
_BESIDE_COST = 2.0
"""The same of taking a column whose header is so high that it must stand beside this one."""
_ROOM, _REACHED = 0.5, 0.2
"""Room below a header's last line, and how far from where a cell must begin, against the distance of lines."""


@dataclass(frozen=True, eq=False)
class Frame:
    """What is known of a table before its rows.

    Attributes:
        xs: columns + 1 edges, page pixels.
        centres: of what stands in each column alone; None where nothing does.
        zone: how many columns at the left hold labels.
        em: usual size of a character, pixels.
        leading: usual distance of two lines of one cell, pixels.
        borders: that the network sees.
    """

    xs: Sequence[float]
    centres: Sequence[float | None]
    zone: int
    em: float
    leading: float
    borders: SeenBorders


@dataclass
class Stack:
    """Lines of one cell, one above the other; ``row`` and ``stop`` (half-open) are filled in when rows are known."""

    span: Span
    words: list[Word] = field(default_factory=list)
    row: int = 0
    stop: int = 0

    @property
    def box(self) -> Box:
        """Around its print, page pixels."""
        return Box.union_of(word.box for word in self.words)

    @property
    def last(self) -> Word:
        """Its lowest line."""
        return self.words[-1]


def meet(first: Span, second: Span) -> bool:
    """Whether two runs of columns share one."""
    return first[0] < second[1] and second[0] < first[1]


def goes_on(above: Word, below: Word, leading: float, borders: SeenBorders) -> bool:
    """Whether a line of print may go on in the line below, by their distance and what the network sees between."""
    step = _step(above, below, leading)
    upright = max(above.box.width, below.box.width) < _CHARACTER * leading and not (above.figure or below.figure)
    if not 0 < step <= (_SPREAD if upright else _FAR) * leading:
        return False
    seen = borders.across(between(above.box, below.box))
    if upright:  # words that run down are often spread
        return seen < _SURE
    return seen < _UNSEEN or (seen < _SEEN and step <= _NEAR * leading)


def _step(above: Word, below: Word, leading: float) -> float:
    """Distance of two lines, pixels: characters of a word that runs down may touch, and are one piece of print then."""
    last = above.box.bottom - min(above.box.height, leading) / 2
    return below.box.top + min(below.box.height, leading) / 2 - last


def header_stacks(words: Sequence[Word], frame: Frame) -> tuple[list[Stack], int]:
    """The cells of a header, their rows counted from its top, and how many rows it has.

    A cell begins below everything that stands above it in its columns, and reaches to what stands below it. So cells of
    one row need not stand at one height.

    Args:
        words: of the header.
        frame: of the table.
    """
    stacks = _stacks(sorted(words, key=lambda w: (w.box.center[1], w.box.left)), frame)
    stacks.sort(key=lambda stack: stack.box.center[1])
    _widen(stacks, frame)
    levels = 0
    for k, stack in enumerate(stacks):
        stack.row = max((s.row + 1 for s in stacks[:k] if meet(s.span, stack.span)), default=0)
        levels = max(levels, stack.row + 1)
    for k, stack in enumerate(stacks):
        stack.stop = min((s.row for s in stacks[k + 1 :] if meet(s.span, stack.span)), default=levels)
        stack.stop = max(stack.stop, stack.row + 1)
    return stacks, levels


def _stacks(words: Sequence[Word], frame: Frame) -> list[Stack]:
    stacks: list[Stack] = []
    for k, word in enumerate(words):
        own = touched((word.box.left, word.box.right), frame.xs, frame.em)
        beside = [
            w for j, w in enumerate(words) if j != k and abs(w.box.center[1] - word.box.center[1]) < 0.5 * frame.em
        ]
        above = [s for s in stacks if _is_below(word, s.last) and _is_open(s, word, stacks)]
        parent = above[0] if len(above) == 1 else None
        if parent is not None and any(_is_below(w, parent.last) for w in beside):
            parent = None
        if parent is not None and not _continues(parent, word, own, beside, words[:k], frame):
            parent = None
        if parent is None:
            stacks.append(Stack(own, [word]))
        else:
            parent.words.append(word)
            parent.span = (min(parent.span[0], own[0]), max(parent.span[1], own[1]))
    return stacks


def _continues(
    parent: Stack, word: Word, own: Span, beside: Sequence[Word], others: Sequence[Word], frame: Frame
) -> bool:
    """Whether a line of a header belongs to the cell of the line right above it."""
    shift = abs(word.box.center[0] - parent.last.box.center[0])
    shift = min(shift, abs(word.box.left - parent.last.box.left))
    if shift > 0.8 * frame.leading:
        return False
    step = _step(parent.last, word, frame.leading)
    if parent.last.box.width > _WIDER * word.box.width and len(parent.words) == 1:
        # A wide header above a narrow one whose sisters begin beside it is the parent of them all.
        reach = parent.last.box.width + 2 * frame.em
        near = [w for w in beside if abs(w.box.center[0] - word.box.center[0]) < reach]
        alone = [w for w in near if not any(_is_below(w, o) and o.box.center[1] > parent.last.box.top for o in others)]
        if alone and frame.borders.across(between(parent.last.box, word.box)) >= _UNSEEN:
            return False
    if own == parent.span and own[1] - own[0] == 1 and step <= _FAR * frame.leading:
        # No header of one column stands right above another of the same column.
        return frame.borders.across(between(parent.last.box, word.box)) < _SURE
    return goes_on(parent.last, word, frame.leading, frame.borders)


def _is_below(word: Word, above: Word) -> bool:
    """Whether a word stands below another, by a third of the narrower at least."""
    shared = word.box.overlap_x(above.box)
    return shared > 0.3 * min(word.box.width, above.box.width) and word.box.center[1] > above.box.bottom


def _is_open(stack: Stack, word: Word, stacks: Sequence[Stack]) -> bool:
    """Whether no other stack stands between one and a word below it."""
    low, high = stack.last.box.center[1], word.box.center[1]
    if low >= high - 0.3 * word.box.height:
        return False
    return not any(
        other is not stack
        and low < other.last.box.center[1] < high
        and other.last.box.overlap_x(word.box) > 0
        and other.last.box.overlap_x(stack.last.box) > 0
        for other in stacks
    )


def _widen(stacks: Sequence[Stack], frame: Frame) -> None:
    """Let headers take the columns that they stand in the middle of, from the top: no more than their parents take."""
    columns = len(frame.xs) - 1
    parents: list[Stack | None] = [None] * columns
    left = list(stacks)
    while left:
        row = [s for s in left if s.box.overlap_y(left[0].box) > 0.5 * min(s.box.height, left[0].box.height)]
        left = [s for s in left if s not in row]
        parts: dict[Span, list[Stack]] = {}
        for stack in sorted(row, key=lambda s: s.box.left):
            parts.setdefault(_common(parents, stack.span), []).append(stack)
        for part, own in parts.items():
            _settle(own, part, stacks, frame)
        for stack in row:
            for column in range(*stack.span):
                parents[column] = stack


def _common(parents: Sequence[Stack | None], span: Span) -> Span:
    """The columns around a header that have the parent which it stands under."""
    start, stop = span
    if any(parents[column] is not parents[start] for column in range(start, stop)):
        return span
    while start > 0 and parents[start - 1] is parents[span[0]]:
        start -= 1
    while stop < len(parents) and parents[stop] is parents[span[0]]:
        stop += 1
    return start, stop


def _settle(row: Sequence[Stack], part: Span, stacks: Sequence[Stack], frame: Frame) -> None:
    start, stop = part
    box = Box.union_of(s.box for s in row)
    seen = [
        frame.borders.upright(Box(x - 0.4 * frame.em, box.top, x + 0.4 * frame.em, box.bottom))
        for x in frame.xs[start : stop + 1]
    ]
    below = [s for s in stacks if s.box.center[1] > box.center[1] and s not in row]
    heads = [_head(column, below) for column in range(start, stop)]
    alike: list[list[bool]] = []
    for stack in row:
        under = [heads[c - start] for c in range(max(start, stack.span[0]), min(stop, stack.span[1]))]
        own = sorted((box for box in under if box is not None), key=lambda b: b.center[1])
        alike.append([not own or head is None or _level(head, own[len(own) // 2], frame) for head in heads])
    tops = [None if head is None else _cell_top(head, stacks, frame) for head in heads]
    costs = ColumnCosts(
        [
            [
                _TAKEN_COST if _taken(stack, start + k, stacks) else _column_cost(stack.box.center[1], top, same, frame)
                for k, (same, top) in enumerate(zip(each, tops, strict=True))
            ]
            for stack, each in zip(row, alike, strict=True)
        ],
        [
            _ORPHAN_COST if head is not None and any(each[k] for each in alike) else _BLANK_COST
            for k, head in enumerate(heads)
        ],
    )
    edges = [(s.box.left, s.box.right) for s in row]
    found = spans(edges, frame.xs[start : stop + 1], frame.centres[start:stop], frame.em, seen, costs)
    for stack, span in zip(row, found, strict=True):
        stack.span = (span[0] + start, span[1] + start)


def _cell_top(head: Box, stacks: Sequence[Stack], frame: Frame) -> float:
    """How high the cell of a column's own header reaches, page pixels: it stands in the middle or at the top."""
    near = _REACHED * frame.leading
    if _at_tops(stacks, frame) or any(s.span[1] - s.span[0] > 1 and abs(s.box.top - head.top) <= near for s in stacks):
        return head.top
    return 2 * head.center[1] - max(stack.box.bottom for stack in stacks) - _ROOM * frame.leading


def _at_tops(stacks: Sequence[Stack], frame: Frame) -> bool:
    """Whether headers of one column with more and fewer lines begin at one height, and do not share a middle."""
    heads = [stack.box for stack in stacks if stack.span[1] - stack.span[0] == 1]
    pairs = [(a, b) for a, b in combinations(heads, 2) if abs(a.height - b.height) > 0.5 * frame.leading]
    tops = sum(abs(a.top - b.top) <= _REACHED * frame.leading for a, b in pairs)
    return tops > sum(abs(a.center[1] - b.center[1]) <= _REACHED * frame.leading for a, b in pairs)


def _column_cost(y: float, top: float | None, level: bool, frame: Frame) -> float:
    """What it costs that a header takes a column.

    A cell reaches up to what stands above it, and stands beside what is lower.

    Args:
        y: height of the middle of the header.
        top: up to where the cell of the column's own header reaches, if there is one.
        level: whether that stands at the height of the others below the header.
        frame: of the table.
    """
    reach = _REACHED * frame.leading
    if top is not None and y > top + reach:
        return _BESIDE_COST
    return 0.0 if level or top is None or y < top - reach else _UNLIKE_COST


def _taken(stack: Stack, column: int, stacks: Sequence[Stack]) -> bool:
    """Whether another header stands beside one in a column."""
    if stack.span[0] <= column < stack.span[1]:
        return False
    beside = (s for s in stacks if s is not stack and s.span[0] <= column < s.span[1])
    return any(s.box.overlap_y(stack.box) > 0.3 * min(s.box.height, stack.box.height) for s in beside)


def _head(column: int, below: Sequence[Stack]) -> Box | None:
    """The lowest header of a column."""
    heads = [s for s in below if s.span == (column, column + 1)]
    return heads[-1].box if heads else None


def _level(first: Box, second: Box, frame: Frame) -> bool:
    """Whether two headers of columns stand at one height, by their middles or their tops."""
    off = min(abs(first.center[1] - second.center[1]), abs(first.top - second.top))
    return off <= 0.4 * frame.leading
