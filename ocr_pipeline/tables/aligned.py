"""Tables without vertical rulings, or without any, found by the alignment of their print."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise, takewhile
from typing import Literal

import cv2
import numpy as np

from ocr_pipeline.document import Line, PageImage, Table
from ocr_pipeline.geometry import Box
from ocr_pipeline.page_net import PageMaps
from ocr_pipeline.tables.aligned_areas import HEADING, SeenPrint, in_columns, table_areas
from ocr_pipeline.tables.aligned_rows import aligned_cells
from ocr_pipeline.tables.aligned_rulings import level_rulings, upright_rulings
from ocr_pipeline.tables.borders import SeenBorders
from ocr_pipeline.tables.cell_ink import PRINT_SHARE
from ocr_pipeline.tables.find import FoundTable
from ocr_pipeline.tables.flatten import Flattening
from ocr_pipeline.tables.gaps import column_lines, with_centred, within_columns
from ocr_pipeline.tables.grid import Grid
from ocr_pipeline.tables.ink import ink_map
from ocr_pipeline.tables.options import TableOptions
from ocr_pipeline.tables.ruled_rows import NEAR_EM, LevelRulings
from ocr_pipeline.tables.rulings import find_rulings
from ocr_pipeline.tables.stamped import without_stamped
from ocr_pipeline.tables.words import Word, find_words, text_rows, usual_size

__all__ = ["find_aligned", "holds_figures"]

_FIGURES, _FIGURES_SEEN = 0.25, 0.1
"""Least share of a table's words that are figures: prose has some, too; and where the network surely sees a table."""
_MOST_TEXT = 40.0
_FIGURE = re.compile(r"\d|^[\s/／—–-]+$")
"""A figure, or a mark for none."""
_IN_TABLE, _LEAST_LINES = 0.5, 4
"""Mean of the network's map of tables (0..1) from which a line stands in one, and how many must."""
_SURELY, _ROOM_EM = 0.9, 0.35
"""The same of a row beyond the outermost rulings, and white above and below it, against the size of its type."""
_IN_AREA, _LEAST_WRITTEN = 0.5, 3
"""Share of a line that is in an area, and lines that the area of a table has at least."""
_MARGIN_EM = 2.5
"""Room left of a table's print at most."""
_LEAST_CELLS = 4
"""A ruled table of fewer cells may be a piece of one whose upright rulings are not printed."""
_BESIDE_INCHES = 0.03
"""Around another table: the ink of its frame."""


def find_aligned(
    page: PageImage,
    lines: Sequence[Line],
    options: TableOptions | None = None,
    *,
    maps: PageMaps | None = None,
    beside: Sequence[FoundTable] = (),
    headings: Sequence[Box] = (),
) -> list[FoundTable]:
    """The tables of a page that have no vertical rulings, top to bottom.

    Args:
        page: upright and straight.
        lines: as read on the page, without those of the tables found before.
        options: of the stage.
        maps: what the page network sees of the page.
        beside: the tables found before; nothing is looked for there, but for those of a few cells, which may be pieces
            of tables whose upright rulings are not printed.
        headings: lines that surely are headings; no table goes on over one.
    """
    options = options or TableOptions()
    borders = SeenBorders(maps)
    if not (in_columns(lines) or _shows_table(lines, borders)):
        return []
    others = [table.box for table in beside if len(table.grid.cells) >= _LEAST_CELLS]
    seen = _see(page, lines, options, borders, others)
    areas = table_areas(replace(seen, ends=list(headings)))
    found = [_found(page, seen, area) for area in areas if _is_written(area, lines)]
    return [table for table in found if table is not None]


def _shows_table(lines: Sequence[Line], borders: SeenBorders) -> bool:
    """Whether the network sees some lines of print in a table."""
    if not borders.known:
        return False
    return sum(borders.in_table(line.box) >= _IN_TABLE for line in lines) >= _LEAST_LINES


def _is_written(area: Sequence[Sequence[Word]], lines: Sequence[Line]) -> bool:
    """Whether there are lines of text in an area, and not the light and shade of a picture alone."""
    box = Box.union_of(word.box for row in area for word in row)
    return sum(line.box.share_inside(box) >= _IN_AREA for line in lines) >= _LEAST_WRITTEN


def holds_figures(table: Table, *, seen: bool = False) -> bool:
    """Whether what was read from an aligned table is one: figures in two columns or two rows, and no long texts.

    Args:
        table: as read.
        seen: the network surely sees a table in its place.
    """
    texts = [cell for cell in table.cells if cell.text.strip()]
    figures = [cell for cell in texts if cell.column > 0 or table.rows <= 4]
    figures = [cell for cell in figures if _FIGURE.search(cell.text) and len(cell.text) <= 12]
    places = {cell.column for cell in figures}, {cell.row for cell in figures}
    least = _FIGURES_SEEN if seen else _FIGURES
    if len(figures) < 3 or max(map(len, places)) < 2 or len(figures) < least * len(texts):
        return False
    words = [len(cell.text) for cell in texts if cell not in figures]
    return not words or float(np.mean(words)) <= _MOST_TEXT


