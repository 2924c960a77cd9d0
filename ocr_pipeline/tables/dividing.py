"""Rulings lost between the figures of one row, put back where a gap wider than any within a figure runs.

Nothing is left of such a ruling to measure, so the space says it: two figures far apart are those of two columns. A
number whose digits are spread over its cell has such gaps too; so a line is drawn only where the row above has one, or
where several rows fall apart and no label shows that there is one column. What comes of it is marked: it needs a proof
before it is believed.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, takewhile

import numpy as np

from ocr_pipeline.geometry import Box
from ocr_pipeline.tables.cell_task import CellTask, is_number
from ocr_pipeline.tables.corridors import beside_labels
from ocr_pipeline.tables.find import FoundTable
from ocr_pipeline.tables.grid import Grid, GridCell
from ocr_pipeline.tables.known_lines import at_known_lines, parts_at, place_of, under_headers
from ocr_pipeline.tables.parted_headers import parted_headers

__all__ = ["divided"]

_ROWS = 2
"""Cells of a column that must fall apart at one place before a line is drawn there that no row has."""
_CLEAR = 0.5
"""Room between the words of two headers at least, against the height of their lines, or a header and figures."""
_STROKE, _CLOSE = 0.35, 0.35
"""Width of a stroke, and how close to the side of its cell it stands, against the height of its line of print."""
_BROAD, _OFF = 1.3, 0.12
"""Width of a column that may be two, against the usual one beside it, and how far its header is off its middle, against
that width, at least."""


@dataclass(frozen=True)
class _Run:
    """A cell whose print falls apart: its place on the table's crop, and the gaps in it, in pixels of the crop."""

    task: CellTask
    gaps: tuple[tuple[float, float], ...]

    @property
    def cell(self) -> GridCell:
        return self.task.cell


def divided(found: FoundTable, tasks: Sequence[CellTask]) -> FoundTable | None:
    """The table with cells that hold several figures divided; None where there are none, or nobody knows where.

    Args:
        found: as it was read.
        tasks: its cells, read once.
    """
    inked = [task for task in tasks if task.lines]
    runs = [_Run(t, t.gaps()) for t in inked if len(t.lines) == 1 and is_number(t.text) and t.is_parted()]
    runs = [run for run in runs if not _is_rest(run)]
    cuts: dict[GridCell, list[float]] = defaultdict(list)
    for run in sorted(runs, key=lambda run: run.cell.row):
        cuts[run.cell].extend(_known(run, found.grid, cuts))
    for place in sorted({place_of(run.cell) for run in runs}):
        column = [run for run in runs if place_of(run.cell) == place and not cuts[run.cell]]
        for gap in _common_gaps(column):
            line, beside = _beside(gap, column, inked)
            for cell in beside:
                cuts[cell].append(line)
    for run in runs:
        cuts.update(_under_header(run, inked) if not cuts[run.cell] else {})
    grid = found.grid
    for told in (
        under_headers(grid, tasks),
        parted_headers(grid, tasks),
        beside_labels(grid, tasks),
        _beside_header(found, tasks),
        at_known_lines(grid, tasks),
    ):
        for cell, lines in told.items():
            cuts[cell] = cuts[cell] or lines
    cuts.update(_blank_ones(cuts, tasks))
    cut = {cell: places for cell, places in _on_grid(cuts, grid, inked).items() if places}
    if not cut:
        return None
    grid, parts = _recut(grid, cut, found.divided)
    return replace(found, grid=grid, divided=parts, divisible=len(grid.xs) > len(found.grid.xs))


def _is_rest(run: _Run) -> bool:
    """Whether a cell falls apart only by a stroke close to its side: what is left of a ruling beside its ruling."""
    box, high = run.task.ink.interior, run.task.lines[0].height
    ends = [part for part in run.task.ink.parts if part.right <= run.gaps[0][0] or part.left >= run.gaps[-1][1]]
    return len(run.gaps) == 1 and any(
        part.width <= _STROKE * high and min(part.left - box.left, box.right - part.right) <= _CLOSE * high
        for part in (min(ends), max(ends))
    )


