"""Synthetic pages with known geometry, and stand-ins for what this room asks of others."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from ocr_pipeline.pages import Orientation

Pixels = NDArray[np.uint8]
MARKS = ((150.0, 130.0), (700.0, 130.0), (700.0, 1050.0), (150.0, 1050.0))
"""Centres of the marks on ``sheet_of_print``, in its pixels."""


class PixelPage:
    """A ``RasterSource`` over given pixels, or over a failure."""

    def __init__(
        self,
        pixels: Pixels,
        *,
        native_dpi: float | None = 100.0,
        unit: Literal["pt", "px"] = "px",
        error: Exception | None = None,
    ) -> None:
        self.index = 0
        self.unit = unit
        self.native_dpi = native_dpi
        self._pixels = pixels
        self._error = error
        base = native_dpi or 200.0
        points = 72.0 / base if unit == "pt" else 1.0
        self.height, self.width = (float(side * points) for side in pixels.shape[:2])

    def render(self, dpi: float) -> Pixels:
        if self._error is not None:
            raise self._error
        scale = dpi / (self.native_dpi or 200.0)
        if scale == 1:
            return self._pixels
        return np.asarray(cv2.resize(self._pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))


class FixedOrienter:
    """Says the same of every page."""

    def __init__(self, rotation: Literal[0, 90, 180, 270], confidence: float) -> None:
        rest = (1 - confidence) / 3
        chances = [rest] * 4
        chances[rotation // 90] = confidence
        self._answer = Orientation(rotation, confidence, (chances[0], chances[1], chances[2], chances[3]))

    def orient(self, image: Pixels) -> Orientation:
        return self._answer


def sheet_of_print(*, rulings: bool = True, paper: int = 250, ink: int = 30) -> Pixels:
    """A page of 850 x 1180 pixels at 100 dpi: lines of boxes for text, a table, and four marks (``MARKS``)."""
    page = np.full((1180, 850, 3), paper, np.uint8)
    rng = np.random.default_rng(5)
    tone = (ink, ink, ink)
    for top in range(200, 520, 24):
        for left in range(120, 730, 15):
            width, height = rng.integers(7, 13), rng.integers(8, 13)
            cv2.rectangle(page, (left, top), (left + int(width), top + int(height)), tone, 1)
    if rulings:
        for i in range(13):
            cv2.line(page, (120, 580 + 34 * i), (730, 580 + 34 * i), tone, 1)
        for i in range(6):
            cv2.line(page, (120 + 122 * i, 580), (120 + 122 * i, 988), tone, 1)
    for x, y in MARKS:
        cv2.circle(page, (round(x * 16 - 8), round(y * 16 - 8)), 9 * 16, tone, -1, cv2.LINE_AA, 4)
    return page


def skewed(page: Pixels, degrees: float, paper: int = 250) -> tuple[Pixels, NDArray[np.float64]]:
    """Turned counter-clockwise by an angle on the same canvas, and the 3 x 3 map of its points."""
    height, width = page.shape[:2]
    cos, sin = math.cos(math.radians(-degrees)), math.sin(math.radians(-degrees))
    middle = np.array([[1, 0, width / 2], [0, 1, height / 2], [0, 0, 1.0]])
    turn = np.array([[cos, -sin, 0], [sin, cos, 0], [0, 0, 1.0]])
    matrix = middle @ turn @ np.linalg.inv(middle)
    return project(page, matrix, (width, height), paper), matrix


def project(page: Pixels, matrix: NDArray[np.float64], size: tuple[int, int], paper: int) -> Pixels:
    half = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1.0]])
    centers = np.linalg.inv(half) @ matrix @ half
    moved = cv2.warpPerspective(page, centers, size, flags=cv2.INTER_CUBIC, borderValue=(paper,) * 3)
    return np.asarray(moved, dtype=np.uint8)


def marks_on(gray: Pixels, dpi: float) -> list[tuple[float, float]]:
    """Centres of the round marks of a prepared page, in its pixels."""
    _, _, stats, centers = cv2.connectedComponentsWithStats((gray < 140).astype(np.uint8))
    size = 18 * dpi / 100
    return [
        (float(x) + 0.5, float(y) + 0.5)
        for (_, _, width, height, area), (x, y) in zip(stats[1:], centers[1:], strict=True)
        if abs(width - size) < 0.25 * size and abs(height - size) < 0.25 * size and area > 0.6 * width * height
    ]


@pytest.fixture(scope="session")
def pixel_page() -> type[PixelPage]:
    return PixelPage


@pytest.fixture(scope="session")
def fixed_orienter() -> type[FixedOrienter]:
    return FixedOrienter


@pytest.fixture(scope="session")
def make_sheet() -> Callable[..., Pixels]:
    return sheet_of_print


@pytest.fixture(scope="session")
def make_skewed() -> Callable[..., tuple[Pixels, NDArray[np.float64]]]:
    return skewed


@pytest.fixture(scope="session")
def make_projected() -> Callable[..., Pixels]:
    return project


@pytest.fixture(scope="session")
def find_marks() -> Callable[..., list[tuple[float, float]]]:
    return marks_on


@pytest.fixture(scope="session")
def mark_places() -> tuple[tuple[float, float], ...]:
    return MARKS
