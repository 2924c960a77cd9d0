"""Rows whose ruling was lost throughout, told by their figures: several columns have theirs at the same heights.

The lines of label beside them are shared out so that figures stand where their labels do. Words above figures in the
same columns are a header. A label of several rows, left of that, stays one cell.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from ocr_pipeline.geometry import Box
from ocr_pipeline.tables.cell_task import CellTask, is_figure, is_number
from ocr_pipeline.tables.grid import GridCell
from ocr_pipeline.tables.label_lines import assign_lines

__all__ = ["NUMBERED", "RowCuts", "apart_cuts", "figure_cuts", "first_column"]

_LEVEL = 0.5
"""How far figures of one row are off each other's height, against the height of a line."""
_CHARACTER, _ROOM = 0.75, 1.5
"""Width of a character against the height of its line, and how many more a figure that did not wrap has room for."""
_ALIKE = 0.2
"""How much the widths of figures of as many digits differ."""
_SPECK, _OVERLAP = 0.3, 0.3
"""Height of what is no line of print, against the highest of its cell, and how far specks may make lines of two rows
overlap, against the height of a figure."""
_TOLD = 2
"""Columns that must have figures at one height, and leave room beside them."""
_LEADING, _SPREAD = 1.35, 2.0
"""Distance of two lines of one label against the height of one, and at most against that."""
_BEGINS, _GOES_ON = 0.9, 0.35
"""How surely a border runs above a line of label with a number, and above any other."""
_APART, _FEW = 0.3, 3
"""Room between a label and its figures, against their height, and how many more rows must have theirs side by side."""
_SELDOM = 4
"""A column has figures that has no less than so small a share of what the column with most has."""
_CLOSE, _PERCENT = 0.5, " %％"
"""White between two lines of one figure at most, against the height of a line, and what a figure may end with."""
NUMBERED = re.compile(r"\s*(?:\d{1,2}\s*[.．、]|[（(]?\s*[一二三四五六七八九十]{1,3}\s*[)）、.．])")
"""How the label of an item begins."""


@dataclass(frozen=True)
class RowCuts:
    """Heights at which a row is divided, and its cells that are; the others reach over all of it."""

    places: tuple[float, ...]
    cells: frozenset[GridCell]


@dataclass
class _Level:
    """Figures of several columns at one height."""

    boxes: list[Box] = field(default_factory=list)
    columns: set[int] = field(default_factory=set)

    @property
    def y(self) -> float:
        return float(np.mean([box.center[1] for box in self.boxes]))


def figure_cuts(ending: Sequence[CellTask], top: float, first: int) -> RowCuts | None:
    """Where a row is several; None where it is one, or nobody knows which labels belong to which figures.

    Args:
        ending: the cells that end with the row, read once, left to right.
        top: where the row begins; what stands above it, in a cell of several rows, is not looked at.
        first: the first column with figures of the table; none stand left of it.
    """
    lines = {id(task): [line for line in _high_lines(task) if line[0].center[1] > top] for task in ending}
    valued = [task for task in ending if task.cell.column >= first]
    lines.update({id(task): _unwrapped(lines[id(task)], task.ink.interior.width) for task in valued})
    figures = [(task, box) for task in valued for box, text in lines[id(task)] if is_figure(text)]
    if not figures:
        return None
    high = float(np.median([box.height for _, box in figures]))
    own = next((task for task in ending if task.cell.column + task.cell.column_span == first), None)
    label = [] if own is None else lines[id(own)]
    levels = _levels(figures, high)
    numbered = _numbered(label, levels)
    if numbered is None:
        levels = [level for level in levels if len(level.columns) >= _TOLD]
    above: list[Box] = []
    headed = 0
    for task in valued:
        words = [(box, text) for box, text in lines[id(task)] if _at(box, levels, high) is None]
        if any(is_figure(text) or (levels and box.center[1] > levels[0].y) for box, text in words):
            return None
        above += [box for box, _ in words]
        headed += bool(words)
    header = headed >= _TOLD and 2 * headed >= sum(bool(task.lines) for task in valued)
    if not levels or (above and not header) or (numbered is None and not _have_room(valued, levels, high)):
        return None
    if numbered is None and len(levels) + header < 2:
        return None
    if first > 0 and not label:
        return None
    blocks = _blocks(label, levels, high, header=header) if numbered is None or header else numbered
    if blocks is None:
        return None
    if header:
        blocks[0] += above
    places = []
    for upper, lower in pairwise(block for block in blocks if block):
        bottom, start = max(box.bottom for box in upper), min(box.top for box in lower)
        if bottom - start >= _OVERLAP * high:
            return None
        places.append((bottom + start) / 2)
    cut = [task.cell for task in valued if task.lines or task.cell.row_span == 1]
    return RowCuts(tuple(places), frozenset([*cut, *([own.cell] if own is not None else [])]))


