"""What the network is shown: how much darker than its paper each pixel is, at 100 dpi, as strong on faint pages."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.page_net.maps import WORK_DPI
from ocr_pipeline.shrinking import shrunk

__all__ = ["MULTIPLE", "ink_of", "padded", "reduced"]

MULTIPLE = 32
"""Sides of what the network is shown are multiples of this."""

_REDUCTION = 8
"""Pixels of the page to one of the copy that its paper is estimated on."""
_PAPER_REACH = 7
"""Pixels of that copy that a closing looks over; wider dark areas (fills, black borders) stay dark."""
_GRAIN = 12
"""Depth up to which a pixel may be the grain of the paper."""
_FEW = 50
"""Fewer deeper pixels than this say nothing of how strong the print is."""
_LEVEL_PERCENTILE = 98.5
_SOLID = 210.0
"""Depth that the page's solid print is brought to; the rest is for what is darker, such as black borders."""
_LEAST_LEVEL = 24.0
"""The faintest print that is brought there: beyond, the grain would look like print."""


def reduced(color: NDArray[np.uint8], dpi: float) -> NDArray[np.uint8]:
    """The page at ``WORK_DPI``, height x width x 3; a page of less stays as it is in detail and is enlarged."""
    height, width = color.shape[:2]
    factor = WORK_DPI / dpi
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    if factor < 1:
        return shrunk(color, size)
    return np.asarray(cv2.resize(color, size, interpolation=cv2.INTER_LINEAR), dtype=np.uint8)


def ink_of(color: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Depth of ink in each colour: 0 is paper, about 210 the page's solid print.

    Args:
        color: height x width x 3, uint8, RGB, at ``WORK_DPI``.
    """
    height, width = color.shape[:2]
    small_size = (max(1, -(-width // _REDUCTION)), max(1, -(-height // _REDUCTION)))
    small = cv2.resize(color, small_size, interpolation=cv2.INTER_AREA)
    kernel = np.ones((_PAPER_REACH, _PAPER_REACH), np.uint8)
    paper = cv2.GaussianBlur(cv2.morphologyEx(small, cv2.MORPH_CLOSE, kernel), (0, 0), 2.0)
    paper = np.maximum(cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR), 1)
    depth = 255 - cv2.divide(color, paper, scale=255)
    # A sixteenth of the time of ``max(axis=2)``, which goes over three values at a time.
    dark = np.maximum.reduce([depth[::2, ::2, channel] for channel in range(3)])
    inked = dark[dark > _GRAIN]
    level = float(np.percentile(inked, _LEVEL_PERCENTILE)) if inked.size > _FEW else 255.0
    gain = _SOLID / max(_LEAST_LEVEL, level)
    return np.asarray(cv2.convertScaleAbs(depth, alpha=gain), dtype=np.uint8)


def padded(ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """As the network takes it: 1 x 3 x height x width, uint8, paper added below and to the right."""
    height, width = ink.shape[:2]
    below, right = -height % MULTIPLE, -width % MULTIPLE
    full = np.pad(ink, ((0, below), (0, right), (0, 0)))
    return np.ascontiguousarray(full.transpose(2, 0, 1)[None])
