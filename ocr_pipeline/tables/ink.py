"""Which pixels are ink: thresholds that follow the paper, so that faint print and coloured cells count too."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.geometry import Box

__all__ = ["InkMap", "ink_map", "paper_of"]

Counts = NDArray[np.float64]

_PALEST = 20.0
"""Depth from which something may be solid print; so may grain five deviations of which reach as far."""
_COARSER, _HALF = 1.5, 0.5
"""How much coarser than a table's paper that of a cell is whose print counts from half of its depth on: there a blurred
stroke has its own width, and nothing is further from grain without making strokes thinner."""
_STROKES = 75
"""Percentile of the depth of print that leaves the rims of strokes out."""
_SOLID = 0.99
"""Share of a cell's pixels that are no deeper than its solid print."""
_RULING_INCHES = 0.03
"""How far the rulings around a cell reach into it; their depth says nothing of its print."""


@dataclass(frozen=True, eq=False)
class InkMap:
    """How much darker than its paper each pixel is.

    Attributes:
        depth: height x width, uint8; 0 is paper.
        level: depth of solid print on this page, 1..255.
        noise: standard deviation of the paper's depth.
    """

    depth: NDArray[np.uint8]
    level: float
    noise: float

    def mask(self, share: float) -> NDArray[np.uint8]:
        """0/255, where the ink is deeper than a share (0..1) of solid print and clearly above the noise."""
        threshold = max(share * self.level, 4.0 * self.noise, 8.0)
        # Depths are whole numbers, so what is above the threshold is above the whole number below it.
        mask = cv2.threshold(self.depth, math.floor(threshold), 255, cv2.THRESH_BINARY)[1]
        return np.asarray(mask, dtype=np.uint8)

    def of_print(self, box: Box, share: float) -> float:
        """How deep the print in a box is, apart from the pale rims of its strokes; 0 for an empty box.

        Args:
            box: in pixels of the map.
            share: of solid print, from which ink is print; where none is so deep, all of it is taken.
        """
        own = self.depth[box.slices()]
        if own.size == 0:
            return 0.0
        printed = own[own > share * self.level]
        return float(np.percentile(printed if printed.size else own, _STROKES))

    def without_grain(self, cells: Iterable[Box], dpi: float) -> InkMap:
        """The map without what rather is grain than print in cells whose paper is coarser than the table's.

        A copy that turns a tint into grain leaves the white paper around it clean, and may leave its print pale: a
        share of that then is less than what the grain of tinted cells reaches, whose own print is darker.

        Args:
            cells: boxes in pixels of the map, from ruling to ruling.
            dpi: resolution.

        Returns:
            The map itself where no cell is that coarse.
        """
        depth = None
        for cell in cells:
            place = cell.clipped(self.depth.shape[1], self.depth.shape[0]).slices()
            inner = cell.expanded(-_RULING_INCHES * dpi).clipped(self.depth.shape[1], self.depth.shape[0]).slices()
            part = np.ascontiguousarray(self.depth[inner])
            if part.size and _grain(part) > max(_COARSER * self.noise, _PALEST / 5.0):
                depth = self.depth.copy() if depth is None else depth
                least = math.floor(_HALF * _quantile(_LEVELS, _counts(part), _SOLID))
                depth[place] = cv2.threshold(depth[place], least, 255, cv2.THRESH_TOZERO)[1]
        return self if depth is None else InkMap(depth, self.level, self.noise)


def ink_map(gray: NDArray[np.uint8], dpi: float) -> InkMap:
    """Measure ink against the local paper: a closing takes print and rulings away and leaves paper and cell fills.

    Args:
        gray: height x width, uint8, dark on light.
        dpi: resolution, for the size of what counts as print.
    """
    half = cv2.resize(gray, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    size = max(3, round(dpi * 0.055)) | 1
    paper = cv2.morphologyEx(half, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_RECT, (size, size)))
    paper = cv2.blur(paper, (size, size))
    paper = cv2.resize(paper, (gray.shape[1], gray.shape[0]), interpolation=cv2.INTER_LINEAR)
    depth = cv2.subtract(paper, gray)
    counts = _counts(np.ascontiguousarray(depth[::3, ::3]))
    background = counts[: math.ceil(_quantile(_LEVELS, counts, 0.8))]
    noise = max(1.4826 * _deviation(background), _grain(depth))
    least = math.floor(max(_PALEST, 5.0 * noise)) + 1
    level = _quantile(_LEVELS[least:], counts[least:], 0.9) if counts[least:].any() else 255.0
    return InkMap(depth, max(1.0, level), noise)


def paper_of(gray: NDArray[np.uint8]) -> int:
    """Brightness of the paper of a small picture, at least one pixel: what nine tenths of it are darker than."""
    return int(_quantile(_LEVELS, _counts(np.ascontiguousarray(gray)), 0.9))


_LEVELS = np.arange(256)


def _counts(values: NDArray[np.uint8], mask: NDArray[np.uint8] | None = None) -> Counts:
    """How often each of 0 to 255 occurs: what medians and percentiles need, without sorting."""
    return np.asarray(cv2.calcHist([values], [0], mask, [256], [0, 256]), dtype=np.float64).ravel()


def _quantile(values: NDArray[np.integer] | NDArray[np.floating], counts: Counts, share: float) -> float:
    """The quantile of ascending values that occur so often, between two of them in proportion; 0 for none."""
    reached = np.cumsum(counts)
    if not reached.size or reached[-1] == 0:
        return 0.0
    position = share * (reached[-1] - 1)
    low, high = (float(values[np.searchsorted(reached, at, side="right")]) for at in (position // 1, -(-position // 1)))
    return low + (high - low) * float(position % 1)


def _deviation(counts: Counts) -> float:
    """Median deviation from the median of the whole numbers from 0 that occur so often; 0 for none."""
    levels = _LEVELS[: counts.size]
    away = np.abs(levels - _quantile(levels, counts, 0.5))
    order = np.argsort(away, kind="stable")
    return _quantile(away[order], counts[order], 0.5)


def _grain(depth: NDArray[np.uint8]) -> float:
    """Standard deviation of the paper's grain, by what a second difference in both directions leaves of the picture.

    Paper cut off at white has no median deviation, and the halo of blurred print has a deviation but no grain. After
    J. Immerkaer, Fast Noise Variance Estimation, Computer Vision and Image Understanding 64 (1996).
    """
    kernel = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
    # Every second row tells as much. Paper has no differences above 255.
    even = depth[: depth.shape[0] // 2 * 2 : 2]
    differences = cv2.convertScaleAbs(cv2.filter2D(depth, cv2.CV_16S, kernel)[: 2 * len(even) : 2])
    counts = _counts(differences, cv2.threshold(even, 39, 255, cv2.THRESH_BINARY_INV)[1])
    if not counts.any():
        return 0.0
    # A mean absolute value times sqrt(pi / 2) is a standard deviation, here of 6 times the grain's; rims of print have
    # few of the pixels, and the largest twentieth is left out for them.
    kept = counts[: math.floor(_quantile(_LEVELS, counts, 0.95)) + 1]
    return float(kept @ _LEVELS[: kept.size] / kept.sum()) * 1.2533 / 6
