"""Which pixels are ink: thresholds that follow the paper, so that faint print and coloured cells count too."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["InkMap", "ink_map"]


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
        return np.where(self.depth > threshold, np.uint8(255), np.uint8(0))


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
    sample = depth[::3, ::3]
    background = sample[sample < np.percentile(sample, 80)] if sample.size else sample
    noise = 1.4826 * float(np.median(np.abs(background - np.median(background)))) if background.size else 0.0
    noise = max(noise, _grain(depth))
    inked = sample[sample > max(20.0, 5.0 * noise)]
    level = float(np.percentile(inked, 90)) if inked.size else 255.0
    return InkMap(depth, max(1.0, level), noise)


def _grain(depth: NDArray[np.uint8]) -> float:
    """Standard deviation of the paper's grain, by what a second difference in both directions leaves of the picture.

    Paper cut off at white has no median deviation, and the halo of blurred print has a deviation but no grain. After
    J. Immerkaer, Fast Noise Variance Estimation, Computer Vision and Image Understanding 64 (1996).
    """
    part = depth[: depth.shape[0] // 2 * 2 : 2]
    kernel = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
    differences = np.abs(cv2.filter2D(depth, cv2.CV_16S, kernel))[: part.shape[0] * 2 : 2]
    paper = differences[part < 40]
    if paper.size == 0:
        return 0.0
    # A mean absolute value times sqrt(pi / 2) is a standard deviation, here of 6 times the grain's; rims of print have
    # few of the pixels, and the largest twentieth is left out for them.
    return float(np.mean(paper[paper <= np.percentile(paper, 95)])) * 1.2533 / 6
