"""The skew of a page, from the rows of its text and rulings.

The score of an angle is the sum of the squared differences between neighbouring rows of the sheared page (W. Postl,
"Detection of linear oblique structures and skew scan in digitized documents", ICPR 1986): it peaks where the lines
lie along the rows. Both axes are tried, since the page may still lie on its side.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["Skew", "find_skew", "ink_of", "is_printed", "row_steps"]

_COARSE_SIDE = 560
_COARSE_STEP = 0.5
_FINE_STEP = 0.1
_PEAK_REACH = 3
_MIN_PEAK = 1.25
"""How far the best angle must stand out above the middle one; noise and pictures give about 1."""

_NARROW = 6

_INK_SHARE = (0.0004, 0.7)
"""Share of the page that must be ink for an angle to mean anything; a black page has the angle of its border."""


@dataclass(frozen=True, slots=True)
class Skew:
    """The skew of a page.

    Attributes:
        angle: the clockwise turn in degrees that makes it straight.
        rows: how far the rows stand out (>= 0; about 1 is nothing).
        columns: the same for the columns, at their own best angle.
    """

    angle: float
    rows: float
    columns: float


def ink_of(gray: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """How dark each pixel is, 0 for paper; the grain of the paper is cut off.

    Args:
        gray: height x width, uint8, flattened, so that paper is near 255.
    """
    return np.asarray(cv2.subtract(225.0, gray), dtype=np.uint8)


def is_printed(ink: NDArray[np.uint8]) -> bool:
    """Whether there is as much ink on a page as its lines can tell an angle by.

    Args:
        ink: height x width, uint8, 0 for paper.
    """
    low, high = _INK_SHARE
    return bool(low <= np.count_nonzero(ink) / ink.size <= high)


def find_skew(ink: NDArray[np.uint8], limit: float) -> Skew:
    """The angle that straightens a page, to about 0.05 degrees; 0 for a page without lines.

    Args:
        ink: height x width, uint8, 0 for paper, at about 100 dpi.
        limit: largest angle looked for, in degrees.
    """
    if limit <= 0 or not is_printed(ink):
        return Skew(0.0, 0.0, 0.0)
    factor = min(1.0, _COARSE_SIDE / max(ink.shape))
    small = cv2.resize(ink, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA) if factor < 1 else ink
    angles = np.arange(-limit, limit + _COARSE_STEP / 2, _COARSE_STEP)
    candidates = []
    for image, full, sign in ((small, ink, 1.0), (small.T, ink.T, -1.0)):
        narrow = _narrowed(image)
        scores = np.array([_score(narrow, float(angle)) for angle in angles])
        middle = float(np.median(scores))
        best = int(scores.argmax())
        peak = float(scores[best]) / middle if middle > 0 else 0.0
        candidates.append((peak, float(angles[best]), full, sign))
    rows, columns = candidates[0][0], candidates[1][0]
    peak, coarse, full, sign = max(candidates, key=lambda candidate: candidate[0])
    if peak < _MIN_PEAK:
        return Skew(0.0, rows, columns)
    # Shearing the transposed page by an angle turns the page by its negative.
    return Skew(sign * -_refined(np.ascontiguousarray(full), coarse, limit), rows, columns)


def _refined(ink: NDArray[np.uint8], coarse: float, limit: float) -> float:
    ink = _narrowed(ink)
    low, high = max(-limit, coarse - 2 * _COARSE_STEP), min(limit, coarse + 2 * _COARSE_STEP)
    angles = np.arange(low, high + _FINE_STEP / 2, _FINE_STEP)
    scores = np.array([_score(ink, float(angle)) for angle in angles])
    best = int(scores.argmax())
    near = slice(max(0, best - _PEAK_REACH), best + _PEAK_REACH + 1)
    if len(angles[near]) < 2 * _PEAK_REACH + 1:
        return float(angles[best])
    # A parabola through the top, by least squares: single scores are uneven by fractions of a pixel.
    bend, tilt, _ = np.polyfit(angles[near] - angles[best], scores[near], 2)
    shift = float(-tilt / (2 * bend)) if bend < 0 else 0.0
    return float(angles[best]) + max(-_FINE_STEP, min(_FINE_STEP, shift))


def _narrowed(ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The ink with ``_NARROW`` columns averaged into one: all that a score of rows looks at, for less work."""
    height, width = ink.shape
    # An unshifted row is sharper than an interpolated one, which favours 0; blurred rows are alike.
    blurred = cv2.blur(ink, (1, 5))
    narrow = cv2.resize(blurred, (max(1, round(width / _NARROW)), height), interpolation=cv2.INTER_AREA)
    return np.asarray(narrow, dtype=np.uint8)


def _score(ink: NDArray[np.uint8], angle: float) -> float:
    """Postl's measure for lines that fall to the right by ``angle`` degrees (rise, when negative), of narrowed ink."""
    return float(_steps(ink, math.tan(math.radians(angle))).sum())


def row_steps(ink: NDArray[np.uint8], slopes: Sequence[float]) -> NDArray[np.float64]:
    """Postl's measure for lines of each slope (slopes x height - 1), by their height in the middle of the page.

    Args:
        ink: height x width, uint8, 0 for paper.
        slopes: pixels that lines fall for each pixel to the right.
    """
    narrow = _narrowed(ink)
    return np.stack([_steps(narrow, slope) for slope in slopes])


def _steps(ink: NDArray[np.uint8], slope: float) -> NDArray[np.float64]:
    height, width = ink.shape
    fall = slope * _NARROW
    # Only rows move, and about the middle column, so that little leaves the page.
    shear = np.array([[1.0, 0.0, 0.0], [fall, 1.0, -fall * width / 2]])
    moved = cv2.warpAffine(ink, shear, (width, height), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
    rows = cv2.reduce(moved, 1, cv2.REDUCE_SUM, dtype=cv2.CV_32S).ravel().astype(np.float64)
    return np.square(np.diff(rows))
