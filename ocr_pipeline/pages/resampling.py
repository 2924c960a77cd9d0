"""Moves pixels along a map, once: every interpolation blurs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.geometry import Transform
from ocr_pipeline.pages.paper import paper_color
from ocr_pipeline.shrinking import is_gray

if TYPE_CHECKING:
    from ocr_pipeline.pages.straightening import Geometry

__all__ = ["resampled", "warped"]


def warped(
    image: NDArray[np.uint8],
    back: Transform,
    size: tuple[int, int],
    border: tuple[int, ...],
    *,
    interpolation: int = cv2.INTER_LINEAR,
) -> NDArray[np.uint8]:
    """An image of ``size`` whose pixels come from where ``back`` leads.

    Args:
        image: height x width or height x width x 3, uint8.
        back: from the result to ``image``, both in pixels with the origin at the corner of the first pixel.
        size: width and height of the result.
        border: colour of what lies outside, one number a channel.
        interpolation: of OpenCV.
    """
    # OpenCV puts the origin at the centre of the first pixel.
    centers = Transform.translation(0.5, 0.5).then(back).then(Transform.translation(-0.5, -0.5)).as_array()
    flags = interpolation | cv2.WARP_INVERSE_MAP
    moved = cv2.warpPerspective(image, centers, size, flags=flags, borderMode=cv2.BORDER_CONSTANT, borderValue=border)
    return np.asarray(moved, dtype=np.uint8)


def resampled(pixels: NDArray[np.uint8], geometry: Geometry, enlargement: float) -> tuple[NDArray[np.uint8], Transform]:
    """The straight page, and the map from it to the rendered one.

    Args:
        pixels: the rendered page, height x width x 3, uint8, RGB.
        geometry: how it is straightened.
        enlargement: >= 1, made in the same step.
    """
    size = (max(1, round(geometry.size[0] * enlargement)), max(1, round(geometry.size[1] * enlargement)))
    shrink = Transform.scaling(geometry.size[0] / size[0], geometry.size[1] / size[1])
    back = shrink.then(geometry.back)
    if geometry.turns_only:
        turned = np.ascontiguousarray(np.rot90(pixels, -geometry.turn.rotation // 90))
        if size != geometry.size:
            turned = np.asarray(cv2.resize(turned, size, interpolation=cv2.INTER_CUBIC), dtype=np.uint8)
        return turned, back
    border = paper_color(pixels)
    if is_gray(pixels):
        one = warped(np.ascontiguousarray(pixels[:, :, 0]), back, size, border[:1], interpolation=cv2.INTER_CUBIC)
        return np.asarray(cv2.cvtColor(one, cv2.COLOR_GRAY2RGB), dtype=np.uint8), back
    return warped(pixels, back, size, border, interpolation=cv2.INTER_CUBIC), back
