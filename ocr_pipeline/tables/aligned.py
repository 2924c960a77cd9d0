"""Tables without vertical rulings, or without any, found by the alignment of their print."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.document import Line, PageImage, Table
from ocr_pipeline.geometry import Box
from ocr_pipeline.tables.aligned_rows import aligned_cells
from ocr_pipeline.tables.cell_ink import PRINT_SHARE
from ocr_pipeline.tables.find import FoundTable
from ocr_pipeline.tables.flatten import Flattening
from ocr_pipeline.tables.gaps import column_lines, within_columns
from ocr_pipeline.tables.grid import Grid, GridCell
from ocr_pipeline.tables.ink import ink_map
from ocr_pipeline.tables.options import TableOptions
from ocr_pipeline.tables.ruled_rows import cells_by_rulings
from ocr_pipeline.tables.rulings import find_rulings
from ocr_pipeline.tables.words import Word, find_words, text_rows, usual_size

__all__ = ["find_aligned", "holds_figures"]

_GAP_EM = 1.0
"""Of white between words of two columns; Chinese words are set closer, even widely."""
_LEAST_WORDS = 3
_FIGURES = 0.25
"""Least share of a table's words that are figures: prose has some, too."""
_MOST_TEXT = 40.0
_FILLED = 0.7
"""Share of their width that lines of prose fill, however widely they are set, and lines of tables do not."""
_MIDDLE_EM = 2.5
"""How far from the middle of a table's print a caption may stand: the print need not reach to both sides alike."""
_HEADING = re.compile(r"^\s*[一二三四五六七八九十]{1,3}\s*、")


@dataclass(frozen=True, eq=False)
class _Seen:
    """A page's print and horizontal rulings."""

    words: list[Word]
    rulings: NDArray[np.uint8]
    em: float
    headings: list[Box]


def find_aligned(page: PageImage, lines: Sequence[Line], options: TableOptions | None = None) -> list[FoundTable]:
    """The tables of a page that has no ruled ones, top to bottom.

    Args:
        page: upright and straight, without ruled tables.
        lines: as read on the page.
        options: of the stage.
    """
    options = options or TableOptions()
    if not _in_columns(lines):
        return []
    seen = _see(page, lines, options)
    found = [_found(page, seen, area) for area in _areas(seen)]
    return [table for table in found if table is not None]


def _in_columns(lines: Sequence[Line]) -> bool:
    """Whether three lines or more stand side by side in two places at least: no page of text alone is looked at."""
    rows: list[list[Box]] = []
    for box in sorted((line.box for line in lines), key=lambda b: b.center[1]):
        if rows and box.center[1] - rows[-1][0].center[1] < 0.5 * min(box.height, rows[-1][0].height):
            rows[-1].append(box)
        else:
            rows.append([box])
    return sum(len(row) >= _LEAST_WORDS for row in rows) >= 2


def holds_figures(table: Table) -> bool:
    """Whether what was read from an aligned table is one: figures in two columns or two rows, and no long texts."""
    texts = [cell for cell in table.cells if cell.text.strip()]
    figures = [cell for cell in texts if cell.column > 0 or table.rows <= 4]
    figures = [cell for cell in figures if any(c.isdigit() for c in cell.text) and len(cell.text) <= 12]
    places = {cell.column for cell in figures}, {cell.row for cell in figures}
    if len(figures) < 3 or max(map(len, places)) < 2 or len(figures) < _FIGURES * len(texts):
        return False
    words = [len(cell.text) for cell in texts if cell not in figures]
    return not words or float(np.mean(words)) <= _MOST_TEXT


def _see(page: PageImage, lines: Sequence[Line], options: TableOptions) -> _Seen:
    ink = ink_map(page.gray, page.dpi)
    masks = find_rulings(ink, page.dpi, options)
    mask = ink.mask(PRINT_SHARE)
    em = usual_size(mask, page.dpi)
    wide = cv2.morphologyEx(masks.horizontal, cv2.MORPH_OPEN, np.ones((1, max(3, round(2.5 * em))), np.uint8))
    drawn = cv2.dilate(cv2.bitwise_or(wide, _tall(masks.vertical, em)), np.ones((5, 3), np.uint8))
    print_ = cv2.subtract(mask, drawn)
    headings = [line.box for line in lines if _HEADING.match(line.text)]
    return _Seen(find_words(np.asarray(print_, np.uint8), em, lines), np.asarray(wide, np.uint8), em, headings)


def _tall(vertical: NDArray[np.uint8], em: float) -> NDArray[np.uint8]:
    return np.asarray(cv2.morphologyEx(vertical, cv2.MORPH_OPEN, np.ones((max(3, round(2.5 * em)), 1), np.uint8)))


