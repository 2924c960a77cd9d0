"""Rulings of a table found by its print: what is left of them must not pass for print, nor print for them."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.tables.rulings import RulingMasks

__all__ = ["level_rulings", "upright_rulings"]

_SHORTEST_EM = 2.5
"""Of a ruling, in characters."""
_LONG_EM = 12.0
"""In characters: what is longer is a ruling whatever stands beside it."""
_CLOSE_EM, _CROWDED = 0.2, 0.3
"""How close to a shorter one print may stand, in characters, and along which share of it."""


def level_rulings(masks: RulingMasks, ink: NDArray[np.uint8], em: float) -> NDArray[np.uint8]:
    """Level rulings, 0/255, without the level strokes of bold print, which run together: print stands close to those.

    Args:
        masks: of the page.
        ink: all print and rulings, 0/255.
        em: usual size of a character, pixels.
    """
    return _free_standing(masks.horizontal, ink, em)


def upright_rulings(masks: RulingMasks, ink: NDArray[np.uint8], em: float) -> NDArray[np.uint8]:
    """Upright rulings longer than strokes of characters are, 0/255, without those of bold words that run down.

    Args:
        masks: of the page.
        ink: all print and rulings, 0/255.
        em: usual size of a character, pixels.
    """
    upright = np.ascontiguousarray(masks.vertical.T)
    return np.ascontiguousarray(_free_standing(upright, np.ascontiguousarray(ink.T), em).T)


def _free_standing(mask: NDArray[np.uint8], ink: NDArray[np.uint8], em: float) -> NDArray[np.uint8]:
    """The level lines of a mask that are long enough; print crowds none but the longest of them."""
    wide = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((1, max(3, round(_SHORTEST_EM * em))), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(wide, connectivity=8)
    kept = np.ones(count, np.bool_)
    kept[0] = False
    reach = max(2, round(_CLOSE_EM * em))
    for k, (left, top, width, height, _) in enumerate(stats[1:].tolist(), 1):
        if width < _LONG_EM * em:
            above = ink[max(0, top - reach) : top, left : left + width]
            below = ink[top + height : top + height + reach, left : left + width]
            kept[k] = all(float((side > 0).any(axis=0).mean()) < _CROWDED for side in (above, below) if side.size)
    return np.where(kept[labels], np.asarray(wide, np.uint8), np.uint8(0))
