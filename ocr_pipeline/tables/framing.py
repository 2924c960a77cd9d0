"""Sides of a table that are not printed: its level rulings all end at one place there.

Without its sides, rows of captions hang together with nothing, and a table falls apart between them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.geometry import Box
from ocr_pipeline.tables.rulings import RulingMasks

__all__ = ["with_sides"]

_LONG, _GAP = 1.5, 0.3
"""Shortest level ruling that is looked at and longest gap in one, in inches."""
_LEVEL, _SAME_END = 0.02, 0.05
"""How far pieces of one ruling are off each other's height, and how far off each other rulings end, in inches."""
_LEAST = 3
"""Rulings that must end at one place."""
_THERE = 0.5
"""Share of a row along which a side must stand to be there."""
_NO_TRACE = 0.15
"""Share up to which only the ends of the rulings above and below reach into it."""
_HIGHEST, _HIGHER = 2.0, 1.25
"""Height of a row in inches at most, and of one that neither side shows, against the usual row."""
_INSIDE = 0.5
"""Share of a table that must lie among the rulings it is to be closed with."""
_CLEAR, _TOGETHER = 0.03, 2
"""How far off a level ruling upright ones begin that do not begin there, in inches, and how many must."""
_DARK = 255


@dataclass(frozen=True)
class _Level:
    """One level ruling with its ends, page pixels."""

    y: float
    left: float
    right: float


def with_sides(masks: RulingMasks, dpi: float, tables: Sequence[Box]) -> RulingMasks:
    """The masks with the left and right sides of tables drawn where rulings end that nothing upright closes.

    Args:
        masks: of an upright and straight page.
        dpi: its resolution.
        tables: what was found without such sides, pieces of tables among it; nothing is drawn elsewhere, since tables
            without upright rulings are found by their print, and strokes of it would make columns of them.
    """
    if not tables:
        return masks
    drawn: NDArray[np.uint8] = np.zeros_like(masks.vertical)
    for stack in _stacks(_levels(masks.horizontal, dpi), dpi):
        box = Box(stack[0].left, stack[0].y, stack[0].right, stack[-1].y)
        if any(table.share_inside(box) >= _INSIDE for table in tables):
            _draw(drawn, stack, masks.vertical, dpi)
    if not drawn.any():
        return masks
    depth = None if masks.depth is None else cv2.max(masks.depth, drawn)
    return replace(
        masks, vertical=cv2.bitwise_or(masks.vertical, drawn), ink=cv2.bitwise_or(masks.ink, drawn), depth=depth
    )


def _levels(horizontal: NDArray[np.uint8], dpi: float) -> list[_Level]:
    """Long level rulings, top to bottom, those broken by gaps as one."""
    stats = cv2.connectedComponentsWithStats(horizontal, connectivity=8)[2][1:]
    found: list[_Level] = []
    for left, top, width, height, _ in sorted(stats.tolist()):
        y = top + height / 2
        same = next(
            (k for k, o in enumerate(found) if abs(o.y - y) <= _LEVEL * dpi and 0 <= left - o.right <= _GAP * dpi), None
        )
        if same is None:
            found.append(_Level(y, left, left + width))
        else:
            found[same] = _Level(found[same].y, found[same].left, left + width)
    return sorted((line for line in found if line.right - line.left >= _LONG * dpi), key=lambda line: line.y)


def _stacks(lines: Sequence[_Level], dpi: float) -> list[list[_Level]]:
    """Runs of rulings that begin and end at one place, one above the other."""
    stacks: list[list[_Level]] = []
    for line in lines:
        for stack in stacks:
            above = stack[-1]
            near = abs(above.left - line.left) <= _SAME_END * dpi and abs(above.right - line.right) <= _SAME_END * dpi
            if near and line.y - above.y <= _HIGHEST * dpi:
                stack.append(line)
                break
        else:
            stacks.append([line])
    return [stack for stack in stacks if len(stack) >= _LEAST]


def _usual(stack: Sequence[_Level]) -> float:
    """Usual height of a row."""
    return float(np.median([below.y - above.y for above, below in pairwise(stack)]))


def _draw(drawn: NDArray[np.uint8], stack: Sequence[_Level], vertical: NDArray[np.uint8], dpi: float) -> None:
    """Draw the sides of a stack where they are missing; rows that no side closes must be as low as the others."""
    usual = _usual(stack)
    bands = list(pairwise(stack))
    ends = [[(above.left, below.left), (above.right - 1, below.right - 1)] for above, below in bands]
    shares = [
        [_side_share(vertical, side, (above.y, below.y), dpi) for side in sides]
        for (above, below), sides in zip(bands, ends, strict=True)
    ]
    for n, ((above, below), sides) in enumerate(zip(bands, ends, strict=True)):
        there = [share >= _THERE for share in shares[n]]
        if all(there) or (not any(there) and below.y - above.y > _HIGHER * usual):
            continue
        if max(shares[n]) <= _NO_TRACE and _is_between_closed(shares, n):
            continue
        if not any(there) and _parts_tables(vertical, above, below, dpi):
            continue
        for (top, bottom), stands in zip(sides, there, strict=True):
            if not stands:
                cv2.line(drawn, (round(top), round(above.y)), (round(bottom), round(below.y)), (_DARK,), 3)


def _parts_tables(vertical: NDArray[np.uint8], above: _Level, below: _Level, dpi: float) -> bool:
    """Whether upright rulings begin or end together between two level ones: there one table ends, or another begins."""
    reach, least = round(_SAME_END * dpi), round(_CLEAR * dpi)
    left, right = round(max(above.left, below.left)) + reach, round(min(above.right, below.right)) - reach
    band = vertical[round(above.y) + least // 2 : round(below.y) - least // 2, left:right] > 0
    if band.size == 0 or not band.any():
        return False
    inked = np.flatnonzero(band.any(axis=1))
    pieces = int(np.count_nonzero(np.diff(np.append(0, band.any(axis=0).astype(np.int8))) == 1))
    ends = inked[0] >= least, inked[-1] < len(band) - least
    return pieces >= _TOGETHER and ends[0] != ends[1]


def _is_between_closed(shares: Sequence[Sequence[float]], band: int) -> bool:
    """Whether the rows above and below a band have both of their sides: without a trace of any, it parts two tables."""
    return 0 < band < len(shares) - 1 and all(min(shares[n]) >= _THERE for n in (band - 1, band + 1))


def _side_share(vertical: NDArray[np.uint8], ends: tuple[float, float], rows: tuple[float, float], dpi: float) -> float:
    """Share (0..1) of a row along which an upright ruling runs between two ends."""
    reach = _SAME_END * dpi
    left, right = max(0, round(min(ends) - reach)), round(max(ends) + reach) + 1
    band = vertical[round(rows[0]) : round(rows[1]), left:right]
    return float((band > 0).any(axis=1).mean()) if band.size else 0.0
