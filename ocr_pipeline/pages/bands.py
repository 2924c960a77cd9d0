"""Bands across the whole page: dirty rollers of a copier, a drum that wears, a lamp that flickers.

They are paler than print, but as long as rulings, and narrow enough to pass for some. What is as dark from edge to edge
of a page is none of its print: even a ruling leaves a margin.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["without_bands"]

_BRIGHT = 90
"""Percentile of a line of pixels that is paper, unless something runs from edge to edge."""
_MARGIN_INCHES = 0.1
"""Width of the margins that no band leaves out, as a fill does that fills a picture cut close to its table."""
_RULING_INCHES, _REACH_INCHES = 0.045, 0.6
"""What is narrower may be a ruling of a table that was cut out without a margin; what is wider is shading."""
_PALE, _DARKEST = 0.03, 0.55
"""How much darker than the paper around it a band is, as a share of that, and what is left of the paper in it at least:
darker ones may be fills whose print is bright."""
_LEAST = 4
"""Bands come in numbers; single ones may be anything."""


def without_bands(pixels: NDArray[np.uint8], dpi: float) -> NDArray[np.uint8]:
    """The page with the paper of bands that run across or down all of it as bright as that around them.

    Args:
        pixels: height x width x 3, uint8, RGB, as scanned: bands are not aslant.
        dpi: pixels per inch.

    Returns:
        The same array where there are no bands.
    """
    for across in (True, False):
        gains = _gains(pixels[..., 1] if across else pixels[..., 1].T, dpi)
        if gains is not None:
            lines = gains[:, None, None] if across else gains[None, :, None]
            pixels = np.clip(pixels * lines + 0.5, 0, 255).astype(np.uint8)
    return pixels


def _gains(plane: NDArray[np.uint8], dpi: float) -> NDArray[np.float32] | None:
    """By how much each row of a page is to be brightened; None where too few bands run across it."""
    sample = plane[:, ::8]
    if sample.size == 0:
        return None
    bright = np.percentile(sample, _BRIGHT, axis=1).astype(np.float32)
    margin = max(1, round(_MARGIN_INCHES * dpi))
    for end in (plane[:, :margin], plane[:, -margin:]):
        bright = np.maximum(bright, np.median(end, axis=1).astype(np.float32))
    paper = _closed(bright, _RULING_INCHES * dpi)
    around = _closed(paper, _REACH_INCHES * dpi)
    left = paper / np.maximum(around, 1)
    banded = (left < 1 - _PALE) & (left >= _DARKEST)
    if np.count_nonzero(np.diff(banded.astype(np.int8)) == 1) < _LEAST:
        return None
    return np.asarray(np.where(left >= _DARKEST, 1 / np.maximum(left, _DARKEST), 1), dtype=np.float32)


def _closed(profile: NDArray[np.float32], length: float) -> NDArray[np.float32]:
    """A profile without its dips narrower than ``length``."""
    kernel = np.ones((max(3, round(length)) | 1, 1), np.uint8)
    return np.asarray(cv2.morphologyEx(profile[:, None], cv2.MORPH_CLOSE, kernel)[:, 0], dtype=np.float32)