def _areas(seen: _Seen) -> list[list[list[Word]]]:
    """Runs of lines of print that may be a table: lines in three pieces or more, and what stands between them."""
    rows = text_rows(seen.words, seen.em)
    tabular = [_pieces(row, seen.em) >= _LEAST_WORDS for row in rows]
    runs: list[list[int]] = []
    for k in range(len(rows)):
        if not tabular[k]:
            continue
        if runs and _goes_on(rows[runs[-1][-1] : k + 1], seen):
            runs[-1].append(k)
        else:
            runs.append([k])
    stretches: list[tuple[int, int]] = []
    for run in runs:
        if len(run) < 2 or float(np.median([_filled(rows[k]) for k in run])) > _FILLED:
            continue
        first, last = run[0], run[-1]
        box = Box.union_of(w.box for row in rows[first : last + 1] for w in row)
        steps = [b[0].box.center[1] - a[0].box.center[1] for a, b in pairwise(rows[first : last + 1])]
        reach = max(2.2 * seen.em, 1.35 * float(np.percentile(steps, 75)))
        while first > 0 and _belongs(rows[first - 1], rows[first], box, reach, seen):
            first -= 1
        while last + 1 < len(rows) and _belongs(rows[last + 1], rows[last], box, reach, seen):
            last += 1
        if stretches and (first <= stretches[-1][1] or _ruled_on(rows[stretches[-1][1] : first + 1], seen)):
            # Both reach to the same lines or hang together by rulings, and no heading stands between: one table.
            first = stretches.pop()[0]
        stretches.append((first, last))
    return [rows[first : last + 1] for first, last in stretches]


def _ruled_on(rows: Sequence[Sequence[Word]], seen: _Seen) -> bool:
    """Whether rulings go on from one stretch to the next, with no heading and no prose between."""
    box = Box.union_of(w.box for row in (rows[0], rows[-1]) for w in row)
    between = rows[1:-1]
    if any(_is_heading(row, seen) or sum(w.box.width for w in row) > 0.6 * box.width for row in between):
        return False
    heights = [float(np.mean([w.box.center[1] for w in row])) for row in rows]
    sides = slice(max(0, round(box.left)), max(1, round(box.right)))
    profile = (seen.rulings[round(heights[0]) : round(heights[-1]) + 1, sides] > 0).sum(axis=1)
    return bool(np.any(profile >= 0.5 * box.width)) and heights[-1] - heights[0] < 8 * seen.em


def _pieces(row: Sequence[Word], em: float) -> int:
    return 1 + sum(b.box.left - a.box.right >= _GAP_EM * em for a, b in pairwise(row))


def _goes_on(rows: Sequence[Sequence[Word]], seen: _Seen) -> bool:
    """Whether a table goes on between two tabular lines.

    What stands between them is more of a label, short of the second column, or a caption in the middle; a heading or a
    paragraph between two tables is neither.
    """
    em = seen.em
    ends = [*rows[0], *rows[-1]]
    left, right = min(w.box.left for w in ends), max(w.box.right for w in ends)
    second = max(row[1].box.left for row in (rows[0], rows[-1]))
    for row in rows[1:-1]:
        start, stop = row[0].box.left, row[-1].box.right
        inside = start >= left - 2 * em and stop <= right + 2 * em
        label = stop <= second
        caption = abs((start + stop) / 2 - (left + right) / 2) < _MIDDLE_EM * em and stop - start < 0.5 * (right - left)
        caption = caption and not _is_heading(row, seen)
        if not inside or (_pieces(row, em) == 1 and not (label or caption)):
            return False
    steps = [b[0].box.top - a[0].box.bottom for a, b in pairwise(rows)]
    return max(steps, default=0.0) < 4 * em


def _belongs(row: Sequence[Word], neighbour: Sequence[Word], box: Box, reach: float, seen: _Seen) -> bool:
    """Whether a line next to a table is part of it: close, inside its sides, and in pieces or in its middle."""
    near = abs(row[0].box.center[1] - neighbour[0].box.center[1]) < reach
    inside = all(box.left - seen.em <= w.box.left and w.box.right <= box.right + seen.em for w in row)
    pieces = _pieces(row, seen.em)
    if not near or not inside or (pieces < _LEAST_WORDS and sum(w.box.width for w in row) > 0.6 * box.width):
        return False
    centre = (row[0].box.left + row[-1].box.right) / 2
    return pieces >= 2 or (abs(centre - box.center[0]) < _MIDDLE_EM * seen.em and not _is_heading(row, seen))


