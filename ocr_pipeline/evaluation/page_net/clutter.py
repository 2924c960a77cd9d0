"""What stands on pages and must not be taken for text or table: charts, pictures, rules, black edges."""

from __future__ import annotations

import random
from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.evaluation.synthetic.truth import PageTruth
from ocr_pipeline.geometry import Box

__all__ = ["add_clutter"]

Image = NDArray[np.uint8]


def add_clutter(page: Image, truth: PageTruth, rng: random.Random, *, collages: bool = False) -> None:
    """Draw something into the free part of a page, or at its edges.

    Args:
        page: height x width x 3, uint8, RGB; changed in place.
        truth: of this page, undamaged; nothing of it is covered.
        rng: settles what and where.
        collages: pictures of edges and shapes, too.
    """
    free = _free(truth)
    inside: list[Callable[[Image, Box, random.Random], None]] = [_chart, _picture, _framed]
    if collages:
        inside += [_collage, _collage]
    if free is not None and rng.random() < 0.7:
        rng.choice(inside)(page, free, rng)
    else:
        rng.choice([_edge, _holes, _rule])(page, truth, rng)


def _free(truth: PageTruth) -> Box | None:
    """The part of the page below all that is printed, as wide as the print; None where it is small."""
    body = [line.box for line in truth.lines if line.role not in ("header", "footer")]
    taken = [*body, *(area.box for area in truth.tables)]
    foot = min((line.box.top for line in truth.lines if line.role == "footer"), default=float(truth.height) * 0.93)
    top = max((box.bottom for box in taken), default=truth.height * 0.1) + 0.2 * truth.dpi
    left, right = truth.width * 0.15, truth.width * 0.85
    return Box(left, top, right, foot - 0.1 * truth.dpi) if foot - top > 1.2 * truth.dpi else None


def _chart(page: Image, free: Box, rng: random.Random) -> None:
    left, top, right, bottom = (round(v) for v in free.as_tuple())
    right = rng.randint((left + right) // 2, right)
    thick = max(1, round((right - left) / 500))
    if rng.random() < 0.7:
        for k in range(1, rng.randint(4, 8)):
            y = bottom - (bottom - top) * k // 8
            cv2.line(page, (left, y), (right, y), (190, 190, 190), thick)
    cv2.line(page, (left, bottom), (right, bottom), (0, 0, 0), thick)
    cv2.line(page, (left, top), (left, bottom), (0, 0, 0), thick)
    count = rng.randint(3, 12)
    colors = [(91, 155, 213), (237, 125, 49), (165, 165, 165), (60, 60, 60)]
    points = []
    for k in range(count):
        x = left + (right - left) * (2 * k + 1) // (2 * count)
        y = round(bottom - (bottom - top) * rng.uniform(0.05, 0.95))
        points.append((x, y))
        if count % 2:
            half = (right - left) // (4 * count)
            cv2.rectangle(page, (x - half, y), (x + half, bottom), rng.choice(colors), -1)
    if count % 2 == 0:
        cv2.polylines(page, [np.asarray(points, np.int32)], False, rng.choice(colors), 2 * thick, cv2.LINE_AA)


def _picture(page: Image, free: Box, rng: random.Random) -> None:
    left, top, right, bottom = (round(v) for v in free.as_tuple())
    noise = np.random.default_rng(rng.randrange(1 << 30))
    coarse = noise.uniform(20, 240, (rng.randint(3, 12), rng.randint(3, 12), 3)).astype(np.float32)
    size = (max(2, (right - left) * rng.randint(4, 10) // 10), bottom - top)
    picture = cv2.resize(coarse, size, interpolation=cv2.INTER_CUBIC) + noise.normal(0, 12, (size[1], size[0], 3))
    page[top:bottom, left : left + size[0]] = np.clip(picture, 0, 255).astype(np.uint8)


def _collage(page: Image, free: Box, rng: random.Random) -> None:
    """A picture of shapes with straight edges, of which some lie like rulings."""
    left, top, right, bottom = (round(v) for v in free.as_tuple())
    right = left + (right - left) * rng.randint(4, 10) // 10
    part = page[top:bottom, left:right]
    height, width = part.shape[:2]
    part[:] = [rng.randint(60, 255) for _ in range(3)]
    for _ in range(rng.randint(4, 25)):
        color = [rng.randint(0, 255) for _ in range(3)]
        corner = rng.randrange(width), rng.randrange(height)
        other = rng.randrange(width), rng.randrange(height)
        kind = rng.random()
        if kind < 0.4:
            cv2.rectangle(part, corner, other, color, rng.choice([-1, -1, 1, 2, 4]))
        elif kind < 0.6:
            cv2.line(part, corner, rng.choice([other, (other[0], corner[1]), (corner[0], other[1])]), color, 2)
        elif kind < 0.8:
            points = [(rng.randrange(width), rng.randrange(height)) for _ in range(3)]
            cv2.fillPoly(part, [np.asarray(points, np.int32)], color, cv2.LINE_AA)
        else:
            cv2.circle(part, corner, max(2, min(height, width) // rng.randint(3, 12)), color, -1, cv2.LINE_AA)
    grain = np.random.default_rng(rng.randrange(1 << 30)).normal(0, rng.choice([1, 6, 14]), part.shape)
    part[:] = np.clip(cv2.GaussianBlur(part, (0, 0), rng.uniform(0.5, 3)) + grain, 0, 255).astype(np.uint8)


def _framed(page: Image, free: Box, rng: random.Random) -> None:
    left, top, right, bottom = (round(v) for v in free.as_tuple())
    bottom = rng.randint((top + bottom) // 2, bottom)
    cv2.rectangle(page, (left, top), (right, bottom), (0, 0, 0), rng.randint(1, 3))


def _edge(page: Image, truth: PageTruth, rng: random.Random) -> None:
    """The black of a scanner's lid along one side."""
    reach = max(2, round(truth.dpi * rng.uniform(0.03, 0.25)))
    shade = rng.randint(0, 70)
    turned = np.rot90(page, rng.randrange(4))
    wave = np.cumsum(np.random.default_rng(rng.randrange(1 << 30)).normal(0, 0.15, turned.shape[1]))
    for x, shift in enumerate(wave):
        turned[: max(0, round(reach + shift)), x] = shade


def _holes(page: Image, truth: PageTruth, rng: random.Random) -> None:
    radius, shade = round(truth.dpi * 0.12), rng.choice([0, 40, 90])
    x = round(truth.dpi * rng.uniform(0.3, 0.5))
    for share in (0.35, 0.62):
        cv2.circle(page, (x, round(truth.height * share)), radius, (shade, shade, shade), -1, cv2.LINE_AA)


def _rule(page: Image, truth: PageTruth, rng: random.Random) -> None:
    """A rule below the page header, above the footer, or underlines of text."""
    thick = rng.randint(1, 3)
    if rng.random() < 0.5:
        y = round(truth.height * rng.choice([0.06, 0.93]))
        cv2.line(page, (truth.width // 8, y), (truth.width * 7 // 8, y), (0, 0, 0), thick)
        return
    lines = [line.box for line in truth.lines if line.role in ("text", "heading")]
    for box in rng.sample(lines, min(len(lines), rng.randint(1, 4))):
        start = rng.uniform(box.left, box.center[0])
        y = round(box.bottom + truth.dpi * 0.015)
        cv2.line(page, (round(start), y), (round(rng.uniform(box.center[0], box.right)), y), (0, 0, 0), thick)