def apart_cuts(rows: Sequence[Sequence[CellTask]], first: int) -> dict[int, RowCuts]:
    """The rows whose figures all stand above or all below their label, where few do: another row's label was lost.

    Args:
        rows: of each row of a table, the cells that end with it.
        first: the first column with figures.
    """
    found: dict[int, RowCuts] = {}
    level = 0
    for row, ending in enumerate(rows):
        own = next((t for t in ending if t.cell.column + t.cell.column_span == first and t.cell.row_span == 1), None)
        valued = [t for t in ending if t.cell.column >= first and t.cell.row_span == 1]
        figures = [box for t in valued for box, text in _lines(t) if is_figure(text)]
        if own is None or not own.lines or not figures or any(not is_figure(t.text) for t in valued if t.lines):
            continue
        ends = [(min(b.top for b in boxes), max(b.bottom for b in boxes)) for boxes in (own.lines, figures)]
        (_, bottom), (top, _) = sorted(ends)
        if top - bottom > _APART * float(np.median([box.height for box in figures])):
            cells = frozenset(task.cell for task in (own, *valued))
            found[row] = RowCuts(((bottom + top) / 2,), cells)
        else:
            level += 1
    return found if len(found) * _FEW <= level else {}


def first_column(tasks: Sequence[CellTask]) -> int:
    """The first column of a table that holds figures; those that a label ends with are none."""
    columns = [t.cell.column for t in tasks if t.lines and is_number(t.text)]
    most = max((columns.count(column) for column in set(columns)), default=0)
    return min((column for column in columns if columns.count(column) * _SELDOM >= most), default=0)


def _numbered(label: Sequence[tuple[Box, str]], levels: Sequence[_Level]) -> list[list[Box]] | None:
    """The lines of a label by the numbers that they begin with, each with the figures beside it; None for one label."""
    starts = [k for k, (_, text) in enumerate(label) if NUMBERED.match(text)]
    if len(starts) < _TOLD or starts[0] > 0:
        return None
    parts = [[box for box, _ in label[a:z]] for a, z in pairwise([*starts, len(label)])]
    blocks = [list(part) for part in parts]
    for level in levels:
        near = [k for k, part in enumerate(parts) if part[0].top <= level.y <= part[-1].bottom]
        if len(near) != 1 or len(blocks[near[0]]) > len(parts[near[0]]):
            return None
        blocks[near[0]] += level.boxes
    return blocks


def _blocks(
    label: Sequence[tuple[Box, str]], levels: Sequence[_Level], high: float, *, header: bool
) -> list[list[Box]] | None:
    """What stands above the rows, and each row's figures and lines of label; None where nobody knows."""
    parts = _shared(label, [level.y for level in levels], high, header=header) if label else [[] for _ in (0, *levels)]
    if parts is None:
        return None
    return [parts[0], *([*part, *level.boxes] for part, level in zip(parts[1:], levels, strict=True))]


def _lines(task: CellTask) -> list[tuple[Box, str]]:
    """The lines of a cell with what was read of each, or of all of them together."""
    texts = task.texts if len(task.texts) == len(task.lines) else [task.text] * len(task.lines)
    return list(zip(task.lines, texts, strict=True))


