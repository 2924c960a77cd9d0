"""What the reader of figures is shown, and what it can say."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.engine import FIGURE_ALPHABET

__all__ = ["HEIGHT", "OTHER", "STEP", "SYMBOLS", "normalized"]

HEIGHT = 32
STEP = 4
"""Pixels of width to one step of its answer."""

OTHER = "?"
"""What it says of an image that shows no figure."""

SYMBOLS = ("", *FIGURE_ALPHABET, OTHER)
"""Its outputs in order; the first is the blank between characters."""

_MOST_WIDTH = 448
_LEAST_WIDTH = 16
_LEAST_CONTRAST = 48.0


def normalized(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Depth of ink at a height of ``HEIGHT``, 0 for paper, 255 for the darkest; sides are kept in proportion.

    Faint print comes out as strong as any, so that the network need not know it from black.

    Args:
        image: one line, height x width, uint8, dark on light.
    """
    height, width = image.shape[:2]
    wide = round(width * HEIGHT / height)
    wide = min(_MOST_WIDTH, max(_LEAST_WIDTH, -(-wide // STEP) * STEP))
    method = cv2.INTER_AREA if height > HEIGHT else cv2.INTER_LINEAR
    small = cv2.resize(image, (wide, HEIGHT), interpolation=method).astype(np.float32)
    paper, dark = np.percentile(small, (85, 1))
    contrast = max(_LEAST_CONTRAST, float(paper - dark))
    return np.asarray(np.clip((paper - small) * (255 / contrast), 0, 255) + 0.5, dtype=np.uint8)
