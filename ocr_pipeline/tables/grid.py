"""From rulings to a grid: lines, the edges that really stand between neighbours, and the rectangular cells they leave.

Where a ruling is missing between two positions they belong to one cell. Whether it is there is decided edge by edge,
from the ink along that edge, so that a broken or dotted ruling still separates and a stroke of text never does.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.geometry import Box
from ocr_pipeline.tables.crossings import crossings, print_beside
from ocr_pipeline.tables.edges import Direction, without_specks
from ocr_pipeline.tables.loose_ends import loose_lines
from ocr_pipeline.tables.options import TableOptions
from ocr_pipeline.tables.rulings import RulingMasks
from ocr_pipeline.tables.tied_ends import tied

_CROSSED = 0.4
"""How surely an edge stands at most that a network sees in the middle of a word."""

_BETWEEN = 0.2
"""Share of the way to a border within which rulings end at it, or where they begin."""

_FAR = 3.0
"""So many times as far off as doubled lines may be, one ruling that runs on past the outermost line tells alone."""

__all__ = ["Grid", "GridCell", "build_grid", "cells_between", "compact", "rows_between", "ruling_lines"]


@dataclass(frozen=True, slots=True, order=True)
class GridCell:
    """Position and spans of a cell, counted in rows and columns of its grid."""

    row: int
    column: int
    row_span: int = 1
    column_span: int = 1


@dataclass(frozen=True)
class Grid:
    """A table's structure on its straightened crop.

    Attributes:
        ys: rows + 1 ruling centres, ascending, in pixels of the crop.
        xs: columns + 1 ruling centres.
        cells: rectangular cells that tile the grid, by row, then column.
        open_top, open_bottom: the outermost ruling is not drawn there (a table cut by a page break).
    """

    ys: tuple[float, ...]
    xs: tuple[float, ...]
    cells: tuple[GridCell, ...]
    open_top: bool = False
    open_bottom: bool = False

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.ys) - 1

    @property
    def columns(self) -> int:
        """Number of columns."""
        return len(self.xs) - 1

    @property
    def frame(self) -> Box:
        """From the first ruling to the last, both ways, in pixels of the crop."""
        return Box(self.xs[0], self.ys[0], self.xs[-1], self.ys[-1])

    def box(self, cell: GridCell) -> Box:
        """From ruling centre to ruling centre, in pixels of the crop."""
        return Box(
            self.xs[cell.column],
            self.ys[cell.row],
            self.xs[cell.column + cell.column_span],
            self.ys[cell.row + cell.row_span],
        )


def ruling_lines(mask: NDArray[np.uint8], shortest: float, apart: float) -> list[float]:
    """Heights of the horizontal rulings of a straightened mask (0/255): peaks of its run lengths, a doubled line once.

    Of lines too near to each other the one of longer runs is kept: strokes of many rows of print, one below the other,
    may make as much ink as a short ruling does, but not in one piece.

    Call it with the transposed mask for vertical rulings.

    Args:
        mask: height x width.
        shortest: pixels of run from which a height counts.
        apart: lines closer than this many pixels are one.
    """
    profile = (mask > 0).sum(axis=1).astype(np.float64)
    rows = np.flatnonzero(profile >= shortest)
    if not rows.size:
        return []
    groups = np.split(rows, np.flatnonzero(np.diff(rows) > 1) + 1)
    pieces = _squared_runs(mask > 0)
    peaks = [(float(pieces[g].max()), _crest(g, pieces)) for g in groups]
    kept: list[tuple[float, float]] = []
    # The longest first: a line of print beside a ruling must not draw it away or bridge it to the next.
    for weight, centre in sorted(peaks, reverse=True):
        if all(abs(centre - other) >= apart for _, other in kept):
            kept.append((weight, centre))
    lines = sorted(centre for _, centre in kept)
    if len(lines) < 2:
        return lines
    # Of a doubled frame the inner line is the one that the rulings across end at.
    for end, inwards in ((0, 1), (-1, -1)):
        weight = max(w for w, c in kept if c == lines[end])
        doubled = [c for w, c in peaks if 0 < (c - lines[end]) * inwards < apart and w >= 0.64 * weight]
        lines[end] = (max if inwards > 0 else min)(doubled, default=lines[end])
    return lines


def _crest(rows: NDArray[np.int64], pieces: NDArray[np.float64]) -> float:
    """The middle of those rows about the longest run that have at least half of it: strokes of print may stand beside.

    Args:
        rows: consecutive.
        pieces: squared length of the runs of each row.
    """
    good = pieces[rows] >= 0.5 * pieces[rows].max()
    peak = int(pieces[rows].argmax())
    first = peak - int(np.argmin(np.append(good[: peak + 1][::-1], False))) + 1
    last = peak + int(np.argmin(np.append(good[peak:], False)))
    return float(np.average(rows[first:last], weights=pieces[rows[first:last]]))


def _squared_runs(mask: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Sum of the squared lengths of each row's runs."""
    rows, columns = mask.shape
    padded = np.zeros((rows, columns + 2), np.int8)
    padded[:, 1:-1] = mask
    steps = np.diff(padded, axis=1)
    starts, ends = np.nonzero(steps == 1), np.nonzero(steps == -1)
    lengths = (ends[1] - starts[1]).astype(np.float64)
    return np.asarray(np.bincount(starts[0], lengths**2, rows), dtype=np.float64)


