"""Hits, misses and false alarms, and the F1 they make, for boxes and for thin lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from ocr_pipeline.geometry import Box

__all__ = ["Counts", "box_counts", "pixel_counts"]


@dataclass(frozen=True, slots=True)
class Counts:
    """True things found and all true things; things said that are true and all things said."""

    found: float = 0.0
    true: float = 0.0
    right: float = 0.0
    said: float = 0.0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.found + other.found, self.true + other.true, self.right + other.right, self.said + other.said
        )

    @property
    def recall(self) -> float:
        """Share of the true things found, 0..1; 1 where there is none."""
        return self.found / self.true if self.true else 1.0

    @property
    def precision(self) -> float:
        """Share of what is said that is true, 0..1; 1 where nothing is said."""
        return self.right / self.said if self.said else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of recall and precision, 0..1."""
        total = self.recall + self.precision
        return 2 * self.recall * self.precision / total if total else 0.0


def box_counts(true: Sequence[Box], said: Sequence[Box], least: float) -> Counts:
    """Boxes matched one to one with an intersection over union of at least ``least`` (0..1), as many as can be."""
    if not true or not said:
        return Counts(0, len(true), 0, len(said))
    overlaps = _overlaps(true, said) >= least
    rows, columns = linear_sum_assignment(-overlaps.astype(float))
    hits = float(overlaps[rows, columns].sum())
    return Counts(hits, len(true), hits, len(said))


def _overlaps(first: Sequence[Box], second: Sequence[Box]) -> NDArray[np.float64]:
    a = np.array([box.as_tuple() for box in first])[:, None]
    b = np.array([box.as_tuple() for box in second])[None]
    width = np.clip(np.minimum(a[..., 2], b[..., 2]) - np.maximum(a[..., 0], b[..., 0]), 0, None)
    height = np.clip(np.minimum(a[..., 3], b[..., 3]) - np.maximum(a[..., 1], b[..., 1]), 0, None)
    shared = width * height
    areas = [(box[..., 2] - box[..., 0]) * (box[..., 3] - box[..., 1]) for box in (a, b)]
    whole: NDArray[np.float64] = shared / np.maximum(areas[0] + areas[1] - shared, 1e-9)
    return whole


def pixel_counts(true: NDArray[np.uint8], said: NDArray[np.uint8]) -> Counts:
    """Pixels (not 0) of two maps; those within a pixel of the other map's count as found and as right."""
    shape = (min(true.shape[0], said.shape[0]), min(true.shape[1], said.shape[1]))
    first, second = ((m[: shape[0], : shape[1]] > 0).astype(np.uint8) for m in (true, said))
    kernel = np.ones((3, 3), np.uint8)
    near_first, near_second = cv2.dilate(first, kernel), cv2.dilate(second, kernel)
    return Counts(
        float((first & near_second).sum()), float(first.sum()), float((second & near_first).sum()), float(second.sum())
    )
