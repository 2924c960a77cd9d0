"""Cells of a table without any ruling: its headers and the rows below them, as often as they come, on one grid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ocr_pipeline.tables.aligned_body import body_stacks, in_their_columns
from ocr_pipeline.tables.aligned_header import Frame, Stack, header_stacks, meet
from ocr_pipeline.tables.aligned_lines import AlignedLines, Span, sort_lines
from ocr_pipeline.tables.borders import SeenBorders
from ocr_pipeline.tables.grid import GridCell
from ocr_pipeline.tables.ruled_rows import LevelRulings, RuledRows, ruled_rows
from ocr_pipeline.tables.words import Word

__all__ = ["AlignedCells", "aligned_cells", "row_edges"]

_LEAST_HEIGHT = 3.0
"""Of a row, in pixels, where the print of two rows stands too close to be told apart."""


@dataclass(frozen=True)
class AlignedCells:
    """Row edges (page pixels) and the cells that tile the grid."""

    ys: tuple[float, ...]
    cells: tuple[GridCell, ...]


def aligned_cells(
    rows: Sequence[Sequence[Word]],
    xs: Sequence[float],
    centres: Sequence[float | None],
    em: float,
    borders: SeenBorders,
    rulings: LevelRulings | None = None,
) -> AlignedCells | None:
    """The rows and cells; None where no line has figures.

    Args:
        rows: words of each line of print, top to bottom.
        xs: columns + 1 edges, page pixels.
        centres: of what stands in each column alone; None where nothing does.
        em: usual size of a character, pixels.
        borders: that the network sees.
        rulings: of the table, where there are some.
    """
    found = sort_lines(rows, xs, em, borders)
    if found is None:
        return None
    frame = Frame(xs, centres, found.zone, em, found.leading, borders)
    by_print = _by_print(found, frame)
    if rulings is None or (by_print is not None and rulings.agree(by_print.ys, xs, by_print.cells, em)):
        return by_print
    placed = [pair for line in found.lines for pair in zip(line.words, line.spans, strict=True)]
    ruled = ruled_rows(placed, xs, em, rulings)
    if ruled is None or (found.zone > 1 and not ruled.fill(found.zone)):
        # A label of several columns says by no ruling how many these are.
        return by_print
    seen = replace(frame, borders=borders.ruled(rulings.mask))
    return _between_rulings(ruled, [word for word, _ in placed], seen) or by_print


def _by_print(found: AlignedLines, frame: Frame) -> AlignedCells | None:
    """The headers and the rows below them that the print itself tells."""
    columns = len(frame.xs) - 1
    stacks: list[Stack] = []
    blank: list[GridCell] = []
    count = 0
    for header, body in found.blocks():
        above, height = header_stacks([word for line in header for word in line.words], frame)
        if len(above) == 1 and above[0].span[0] == 0 and above[0].span[1] > found.zone:
            # A remark across the table, which need not reach to its other side.
            above[0].span = (0, columns)
        headed = [s.span for s in above if s.stop == height]
        below, more = body_stacks(body, headed, frame)
        _lower(above, count)
        _lower(below, count + height)
        stacks += [*above, *below]
        blank += _undivided(headed, below, range(count + height, count + height + more))
        count += height + more
    kept, cells = _tiled(stacks, blank, (count, columns))
    return AlignedCells(row_edges(kept, count, found.leading), cells) if kept else None


def _between_rulings(ruled: RuledRows, words: Sequence[Word], frame: Frame) -> AlignedCells | None:
    """The header by its print, and the rows below it by the rulings that part them all."""
    above, height = header_stacks([word for word in words if word.box.center[1] < ruled.ys[0]], frame)
    headed = [stack.span for stack in above if stack.stop == height]
    below = in_their_columns(ruled.cells, headed, frame)
    _lower(below, height)
    count = height + len(ruled.ys) - 1
    kept, cells = _tiled([*above, *below], _undivided(headed, below, range(height, count)), (count, len(frame.xs) - 1))
    if len(kept) < len(above) + len(below):
        return None
    return AlignedCells((*row_edges(above, height, frame.leading)[:-1], *ruled.ys), cells)


def _lower(stacks: Sequence[Stack], rows: int) -> None:
    for stack in stacks:
        stack.row, stack.stop = stack.row + rows, stack.stop + rows


def _undivided(headed: Sequence[Span], below: Sequence[Stack], rows: range) -> list[GridCell]:
    """A blank cell in each row under each header of whose columns no cell takes some only: blank ones are one, too."""
    return [
        GridCell(row, header[0], 1, header[1] - header[0])
        for header in headed
        if header[1] - header[0] > 1
        and not any(meet(header, s.span) and (s.span[0] > header[0] or s.span[1] < header[1]) for s in below)
        for row in rows
    ]


def _tiled(
    stacks: Sequence[Stack], blank: Sequence[GridCell], size: tuple[int, int]
) -> tuple[list[Stack], tuple[GridCell, ...]]:
    """The cells, with the slots that none takes as empty ones; of two about one slot the first is kept.

    Args:
        stacks: cells with print.
        blank: cells without, where nothing is printed in all of them.
        size: rows and columns.
    """
    rows, columns = size
    taken: set[tuple[int, int]] = set()
    kept: list[Stack] = []
    cells: list[GridCell] = []
    for stack in stacks:
        slots = {(r, c) for r in range(stack.row, stack.stop) for c in range(*stack.span)}
        if slots and not slots & taken:
            taken |= slots
            kept.append(stack)
            cells.append(GridCell(stack.row, stack.span[0], stack.stop - stack.row, stack.span[1] - stack.span[0]))
    for cell in blank:
        slots = {(cell.row, c) for c in range(cell.column, cell.column + cell.column_span)}
        if not slots & taken:
            taken |= slots
            cells.append(cell)
    every = ((r, c) for r in range(rows) for c in range(columns))
    cells += [GridCell(r, c) for r, c in every if (r, c) not in taken]
    return kept, tuple(sorted(cells))


def row_edges(stacks: Sequence[Stack], rows: int, leading: float) -> tuple[float, ...]:
    """Rows + 1 heights (page pixels), between the print that ends above each edge and that which begins below it.

    Args:
        stacks: cells with their rows.
        rows: how many.
        leading: usual distance of two lines of one cell, pixels.
    """
    boxes = [(stack, stack.box) for stack in stacks]
    # What stands in one row says best where that is; the lines of a label over several stand anywhere in them.
    single = [(stack, box) for stack, box in boxes if stack.stop - stack.row == 1]
    ys = [min(box.top for _, box in boxes) - 0.15 * leading]
    for edge in range(1, rows):
        figures = [(s, b) for s, b in single if any(word.figure for word in s.words)]
        lowest = min((b.top for s, b in figures if s.row == edge), default=float("inf"))
        highest = max((b.bottom for s, b in figures if s.stop == edge), default=-float("inf"))
        # A label that was given to a wrong row must not draw the edge into the figures of another.
        ending = [[b.bottom for s, b in some if s.stop == edge and b.bottom <= lowest] for some in (single, boxes)]
        beginning = [[b.top for s, b in some if s.row == edge and b.top >= highest] for some in (single, boxes)]
        above = max(ending[0] or ending[1], default=None)
        below = min(beginning[0] or beginning[1], default=None)
        ends = [y for y in (above, below) if y is not None]
        y = sum(ends) / len(ends) if ends else ys[-1] + leading
        ys.append(max(y, ys[-1] + _LEAST_HEIGHT))
    ys.append(max(max(box.bottom for _, box in boxes) + 0.15 * leading, ys[-1] + _LEAST_HEIGHT))
    return tuple(ys)
