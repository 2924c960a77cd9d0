"""Cuts the images that the recogniser reads out of a table: trimmed to the ink, with a margin, rulings left out.

The recipe (margin of 0.3 of the ink's height, a blur of 0.7 px at 200 dpi) was measured on single figures in many
fonts: free reading of a lone figure drops with a margin of 0.1 or 0.5, and a little blur heals binarised print.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.geometry import Box
from ocr_pipeline.tables.ink import paper_of

__all__ = ["RECIPES", "CropRecipe", "crop_line", "strip"]


@dataclass(frozen=True, slots=True)
class CropRecipe:
    """How to cut a line: margin against the ink's height, blur in pixels at 200 dpi, enlargement."""

    margin: float = 0.3
    blur: float = 0.7
    scale: float = 1.0


RECIPES = (CropRecipe(), CropRecipe(0.2, 0.0), CropRecipe(0.4, 1.0, 1.5))
"""The first is for everything; the others give doubtful cells a second look."""


def crop_line(
    gray: NDArray[np.uint8], line: Box, interior: Box, dpi: float, recipe: CropRecipe = RECIPES[0]
) -> NDArray[np.uint8]:
    """Cut one line of print out of a table's crop; what lies outside the cell's interior becomes paper.

    Args:
        gray: the table's crop, uint8.
        line: box around the line's ink.
        interior: the cell without its rulings.
        dpi: resolution.
        recipe: margin, blur and enlargement.
    """
    margin = max(3, round(recipe.margin * line.height))
    wanted = line.expanded(margin)
    inside = (
        Box(
            max(wanted.left, interior.left),
            max(wanted.top, interior.top),
            min(wanted.right, interior.right),
            min(wanted.bottom, interior.bottom),
        )
        if wanted.intersection_area(interior) > 0
        else wanted.clipped(gray.shape[1], gray.shape[0])
    )
    part = gray[inside.slices()]
    if part.size == 0:
        return np.full((3, 3), 255, np.uint8)
    paper = paper_of(part)
    top, left = max(0, round(inside.top - wanted.top)), max(0, round(inside.left - wanted.left))
    bottom, right = max(0, round(wanted.bottom - inside.bottom)), max(0, round(wanted.right - inside.right))
    framed: NDArray[np.uint8] = cv2.copyMakeBorder(part, top, bottom, left, right, cv2.BORDER_CONSTANT, value=(paper,))
    if recipe.scale != 1.0:
        framed = cv2.resize(framed, None, fx=recipe.scale, fy=recipe.scale, interpolation=cv2.INTER_CUBIC)
    if recipe.blur > 0:
        sigma = recipe.blur * recipe.scale * dpi / 200
        framed = cv2.GaussianBlur(framed, (0, 0), sigma)
    return framed


def strip(crops: Sequence[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    """Set crops side by side on paper, centred on one line: vertical writing or a wrapped figure as one line."""
    height = max(c.shape[0] for c in crops)
    padded = []
    for crop in crops:
        paper = paper_of(crop)
        top = (height - crop.shape[0]) // 2
        padded.append(
            cv2.copyMakeBorder(crop, top, height - crop.shape[0] - top, 0, 0, cv2.BORDER_CONSTANT, value=(paper,))
        )
    return np.hstack(padded)