def _on_grid(cuts: dict[GridCell, list[float]], grid: Grid, tasks: Sequence[CellTask]) -> dict[GridCell, list[float]]:
    """The cuts on lines of the grid that other rows have, where no print of any of their cells stands between."""
    parts = {task.cell: task.ink.parts for task in tasks}
    cells: dict[float, list[GridCell]] = defaultdict(list)
    for cell, lines in cuts.items():
        for line in lines:
            cells[line].append(cell)
    moved: dict[float, float] = {}
    for line, cut in cells.items():
        inner = set.intersection(*(set(grid.xs[c.column + 1 : c.column + c.column_span]) for c in cut))
        print_ = [part for cell in cut for part in parts.get(cell, ())]
        free = [x for x in inner if not any(p.right > min(x, line) and p.left < max(x, line) for p in print_)]
        moved[line] = min(free, key=lambda x: abs(x - line), default=line)
    return {cell: sorted({moved[line] for line in lines}) for cell, lines in cuts.items()}


def _blank_ones(cuts: dict[GridCell, list[float]], tasks: Sequence[CellTask]) -> dict[GridCell, list[float]]:
    """Blank cells between others that are all divided in one way: left whole, they would make one column of two."""
    ways: dict[tuple[int, int], list[list[float]]] = defaultdict(list)
    for cell, lines in cuts.items():
        if lines:
            ways[place_of(cell)].append(sorted(lines))
    same = {
        place: lines[0] for place, lines in ways.items() if len(lines) >= _ROWS and lines.count(lines[0]) == len(lines)
    }
    blank = [task.cell for task in tasks if not task.lines and not cuts.get(task.cell)]
    return {cell: same[place_of(cell)] for cell in blank if place_of(cell) in same}


def _known(run: _Run, grid: Grid, cuts: dict[GridCell, list[float]]) -> list[float]:
    """Lines of the grid, one in each gap of a cell, at which the row above has a border."""
    cell = run.cell
    inner = grid.xs[cell.column + 1 : cell.column + cell.column_span]
    borders = _borders(grid, cell.row - 1, cuts) if cell.row > 0 else _borders(grid, cell.row + cell.row_span, cuts)
    lines = [[x for x in inner if left < x < right and x in borders] for left, right in run.gaps]
    return [places[0] for places in lines] if all(len(places) == 1 for places in lines) else []


def _borders(grid: Grid, row: int, cuts: dict[GridCell, list[float]]) -> set[float]:
    """Where cells of a row end, with those that have just been divided."""
    there = [cell for cell in grid.cells if cell.row <= row < cell.row + cell.row_span]
    return {grid.xs[cell.column] for cell in there} | {place for cell in there for place in cuts[cell]}


def _common_gaps(runs: Sequence[_Run]) -> list[tuple[float, float]]:
    """Where the gaps of cells one below the other overlap, if all of them have as many."""
    if not runs or len({len(run.gaps) for run in runs}) > 1:
        return []
    common = [(max(g[0] for g in gaps), min(g[1] for g in gaps)) for gaps in zip(*(r.gaps for r in runs), strict=True)]
    return common if all(left < right for left, right in common) else []


def _beside(gap: tuple[float, float], runs: Sequence[_Run], tasks: Sequence[CellTask]) -> tuple[float, list[GridCell]]:
    """A line in a gap, and the cells of the column that it divides; none where a label shows that it is one column."""
    column, span = runs[0].cell.column, runs[0].cell.column_span
    same = [t for t in tasks if place_of(t.cell) == (column, span)]
    across = [t for t in tasks if t.cell.column <= column < t.cell.column + t.cell.column_span and t not in same]
    line = _clear_of([part for task in same for part in task.ink.parts], gap)
    # A label that heads more columns than this one says nothing; one of its own place, cut elsewhere, does.
    if any(task.cell.column_span <= span for task in across):
        return line, []
    found = []
    for task in same:
        sides = {part.center[0] > line for part in task.ink.parts}
        crossed = any(part.left < line < part.right for part in task.ink.parts)
        crossed |= not task.figure and len(sides) == 2 and not _has_room(line, task)
        if not crossed and (len(sides) == 2 or (sides and task.figure)):
            found.append(task.cell)
        elif sides and not task.figure:
            return line, []
    return line, found if len(found) >= _ROWS else []


