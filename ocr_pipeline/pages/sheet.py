"""The outline of a photographed sheet on a darker ground.

Conservative on purpose: a frame of a table, a tinted page or a dark scanner edge along one side is none.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.geometry import Point, Polygon, Transform

__all__ = ["find_sheet", "sheet_transform"]

_LONG_SIDE = 640
"""Pixels of the copy that is looked at: print is gone there, and a side of the sheet is still straight to a pixel."""
_LEVELS = 8
"""Brightnesses tried as the limit between paper and ground."""
_MIN_SHARE, _MIN_GROUND_SHARE = 0.25, 0.02
"""Shares of the picture: what the sheet covers at least, and what shows of the ground."""
_MIN_AGREEMENT = 0.965
"""Intersection over union of four straight sides and of what is bright; a sheet with a turned-down corner has less."""
_CORNER_DEGREES = (60.0, 120.0)
_PROBES, _PROBE_DISTANCE = 24, 7
"""Places along a side where both sides of it are compared, and how far from it, in pixels of the copy."""
_MAX_RATIO = 0.85
"""How bright the ground may be beside the paper next to it."""

_MIN_DARKER = 0.85
"""The share of the probes along a side that must be beside darker ground."""

_MIN_SIDES = 3
"""How many sides must lie inside the picture."""


def find_sheet(gray: NDArray[np.uint8]) -> Polygon | None:
    """The four corners of a bright sheet on a darker ground, from the upper left one clockwise; None without one.

    Args:
        gray: the whole picture, height x width, uint8.

    Returns:
        A quadrilateral in pixels of ``gray``.
    """
    height, width = gray.shape
    factor = _LONG_SIDE / max(height, width)
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    # Print must not tear the sheet apart: a closing wider than its lines leaves paper and ground only.
    small = cv2.morphologyEx(
        cv2.resize(gray, size, interpolation=cv2.INTER_AREA), cv2.MORPH_CLOSE, np.ones((15, 15), np.uint8)
    )
    small = np.asarray(cv2.GaussianBlur(small, (5, 5), 0), dtype=np.uint8)
    dark, bright = (float(v) for v in np.percentile(small, (1, 90)))
    if dark > _MAX_RATIO * bright:
        return None
    # Where light falls off over the sheet no level is right for certain, so several are tried.
    best: tuple[float, tuple[Point, ...]] | None = None
    for level in np.linspace(dark, bright, _LEVELS + 2)[1:-1]:
        mask = np.where(small > level, 255, 0).astype(np.uint8)
        if np.count_nonzero(mask == 0) < _MIN_GROUND_SHARE * small.size:
            continue
        corners = _sheet_corners(mask)
        agreement = 0.0 if corners is None else _agreement(corners, mask)
        if corners is None or agreement < max(_MIN_AGREEMENT, best[0] if best else 0.0):
            continue
        if _is_quadrilateral(corners, size) and _stands_out(corners, small):
            best = (agreement, corners)
    if best is None:
        return None
    xs, ys = width / size[0], height / size[1]
    return Polygon(tuple((x * xs, y * ys) for x, y in best[1]))


def _sheet_corners(mask: NDArray[np.uint8]) -> tuple[Point, ...] | None:
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    outline = max(outlines, key=cv2.contourArea, default=None)
    if outline is None or cv2.contourArea(outline) < _MIN_SHARE * mask.size:
        return None
    return _quadrilateral(np.asarray(outline, dtype=np.int32))


def sheet_transform(sheet: Polygon) -> tuple[Transform, int, int]:
    """The map from a straightened sheet back to the picture, with the straightened width and height in pixels."""
    corners = np.asarray(sheet.points, dtype=np.float64)
    lengths = [float(np.hypot(*(corners[(i + 1) % 4] - corners[i]))) for i in range(4)]
    width, height = round((lengths[0] + lengths[2]) / 2), round((lengths[1] + lengths[3]) / 2)
    straight = np.array([(0, 0), (width, 0), (width, height), (0, height)], dtype=np.float32)
    matrix = cv2.getPerspectiveTransform(straight, corners.astype(np.float32))
    return Transform.from_array(np.asarray(matrix, dtype=np.float64)), width, height


def _quadrilateral(outline: NDArray[np.int32]) -> tuple[Point, ...] | None:
    """Four straight sides fitted to the outline, as corners clockwise from the upper left."""
    hull = cv2.convexHull(outline)
    around = cv2.arcLength(hull, True)
    for tolerance in (0.01, 0.02, 0.03, 0.05):
        rough = cv2.approxPolyDP(hull, tolerance * around, True).reshape(-1, 2).astype(np.float64)
        if len(rough) <= 4:
            break
    if len(rough) != 4:
        return None
    points = outline.reshape(-1, 2).astype(np.float64) + 0.5
    sides = [_fitted_side(points, rough[i], rough[(i + 1) % 4]) for i in range(4)]
    corners = [_crossing(sides[i - 1], sides[i]) for i in range(4)]
    if any(corner is None for corner in corners):
        return None
    found = [corner for corner in corners if corner is not None]
    first = min(range(4), key=lambda i: found[i][0] + found[i][1])
    ordered = found[first:] + found[:first]
    area = sum(ordered[i][0] * ordered[(i + 1) % 4][1] - ordered[(i + 1) % 4][0] * ordered[i][1] for i in range(4))
    return tuple(ordered if area > 0 else [ordered[0], *ordered[:0:-1]])


def _fitted_side(
    points: NDArray[np.float64], start: NDArray[np.float64], end: NDArray[np.float64]
) -> NDArray[np.float64]:
    """A line (a, b, c) with ax + by + c = 0 through the outline between two rough corners, ends left out."""
    along = end - start
    length = max(1e-6, float(np.hypot(*along)))
    along = along / length
    offset = points - start
    position = offset @ along
    distance = np.abs(offset @ np.array([-along[1], along[0]]))
    near = points[(position > 0.1 * length) & (position < 0.9 * length) & (distance < 0.03 * length + 2)]
    if len(near) >= 10:
        vx, vy, x, y = (float(v) for v in cv2.fitLine(near.astype(np.float32), cv2.DIST_HUBER, 0, 0.01, 0.01).ravel())
    else:
        vx, vy, x, y = float(along[0]), float(along[1]), float(start[0]), float(start[1])
    return np.array([-vy, vx, vy * x - vx * y])


def _crossing(first: NDArray[np.float64], second: NDArray[np.float64]) -> Point | None:
    x, y, w = np.cross(first, second)
    return None if abs(w) < 1e-9 else (float(x / w), float(y / w))


def _is_quadrilateral(corners: tuple[Point, ...], size: tuple[int, int]) -> bool:
    """Whether its corners are near right angles, and inside the picture or just outside it."""
    width, height = size
    for i, corner in enumerate(corners):
        before, after = corners[i - 1], corners[(i + 1) % 4]
        turn = math.atan2(after[1] - corner[1], after[0] - corner[0]) - math.atan2(
            before[1] - corner[1], before[0] - corner[0]
        )
        degrees = abs(math.degrees(math.remainder(turn, 2 * math.pi)))
        if not _CORNER_DEGREES[0] <= degrees <= _CORNER_DEGREES[1]:
            return False
        if not (-0.1 * width <= corner[0] <= 1.1 * width and -0.1 * height <= corner[1] <= 1.1 * height):
            return False
    return True


def _agreement(corners: tuple[Point, ...], mask: NDArray[np.uint8]) -> float:
    """Intersection over union of the quadrilateral and all that is bright, 0..1."""
    drawn = np.zeros_like(mask)
    cv2.fillConvexPoly(drawn, np.round(np.asarray(corners)).astype(np.int32), 255)
    both, either = int(np.count_nonzero(drawn & mask)), int(np.count_nonzero(drawn | mask))
    return both / max(1, either)


def _stands_out(corners: tuple[Point, ...], small: NDArray[np.uint8]) -> bool:
    """Whether along each side that the picture shows the ground is darker than the paper right beside it."""
    height, width = small.shape
    shown = 0
    for start, end in zip(corners, (*corners[1:], corners[0]), strict=True):
        along = np.subtract(end, start)
        length = max(1e-6, float(np.hypot(*along)))
        # The corners run clockwise, so the ground is on the left hand of each side.
        outwards = np.array([along[1], -along[0]]) / length * _PROBE_DISTANCE
        probes = np.asarray(start) + np.linspace(0.06, 0.94, _PROBES)[:, None] * along
        outside = np.floor(probes + outwards).astype(int)
        inside = np.floor(probes - outwards).astype(int)
        limits = np.array([width, height])
        seen = ((outside >= 0) & (outside < limits) & (inside >= 0) & (inside < limits)).all(axis=1)
        if seen.sum() < _PROBES / 2:
            continue
        ground = small[outside[seen, 1], outside[seen, 0]].astype(np.float64)
        paper = small[inside[seen, 1], inside[seen, 0]].astype(np.float64)
        if float(np.mean(ground < _MAX_RATIO * paper)) < _MIN_DARKER:
            return False
        shown += 1
    return shown >= _MIN_SIDES
