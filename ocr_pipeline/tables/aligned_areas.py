"""Where on a page a table without rulings may stand: lines of print in columns, and what the page network sees."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.document import Line
from ocr_pipeline.geometry import Box
from ocr_pipeline.tables.borders import SeenBorders
from ocr_pipeline.tables.words import Word, text_rows

__all__ = ["HEADING", "SeenPrint", "in_columns", "table_areas"]

_GAP_EM = 1.0
"""Of white between words of two columns; Chinese words are set closer, even widely."""
_LEAST_WORDS = 3
_FILLED = 0.7
"""Share of their width that lines of prose fill, however widely they are set, and lines of tables do not."""
_MIDDLE_EM = 2.5
"""How far from the middle of a table's print a caption may stand: the print need not reach to both sides alike."""
_IN_TABLE = 0.5
"""Mean of the network's map of tables (0..1) from which a line stands in one."""
_OUTSIDE, _AT_END = 0.1, 0.3
"""The same, below which it surely stands in none, and likely so at the head or foot of one."""
_SPREAD = 0.5
"""Share of their width that headers of several columns fill at most."""
_CLOSE = 1.25
"""Against the usual distance of a table's lines, that of a caption from those above and below it at most."""
HEADING = re.compile(r"^\s*[一二三四五六七八九十]{1,3}\s*、")


_Stretch = tuple[int, int]
"""First and last of the lines of print of a table."""


@dataclass(frozen=True, eq=False)
class SeenPrint:
    """A page's print and horizontal rulings; lines that may be headings, and those where every table ends."""

    words: list[Word]
    rulings: NDArray[np.uint8]
    em: float
    headings: list[Box]
    borders: SeenBorders
    ends: list[Box] = field(default_factory=list)


def in_columns(lines: Sequence[Line]) -> bool:
    """Whether three lines or more stand side by side in two places at least: no page of text alone is looked at."""
    rows: list[list[Box]] = []
    for box in sorted((line.box for line in lines), key=lambda b: b.center[1]):
        if rows and box.center[1] - rows[-1][0].center[1] < 0.5 * min(box.height, rows[-1][0].height):
            rows[-1].append(box)
        else:
            rows.append([box])
    return sum(len(row) >= _LEAST_WORDS for row in rows) >= 2


def table_areas(seen: SeenPrint) -> list[list[list[Word]]]:
    """Runs of lines of print that may be a table: lines in three pieces or more, and what stands between them."""
    rows = text_rows(seen.words, seen.em)
    stretches = _merged([*_aligned(rows, seen), *_in_maps(rows, seen)])
    areas = [area for first, last in stretches for area in _without_prose(rows[first : last + 1], seen)]
    return [_without_heading(area, seen) for area in areas]


def _without_prose(rows: list[list[Word]], seen: SeenPrint) -> list[list[list[Word]]]:
    """The lines in parts, without those that the network surely sees outside of the tables that it sees there.

    On faint copies lines of prose fall into pieces, and look like rows of the tables above and below them.
    """
    inside = [seen.borders.in_table(Box.union_of(w.box for w in row)) for row in rows]
    if sum(share >= _IN_TABLE for share in inside) < 2:
        return [rows]
    usual = float(np.median([_pitch(above, below) for above, below in pairwise(rows)]))
    for number in range(1, len(rows) - 1):
        if min(inside[number - 1], inside[number + 1]) >= _IN_TABLE and _is_caption(rows, number, usual, seen):
            inside[number] = max(inside[number], _IN_TABLE)
    parts: list[list[int]] = [[]]
    for number, share in enumerate(inside):
        if share >= _OUTSIDE and not _are_within(rows[number], seen.ends, seen.em):
            parts[-1].append(number)
        else:
            parts.append([])
    kept: list[list[list[Word]]] = []
    for part in parts:
        likely = [n for n in part if inside[n] >= _AT_END or _is_spread(rows[n], seen.em)] or part
        if len(likely) > 1:
            kept.append(rows[likely[0] : likely[-1] + 1])
    return kept


def _is_spread(row: Sequence[Word], em: float) -> bool:
    """Whether a line is in pieces with more room between them than they fill, as headers over several columns are."""
    return _pieces(row, em) > 1 and _filled(row) < _SPREAD


