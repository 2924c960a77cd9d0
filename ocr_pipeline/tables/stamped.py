"""What is left of seals on a page freed of them must not pass for print: its pieces would have rows of their own."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.document import PageImage
from ocr_pipeline.seal_ink import seal_ink
from ocr_pipeline.tables.ink import InkMap, ink_map

__all__ = ["without_stamped"]

_BLACK = 0.5
"""How deep print is at least in red light, in which the ink of seals is pale: between that and solid print, and against
solid print."""
_OWN_PERCENTILE = 90
"""Of the depth of the ink of seals, in red light as well: where two overlap it is deeper."""
_BESIDE_INCHES, _STROKE_INCHES = 0.04, 0.015
"""How far the edges of a seal's strokes reach beyond their red, and those of print beyond their black."""


def without_stamped(mask: NDArray[np.uint8], ink: InkMap, page: PageImage) -> NDArray[np.uint8]:
    """A mask of print without that which is only on or beside the ink of seals, and has nothing black to it.

    Args:
        mask: 0/255, page size.
        ink: of the page freed of its seals.
        page: with its colours.
    """
    red = seal_ink(page.color, page.dpi)
    if not red.any():
        return mask
    near = cv2.dilate(red, _disc(_BESIDE_INCHES * page.dpi))
    depth = ink_map(np.ascontiguousarray(page.color[:, :, 0]), page.dpi).depth
    own = float(np.percentile(depth[red > 0], _OWN_PERCENTILE))
    least = max(_BLACK * ink.level, own + _BLACK * (ink.level - own))
    black = np.where((depth >= least) | (near == 0), mask, np.uint8(0))
    stroke = cv2.dilate(black, _disc(_STROKE_INCHES * page.dpi))
    return np.asarray(cv2.bitwise_and(mask, stroke), np.uint8)


def _disc(radius: float) -> NDArray[np.uint8]:
    side = 2 * max(1, round(radius)) + 1
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)), np.uint8)
