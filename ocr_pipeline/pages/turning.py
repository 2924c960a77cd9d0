"""Which way up a page is: the model's opinion, checked by the direction of the lines of text.

A wrong turn destroys a page, an omitted one is seen later; so a page is turned only when the model is sure, and not
against what its lines of text show.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.pages.inputs import ROTATIONS, Orienter, Rotation

__all__ = ["Turn", "decide_turn", "text_direction"]

_TILE_INCHES = 0.9
"""Side of a tile: some lines of print, and less than a column."""
_RULING_INCHES = 0.4
_MIN_TILES = 6
"""Tiles with print from which their mean says something."""
_CLEAR = 0.35
"""How far from even the direction of the text must be to count as seen: narrow columns of single figures mislead it."""

_SURE = 0.85
"""So sure a model is right where the direction of the text speaks against it."""

_RATIO = 4.0
"""How much likelier one sideways turn must be than the other where the text is clearly sideways."""


@dataclass(frozen=True, slots=True)
class Turn:
    """The decision.

    Attributes:
        rotation: the clockwise turn in degrees that is made.
        confidence: how probable it is, 0..1.
        doubtful: whether another turn was nearly as probable, or the evidence contradicts itself.
    """

    rotation: Rotation
    confidence: float
    doubtful: bool


def text_direction(ink: NDArray[np.uint8], dpi: float) -> float:
    """From -1 (lines of text run down the page) to 1 (across it); 0 when nothing can be told.

    In a small tile, text that runs across makes its rows vary more than its columns. Rulings are taken out first.

    Args:
        ink: height x width, uint8, 0 for paper.
        dpi: pixels per inch.
    """
    run = max(9, round(_RULING_INCHES * dpi))
    solid = (ink > 40).astype(np.uint8)
    rulings = cv2.morphologyEx(solid, cv2.MORPH_OPEN, np.ones((1, run), np.uint8)) | cv2.morphologyEx(
        solid, cv2.MORPH_OPEN, np.ones((run, 1), np.uint8)
    )
    text = np.where(cv2.dilate(rulings, np.ones((5, 5), np.uint8)) > 0, 0, ink)
    tile = max(16, round(_TILE_INCHES * dpi))
    votes = []
    for top in range(0, text.shape[0] - tile + 1, tile):
        for left in range(0, text.shape[1] - tile + 1, tile):
            part = text[top : top + tile, left : left + tile]
            across = float(part.mean(axis=1).var())
            down = float(part.mean(axis=0).var())
            if float(part.mean()) > 2.0 and across + down > 0:
                votes.append((across - down) / (across + down))
    return float(np.mean(votes)) if len(votes) >= _MIN_TILES else 0.0


def decide_turn(gray: NDArray[np.uint8], direction: float, orienter: Orienter, threshold: float) -> Turn:
    """Turn the page, or leave it.

    Args:
        gray: height x width, uint8, flattened and without skew; about 100 dpi serves.
        direction: of its text, see ``text_direction``.
        orienter: the model.
        threshold: how sure it must be of a turn, 0..1.
    """
    seen = orienter.orient(np.repeat(gray[:, :, None], 3, axis=2))
    chances = np.asarray(seen.probabilities)
    upright, right, _, left = chances
    if direction < -_CLEAR and max(right, left) >= _RATIO * min(right, left) and upright < threshold:
        # The text is sideways, so only the side is asked for.
        best = 1 if right > left else 3
        confidence = float(chances[best] / (right + left))
        return Turn(ROTATIONS[best], confidence, bool(chances[best] < threshold))
    contradicted = direction > _CLEAR and seen.rotation in (90, 270) and seen.confidence < _SURE
    if seen.rotation == 0:
        return Turn(
            0, seen.confidence, bool(seen.confidence < 0.5 or (direction < -_CLEAR and seen.confidence < _SURE))
        )
    if seen.confidence >= threshold and not contradicted:
        return Turn(seen.rotation, seen.confidence, False)
    return Turn(0, float(upright), bool(seen.confidence >= 0.5))
