"""The outlines that an OFD abbreviates to letters and numbers, flattened to points (GB/T 33190, table 35)."""

from __future__ import annotations

import math
from itertools import pairwise

from ocr_pipeline.geometry import Point

__all__ = ["contours"]

_ARGUMENTS = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}
_STEPS = 16
"""Straight pieces of a curve; strokes of characters are too short to show them."""


def contours(data: str) -> tuple[tuple[Point, ...], ...]:
    """The outlines as sequences of points; what follows a mistake is left out.

    Args:
        data: ``M 0 0 L 10 0 C`` and so on: S and M begin, L draws a line, Q and B curves of Bézier, A an arc, C closes.
    """
    tokens = data.replace(",", " ").split()
    done: list[list[Point]] = []
    position = 0
    while position < len(tokens):
        letter = tokens[position].upper()
        count = _ARGUMENTS.get(letter)
        try:
            values = [float(token) for token in tokens[position + 1 : position + 1 + (count or 0)]]
        except ValueError:
            break
        if count is None or len(values) < count or not all(math.isfinite(v) and abs(v) < 1e7 for v in values):
            break
        position += 1 + count
        if letter in "SM":
            done.append([(values[0], values[1])])
        elif done:
            done[-1].extend(_drawn(letter, values, done[-1]))
    return tuple(tuple(outline) for outline in done if len(outline) > 1)


def _drawn(letter: str, values: list[float], outline: list[Point]) -> list[Point]:
    start = outline[-1]
    if letter == "C":
        return [outline[0]]
    if letter == "A":
        return _arc(start, values)
    controls = [start, *zip(values[::2], values[1::2], strict=True)]
    return [_bezier(controls, step / _STEPS) for step in range(1, _STEPS + 1)] if letter in "QB" else controls[1:]


def _bezier(controls: list[Point], t: float) -> Point:
    """By the algorithm of de Casteljau."""
    while len(controls) > 1:
        controls = [(a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t) for a, b in pairwise(controls)]
    return controls[0]


def _arc(start: Point, values: list[float]) -> list[Point]:
    """An elliptical arc by its end point (SVG 1.1, appendix F.6.5, whose parameters are the same)."""
    rx, ry, angle, large, sweep, x, y = values
    rx, ry = abs(rx), abs(ry)
    if rx == 0 or ry == 0 or (x, y) == start:
        return [(x, y)]
    phi = math.radians(angle)
    cos, sin = math.cos(phi), math.sin(phi)
    dx, dy = (start[0] - x) / 2, (start[1] - y) / 2
    px, py = cos * dx + sin * dy, -sin * dx + cos * dy
    grow = math.sqrt(max(1.0, (px / rx) ** 2 + (py / ry) ** 2))
    rx, ry = rx * grow, ry * grow
    bottom = (rx * py) ** 2 + (ry * px) ** 2
    factor = math.sqrt(max(0.0, (rx * ry) ** 2 / bottom - 1)) * (-1 if bool(large) == bool(sweep) else 1)
    cx, cy = factor * rx * py / ry, -factor * ry * px / rx
    first = math.atan2((py - cy) / ry, (px - cx) / rx)
    turn = math.atan2((-py - cy) / ry, (-px - cx) / rx) - first
    if sweep and turn < 0:
        turn += 2 * math.pi
    elif not sweep and turn > 0:
        turn -= 2 * math.pi
    middle = cos * cx - sin * cy + (start[0] + x) / 2, sin * cx + cos * cy + (start[1] + y) / 2
    points = []
    for step in range(1, _STEPS + 1):
        a = first + turn * step / _STEPS
        u, v = rx * math.cos(a), ry * math.sin(a)
        points.append((middle[0] + cos * u - sin * v, middle[1] + sin * u + cos * v))
    return points