def _high_lines(task: CellTask) -> list[tuple[Box, str]]:
    """The same without specks, which are no lines of print."""
    high = max((line.height for line in task.lines), default=0.0)
    return [(box, text) for box, text in _lines(task) if box.height >= _SPECK * high]


def _unwrapped(lines: Sequence[tuple[Box, str]], width: float) -> list[tuple[Box, str]]:
    """The same with figures that fill their cell, and what stands right below them, as one line: they wrapped."""
    whole: list[tuple[Box, str]] = []
    full = False
    for box, text in lines:
        joined = full and is_figure(text.strip(_PERCENT))
        if joined and box.top - whole[-1][0].bottom <= _CLOSE * box.height:
            above, before = whole.pop()
            whole.append((Box.union_of((above, box)), before + text.strip(_PERCENT)))
        else:
            whole.append((box, text))
        full = is_figure(text) and width - box.width <= _ROOM * _CHARACTER * box.height
    return whole


def _levels(figures: Sequence[tuple[CellTask, Box]], high: float) -> list[_Level]:
    """Figures at one height together, top to bottom."""
    levels: list[_Level] = []
    for task, box in sorted(figures, key=lambda pair: pair[1].center[1]):
        if not levels or box.center[1] - levels[-1].boxes[0].center[1] > _LEVEL * high:
            levels.append(_Level())
        levels[-1].boxes.append(box)
        levels[-1].columns.add(task.cell.column)
    return levels


def _at(box: Box, levels: Sequence[_Level], high: float) -> int | None:
    """Which level a line stands on."""
    return next((k for k, level in enumerate(levels) if abs(box.center[1] - level.y) <= _LEVEL * high), None)


def _have_room(valued: Sequence[CellTask], levels: Sequence[_Level], high: float) -> bool:
    """Whether figures stand above others that would have had room beside them, so that none of them wrapped."""
    if _as_many_fit(valued):
        return False
    for level in range(len(levels) - 1):
        loose = 0
        for task in valued:
            on = {_at(box, levels, high): box for box in task.lines}
            upper = on.get(level)
            room = 0.0 if upper is None else task.ink.interior.width - upper.width
            loose += level + 1 in on and room > _ROOM * _CHARACTER * high
        if loose < _TOLD:
            return False
    return True


def _as_many_fit(valued: Sequence[CellTask]) -> bool:
    """Whether just so many digits fit into a line: all longer figures go on in a second line, and none but those do."""
    figures = [task.lines for task in valued if task.lines and is_number(task.text)]
    alone = max((lines[0].width for lines in figures if len(lines) == 1), default=0.0)
    wrapped = [lines for lines in figures if len(lines) > 1]
    return len(wrapped) >= _TOLD and all(
        len(lines) == 2 and abs(lines[0].width - alone) <= _ALIKE * alone and lines[1].width <= (1 + _ALIKE) * alone
        for lines in wrapped
    )


def _shared(
    label: Sequence[tuple[Box, str]], heights: Sequence[float], high: float, *, header: bool
) -> list[list[Box]] | None:
    """What stands above the rows, and each row's lines of a label; None where one has none or more are left."""
    boxes = [box for box, _ in label]
    borders = [_BEGINS if NUMBERED.match(text) else _GOES_ON for _, text in label[1:]]
    leading = _LEADING * float(np.median([box.height for box in boxes])) if boxes else high
    rows, _ = assign_lines([box.center[1] for box in boxes], heights, borders, leading)
    matched = [which for _, which in rows if which is not None]
    blank = len(rows) - len(matched)
    if matched != list(range(len(heights))) or any(which is None for _, which in rows[blank:]):
        return None
    if (blank and not header) or any(start == stop for (start, stop), _ in rows):
        return None
    within = [below.center[1] - above.center[1] for (a, z), _ in rows for above, below in pairwise(boxes[a:z])]
    if max(within, default=0.0) > _SPREAD * leading:
        return None
    before = [boxes[k] for (start, stop), which in rows if which is None for k in range(start, stop)]
    return [before, *([boxes[k] for k in range(*span)] for span, which in rows if which is not None)]