def build_grid(
    masks: RulingMasks, dpi: float, options: TableOptions, *, print_: NDArray[np.uint8] | None = None
) -> Grid | None:
    """Build the grid of one straightened table from its masks; None when it has no cell.

    ``print_`` is the ink of the table (0/255) where the masks show what a network sees of its borders; none of these
    runs through words.
    """
    horizontal, vertical, ink = masks.horizontal, masks.vertical, masks.ink
    apart = options.min_cell * dpi
    ys = ruling_lines(horizontal, options.min_horizontal * dpi, apart)
    xs = ruling_lines(cv2.transpose(vertical), options.min_vertical * dpi, apart)
    sides, levels, seen = xs, ys, masks.depth is not None
    ys, open_top, open_bottom = _close_open_ends(ys, sides, vertical, apart, seen=seen)
    xs, open_left, open_right = _close_open_ends(xs, levels, cv2.transpose(horizontal), apart, seen=seen)
    if len(ys) < 2 or len(xs) < 2 or (len(ys) - 1) * (len(xs) - 1) > options.max_cells:
        return None
    across = Direction.of(ink, ys, options.min_horizontal * dpi, dpi, options.max_gap, upright=False)
    sideways = cv2.transpose(ink)
    down = Direction.of(sideways, xs, options.min_vertical * dpi, dpi, options.max_gap, upright=True)
    if masks.depth is not None:
        down = down.seeing(cv2.transpose(masks.depth))
    beside = print_beside(ink if print_ is None else print_, dpi)
    # Rulings that begin at one that was lost do not cover the row that it divides.
    solid = without_specks(beside, dpi)
    lost = [line.place for line in loose_lines(ink, solid, ys, xs, dpi)]
    for _ in range(3):
        # A phantom in one direction cuts the edges of the other into pieces, so both are looked at in turn.
        before = len(ys), len(xs)
        ys = across.real(ys, xs, open_top, open_bottom)
        xs = down.real(xs, sorted((*ys, *lost)), open_left, open_right) if len(ys) > 1 else []
        if len(xs) < 2:
            return None
        if before == (len(ys), len(xs)):
            break
    # Strokes of the first row's print may have passed for the line that rulings run on past.
    ys, first, last = _close_open_ends(ys, xs, vertical, apart, seen=seen)
    open_top, open_bottom = open_top or first, open_bottom or last
    ys = across.with_short_lines(ys, xs, apart)
    xs = down.with_short_lines(xs, ys, apart)
    loose = loose_lines(ink, solid, ys, xs, dpi)
    ys = sorted((*ys, *(line.place for line in loose)))
    level, upright = across.standing(ys, xs)[1:-1], down.standing(xs, ys).T[:, 1:-1]
    for line in loose:
        level[ys.index(line.place) - 1, sorted(line.stretches)] = 1.0
    crossed = crossings(beside, ys, xs, dpi)
    if print_ is not None:
        upright = np.where(crossed[1] > 0, np.minimum(upright, _CROSSED), upright)
    level = tied(level, upright, crossed, [(ys.index(line.place) - 1, line.begins) for line in loose])
    cells = cells_between(level, upright, crossed)
    return compact(Grid(tuple(ys), tuple(xs), tuple(cells), open_top, open_bottom))


