"""The red ink of seals taken out of the grey image so that the print under it stays."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.blue_cells import DARK, cells_under_seal
from ocr_pipeline.geometry import Box
from ocr_pipeline.seal_ink import RED_EXCESS, find_seal_ink, reddish, redness

__all__ = ["bare_of_seals", "without_seals"]

_INK_PERCENTILE, _LEAST_INK = 30, 0.01
_PRINT_PIXELS, _BARE, _ISLAND_PIXELS = 31, 0.85, 11
"""Strokes of print are narrower than this at any resolution that is read, and darker than such a share of their paper;
what is bare between seal and print, and no wider than the last, has something of their colour."""

_BLACK, _DARKENED = 0.5, 0.75
"""Brightness below which print stands under a seal, against the seal's own, and what must be left of it in red light,
against the paper: where two seals overlap they are darker, but as red."""


def without_seals(gray: NDArray[np.uint8], color: NDArray[np.uint8], seals: list[Box]) -> NDArray[np.uint8]:
    """The grey image with red lifted to paper inside the seals: red ink is bright in red light, black print is not.

    Args:
        gray: height x width, uint8.
        color: the same page, height x width x 3, RGB.
        seals: boxes in its pixels.
    """
    if not seals:
        return gray
    cleaned: NDArray[np.uint8] = gray.copy()
    for seal in seals:
        area = seal.slices()
        cleaned[area] = np.maximum(cleaned[area], _lifted(gray[area], color[area]))
    return cleaned


def _lifted(gray: NDArray[np.uint8], color: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """One seal's box with its red lifted to the paper, or to the coloured cell, that it stands on."""
    strong = redness(color) > RED_EXCESS
    if not strong.any():
        return gray
    around, cells = np.ones((3, 3), np.uint8), cells_under_seal(color)
    near = cv2.dilate(reddish(color, cells), around)
    paper, red_paper = _grounds((gray, np.ascontiguousarray(color[:, :, 0])), near)
    red, share = color[:, :, 0] / red_paper, np.asarray(gray / paper, np.float32)
    # Lifting by the brightness that pure seal ink has in red light makes it vanish into the paper.
    ink = float(np.percentile(red[strong], _INK_PERCENTILE))
    freed = np.asarray(red / max(ink, _LEAST_INK), np.float32)
    lifted = _with_black(np.minimum(freed, 1), share, strong) * paper
    bright = (red_paper < DARK) & (freed > 1) & (cv2.dilate(strong.astype(np.uint8), around) > 0)
    lifted = np.where(bright, _brightened(freed, paper, red_paper), lifted)
    lifted = np.maximum(lifted, cells)
    return np.where(near > 0, np.maximum(lifted, gray), gray).astype(np.uint8)


def _brightened(
    freed: NDArray[np.float32], paper: NDArray[np.float32], red_paper: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Grey of bright print on a dark cell under a seal: as far from the cell towards white as it is in red light."""
    way = np.minimum((freed - 1) / np.maximum(255 / red_paper - 1, _LEAST_INK), 1)
    return np.asarray(paper + way * (255 - paper), np.float32)


def _grounds(channels: Sequence[NDArray[np.uint8]], covered: NDArray[np.uint8]) -> list[NDArray[np.float32]]:
    """Brightness of the paper without its print, at least 1; under what is covered, that of the nearest bare place.

    Args:
        channels: height x width each, the first of them the page in grey.
        covered: as large, not 0 where ink of a seal hides the paper.
    """
    size = np.ones((_PRINT_PIXELS, _PRINT_PIXELS), np.uint8)
    light = [cv2.morphologyEx(channel, cv2.MORPH_CLOSE, size) for channel in channels]
    open_ = ((covered == 0) & (channels[0] >= _BARE * light[0])).astype(np.uint8)
    bare = cv2.morphologyEx(open_, cv2.MORPH_OPEN, np.ones((_ISLAND_PIXELS, _ISLAND_PIXELS), np.uint8)) > 0
    if not bare.any():
        return [np.full(one.shape, max(1.0, float(np.percentile(one, 90))), np.float32) for one in channels]
    hidden = np.where(bare, np.uint8(0), np.uint8(1))
    nearest = cv2.distanceTransformWithLabels(hidden, cv2.DIST_L2, 3, labelType=cv2.DIST_LABEL_PIXEL)[1]
    found = []
    for one in light:
        values = np.zeros(int(nearest.max()) + 1, np.uint8)
        values[nearest[bare]] = one[bare]
        found.append(np.asarray(np.maximum(values[nearest], 1), np.float32))
    return found


def bare_of_seals(color: NDArray[np.uint8], gray: NDArray[np.uint8], dpi: float) -> NDArray[np.uint8] | None:
    """The page in its colours, but in grey where there may be a seal; None where there is none.

    Args:
        color: height x width x 3, uint8, RGB.
        gray: the same page without the ink of its seals, height x width.
        dpi: pixels per inch.
    """
    seals = find_seal_ink(color, dpi)
    if not seals:
        return None
    bare: NDArray[np.uint8] = color.copy()
    for box in seals:
        bare[box.slices()] = gray[box.slices()][..., None]
    return bare


def _with_black(
    lifted: NDArray[np.float32], gray: NDArray[np.float32], strong: NDArray[np.bool_]
) -> NDArray[np.float32]:
    """The lifted picture with what is black under the red as dark as it is in grey, all as shares of the paper.

    Pictures are stored with half of their colours: a thin black stroke under a seal takes on some of its red, and would
    be lifted with it. Its brightness is kept, and is much below that of the seal's own ink.
    """
    own = max(0.01, float(np.median(gray[strong])))
    black = (gray < _BLACK * own) & (lifted < _DARKENED)
    return np.where(black, np.minimum(lifted, gray / own), lifted)