def _has_room(line: float, task: CellTask) -> bool:
    """Whether a line has more room on its way through words than there is between two characters."""
    before = max(part.right for part in task.ink.parts if part.center[0] <= line)
    after = min(part.left for part in task.ink.parts if part.center[0] > line)
    return after - before >= _CLEAR * min(box.height for box in task.lines)


def _under_header(run: _Run, tasks: Sequence[CellTask]) -> dict[GridCell, list[float]]:
    """A cell and the header right above it, where all lines of that fall apart, too: one line through each gap."""
    cell = run.cell
    over = [t for t in tasks if place_of(t.cell) == place_of(cell)]
    header = next((t for t in over if t.cell.row + t.cell.row_span == cell.row and not t.figure), None)
    if header is None:
        return {}
    lines = []
    for gap in run.gaps:
        left, right = gap
        for line in header.lines:
            # The last piece that ends before the gap does, and the first that begins after it began.
            parts = [part for part in header.ink.parts if part.overlap_y(line) > 0]
            before = [part.right for part in parts if part.center[0] < sum(gap) / 2]
            after = [part.left for part in parts if part.center[0] >= sum(gap) / 2]
            if not before or not after:
                return {}
            left, right = max(left, *before), min(right, *after)
        if right - left < _CLEAR * min(line.height for line in header.lines):
            return {}
        lines.append((left + right) / 2)
    return {cell: lines, header.cell: lines}


def _beside_header(table: FoundTable, tasks: Sequence[CellTask]) -> dict[GridCell, list[float]]:
    """Cells of broad columns whose figures all stand on one side of their header: those of a column beside it.

    With a ruling lost between two columns, one of them blank, the other's figures would go under its header.
    """
    grid = table.grid
    places: dict[tuple[int, int], list[CellTask]] = defaultdict(list)
    for task in sorted(tasks, key=lambda task: task.cell.row):
        places[place_of(task.cell)].append(task)
    widths = {place: grid.xs[sum(place)] - grid.xs[place[0]] for place in places}
    valued = {p: [t for t in column if t.lines and is_number(t.text)] for p, column in places.items()}
    first_valued = min((column for (column, _), figures in valued.items() if figures), default=0)
    found: dict[GridCell, list[float]] = {}
    for place, figures in valued.items():
        beside = [p for p in places if p != place and p[0] >= first_valued and 2 * len(places[p]) >= len(places[place])]
        if not figures or not beside or widths[place] < _BROAD * float(np.median([widths[p] for p in beside])):
            continue
        words = [task for task in places[place] if task.lines and not task.figure]
        above = [task for task in words if task.cell.row < figures[0].cell.row]
        # Each further header has figures of its own; a stroke in a column of labels has not.
        if len(words) - len(above) >= len(figures):
            continue
        parts = [part for task in figures for part in task.ink.parts]
        # In the middle of its cell, a header is that of all of it, though its figures stand at one side.
        aside = list(takewhile(lambda task: not _is_centred(task, grid), reversed(above)))
        lines = ((task.cell.row, _between(task.ink.parts, parts)) for task in aside)
        first, line = next(((row, x) for row, x in lines if x is not None), (0, _through(above, parts)))
        if line is None or (table.ruling != "full" and _is_filled_beyond(place, line, figures, tasks)):
            continue
        found.update({task.cell: [line] for task in places[place] if task.cell.row >= first})
        over = [t for t in tasks if t.cell.row < first and t.cell.column < sum(place) <= sum(place_of(t.cell))]
        found.update({task.cell: [line] for task in over if task.lines and parts_at(line, task)})
    return found