def _is_heading(row: Sequence[Word], seen: _Seen) -> bool:
    return any(box.share_inside(word.box.expanded(seen.em)) > 0.5 for word in row for box in seen.headings)


def _filled(row: Sequence[Word]) -> float:
    return sum(word.box.width for word in row) / max(1.0, row[-1].box.right - row[0].box.left)


def _found(page: PageImage, seen: _Seen, rows: list[list[Word]]) -> FoundTable | None:
    em = seen.em
    words = [word for row in rows for word in row]
    box = Box.union_of(word.box for word in words)
    ys = _ruling_heights(seen, box)
    if len(ys) >= 3:
        # What stands between rulings is the table, and nothing else is.
        words = [w for w in seen.words if ys[0] < w.box.center[1] < ys[-1]]
        rows = text_rows(words, em)
        box = Box.union_of(word.box for word in words)
    inner = column_lines(rows, em)
    if not inner:
        return None
    rows = [within_columns(row, inner) for row in rows]
    words = [word for row in rows for word in row]
    reach = _sides(seen, box, ys)
    xs = (min(reach[0], box.left - 0.3 * em), *inner, max(reach[1], box.right + 0.3 * em))
    centres = _centres(words, xs)
    if centres[0] is not None and centres[-1] is not None and not ys:
        # Nothing shows where the table ends; its outer columns are taken to be as wide on both sides of their print.
        xs = (min(xs[0], 2 * centres[0] - xs[1]), *inner, max(xs[-1], 2 * centres[-1] - xs[-2]))
    cells: Sequence[GridCell]
    if len(ys) >= 3:
        cells, edges = cells_by_rulings(words, ys, xs, centres, seen.rulings, em), tuple(ys)
    else:
        aligned = aligned_cells(rows, xs, centres, em)
        if aligned is None:
            return None
        cells, edges = aligned.cells, aligned.ys
    if any(b - a < 2 for a, b in pairwise(edges)) or len(cells) < 4:
        return None
    frame = Box(xs[0], edges[0], xs[-1], edges[-1])
    crop = frame.expanded(0.05 * page.dpi).clipped(page.width, page.height)
    left, top = round(crop.left), round(crop.top)
    grid = Grid(tuple(y - top for y in edges), tuple(x - left for x in xs), tuple(cells))
    flattening = Flattening(crop)
    gray = flattening.crop(page.gray)
    ruling: Literal["partial", "none"] = "partial" if len(ys) >= 3 else "none"
    return FoundTable(page.index, frame, flattening, gray, grid, page.dpi, guessed=True, ruling=ruling)


def _ruling_heights(seen: _Seen, box: Box) -> list[float]:
    """Heights of the rulings about a run of lines; a table has three at least, and print between its outermost."""
    sides = slice(max(0, round(box.left)), max(1, round(box.right)))
    profile = (seen.rulings[:, sides] > 0).sum(axis=1)
    near = np.zeros_like(profile)
    top, bottom = max(0, round(box.top - 2 * seen.em)), round(box.bottom + 2 * seen.em)
    near[top:bottom] = profile[top:bottom]
    drawn = np.flatnonzero(near >= 0.25 * box.width)
    if not drawn.size:
        return []
    groups = np.split(drawn, np.flatnonzero(np.diff(drawn) > max(2, 0.25 * seen.em)) + 1)
    ys = [float(np.average(g, weights=near[g])) for g in groups]
    covered = sum(ys[0] < w.box.center[1] < ys[-1] for w in seen.words if w.box.share_inside(box) > 0.5)
    most = sum(w.box.share_inside(box) > 0.5 for w in seen.words)
    return ys if covered >= 0.7 * most and len(ys) >= 3 else []


def _sides(seen: _Seen, box: Box, ys: Sequence[float]) -> tuple[float, float]:
    """Where the rulings of a table begin and end."""
    ends = []
    for y in ys:
        columns = np.flatnonzero((seen.rulings[max(0, round(y) - 3) : round(y) + 4] > 0).any(axis=0))
        if columns.size and columns[-1] - columns[0] > 0.5 * box.width:
            ends.append((float(columns[0]), float(columns[-1])))
    if not ends:
        return box.left, box.right
    return float(np.median([e[0] for e in ends])), float(np.median([e[1] for e in ends]))


def _centres(words: Sequence[Word], xs: Sequence[float]) -> list[float | None]:
    """Median middle of the words that stand in each column alone."""
    centres: list[float | None] = []
    for left, right in pairwise(xs):
        own = [w.box.center[0] for w in words if left <= w.box.left and w.box.right <= right]
        centres.append(float(np.median(own)) if own else None)
    return centres