def _is_caption(rows: Sequence[Sequence[Word]], number: int, usual: float, seen: SeenPrint) -> bool:
    """Whether a line between two of a table is one more of its rows: as close to them as those are, and ruled as well.

    The network may take a caption across a table for a heading between two.
    """
    pairs = list(pairwise(rows[number - 1 : number + 2]))
    close = all(_pitch(*pair) <= _CLOSE * usual for pair in pairs)
    return close and all(_ruled_on(pair, seen) for pair in pairs) and not _is_heading(rows[number], seen)


def _pitch(above: Sequence[Word], below: Sequence[Word]) -> float:
    return below[0].box.center[1] - above[0].box.center[1]


def _without_heading(rows: list[list[Word]], seen: SeenPrint) -> list[list[Word]]:
    """The lines of a table from below the heading that it stands under."""
    within = [_are_within(row, seen.headings, seen.em) for row in rows]
    return rows[within.index(False) if False in within else 0 :]


def _are_within(row: Sequence[Word], headings: Sequence[Box], em: float) -> bool:
    boxes = [box.expanded(0.5 * em) for box in headings]
    return all(any(w.box.share_inside(box) > 0.5 for box in boxes) for w in row)


def _merged(stretches: Sequence[_Stretch]) -> list[_Stretch]:
    """Stretches that share lines as one, top to bottom."""
    merged: list[_Stretch] = []
    for first, last in sorted(stretches):
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return merged


def _in_maps(rows: Sequence[Sequence[Word]], seen: SeenPrint) -> list[_Stretch]:
    """Runs of lines that the network sees in a table, with two at least that have figures in columns."""
    if not seen.borders.known:
        return []
    stretches: list[_Stretch] = []
    above: Box | None = None
    for k, row in enumerate(rows):
        box = Box.union_of(w.box for w in row)
        if seen.borders.in_table(box) < _IN_TABLE:
            above = None
            continue
        between = (
            None
            if above is None
            else Box(box.left, min(above.bottom, box.top), box.right, max(above.bottom, box.top) + 1)
        )
        if between is not None and seen.borders.in_table(between) >= _IN_TABLE:
            stretches[-1] = (stretches[-1][0], k)
        else:
            stretches.append((k, k))
        above = box
    return [s for s in stretches if _tells(rows[s[0] : s[1] + 1], seen.em)]


def _tells(rows: Sequence[Sequence[Word]], em: float) -> bool:
    """Whether lines are in columns: two in two pieces, and figures among them."""
    parted = [row for row in rows if _pieces(row, em) >= _LEAST_WORDS - 1]
    return len(parted) >= 2 and any(sum(w.figure for w in row) >= 1 for row in parted)


def _aligned(rows: Sequence[Sequence[Word]], seen: SeenPrint) -> list[_Stretch]:
    """Runs of lines in three pieces or more, with what stands between them and belongs to them."""
    tabular = [_pieces(row, seen.em) >= _LEAST_WORDS for row in rows]
    runs: list[list[int]] = []
    for k in range(len(rows)):
        if not tabular[k]:
            continue
        if runs and _goes_on(rows[runs[-1][-1] : k + 1], seen):
            runs[-1].append(k)
        else:
            runs.append([k])
    stretches: list[_Stretch] = []
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
    return stretches


def _ruled_on(rows: Sequence[Sequence[Word]], seen: SeenPrint) -> bool:
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


def _goes_on(rows: Sequence[Sequence[Word]], seen: SeenPrint) -> bool:
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


def _belongs(row: Sequence[Word], neighbour: Sequence[Word], box: Box, reach: float, seen: SeenPrint) -> bool:
    """Whether a line next to a table is part of it: close, inside its sides, and in pieces or in its middle."""
    near = abs(row[0].box.center[1] - neighbour[0].box.center[1]) < reach
    inside = all(box.left - seen.em <= w.box.left and w.box.right <= box.right + seen.em for w in row)
    pieces = _pieces(row, seen.em)
    if not near or not inside or (pieces < _LEAST_WORDS and sum(w.box.width for w in row) > 0.6 * box.width):
        return False
    centre = (row[0].box.left + row[-1].box.right) / 2
    return pieces >= 2 or (abs(centre - box.center[0]) < _MIDDLE_EM * seen.em and not _is_heading(row, seen))


def _is_heading(row: Sequence[Word], seen: SeenPrint) -> bool:
    return any(box.share_inside(word.box.expanded(seen.em)) > 0.5 for word in row for box in seen.headings)


def _filled(row: Sequence[Word]) -> float:
    return sum(word.box.width for word in row) / max(1.0, row[-1].box.right - row[0].box.left)
