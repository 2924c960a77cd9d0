"""How far the print of a line reaches, to the pixel: a text detector's boxes are wider than it on all sides."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.geometry import Box

__all__ = ["line_extent"]

_SAMPLE = 3
"""Every how many-th pixel, each way, tells how dark print and paper are."""
_LINE_GAP = 0.1
"""White inside a line of print, as a share of its box's height; between two lines there is more."""
_SPECK_INCHES = 0.02
"""Side of the largest speck of dirt beside a line; full stops are larger."""
_APART = 1.0
"""How far from a line dirt stands, as a multiple of the height of the line's box."""
_FEW = 0.01
"""Share of the width of a line that the ink of a row of pixels takes at least; specks on a fax take less."""
_CLEAR = 0.5
"""Share of a line's width that has to be outside of seals to tell how high it is."""
_LEAN, _LEANS = 0.05, 21
"""Steepest lean of a line, as a rise to its run, and how many are tried from one side to the other."""
_LEAST_DEPTH = 16.0
"""Of 255; less is the grain of the paper."""


def line_extent(box: Box, gray: NDArray[np.uint8], dpi: float, seals: Sequence[Box] = ()) -> Box:
    """The ink of one line of print.

    Args:
        box: that holds the line, maybe with pieces of its neighbours above and below, in pixels.
        gray: the page, height x width, uint8, dark on light.
        dpi: its pixels per inch.
        seals: on the page, whose ink is not the line's.

    Returns:
        The box as it is where it shows no ink.
    """
    room = box.clipped(gray.shape[1], gray.shape[0])
    part = gray[room.slices()]
    if not part.size:
        return box
    dark, paper = _tones(part)
    ink = part < (dark + paper) / 2
    if paper - dark < _LEAST_DEPTH:
        return box
    gap = max(2, round(_LINE_GAP * box.height))
    about = _line_ink(ink, _clear_columns(room, seals, part.shape[1]), gap)
    rows = np.flatnonzero(about.any(axis=1))
    if not rows.size:
        return box
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    sums = np.count_nonzero(about, axis=0)
    left, right = _without_specks(sums, _APART * box.height, (_SPECK_INCHES * dpi) ** 2)
    x, y = float(round(room.left)), float(round(room.top))
    return Box(x + left, y + top, x + right, y + bottom)


def _tones(part: NDArray[np.uint8]) -> tuple[float, float]:
    """Grey values of print and of paper."""
    dark, paper = np.percentile(part[::_SAMPLE, ::_SAMPLE], (5, 90))
    return float(dark), float(paper)


def _clear_columns(room: Box, seals: Sequence[Box], width: int) -> NDArray[np.bool_]:
    """Which columns of a part of the page are outside of seals; all where those leave too few."""
    clear = np.ones(width, np.bool_)
    for seal in seals:
        if seal.overlap_y(room) > 0:
            start, stop = (round(min(max(side - round(room.left), 0), width)) for side in (seal.left, seal.right))
            clear[start:stop] = False
    return clear if clear.sum() >= _CLEAR * width else np.ones(width, np.bool_)


def _line_ink(ink: NDArray[np.bool_], clear: NDArray[np.bool_], gap: int) -> NDArray[np.bool_]:
    """The ink of the line in the middle of a picture; nothing where there is none.

    A line that leans meets its neighbours in the rows of the picture, and then what is told apart is rows that lean.

    Args:
        ink: of the line and maybe of its neighbours.
        clear: which columns show no ink but theirs.
        gap: white inside a line, in pixels.
    """
    height, width = ink.shape
    least = max(1, round(_FEW * np.count_nonzero(clear)))
    rows = np.flatnonzero(np.count_nonzero(ink[:, clear], axis=1) > least)
    if not rows.size:
        return np.zeros_like(ink)
    top, bottom = _run_about(rows, height // 2, gap)
    kept = np.zeros_like(ink)
    kept[top:bottom] = ink[top:bottom]
    if bottom - top < height:
        return kept
    y, x = np.nonzero(ink & clear)
    sums = {}
    for lean in np.linspace(-_LEAN, _LEAN, _LEANS):
        at = _leaning_rows(y, x, float(lean), width)
        sums[float(lean)] = np.bincount(at[(at >= 0) & (at < height)], minlength=height)
    best = max(sums, key=lambda lean: float(np.square(sums[lean], dtype=np.float64).sum()))
    rows = np.flatnonzero(sums[best] > least)
    top, bottom = _run_about(rows, height // 2, gap)
    y, x = np.nonzero(ink)
    at = _leaning_rows(y, x, best, width)
    within = (at >= top) & (at < bottom)
    kept[:] = False
    kept[y[within], x[within]] = True
    return kept


def _leaning_rows(y: NDArray[np.intp], x: NDArray[np.intp], lean: float, width: int) -> NDArray[np.intp]:
    """The rows that pixels would stand in if the picture were straight, the middle of its width staying in place."""
    return np.round(y - lean * (x - width / 2)).astype(np.intp)


def _run_about(rows: NDArray[np.intp], middle: int, gap: int) -> tuple[int, int]:
    """The rows that hang together with the one nearest to the middle, half-open."""
    groups = np.split(rows, np.flatnonzero(np.diff(rows) > gap) + 1)
    nearest = min(groups, key=lambda group: int(np.abs(group - middle).min()))
    return int(nearest[0]), int(nearest[-1]) + 1


def _without_specks(sums: NDArray[np.intp], apart: float, speck: float) -> tuple[int, int]:
    """First and last column with ink, half-open, leaving out specks that stand apart from the rest.

    Args:
        sums: pixels of ink in each column.
        apart: white between such a speck and the line, in pixels.
        speck: pixels of ink that a speck may have.
    """
    columns = np.flatnonzero(sums)
    groups = np.split(columns, np.flatnonzero(np.diff(columns) > apart) + 1)
    kept = [group for group in groups if sums[group].sum() > speck] or groups
    return int(kept[0][0]), int(kept[-1][-1]) + 1