def compact(grid: Grid) -> Grid:
    """The same grid without lines at which no cell ends."""
    rows = sorted({c.row for c in grid.cells} | {grid.rows})
    columns = sorted({c.column for c in grid.cells} | {grid.columns})
    cells = tuple(
        GridCell(
            rows.index(c.row),
            columns.index(c.column),
            rows.index(c.row + c.row_span) - rows.index(c.row),
            columns.index(c.column + c.column_span) - columns.index(c.column),
        )
        for c in grid.cells
    )
    ys, xs = tuple(grid.ys[r] for r in rows), tuple(grid.xs[c] for c in columns)
    return Grid(ys, xs, cells, grid.open_top, grid.open_bottom)


def rows_between(grid: Grid, first: int, stop: int) -> Grid:
    """The rows from ``first`` to before ``stop`` alone, cells that reach beyond them cut off there.

    Columns that only the other rows had are none any more.
    """
    cells = [
        replace(
            cell, row=max(cell.row, first) - first, row_span=min(cell.row + cell.row_span, stop) - max(cell.row, first)
        )
        for cell in grid.cells
        if cell.row < stop and cell.row + cell.row_span > first
    ]
    open_top, open_bottom = grid.open_top and first == 0, grid.open_bottom and stop == grid.rows
    return compact(Grid(grid.ys[first : stop + 1], grid.xs, tuple(sorted(cells)), open_top, open_bottom))


def _close_open_ends(
    lines: list[float], across: list[float], crossing: NDArray[np.uint8], apart: float, *, seen: bool
) -> tuple[list[float], bool, bool]:
    """Add a border where rulings across run on well past the outermost line.

    Both sides of the table must, or two rulings to one place, or one side in one piece, or any other one so far: a
    stroke of a heading above the table is none of these.

    Args:
        lines: positions of the lines.
        across: positions of the rulings across.
        crossing: mask of the rulings across, the lines' direction along its second axis.
        apart: pixels.
        seen: the masks are of ink; what a network sees has no exact ends, and there only sides count.
    """
    if not lines or len(across) < 2:
        return lines, False, False
    reach = max(2, round(apart / 3))
    before: list[tuple[float, bool]] = []
    after: list[tuple[float, bool]] = []
    for k, place in enumerate(across):
        band = crossing[:, max(0, round(place) - reach) : round(place) + reach + 1]
        run: NDArray[np.bool_] = np.asarray((band > 0).any(axis=1))
        side = k in (0, len(across) - 1)
        if not (side or seen):
            continue
        before.append((lines[0] - _run_on(run[: round(lines[0]) + reach][::-1], reach), side))
        after.append((lines[-1] + _run_on(run[max(0, round(lines[-1]) - reach) :], reach), side))
    first = _new_border([(lines[0] - end, side) for end, side in before], apart, seen=seen)
    last = _new_border([(end - lines[-1], side) for end, side in after], apart, seen=seen)
    return (
        [lines[0] - first] * (first > 0) + lines + [lines[-1] + last] * (last > 0),
        first > 0,
        last > 0,
    )


def _run_on(run: NDArray[np.bool_], reach: int) -> float:
    """How far a ruling runs on without a break, from ``reach`` pixels before the line that it crosses."""
    broken = np.flatnonzero(~run[reach:])
    return float(broken[0] if broken.size else max(0, run.size - reach))