def _see(
    page: PageImage, lines: Sequence[Line], options: TableOptions, borders: SeenBorders, beside: Sequence[Box]
) -> SeenPrint:
    ink = ink_map(page.gray, page.dpi)
    masks = find_rulings(ink, page.dpi, options)
    mask = without_stamped(ink.mask(PRINT_SHARE), ink, page)
    em = usual_size(mask, page.dpi, lines)
    wide = level_rulings(masks, mask, em)
    drawn = cv2.dilate(cv2.bitwise_or(wide, upright_rulings(masks, mask, em)), np.ones((5, 3), np.uint8))
    print_ = cv2.subtract(mask, drawn)
    for box in beside:
        print_[box.expanded(_BESIDE_INCHES * page.dpi).clipped(page.width, page.height).slices()] = 0
    headings = [line.box for line in lines if HEADING.match(line.text)]
    return SeenPrint(find_words(np.asarray(print_, np.uint8), em, lines, borders), wide, em, headings, borders)


def _found(page: PageImage, seen: SeenPrint, rows: list[list[Word]]) -> FoundTable | None:
    em = seen.em
    words = [word for row in rows for word in row]
    box = Box.union_of(word.box for word in words)
    ys = _ruling_heights(seen, box)
    if len(ys) >= 3:
        # What stands between rulings is the table, and what the network surely sees in one with it; nothing else is.
        ys = _with_outer_rows(rows, ys, seen)
        words = [w for w in seen.words if ys[0] < w.box.center[1] < ys[-1]]
        rows = text_rows(words, em)
        box = Box.union_of(word.box for word in words)
    inner = column_lines(rows, em, seen.borders)
    if not inner:
        return None
    for again in (True, False):
        rows = [within_columns(row, inner) for row in rows]
        words = [word for row in rows for word in row]
        reach = _sides(seen, box, ys)
        xs = (min(reach[0], box.left - 0.3 * em), *inner, max(reach[1], box.right + 0.3 * em))
        centres = _centres(words, xs)
        if centres[0] is not None and centres[-1] is not None and not ys:
            # Nothing shows where the table ends: its outer columns may be as wide on both sides of their print.
            left = max(2 * centres[0] - xs[1], xs[0] - _MARGIN_EM * em)
            xs = (min(xs[0], left), *inner, max(xs[-1], 2 * centres[-1] - xs[-2]))
        further = with_centred(inner, rows, (xs[0], xs[-1]), em) if again else inner
        if len(further) == len(inner):
            break
        inner = further
    borders = seen.borders.ruled(seen.rulings) if len(ys) >= 3 and _all_ruled(rows, ys) else seen.borders
    rulings = LevelRulings(seen.rulings, tuple(ys)) if len(ys) >= 3 else None
    aligned = aligned_cells(rows, xs, centres, em, borders, rulings)
    if aligned is None:
        return None
    cells, edges = aligned.cells, _on_rulings(aligned.ys, ys, em)
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


def _all_ruled(rows: Sequence[Sequence[Word]], ys: Sequence[float]) -> bool:
    """Whether no two lines of figures stand between the same rulings: edges of coloured rows are rulings, too."""
    heights = [row[0].box.center[1] for row in rows if sum(w.figure for w in row) >= max(1, 0.5 * (len(row) - 1))]
    bands = [sum(y <= height for y in ys) for height in heights]
    return len(set(bands)) == len(bands)


def _on_rulings(edges: Sequence[float], ys: Sequence[float], em: float) -> tuple[float, ...]:
    """Row edges on the rulings next to them, where there are some."""
    if len(ys) < 3:
        return tuple(edges)
    moved = [min(ys, key=lambda y: abs(y - edge)) for edge in edges[1:-1]]
    inner = [y if abs(y - edge) < NEAR_EM * em else edge for y, edge in zip(moved, edges[1:-1], strict=True)]
    snapped = (ys[0], *inner, ys[-1])
    return snapped if all(b - a >= 2 for a, b in pairwise(snapped)) else tuple(edges)


def _ruling_heights(seen: SeenPrint, box: Box) -> list[float]:
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


def _with_outer_rows(rows: Sequence[Sequence[Word]], ys: Sequence[float], seen: SeenPrint) -> list[float]:
    """The heights of rulings, and of the ends of rows beyond them: edges of fills need not be where a table ends."""
    boxes = [Box.union_of(word.box for word in row) for row in rows]
    room = _ROOM_EM * seen.em

    def going_on(outer: Iterable[Box]) -> list[Box]:
        return list(takewhile(lambda box: seen.borders.in_table(box) >= _SURELY, outer))

    above = going_on(box for box in reversed(boxes) if box.center[1] < ys[0])
    below = going_on(box for box in boxes if box.center[1] > ys[-1])
    return [*(box.top - room for box in above[-1:]), *ys, *(box.bottom + room for box in below[-1:])]


def _sides(seen: SeenPrint, box: Box, ys: Sequence[float]) -> tuple[float, float]:
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
    """Median middle of the words that stand in each column alone; headers stand in the middle where figures may not."""
    centres: list[float | None] = []
    for left, right in pairwise(xs):
        alone = [w for w in words if left <= w.box.left and w.box.right <= right]
        own = [w.box.center[0] for w in alone if not w.figure] or [w.box.center[0] for w in alone]
        centres.append(float(np.median(own)) if own else None)
    return centres