def _is_filled_beyond(
    place: tuple[int, int], line: float, figures: Sequence[CellTask], tasks: Sequence[CellTask]
) -> bool:
    """Whether figures stand right of a line, and all columns beyond theirs have figures beside them.

    Where no upright ruling is printed, columns are as wide as their print. Figures that stand under the header beside
    theirs leave a blank column further on; without one, all of them are where they belong, set to the right.

    Args:
        place: of their column.
        line: beside its header.
        figures: its cells with figures.
        tasks: all cells.
    """
    rows = {task.cell.row for task in figures}
    beyond = [task for task in tasks if task.cell.row in rows and task.cell.column >= sum(place)]
    right = all(part.left > line for task in figures for part in task.ink.parts)
    return right and bool(beyond) and all(task.text and task.figure for task in beyond)


def _through(headers: Sequence[CellTask], figures: Sequence[Box]) -> float | None:
    """A line that parts headers of several lines on both of its sides, with figures on one side of it only, if any."""
    boxes = [(line, part) for task in headers for line in task.lines for part in task.ink.parts if part.overlap_y(line)]
    lines = {line for line, _ in boxes}
    if len(lines) < _ROWS:
        return None
    spans = sorted((part.left, part.right) for _, part in boxes)
    reach, gaps = spans[0][1], []
    for left, right in spans:
        gaps.append((left - reach, (left + reach) / 2))
        reach = max(reach, right)
    width, x = max(gaps)
    told = [len({line for line, part in boxes if (part.center[0] < x) == before}) for before in (True, False)]
    one_side = len({part.center[0] < x for part in figures}) == 1 and not any(p.left < x < p.right for p in figures)
    high = float(np.median([line.height for line in lines]))
    return x if width >= high and one_side and min(told) >= _ROWS else None


def _is_centred(task: CellTask, grid: Grid) -> bool:
    """Whether the print of a cell stands in its middle."""
    box, parts = grid.box(task.cell), task.ink.parts
    middle = (min(part.left for part in parts) + max(part.right for part in parts)) / 2
    return abs(middle - box.center[0]) < _OFF * box.width


def _between(header: Sequence[Box], figures: Sequence[Box]) -> float | None:
    """Midway between a header and figures that all stand beside it; None where they do not."""
    ends = [(min(part.left for part in side), max(part.right for part in side)) for side in (header, figures)]
    (_, right), (left, _) = sorted(ends)
    high = float(np.median([part.height for part in figures]))
    return (right + left) / 2 if left - right >= _CLEAR * high else None


def _clear_of(parts: Sequence[Box], gap: tuple[float, float]) -> float:
    """The middle of the widest stretch of a gap without print, or of the gap."""
    left, right = gap
    stretches, reach = [], left
    for start, end in sorted((part.left, part.right) for part in parts if part.right > left and part.left < right):
        stretches.append((start - reach, (reach + start) / 2))
        reach = max(reach, end)
    stretches.append((right - reach, (reach + right) / 2))
    width, middle = max(stretches)
    return middle if width > 0 else (left + right) / 2


def _recut(
    grid: Grid, cuts: dict[GridCell, list[float]], before: frozenset[GridCell]
) -> tuple[Grid, frozenset[GridCell]]:
    """The grid with further lines, and its cells that came of them or of what was divided before."""
    xs = sorted({*grid.xs, *(place for places in cuts.values() for place in places)})
    cells: list[GridCell] = []
    parts: set[GridCell] = set()
    for cell in grid.cells:
        ends = [grid.xs[cell.column], *cuts.get(cell, ()), grid.xs[cell.column + cell.column_span]]
        columns = [bisect_left(xs, end) for end in ends]
        pieces = [GridCell(cell.row, left, cell.row_span, right - left) for left, right in pairwise(columns)]
        cells += pieces
        parts |= set(pieces) if len(pieces) > 1 or cell in before else set()
    return replace(grid, xs=tuple(xs), cells=tuple(sorted(cells))), frozenset(parts)
