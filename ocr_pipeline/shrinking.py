"""Pages made smaller, and whether they are grey: of those one channel is enough, for a third of the work."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["is_gray", "shrunk"]

_STEP = 4
"""Pixels between those looked at: a stamp or a coloured cell is broader."""


def is_gray(color: NDArray[np.uint8]) -> bool:
    """Whether a page of three channels (height x width x 3, uint8) has no colour."""
    sample = color[::_STEP, ::_STEP]
    return bool((sample[:, :, 0] == sample[:, :, 1]).all() and (sample[:, :, 0] == sample[:, :, 2]).all())


def shrunk(color: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    """A page of three channels (height x width x 3, uint8) at a smaller width and height, each pixel a mean of some."""
    if is_gray(color):
        one = cv2.resize(cv2.extractChannel(color, 0), size, interpolation=cv2.INTER_AREA)
        return np.asarray(cv2.cvtColor(one, cv2.COLOR_GRAY2RGB), dtype=np.uint8)
    return np.asarray(cv2.resize(color, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
