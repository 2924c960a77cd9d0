"""Straight rulings of tables as measured lines, and the projective map that makes them lie along the axes.

Under a projective camera the horizontal rulings of a table meet in one vanishing point and the vertical ones in
another. Their slopes are then linear in their position, which a robust regression finds; sending both points to
infinity makes all of them parallel to the axes (Hartley and Zisserman, "Multiple View Geometry", 2004, section 2.7).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.geometry import Transform

__all__ = ["Correction", "Family", "RulingLines", "find_rulings", "level_by_rulings"]

_INK_LEVEL = 60
_MIN_LENGTH_INCHES = 0.8
_RUN_INCHES = 0.35
_MAX_THICKNESS_INCHES = 0.05
_MAX_COMPONENTS = 3000
_ROUNDS = 4
_SOFTNESS = 0.0015
"""Slopes that differ from the fit by more than this (0.09 degrees) lose weight."""

_MIN_LINES = 3
_MIN_LINES_FOR_CHANGE = 5
_CERTAINTY = 4.0
"""How many standard errors a shear or perspective must measure to be believed."""

_FLOOR = 0.0002
"""Error of a measured slope that no fit is better than."""

_MIN_SPREAD = 0.15
_SIGNIFICANT = 0.0012
"""A shear, or a change of slope over the rulings, below this is noise."""

_MAX_SLOPE = 0.12
_MAX_CHANGE = 0.15


@dataclass(frozen=True, slots=True)
class RulingLines:
    """Rulings of one direction, n of them, in pixels and about the middle of the image.

    Attributes:
        position: n, across the lines, at the middle of the image.
        slope: n, change of the position per pixel along the line.
        length: n, in pixels.
    """

    position: NDArray[np.float64]
    slope: NDArray[np.float64]
    length: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Correction:
    """How a page is straightened by its rulings.

    Attributes:
        transform: straightened to measured, in pixels about the middle of the image.
        angle: the turn in it, in degrees clockwise, that makes the page straight.
        bends: whether it does more than turn (shear or perspective).
    """

    transform: Transform
    angle: float
    bends: bool


def find_rulings(ink: NDArray[np.uint8], dpi: float) -> tuple[RulingLines, RulingLines]:
    """The near-horizontal and the near-vertical rulings of a page that is straight to about two degrees.

    Args:
        ink: height x width, uint8, 0 for paper.
        dpi: pixels per inch; about 100 serves.
    """
    lines = (ink > _INK_LEVEL).astype(np.uint8)
    return _measured(ink, lines, dpi), _measured(np.ascontiguousarray(ink.T), np.ascontiguousarray(lines.T), dpi)


def _measured(ink: NDArray[np.uint8], lines: NDArray[np.uint8], dpi: float) -> RulingLines:
    run = max(9, round(_RUN_INCHES * dpi))
    # A line that is not quite straight climbs from row to row: thicken it, open it, and keep its own pixels.
    thick = cv2.dilate(lines, np.ones((3, 1), np.uint8))
    opened = cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones((1, run), np.uint8)) & lines
    joined = cv2.morphologyEx(opened, cv2.MORPH_CLOSE, np.ones((1, 5), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    found: list[tuple[float, float, float]] = []
    for label in range(1, min(count, _MAX_COMPONENTS)):
        left, top, length, tall, area = (int(v) for v in stats[label])
        if length < _MIN_LENGTH_INCHES * dpi or area > length * max(3.0, _MAX_THICKNESS_INCHES * dpi):
            continue
        line = _fitted(ink, labels, label, (left, top, length, tall))
        if line is not None:
            found.append(line)
    table = np.asarray(found, dtype=np.float64).reshape(-1, 3)
    return RulingLines(table[:, 0], table[:, 1], table[:, 2])


def _fitted(
    ink: NDArray[np.uint8], labels: NDArray[np.int32], label: int, place: tuple[int, int, int, int]
) -> tuple[float, float, float] | None:
    """Position, slope and length of one component, about the middle; None when it is not straight."""
    height, width = ink.shape
    left, top, length, tall = place
    first, last = max(0, top - 1), min(height, top + tall + 1)
    area = (slice(first, last), slice(left, left + length))
    # The grey edges of the line count too: without them its centre jumps from pixel to pixel.
    band = cv2.dilate((labels[area] == label).astype(np.uint8), np.ones((3, 1), np.uint8))
    weights = np.where(band > 0, ink[area], 0).astype(np.float64)
    totals = weights.sum(axis=0)
    used = totals > 0
    along = np.arange(length)[used] + left + 0.5 - width / 2
    rows = np.arange(first, last)[:, None] + 0.5 - height / 2
    across = (weights * rows).sum(axis=0)[used] / totals[used]
    slope = position = 0.0
    for limit in (np.inf, 1.0, 0.6):
        good = np.abs(across - slope * along - position) <= limit
        if good.sum() < 0.6 * length:
            return None
        slope, position = (float(v) for v in np.polyfit(along[good], across[good], 1))
    return position, slope, float(length)


def level_by_rulings(
    horizontal: RulingLines,
    vertical: RulingLines,
    size: tuple[int, int],
    by_print: Callable[[bool], Family | None] | None = None,
) -> Correction | None:
    """The map that makes the rulings lie along the axes; None when there are too few of them to tell.

    Args:
        horizontal: near-horizontal rulings.
        vertical: near-vertical rulings.
        size: width and height of the image in pixels.
        by_print: asked for the rows, or with True for the columns, of which there are too few rulings.
    """
    width, height = size
    rows, columns = _family(horizontal, height), _family(vertical, width)
    found = _leveled(rows, columns, size)
    if by_print is None or (rows and columns):
        return found
    rows = rows or by_print(False)
    columns = columns or (None if rows is None else by_print(True))
    # What print tells of a turn alone is known already, and no better.
    bent = _leveled(rows, columns, size)
    return bent if bent is not None and bent.bends else found


def _leveled(rows: Family | None, columns: Family | None, size: tuple[int, int]) -> Correction | None:
    # A clockwise turn makes rows rise to the right as much as columns lean to the right.
    if rows is None:
        return None if columns is None else _correction(-columns.slope, 0.0, columns.slope, 0.0, size)
    if columns is None:
        return _correction(rows.slope, rows.change, -rows.slope, 0.0, size)
    a, b, d, e = rows.slope, rows.change, columns.slope, columns.change
    if abs(a + d) < max(_SIGNIFICANT, _CERTAINTY * math.hypot(rows.error, columns.error)):
        # No shear is seen: one turn for both, each as far as it is known.
        share = columns.error**2 / max(1e-12, rows.error**2 + columns.error**2)
        a = share * a - (1 - share) * d
        d = -a
    return _correction(a, b, d, e, size)


def _correction(a: float, b: float, d: float, e: float, size: tuple[int, int]) -> Correction | None:
    """For rows of slope ``a + b y`` and columns of slope ``d + e x``; None for more than a table can be askew."""
    width, height = size
    if max(abs(a), abs(d)) > _MAX_SLOPE or max(abs(b) * height, abs(e) * width) > _MAX_CHANGE:
        return None
    matrix = (1.0, d, 0.0, a, 1.0, 0.0, -b, -e, 1.0)
    bends = b != 0 or e != 0 or a + d != 0
    return Correction(Transform(matrix), -math.degrees(math.atan((a - d) / 2)), bends)


@dataclass(frozen=True, slots=True)
class Family:
    """Lines of one direction.

    Attributes:
        slope: in the middle of the page, change of the position per pixel along the lines.
        change: of the slope per pixel across the lines.
        error: of the slope.
    """

    slope: float
    change: float
    error: float


def _family(lines: RulingLines, extent: float) -> Family | None:
    """None with too few lines."""
    count = len(lines.slope)
    if count < _MIN_LINES:
        return None
    position, slope = lines.position, lines.slope
    weights = np.square(lines.length / lines.length.max())
    spread = float(np.percentile(position, 95) - np.percentile(position, 5))
    if spread >= _MIN_SPREAD * extent and count >= _MIN_LINES_FOR_CHANGE:
        level, change, error, change_error = _regression(position, slope, weights, linear=True)
        if abs(change) * spread >= _SIGNIFICANT and abs(change) >= _CERTAINTY * change_error:
            return Family(level, change, error)
    level, _, error, _ = _regression(position, slope, weights, linear=False)
    return Family(level, 0.0, error)


def _regression(
    position: NDArray[np.float64], slope: NDArray[np.float64], weights: NDArray[np.float64], *, linear: bool
) -> tuple[float, float, float, float]:
    """Slope at position 0, its change, and the standard errors of both; robust by iterated Cauchy weights."""
    design = np.column_stack([np.ones_like(position), position] if linear else [np.ones_like(position)])
    robust = weights.copy()
    solution = np.zeros(design.shape[1])
    start = float(np.median(np.repeat(slope, np.maximum(1, np.round(8 * weights).astype(int)))))
    residual = slope - start
    for turn in range(_ROUNDS):
        # At first the slopes may differ because of perspective alone, so the scale starts wide.
        softness = max(_SOFTNESS, 3 * float(np.median(np.abs(residual))) if turn == 0 else 0.0)
        robust = weights / (1 + np.square(residual / softness))
        normal = design.T @ (design * robust[:, None])
        solution = np.linalg.solve(normal, design.T @ (slope * robust))
        residual = slope - design @ solution
    effective = float(robust.sum() ** 2 / np.square(robust).sum())
    variance = float((robust * np.square(residual)).sum() / robust.sum()) + _FLOOR**2
    freedom = max(1.0, effective - design.shape[1])
    covariance = np.linalg.inv(normal / robust.sum()) * variance / freedom
    errors = np.sqrt(np.diag(covariance))
    change, change_error = (float(solution[1]), float(errors[1])) if linear else (0.0, 0.0)
    return float(solution[0]), change, float(errors[0]), change_error
