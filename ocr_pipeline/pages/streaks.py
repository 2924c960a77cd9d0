"""Streaks: thin dark lines from edge to edge of a scan, left by dirt on a scanner's glass or on a fax machine's sensor.

A streak runs through the margins of the page, where no ruling of a table is; that tells the two apart. Taken for a
ruling it would give a table a column more, and beside a figure it reads as a 1.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.geometry import Point

__all__ = ["Streak", "find_streaks", "without_streaks"]

_RIM_INCHES = 0.02
"""At the edges of a scan, where its own frame may be seen."""
_BAND_INCHES = 0.08
"""Of the margin, in which a streak is looked for: it leans no wider than itself there."""
_MARGIN_INCHES = 0.25
"""Of paper at both ends that holds nothing but streaks; a picture cut along the rulings of a table has none."""
_BROADEST_INCHES = 0.03
_LEAN = 0.05
"""Most columns a row: scans that were straightened before they were handed over."""
_LEVEL = 18
"""Grey levels that a streak is darker than the paper beside it."""
_MOST = 8
"""Streaks of one direction; more are a pattern of the paper."""
_ALONG = 0.9
"""Share of the rows with paper on both sides of a streak in which it shows."""
_PAPER_ROWS = 0.3
"""Share of all rows in which there must be paper on both sides, to tell."""
_THROUGH = 0.45
"""Light that a streak lets through of the paper's, from which the print beneath can be had back."""
_FRINGE = 2
"""Pixels on both sides of a streak that it shades, too."""


@dataclass(frozen=True, slots=True)
class Streak:
    """One streak from edge to edge.

    Attributes:
        first: its middle at the upper edge (of a level one, at the left edge), in pixels.
        last: at the opposite edge.
        breadth: in pixels, without its fringes.
        through: light it lets through at its darkest, 0..1.
        level: whether it runs across the page, not down.
    """

    first: Point
    last: Point
    breadth: int
    through: float
    level: bool

    @property
    def hides(self) -> bool:
        """Whether what is printed beneath it is lost."""
        return self.through < _THROUGH


@dataclass(frozen=True, slots=True)
class _Line:
    """The middle of a streak: ``start`` in the first row, ``start + lean * row`` in others; its breadth in pixels."""

    start: float
    lean: float
    breadth: int

    def columns(self, height: int, reach: int) -> NDArray[np.intp]:
        """height x (2 * reach + 1): the pixels about the line, row by row."""
        middle = np.rint(self.start + self.lean * np.arange(height)).astype(np.intp)
        return np.asarray(middle[:, None] + np.arange(-reach, reach + 1))


def find_streaks(pixels: NDArray[np.uint8], dpi: float) -> list[Streak]:
    """The streaks of a page as it was scanned, not yet straightened.

    Args:
        pixels: height x width x 3, uint8, RGB, dark on light.
        dpi: its pixels per inch.
    """
    gray = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)
    height, width = gray.shape
    found = [
        Streak((line.start, 0.0), (line.start + line.lean * (height - 1), float(height)), line.breadth, through, False)
        for line, through in _upright(gray, dpi)
    ]
    return found + [
        Streak((0.0, line.start), (float(width), line.start + line.lean * (width - 1)), line.breadth, through, True)
        for line, through in _upright(gray.T, dpi)
    ]


def without_streaks(pixels: NDArray[np.uint8], streaks: list[Streak]) -> NDArray[np.uint8]:
    """A copy of the page without them: lightened where the print beneath shows, bridged where it does not.

    Args:
        pixels: height x width x 3, uint8.
        streaks: of this page.
    """
    image: NDArray[np.uint8] = pixels.copy()
    for streak in streaks:
        view = image.transpose(1, 0, 2) if streak.level else image
        side = 1 if streak.level else 0
        rows = view.shape[0]
        lean = (streak.last[side] - streak.first[side]) / max(1, rows - 1)
        _take_out(view, _Line(streak.first[side], lean, streak.breadth), streak.hides)
    return image


