"""A header of several levels that lost all of its rulings, built up again over the columns of the figures below.

Each label stands in the middle of what it heads: of its column, or of a group of columns whose labels stand below it.
Where just one way to share the columns out makes that true, the header was printed so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

from ocr_pipeline.geometry import Box
from ocr_pipeline.tables.cell_task import CellTask, has_words
from ocr_pipeline.tables.find import FoundTable
from ocr_pipeline.tables.grid import Grid, GridCell, compact
from ocr_pipeline.tables.parted_headers import large_parts, over_figures

__all__ = ["with_header_levels"]

_COLUMNS = 3
"""Columns below a header of several levels, at least."""
_WORD, _OVER = 0.6, 0.3
"""Gap within a label, and how far labels of two levels or columns may overlap, against the height of a line."""
_OFF, _LEVEL = 0.15, 0.5
"""How far a label may be off the middle, against the width of a column, and labels of one level off each other's
height, against that of a line."""


@dataclass(frozen=True)
class _Piece:
    """A cell of the header: its first column and the one after its last, and its top and bottom in pixels."""

    start: int
    stop: int
    top: float
    bottom: float


def with_header_levels(found: FoundTable, tasks: Sequence[CellTask]) -> FoundTable | None:
    """The table with such headers divided into their cells; None where there is none, or more than one way.

    Args:
        found: as it was read.
        tasks: its cells, read once.
    """
    grid = found.grid
    pieces: dict[GridCell, list[_Piece]] = {}
    for task in tasks:
        cell = task.cell
        columns = range(cell.column, cell.column + cell.column_span)
        if len(columns) < _COLUMNS or len(task.lines) < 2 or not has_words(task.text):
            continue
        below = [t for t in tasks if t.cell.row == cell.row + cell.row_span and t.cell.column in columns]
        alone = [t.cell.column for t in below if t.cell.column_span == 1]
        if alone == [*columns] and over_figures(below):
            header = _Header.of(task, grid)
            shared = header.shared(header.labels, columns.start, columns.stop, header.box.top)
            if shared is not None and any(piece.stop - piece.start > 1 for piece in shared):
                pieces[cell] = shared
    return _recut(found, pieces) if pieces else None


@dataclass(frozen=True)
class _Header:
    """The labels of a header, line by line, and the lines of the grid."""

    box: Box
    labels: tuple[Box, ...]
    xs: tuple[float, ...]
    high: float

    @classmethod
    def of(cls, task: CellTask, grid: Grid) -> _Header:
        high = median(line.height for line in task.lines)
        return cls(grid.box(task.cell), tuple(_joined(large_parts(task), high)), grid.xs, high)

    def shared(self, labels: Sequence[Box], start: int, stop: int, top: float) -> list[_Piece] | None:
        """The cells of some columns from a height on, whose labels are given; None where nobody knows."""
        if not labels:
            return None
        highest = min(labels, key=lambda label: label.top)
        heads = [label for label in labels if label.top < highest.bottom - _OVER * self.high]
        ways = sorted(self._ways(heads, labels, start, stop), key=len)
        if not ways or (len(ways) > 1 and len(ways[0]) == len(ways[1])):
            return None
        found: list[_Piece] = []
        for first, end in ways[0]:
            own = self._within(labels, first, end)
            if end - first == 1:
                found.append(_Piece(first, end, top, self.box.bottom))
                continue
            head = min(own, key=lambda label: label.top)
            rest = [label for label in own if label is not head]
            middle = (head.bottom + min(label.top for label in rest)) / 2
            below = self.shared(rest, first, end, middle)
            if below is None:
                return None
            found += [_Piece(first, end, top, middle), *below]
        return found

    def _ways(
        self, heads: Sequence[Box], labels: Sequence[Box], start: int, stop: int
    ) -> Iterator[list[tuple[int, int]]]:
        """The ways to share columns out among the labels of the highest level and such as have none of that level."""
        if start == stop:
            yield []
            return
        for end in range(start + 1, stop + 1):
            if self._heads(heads, labels, start, end):
                for others in self._ways(heads, labels, end, stop):
                    yield [(start, end), *others]

    def _heads(self, heads: Sequence[Box], labels: Sequence[Box], start: int, end: int) -> bool:
        """Whether some columns are one with its label, or a group with one label above those of all of its columns."""
        own, reach = self._within(labels, start, end), _OVER * self.high
        left, right = self.xs[start], self.xs[end]
        if not own or any(label.left < left - reach or label.right > right + reach for label in own):
            return False
        if end - start == 1:
            return self._is_centred(Box.union_of(own), start, end)
        above = [label for label in own if label in heads]
        if len(above) != 1 or not self._is_centred(above[0], start, end):
            return False
        rest = [label for label in own if label is not above[0]]
        filled = all(self._within(rest, column, column + 1) for column in range(start, end))
        return (
            filled and all(label.top >= above[0].bottom - reach for label in rest) and self._is_level(rest, start, end)
        )

    def _is_level(self, labels: Sequence[Box], start: int, end: int) -> bool:
        """Whether the lowest labels of all columns stand at one height: one beside a group stands higher than in it."""
        own = [Box.union_of(self._within(labels, column, column + 1)) for column in range(start, end)]
        if any(self._crosses(label, start, end) for label in labels):
            return True
        heights = ([box.center[1] for box in own], [box.top for box in own], [box.bottom for box in own])
        return any(max(each) - min(each) <= _LEVEL * self.high for each in heights)

    def _crosses(self, label: Box, start: int, end: int) -> bool:
        reach = _OVER * self.high
        return any(label.left < x - reach and label.right > x + reach for x in self.xs[start + 1 : end])

    def _is_centred(self, label: Box, start: int, end: int) -> bool:
        column = (self.xs[end] - self.xs[start]) / (end - start)
        return abs(label.left + label.right - self.xs[start] - self.xs[end]) / 2 <= _OFF * column

    def _within(self, labels: Sequence[Box], start: int, end: int) -> list[Box]:
        return [label for label in labels if self.xs[start] <= label.center[0] < self.xs[end]]


def _joined(parts: Sequence[Box], high: float) -> list[Box]:
    """Pieces of print that stand side by side in one line together, left to right."""
    lines: list[Box] = []
    for part in sorted(parts, key=lambda part: part.left):
        label = part
        for other in [o for o in lines if o.right > part.left - _WORD * high]:
            if label.overlap_y(other) >= _LEVEL * min(label.height, other.height):
                lines.remove(other)
                label = Box.union_of([label, other])
        lines.append(label)
    return sorted(lines, key=lambda label: label.left)


def _recut(found: FoundTable, pieces: dict[GridCell, list[_Piece]]) -> FoundTable:
    grid = found.grid
    near = min(map(_least_height, pieces.values())) / 2
    ys = list(grid.ys)
    for y in sorted(piece.top for several in pieces.values() for piece in several):
        if all(abs(y - other) > near for other in ys):
            ys.append(y)
    ys.sort()

    def row_of(y: float) -> int:
        return min(range(len(ys)), key=lambda row: abs(ys[row] - y))

    cells: list[GridCell] = []
    parts: set[GridCell] = set()
    for cell in grid.cells:
        own = pieces.get(cell)
        if own is None:
            row, end = ys.index(grid.ys[cell.row]), ys.index(grid.ys[cell.row + cell.row_span])
            cells.append(replace(cell, row=row, row_span=end - row))
            continue
        for piece in own:
            row, end = row_of(piece.top), row_of(piece.bottom)
            parts.add(GridCell(row, piece.start, end - row, piece.stop - piece.start))
    fresh = compact(replace(grid, ys=tuple(ys), cells=tuple(sorted([*cells, *parts]))))
    return replace(found, grid=fresh, divided=frozenset(parts), divisible=True)


def _least_height(pieces: Sequence[_Piece]) -> float:
    return min(piece.bottom - piece.top for piece in pieces)
