"""Cells of a table without any ruling: rows from its lines of print.

The label of a row may begin above its figures (cells set in the middle) or at their height (set at the top).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ocr_pipeline.tables.aligned_lines import AlignedLine, Span, sort_lines
from ocr_pipeline.tables.grid import GridCell
from ocr_pipeline.tables.label_lines import assign_lines
from ocr_pipeline.tables.words import Word

__all__ = ["AlignedCells", "aligned_cells"]

_LEADING = 1.3
"""Lines of one label are no further apart than this many times the usual distance."""


@dataclass(frozen=True)
class AlignedCells:
    """Row edges (page pixels) and the cells that tile the grid."""

    ys: tuple[float, ...]
    cells: tuple[GridCell, ...]


@dataclass
class _Stack:
    """Lines of one cell, one above the other; ``row`` and ``stop`` are filled in when rows are known."""

    span: Span
    words: list[Word] = field(default_factory=list)
    row: int = 0
    stop: int = 0

    @property
    def top(self) -> float:
        return self.words[0].box.top

    @property
    def last(self) -> float:
        return self.words[-1].box.center[1]


def aligned_cells(
    rows: Sequence[Sequence[Word]], xs: Sequence[float], centres: Sequence[float | None], em: float
) -> AlignedCells | None:
    """The rows and cells; None where no line has figures, or some rows of figures lack the label that others have.

    Args:
        rows: words of each line of print, top to bottom.
        xs: columns + 1 edges, page pixels.
        centres: of what stands in each column alone; None where nothing does.
        em: usual size of a character, pixels.
    """
    found = sort_lines(rows, xs, centres, em)
    if found is None:
        return None
    builder = _Builder(len(xs) - 1, found.zone, found.leading)
    sure = [builder.add(*block) for block in found.blocks()]
    return builder.result(found.lines) if all(sure) else None


class _Builder:
    def __init__(self, columns: int, zone: int, leading: float) -> None:
        self.columns, self.zone, self.leading = columns, zone, leading
        self.cells: list[GridCell] = []
        self.starts: list[float] = []
        self.headed: list[Span] = []

    def add(self, header: list[AlignedLine], body: list[AlignedLine]) -> bool:
        """Add one block; False when a row of figures has no label of its own beside rows that have."""
        self.headed = []
        if header:
            self._header(header)
        values = [line for line in body if line.kind == "values"]
        return self._body(body, values) if values else True

    def result(self, lines: Sequence[AlignedLine]) -> AlignedCells:
        """All of it, with the slots that no cell takes as empty cells."""
        ys = (*self.starts, max(line.bottom for line in lines) + 0.15 * self.leading)
        taken: set[tuple[int, int]] = set()
        kept = []
        for cell in self.cells:
            slots = {
                (r, c)
                for r in range(cell.row, cell.row + cell.row_span)
                for c in range(cell.column, cell.column + cell.column_span)
            }
            if not slots & taken:
                taken |= slots
                kept.append(cell)
        every = ((r, c) for r in range(len(self.starts)) for c in range(self.columns))
        kept += [GridCell(r, c) for r, c in every if (r, c) not in taken]
        return AlignedCells(ys, tuple(sorted(kept)))

    def _header(self, lines: list[AlignedLine]) -> None:
        stacks: list[_Stack] = []
        for line in lines:
            for word, span in zip(line.words, line.spans, strict=True):
                above = self._above(stacks, word, span, line)
                if above is None:
                    stacks.append(_Stack(span, [word]))
                else:
                    above.words.append(word)
        first = len(self.starts)
        tops: list[float] = []
        for stack in sorted(stacks, key=lambda s: s.top):
            if not tops or stack.words[0].box.center[1] - tops[-1] > 0.5 * self.leading:
                tops.append(stack.words[0].box.center[1])
            stack.row = first + len(tops) - 1
        self.starts += [top - 0.5 * self.leading for top in tops]
        end = len(self.starts)
        self.headed = [s.span for s in stacks if not any(b.row > s.row and _meet(b.span, s.span) for b in stacks)]
        for stack in stacks:
            below = [s.row for s in stacks if s.row > stack.row and _meet(s.span, stack.span)]
            stack.stop = min(below, default=end)
            if not any(s.row < stack.row and _meet(s.span, stack.span) for s in stacks):
                stack.row = first
            self._put(stack.row, stack.stop, stack.span)

    def _above(self, stacks: list[_Stack], word: Word, span: Span, line: AlignedLine) -> _Stack | None:
        """The stack that a word continues: right above it, with no other word of this line in its columns."""
        y = word.box.center[1]
        for stack in reversed(stacks):
            if not _meet(stack.span, span):
                continue
            others = [s for s in line.spans if s != span and _meet(s, stack.span)]
            inside = stack.span[0] <= span[0] and span[1] <= stack.span[1]
            near = 0 < y - stack.last <= _LEADING * self.leading
            level = abs(word.box.center[0] - stack.words[-1].box.center[0]) < 0.8 * self.leading
            return stack if inside and not others and near and (level or span == stack.span) else None
        return None

    def _body(self, body: list[AlignedLine], values: list[AlignedLine]) -> bool:
        first = len(self.starts)
        labels = [
            (word, span)
            for line in body
            for word, span in zip(line.words, line.spans, strict=True)
            if span[0] < self.zone
        ]
        last = sorted((w for w, s in labels if s[1] == self.zone), key=lambda w: w.box.center[1])
        if self.zone and len(last) < len(values):
            return False
        groups, middle = assign_lines([w.box.center[1] for w in last], [line.y for line in values])
        tops, bottoms = [], []
        for line, group in zip(values, groups, strict=True):
            inside = [last[k].box for k in group]
            tops.append(min([line.top, *(b.top for b in inside)]))
            bottoms.append(max([line.bottom, *(b.bottom for b in inside)]))
        edges = [tops[0] - 0.15 * self.leading]
        edges += [
            (min(above, below) + below) / 2 if above < below else below - 1
            for above, below in zip(bottoms, tops[1:], strict=False)
        ]
        self.starts += edges
        spans_of = {id(word): span for word, span in labels}
        wide: list[Span] = []
        for r, (line, group) in enumerate(zip(values, groups, strict=True)):
            span = (min((spans_of[id(last[k])][0] for k in group), default=self.zone), self.zone)
            wide.append(span)
            if group:
                self._put(first + r, first + r + 1, span)
            figures = [s for s in line.spans if s[0] >= self.zone]
            for figure in figures:
                self._put(first + r, first + r + 1, self._under_header(figure, figures))
        outer = sorted(((w, s) for w, s in labels if s[1] < self.zone), key=lambda pair: pair[0].box.center[1])
        self._outer_labels(outer, wide, edges, first, middle=middle)
        return True

    def _under_header(self, span: Span, others: Sequence[Span]) -> Span:
        """The columns of the header that a figure stands under, where it stands there alone."""
        for header in self.headed:
            if header[0] <= span[0] and span[1] <= header[1] and header[0] >= self.zone:
                alone = not any(_meet(header, other) for other in others if other != span)
                return header if alone else span
        return span

    def _outer_labels(
        self, outer: list[tuple[Word, Span]], wide: list[Span], edges: list[float], first: int, *, middle: bool
    ) -> None:
        """Labels left of the rows' own, over as many rows as the next label or a row's wide label leaves."""
        stacks: list[_Stack] = []
        for word, span in outer:
            y = word.box.center[1]
            open_ = next((s for s in reversed(stacks) if s.span == span), None)
            if open_ is not None and y - open_.last <= _LEADING * self.leading:
                open_.words.append(word)
            else:
                stacks.append(_Stack(span, [word]))
        ends = [*edges[1:], max((w.box.bottom for w, _ in outer), default=edges[-1]) + self.leading]
        for stack in stacks:
            centre = stack.words[0].box.center[1]
            stack.row = next((r for r, end in enumerate(ends) if centre < end), len(edges) - 1)
        for stack in stacks:
            start, stop = stack.row, len(edges)
            covering = [r for r, span in enumerate(wide) if span[0] < stack.span[1]]
            own = next((r for r, end in enumerate(ends) if (stack.top + stack.last) / 2 < end), start)
            if middle:
                start = max((r + 1 for r in covering if r <= own), default=0)
                earlier = [s.stop for s in stacks if s.span == stack.span and s.top < stack.top]
                start = max([start, *earlier])
            stop = min((r for r in covering if r > own), default=stop)
            later = [s.row for s in stacks if _meet(s.span, stack.span) and s.row > own]
            if later:
                stop = min(stop, *later)
                if middle:
                    # Set in the middle of its rows: it reaches as far below itself as above.
                    goal = (stack.top + stack.last) - edges[start]
                    stop = min(range(own + 1, stop + 1), key=lambda r: abs(ends[r - 1] - goal))
            stack.stop = max(stop, start + 1)
            self._put(first + start, first + stack.stop, stack.span)

    def _put(self, row: int, stop: int, span: Span) -> None:
        if stop > row and span[1] > span[0]:
            self.cells.append(GridCell(row, span[0], stop - row, span[1] - span[0]))


def _meet(first: Span, second: Span) -> bool:
    return first[0] < second[1] and second[0] < first[1]
