"""The geometric part of damage: every function gives the changed picture and the map of its pixels.

Maps are in edge coordinates as everywhere: pixel (0, 0) covers 0 <= x, y < 1, so a box keeps its meaning.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.geometry import Transform

__all__ = ["photographed", "rescaled", "skewed", "turned", "warped"]

Image = NDArray[np.uint8]


def warped(image: Image, transform: Transform, size: tuple[int, int], fill: tuple[int, int, int]) -> Image:
    """The picture of ``size`` (width, height) that a map makes of it; what lies outside the source is ``fill``."""
    # OpenCV counts from pixel centres, boxes from pixel edges: half a pixel between them.
    matrix = Transform.translation(0.5, 0.5).then(transform).then(Transform.translation(-0.5, -0.5)).as_array()
    return np.asarray(
        cv2.warpPerspective(
            image, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=fill
        ),
        dtype=np.uint8,
    )


def skewed(image: Image, degrees: float, fill: tuple[int, int, int] = (255, 255, 255)) -> tuple[Image, Transform]:
    """Turned clockwise about its centre by a small angle, in a frame of the same size."""
    height, width = image.shape[:2]
    angle = math.radians(degrees)
    cos, sin = math.cos(angle), math.sin(angle)
    turn = Transform((cos, -sin, 0.0, sin, cos, 0.0, 0.0, 0.0, 1.0))
    center = Transform.translation(-width / 2, -height / 2)
    transform = center.then(turn).then(Transform.translation(width / 2, height / 2))
    return warped(image, transform, (width, height), fill), transform


def turned(image: Image, turns: int) -> tuple[Image, Transform]:
    """Turned clockwise by ``turns`` x 90 degrees, without loss."""
    height, width = image.shape[:2]
    return np.ascontiguousarray(np.rot90(image, -turns)), Transform.quarter_turns(turns, width, height)


def rescaled(image: Image, factor: float) -> tuple[Image, Transform]:
    """Resampled by a factor; sides become whole pixels, and the map says exactly how."""
    height, width = image.shape[:2]
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    method = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    scaled = cv2.resize(image, size, interpolation=method)
    return np.asarray(scaled, dtype=np.uint8), Transform.scaling(size[0] / width, size[1] / height)


def photographed(image: Image, strength: float, rng: np.random.Generator) -> tuple[Image, Transform, NDArray[np.bool_]]:
    """Laid on a desk and seen aslant.

    Args:
        image: the page.
        strength: how far corners stray, as a share of the page's width (0.01 is slight, 0.08 strong).
        rng: settles where the corners go and what the desk looks like.

    Returns:
        The photograph, the map, and a mask of the pixels that show the page.
    """
    height, width = image.shape[:2]
    margin = rng.uniform(0.02, 0.07) * width
    stray = rng.uniform(-1, 1, (4, 2)) * strength * width
    lean = math.radians(rng.uniform(-2.5, 2.5))
    source = np.array([(0, 0), (width, 0), (width, height), (0, height)], dtype=np.float64)
    center = source.mean(axis=0)
    rotation = np.array([(math.cos(lean), -math.sin(lean)), (math.sin(lean), math.cos(lean))])
    corners = (source - center) @ rotation.T + center + stray
    corners -= corners.min(axis=0) - margin
    size = (math.ceil(corners[:, 0].max() + margin), math.ceil(corners[:, 1].max() + margin))
    matrix = cv2.getPerspectiveTransform(source.astype(np.float32), corners.astype(np.float32))
    transform = Transform.from_array(np.asarray(matrix, dtype=np.float64))
    page = warped(image, transform, size, (0, 0, 0))
    mask = warped(np.full_like(image, 255), transform, size, (0, 0, 0))[..., :1].astype(np.float32) / 255
    desk = _desk(size, rng)
    # Warped over black, the page is already weighted with its own mask.
    mixed = desk * (1 - mask) + page.astype(np.float32)
    return np.clip(mixed, 0, 255).astype(np.uint8), transform, mask[..., 0] > 0.5


def _desk(size: tuple[int, int], rng: np.random.Generator) -> NDArray[np.float32]:
    """A plain or grained surface."""
    width, height = size
    tone = rng.choice(np.array([(92, 80, 70), (60, 60, 64), (150, 120, 90), (190, 188, 182)]))
    coarse = rng.normal(0, 10, (max(2, height // 160), max(2, width // 12))).astype(np.float32)
    grain = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.asarray(tone[None, None, :].astype(np.float32) + grain[..., None], dtype=np.float32)
