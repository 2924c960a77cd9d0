"""Grey and coloured paper that comes as dots: halftone screens, dithered scans, photographs of a display.

The dots are as dark as print and no smaller than its strokes are thick, so that print is neither found nor read among
them; to the eye they are an even ground, and so they are after a blur as wide as the dots.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["without_halftone"]

_DOTTED, _EVEN = 30.0, 12.0
"""Deviation from which a page's ground is dots, as no paper's grain is, and up to which it is even, in grey levels."""
_BLURS = (1.0, 1.6, 2.2)
"""Standard deviations to try, in pixels: the dots of finer screens merge sooner."""
_ACROSS = np.array([[1, -2, 1]], np.float32)


def without_halftone(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The page with the dots of its ground merged; the same array where the ground is even.

    Args:
        pixels: height x width x 3, uint8, RGB.
    """
    if _unevenness(pixels) < _DOTTED:
        return pixels
    merged = pixels
    for blur in _BLURS:
        merged = np.asarray(cv2.GaussianBlur(pixels, (0, 0), blur), dtype=np.uint8)
        if _unevenness(merged) < _EVEN:
            break
    return merged


def _unevenness(pixels: NDArray[np.uint8]) -> float:
    """Standard deviation of most of the page from its surroundings: the median of a second difference, across, down or
    both ways, whichever is largest.

    After J. Immerkaer, Fast Noise Variance Estimation, Computer Vision and Image Understanding 64 (1996). Print covers
    less than half of a page, and does not count.
    """
    if min(pixels.shape[:2]) < 3:
        return 0.0
    # Neighbours must stay neighbours, so that stretches of rows are taken instead of every fourth pixel.
    stretches = [pixels[top : top + 18, :, 1] for top in range(0, len(pixels) - 2, 72)]
    return max(_deviation(stretches, kernel) for kernel in (_ACROSS, _ACROSS.T, _ACROSS * _ACROSS.T))


def _deviation(stretches: Sequence[NDArray[np.uint8]], kernel: NDArray[np.float32]) -> float:
    seen = [np.abs(cv2.filter2D(part, cv2.CV_16S, kernel)[1:-1, 1:-1]).ravel() for part in stretches if len(part) > 2]
    return float(np.median(np.concatenate(seen)) * 1.4826 / np.linalg.norm(kernel))
