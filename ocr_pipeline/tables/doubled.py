"""Doubled rulings, and the rulings of cells that stand apart from each other, made one thick ruling.

Browsers and word processors draw double lines, and by default each cell of a web page's table has a frame of its own.
What then separates two cells is a pair of rulings with a corridor of paper between them. Grids count that pair once,
but its inner line would be left standing in the cell, beside the figure, and frames with gaps between them do not look
like rulings at all.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.tables.cell_ink import PRINT_SHARE
from ocr_pipeline.tables.ink import ink_map

__all__ = ["join_doubled"]

_WIDEST = 0.045
"""Widest corridor, in inches: 1/48 inch is usual between the cells of a web page, a point and a half between lines."""
_SHORTEST = 0.6
"""Shortest corridor, in inches. A line of print close above a ruling leaves paper between them for as long, but never
of one breadth."""
_PIECE = 0.1
"""Shortest piece of it from one crossing corridor to the next, in inches; between strokes of print there is less."""
_THICKEST = 0.03
"""Thickest ruling, in inches."""
_BETWEEN = 0.6
"""Share of a corridor with ink on both sides; the rest is where other corridors cross."""
_BOUNDED = 0.85
"""Share of that along which it is at the usual distance, to a pixel."""
_BESIDE = 0.45
"""Share of that behind which there may be print that stands close to the ruling, or else is all of it."""


def join_doubled(gray: NDArray[np.uint8], dpi: float) -> NDArray[np.uint8]:
    """The page with the corridors between doubled rulings filled with ink; the same array where there are none.

    Args:
        gray: height x width, uint8, dark on light, upright and straight.
        dpi: resolution.
    """
    ink = ink_map(gray, dpi).mask(PRINT_SHARE)
    level = _corridors(ink, dpi)
    upright = cv2.transpose(_corridors(cv2.transpose(ink), dpi))
    corridors = cv2.bitwise_or(level, upright)
    if not corridors.any():
        return gray
    # A pixel more on each side, for what a ruling that is not quite straight leaves open.
    corridors = cv2.dilate(corridors, np.ones((3, 3), np.uint8))
    reach = round(_WIDEST * dpi) | 1
    joined: NDArray[np.uint8] = np.where(corridors > 0, cv2.erode(gray, np.ones((reach, reach), np.uint8)), gray)
    return joined


def _corridors(ink: NDArray[np.uint8], dpi: float) -> NDArray[np.uint8]:
    """Level corridors (0/255) of paper between two rulings, across the corridors that cross them."""
    # All kernels are odd; even ones would move what they leave by a pixel.
    thickest = max(2, round(_THICKEST * dpi))
    broader = max(3, round(_WIDEST * dpi) + 1) | 1
    paper = cv2.bitwise_not(ink)
    broad = cv2.morphologyEx(paper, cv2.MORPH_OPEN, np.ones((broader, 1), np.uint8))
    piece = np.ones((1, round(_PIECE * dpi) | 1), np.uint8)
    narrow = cv2.morphologyEx(cv2.subtract(paper, broad), cv2.MORPH_OPEN, piece)
    if not narrow.any():
        return np.zeros_like(ink)
    # Where corridors cross, paper reaches on upwards and downwards.
    bridged = cv2.morphologyEx(narrow, cv2.MORPH_CLOSE, np.ones((1, broader + 2), np.uint8))
    found = np.zeros_like(ink)
    for outline in cv2.findContours(bridged, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]:
        left, top, width, height = cv2.boundingRect(outline)
        if width >= _SHORTEST * dpi:
            first = max(0, top - broader - thickest)
            around = (slice(first, top + height + broader + thickest), slice(left, left + width))
            own = bridged[around] > 0
            own[: top - first] = own[top - first + height :] = False
            _fill(found[around], own, ink[around] > 0, thickest)
    return found


def _fill(found: NDArray[np.uint8], own: NDArray[np.bool_], ink: NDArray[np.bool_], thickest: int) -> None:
    """Mark a corridor in ``found`` if two rulings bound it: thin ink at one distance above and below, throughout.

    Args:
        found: k x n, 0/255; changed.
        own: the same size, what of the corridor is surely paper, in each of the n columns.
        ink: the same size.
        thickest: pixels that a ruling may be thick; print goes on upwards or downwards here or there.
    """
    rows = np.arange(len(own))[:, None]
    top, bottom = own.argmax(axis=0), len(own) - 1 - own[::-1].argmax(axis=0)
    upper = np.where(ink & (rows < top), rows, -len(own)).max(axis=0)
    lower = np.where(ink & (rows > bottom), rows, 2 * len(own)).min(axis=0)
    middle = (top + bottom) / 2
    above, below = np.rint(middle - upper), np.rint(lower - middle)
    between = (above < len(own)) & (below < len(own))  # and not where another corridor crosses
    if between.mean() < _BETWEEN:
        return
    usual = np.median(above[between]), np.median(below[between])
    straight = between & (np.abs(above - usual[0]) <= 1) & (np.abs(below - usual[1]) <= 1)
    thick = [np.count_nonzero(straight & _inked(ink, rows)) for rows in (upper - thickest, lower + thickest)]
    whole = np.count_nonzero(straight)
    if whole < _BOUNDED * np.count_nonzero(between) or max(thick) > _BESIDE * whole:
        return
    # Where another corridor crosses, this one is as broad as elsewhere.
    upper = np.where(straight, upper, middle - usual[0])
    lower = np.where(straight, lower, middle + usual[1])
    found[(rows > upper) & (rows < lower)] = 255


def _inked(ink: NDArray[np.bool_], rows: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether there is ink in a row of each column; what lies outside is paper."""
    inside = (rows >= 0) & (rows < len(ink))
    return np.asarray(inside & ink[rows.clip(0, len(ink) - 1), np.arange(ink.shape[1])])
