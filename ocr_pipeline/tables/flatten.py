"""Straightens one table: what is left of skew, perspective and bend after the page was straightened as a whole.

Each long ruling should lie at one height. The family of horizontal rulings gives a smooth displacement field
``y = Y + b0 u + b1 u v + c0 u^2 + c1 u^2 v`` (u, v: position about the table's centre), fitted by least squares with
one unknown Y for each ruling; the vertical family gives the field across. The table is then resampled along both.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.geometry import Box, Point

__all__ = ["Flattening", "fit_flattening"]

Coefficients = tuple[float, float, float, float]
_STRAIGHT: Coefficients = (0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Flattening:
    """The map from the straightened crop of a table to the page.

    Attributes:
        box: the crop on the page, in pixels.
        along: displacement coefficients of horizontal rulings (dy as a function of x and y).
        across: displacement coefficients of vertical rulings (dx as a function of y and x).
    """

    box: Box
    along: Coefficients = _STRAIGHT
    across: Coefficients = _STRAIGHT

    @property
    def is_identity(self) -> bool:
        """True when resampling would move nothing by half a pixel or more."""
        return self.along == _STRAIGHT and self.across == _STRAIGHT

    def to_page(self, points: list[Point]) -> list[Point]:
        """Points of the straightened crop, on the page."""
        array = np.asarray(points, dtype=np.float64).reshape(-1, 2)
        x, y = self._displaced(array[:, 0], array[:, 1])
        return list(zip(x.tolist(), y.tolist(), strict=True))

    def box_to_page(self, box: Box) -> Box:
        """Bounds on the page of a box of the straightened crop."""
        return Box.around(self.to_page(list(box.corners)))

    def crop(self, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The straightened crop of a page image (any number of channels)."""
        rows, columns = self.box.slices()
        if self.is_identity:
            return np.ascontiguousarray(image[rows, columns])
        height, width = image[rows, columns].shape[:2]
        grid_x, grid_y = np.meshgrid(
            np.arange(width, dtype=np.float64), np.arange(height, dtype=np.float64), copy=False
        )
        x, y = self._displaced(grid_x, grid_y)
        straight: NDArray[np.uint8] = cv2.remap(
            image,
            x.astype(np.float32),
            y.astype(np.float32),
            cv2.INTER_CUBIC,
            borderMode=cv2.BORDER_REPLICATE,
        )
        return straight

    def _displaced(
        self, x: NDArray[np.float64], y: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        u = x - self.box.width / 2
        v = y - self.box.height / 2
        dy = _field(self.along, u, v)
        dx = _field(self.across, v, u)
        # The crop starts on a whole pixel, as the plain slice does.
        return x + dx + round(self.box.left), y + dy + round(self.box.top)


def _field(c: Coefficients, u: NDArray[np.float64], v: NDArray[np.float64]) -> NDArray[np.float64]:
    return c[0] * u + c[1] * u * v + c[2] * u * u + c[3] * u * u * v


def fit_flattening(horizontal: NDArray[np.uint8], vertical: NDArray[np.uint8], box: Box) -> Flattening:
    """Fit the displacement of one table from its ruling masks (page size, 0/255).

    Only corrections that matter (half a pixel somewhere in the table) are kept.
    """
    inside = box.slices()
    along = _fit(horizontal[inside])
    across = _fit(cv2.transpose(vertical[inside]))
    return Flattening(box, along, across)


def _fit(mask: NDArray[np.uint8]) -> Coefficients:
    """Coefficients for horizontal runs in a mask; zero when there are too few long ones."""
    height, width = mask.shape
    samples = _samples(mask, 0.25 * width)
    if len(samples) < 2:
        return _STRAIGHT
    u = np.concatenate([s[:, 0] for s in samples]) - width / 2
    y = np.concatenate([s[:, 1] for s in samples])
    owner = np.concatenate([np.full(len(s), i) for i, s in enumerate(samples)])
    means = np.array([s[:, 1].mean() for s in samples])
    v = means[owner] - height / 2
    spread = np.ptp(means) > 0.3 * height and len(samples) >= 4
    # How much the slope changes from line to line, few lines cannot tell.
    told = [0, 1, 2, 3] if spread else [0, 2]
    terms = np.column_stack([u, u * v, u * u, u * u * v])[:, told]
    scale = np.maximum(np.abs(terms).max(axis=0), 1e-9)
    solution = np.zeros(4)
    solution[told] = _least_squares(terms / scale, y, owner, len(samples)) / scale
    corner = np.abs(solution) @ np.array([width / 2, width * height / 4, width * width / 4, width * width * height / 8])
    return tuple(float(c) for c in solution) if corner >= 0.5 else _STRAIGHT  # type: ignore[return-value]


def _least_squares(
    terms: NDArray[np.float64], y: NDArray[np.float64], owner: NDArray[np.int64], lines: int
) -> NDArray[np.float64]:
    """Common coefficients of all lines, each line's own height eliminated; outliers weighted down (Huber, 2 px)."""
    weights = np.ones_like(y)
    solution = np.zeros(terms.shape[1])
    for _ in range(4):
        total = np.maximum(np.bincount(owner, weights, lines), 1e-9)
        centred_y = y - (np.bincount(owner, weights * y, lines) / total)[owner]
        centred = np.column_stack([t - (np.bincount(owner, weights * t, lines) / total)[owner] for t in terms.T])
        root = np.sqrt(weights)
        # A little ridge keeps unsupported terms at zero.
        ridge = 1e-3 * np.sqrt(len(y)) * np.eye(terms.shape[1])
        left = np.vstack([centred * root[:, None], ridge])
        right = np.concatenate([centred_y * root, np.zeros(terms.shape[1])])
        solution = np.linalg.lstsq(left, right, rcond=None)[0]
        residual = np.abs(centred_y - centred @ solution)
        weights = 2.0 / np.maximum(residual, 2.0)
    return solution


def _samples(mask: NDArray[np.uint8], shortest: float) -> list[NDArray[np.float64]]:
    """Centre points (x, y) every few pixels along each connected run longer than ``shortest``."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    found = []
    for label in range(1, count):
        left, top, width, height, area = stats[label]
        if width < shortest or height > max(8.0, 0.2 * width) or area < 0.5 * width:
            continue
        part = labels[top : top + height, left : left + width] == label
        columns = np.arange(0, width, max(4, width // 60))
        heights = part[:, columns].sum(axis=0)
        rows = np.arange(height)[:, None]
        centre = (part[:, columns] * rows).sum(axis=0) / np.maximum(heights, 1)
        keep = heights > 0
        found.append(np.column_stack([columns[keep] + left, centre[keep] + top]).astype(np.float64))
    return found