def _upright(gray: NDArray[np.uint8], dpi: float) -> list[tuple[_Line, float]]:
    """Streaks from the upper to the lower edge, and the light that they let through."""
    height, width = gray.shape
    rim, band, margin = (max(1, round(inches * dpi)) for inches in (_RIM_INCHES, _BAND_INCHES, _MARGIN_INCHES))
    if height < 4 * margin or width < 4 * margin:
        return []
    upper = _crossings(np.ascontiguousarray(gray[rim : rim + margin]), band, dpi)
    below = np.ascontiguousarray(gray[height - rim - margin : height - rim][::-1])
    lower = _crossings(below, band, dpi) if upper else []
    found: list[tuple[_Line, float]] = []
    top, bottom = rim + band / 2, height - rim - band / 2
    for start, breadth in upper:
        for end, _ in sorted(lower, key=lambda crossing: abs(crossing[0] - start)):
            lean = (end - start) / (bottom - top)
            line = _Line(start - lean * top, lean, breadth)
            through = _light(gray, line) if abs(lean) <= _LEAN else None
            if through is not None:
                found.append((line, through))
                break
    return found


def _crossings(margin: NDArray[np.uint8], band: int, dpi: float) -> list[tuple[float, int]]:
    """Where streaks cross a margin, outermost row first, and how broad they are; none where it holds anything else."""
    broadest = max(2, round(_BROADEST_INCHES * dpi))
    kernel = np.ones((1, 2 * broadest + 5), np.uint8)
    ridge = cv2.morphologyEx(margin, cv2.MORPH_BLACKHAT, kernel)
    dark = np.median(ridge[:band], axis=0) >= _LEVEL
    edges = np.flatnonzero(np.diff(np.concatenate([[False], dark, [False]]).astype(np.int8)))
    runs = list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))
    # One that leans is in one column more of the band than it is broad.
    if not runs or len(runs) > _MOST or any(end - start > broadest + 1 for start, end in runs):
        return []
    # A streak may lean; print in the margin lies anywhere else.
    near = cv2.dilate(dark.astype(np.uint8)[None], np.ones((1, 2 * math.ceil(_LEAN * len(margin)) + 5), np.uint8))[0]
    paper = float(np.median(margin))
    rest = margin[:, near == 0]
    if rest.size == 0 or np.mean(rest < paper - 3 * _LEVEL) > 0.001:
        return []
    return [((start + end - 1) / 2, end - start) for start, end in runs]


def _light(gray: NDArray[np.uint8], line: _Line) -> float | None:
    """Light that a line lets through of its surroundings', 0..1; None where it is no streak."""
    height, width = gray.shape
    reach = line.breadth // 2 + _FRINGE + 1
    columns = line.columns(height, reach)
    if columns.min() < 0 or columns.max() >= width:
        return None
    strip = gray[np.arange(height)[:, None], columns].astype(np.float32)
    sides = np.minimum(strip[:, 0], strip[:, -1])
    paper = float(np.median(sides))
    clear = sides >= paper - _LEVEL
    darkest = strip[:, reach - line.breadth // 2 - 1 : reach + line.breadth // 2 + 2].min(axis=1)
    if clear.mean() < _PAPER_ROWS or (darkest[clear] <= sides[clear] - _LEVEL / 2).mean() < _ALONG:
        return None
    return float(np.median(darkest[clear] / np.maximum(1.0, sides[clear])))


def _take_out(image: NDArray[np.uint8], line: _Line, hides: bool) -> None:
    """Change the pixels of ``image``, height x width x 3, along the line."""
    height, width = image.shape[:2]
    reach = line.breadth // 2 + (1 if hides else _FRINGE) + 1
    columns = np.clip(line.columns(height, reach), 0, width - 1)
    rows = np.arange(height)[:, None]
    strip = image[rows, columns].astype(np.float32)
    left, right = strip[:, :1], strip[:, -1:]
    if hides:
        # Strokes that cross it are dark on both sides; what is so on one side only is a ruling or ends there.
        inner = np.broadcast_to(np.maximum(left, right), strip[:, 1:-1].shape)
        image[rows, columns[:, 1:-1]] = inner.astype(np.uint8)
        return
    sides = np.minimum(left, right)
    clear = (sides >= np.median(sides) - _LEVEL).all(axis=(1, 2))
    light = np.median(strip[clear] / np.maximum(1.0, sides[clear]), axis=0, keepdims=True)
    lightened = strip / np.clip(light, _THROUGH, 1.0)
    image[rows, columns] = np.clip(lightened + 0.5, 0, 255).astype(np.uint8)