def _new_border(ends: list[tuple[float, bool]], apart: float, *, seen: bool) -> float:
    """How far off the outermost line another is, by how far rulings run on and whether they are sides; 0 for none."""
    sides = [end for end, side in ends if side]
    longest = max(end for end, _ in ends)
    # Rulings that run on end at the border; grain beyond their ends lets them run on by all lengths.
    if sum(_BETWEEN * longest < end <= (1 - _BETWEEN) * longest for end, _ in ends) > sum(
        end > (1 - _BETWEEN) * longest for end, _ in ends
    ):
        return 0.0
    if min(sides) > 1.5 * apart:
        return min(sides)
    far = [(end, side) for end, side in ends if end > 1.5 * apart]
    if not far or not seen:
        return 0.0
    place = float(np.median([end for end, _ in far]))
    alike = [side for end, side in far if abs(end - place) <= apart]
    alone = len(far) == 1 and (any(alike) or place >= _FAR * apart)
    return place if len(alike) > 1 or alone else 0.0


def cells_between(
    across: NDArray[np.float64],
    down: NDArray[np.float64],
    crossed: tuple[NDArray[np.float64], NDArray[np.float64]] | None = None,
) -> list[GridCell]:
    """Rectangles left by the inner edges.

    Args:
        across: how surely each inner horizontal edge stands, (rows - 1) x columns; 0.5 and more separates.
        down: the same for inner vertical edges, rows x (columns - 1).
        crossed: for all of these, whether print stands across; no cell is cut there that can be cut elsewhere.
    """
    rows, columns = down.shape[0], across.shape[1]
    joins = sorted(
        [
            (float(across[r, c]), (r, c), (r + 1, c))
            for r in range(rows - 1)
            for c in range(columns)
            if across[r, c] < 0.5
        ]
        + [(float(down[r, c]), (r, c), (r, c + 1)) for r in range(rows) for c in range(columns - 1) if down[r, c] < 0.5]
    )
    group = {(r, c): [(r, c)] for r in range(rows) for c in range(columns)}
    for _, a, b in joins:
        if group[a] is not group[b]:
            merged = group[a] + group[b]
            for slot in merged:
                group[slot] = merged
    cells: list[GridCell] = []
    if crossed is not None:
        across, down = across - crossed[0], down - crossed[1]
    for slot in sorted({min(g) for g in group.values()}):
        cells.extend(_rectangles(group[slot], across, down))
    return sorted(cells)


def _rectangles(slots: list[tuple[int, int]], across: NDArray[np.float64], down: NDArray[np.float64]) -> list[GridCell]:
    """One cell when the slots form a rectangle; else the set is cut along its best inked inner line until it does."""
    top, left = min(r for r, _ in slots), min(c for _, c in slots)
    bottom, right = max(r for r, _ in slots) + 1, max(c for _, c in slots) + 1
    if (bottom - top) * (right - left) == len(slots):
        return [GridCell(top, left, bottom - top, right - left)]
    inside = set(slots)
    cuts: list[tuple[float, int, int]] = []
    for r in range(top, bottom - 1):
        crossed = [c for c in range(left, right) if (r, c) in inside and (r + 1, c) in inside]
        cuts.append((float(np.mean([across[r, c] for c in crossed])) if crossed else 1.0, 0, r + 1))
    for c in range(left, right - 1):
        crossed = [r for r in range(top, bottom) if (r, c) in inside and (r, c + 1) in inside]
        cuts.append((float(np.mean([down[r, c] for r in crossed])) if crossed else 1.0, 1, c + 1))
    _, axis, at = max(cuts)
    parts = [[s for s in slots if s[axis] < at], [s for s in slots if s[axis] >= at]]
    return [cell for part in parts for piece in _connected(part) for cell in _rectangles(piece, across, down)]


def _connected(slots: list[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    left, pieces = set(slots), []
    while left:
        stack, piece = [left.pop()], []
        while stack:
            r, c = stack.pop()
            piece.append((r, c))
            for near in ((r + 1, c), (r - 1, c), (r, c + 1), (r, c - 1)):
                if near in left:
                    left.remove(near)
                    stack.append(near)
        pieces.append(piece)
    return pieces
