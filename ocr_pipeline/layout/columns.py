"""Reading order: columns found and put one after the other.

A simple case of the recursive XY-cut (Nagy and Seth, "Hierarchical representation of optically scanned documents",
ICPR 1984): boxes that cross the gutter cut the page into bands, and inside a band the left column comes first.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from itertools import pairwise

from ocr_pipeline.geometry import Box

__all__ = ["column_flows", "page_flows"]

_MIN_LINES = 5
"""Of a column; fewer lines beside each other are signatures, labels or the cells of a table."""
_MIN_BAND_LINES = 3
_MIN_WIDTH_EM = 8.0
_MIN_GUTTER_EM = 0.8
_FULL_SHARE = 0.5
"""Of the lines of prose reach the right edge of their column, a line that ends a paragraph after each of them."""
_MAX_CROSSING = 0.5
_MAX_DEPTH = 2
"""Two cuts make up to four columns beside each other; pages have no more."""
_SPREAD = 1.2
"""Width of a sheet against its height from which it may show two pages."""
_FOLD, _FOLD_EM = (0.4, 0.6), 2.5
"""Where the fold of two pages lies against the width of the sheet, and how broad their inner margins are at least."""
_MEASURE = 0.3
"""Width of the broadest line or table on each of the two pages, against that of the sheet."""


def page_flows(boxes: Sequence[Box], em: float, width: float, height: float) -> list[list[int]]:
    """The flows of a sheet: those of its left page before those of its right one, where it shows two pages.

    Args:
        boxes: lines of text and, as one box each, tables and figures.
        em: size of a body character in pixels, > 0.
        width: of the sheet in pixels.
        height: of the sheet in pixels.

    Returns:
        As ``column_flows`` does.
    """
    fold = _fold(boxes, em, width) if width >= _SPREAD * height else None
    if fold is None:
        return column_flows(boxes, em)
    pages = ([i for i, box in enumerate(boxes) if (box.left < fold) is left] for left in (True, False))
    return [[page[i] for i in flow] for page in pages for flow in column_flows([boxes[i] for i in page], em)]


def _fold(boxes: Sequence[Box], em: float, width: float) -> float | None:
    """The x of the fold between two pages, or None: nothing crosses it, and full lines or tables stand beside it."""
    by_side = sorted(boxes, key=lambda box: box.left)
    right = 0.0
    for before, box in pairwise(by_side):
        right = max(right, before.right)
        fold = (right + box.left) / 2
        if _FOLD[0] * width <= fold <= _FOLD[1] * width and box.left - right >= _FOLD_EM * em:
            sides = ([b for b in boxes if b.right <= fold], [b for b in boxes if b.left >= fold])
            if all(max(b.width for b in side) >= _MEASURE * width for side in sides):
                return fold
    return None


def column_flows(boxes: Sequence[Box], em: float) -> list[list[int]]:
    """Indices of the boxes, grouped into flows in reading order; inside a flow there is one column.

    Args:
        boxes: lines of text and, as one box each, tables and figures.
        em: size of a body character in pixels, > 0.

    Returns:
        Every index exactly once. Inside a flow from top to bottom, then left to right.
    """
    return _flows(boxes, sorted(range(len(boxes)), key=lambda i: _key(boxes[i])), em, 0)


def _key(box: Box) -> tuple[float, ...]:
    return (box.center[1], box.left, *box.as_tuple())


def _flows(boxes: Sequence[Box], indices: list[int], em: float, depth: int) -> list[list[int]]:
    gutter = _gutter([boxes[i] for i in indices], em) if depth < _MAX_DEPTH else None
    if gutter is None:
        return [indices] if indices else []
    flows: list[list[int]] = []
    single: list[int] = []
    for band, spanning in _bands(boxes, indices, gutter):
        left = [i for i in band if boxes[i].center[0] < gutter]
        right = [i for i in band if boxes[i].center[0] >= gutter]
        if min(len(left), len(right)) >= _MIN_BAND_LINES:
            flows += [single] if single else []
            single = []
            flows += _flows(boxes, left, em, depth + 1) + _flows(boxes, right, em, depth + 1)
        else:
            single += band
        single += spanning
    return flows + ([single] if single else [])


def _bands(boxes: Sequence[Box], indices: list[int], gutter: float) -> list[tuple[list[int], list[int]]]:
    """What stands beside the gutter between two boxes that cross it, and the boxes that cross it below."""
    bands: list[tuple[list[int], list[int]]] = [([], [])]
    for i in indices:
        crosses = boxes[i].left < gutter < boxes[i].right
        if crosses:
            bands[-1][1].append(i)
        else:
            if bands[-1][1]:
                bands.append(([], []))
            bands[-1][0].append(i)
    return bands


def _gutter(boxes: Sequence[Box], em: float) -> float | None:
    """The x at which two columns of prose part, or None for a single column."""
    if len(boxes) < 2 * _MIN_LINES:
        return None
    extent = Box.union_of(boxes)
    best: tuple[int, float, float] | None = None
    steps = range(int(0.2 * extent.width), int(0.8 * extent.width) + 1, max(1, int(em / 2)))
    for x in (extent.left + step for step in steps):
        crossing = sum(1 for box in boxes if box.left < x < box.right)
        rank = (crossing, abs(x - extent.center[0]), x)
        if best is None or rank < best:
            best = rank
    if best is None or best[0] > _MAX_CROSSING * len(boxes):
        return None
    x = best[2]
    left = [box for box in boxes if box.right <= x]
    right = [box for box in boxes if box.left >= x]
    return x if _are_columns(left, right, em) else None


def _are_columns(left: Sequence[Box], right: Sequence[Box], em: float) -> bool:
    """Prose fills its measure; the labels and figures of a table without rulings do not."""
    if min(len(left), len(right)) < _MIN_LINES:
        return False
    sides = (Box.union_of(left), Box.union_of(right))
    if sides[1].left - sides[0].right < _MIN_GUTTER_EM * em:
        return False
    if sides[0].overlap_y(sides[1]) < 0.5 * min(sides[0].height, sides[1].height):
        return False
    return all(_is_prose(boxes, side, em) for boxes, side in zip((left, right), sides, strict=True))


def _is_prose(boxes: Sequence[Box], side: Box, em: float) -> bool:
    if statistics.median(box.width for box in boxes) < _MIN_WIDTH_EM * em:
        return False
    full = sum(1 for box in boxes if box.right >= side.right - 2.5 * em)
    return full >= _FULL_SHARE * len(boxes)
