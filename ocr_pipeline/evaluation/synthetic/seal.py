"""Red round seals of invented bodies: ring, star, name along the arc, number below; unevenly inked."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from ocr_pipeline.evaluation.synthetic.fonts import load

__all__ = ["press_seal", "seal_mask"]


def seal_mask(name: str, face: str, diameter: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """How much ink a seal leaves, ``diameter`` x ``diameter``, 0..1.

    Args:
        name: written along the arc.
        face: Chinese face, a name in ``fonts``.
        diameter: pixels.
        rng: settles its proportions and the missing ink.
    """
    side = diameter * 2
    layer = Image.new("L", (side, side), 0)
    canvas = ImageDraw.Draw(layer)
    ring = max(3, round(side * rng.uniform(0.018, 0.032)))
    canvas.ellipse((ring, ring, side - ring, side - ring), outline=255, width=ring)
    _star(canvas, side / 2, side * rng.uniform(0.13, 0.17))
    _arc(layer, name, face, side)
    if rng.random() < 0.5:
        number = "".join(str(d) for d in rng.integers(0, 10, 13))
        font = load(face, max(8, side // 26))
        canvas.text((side / 2, side * 0.84), number, font=font, fill=255, anchor="mm")
    mask = np.asarray(layer.resize((diameter, diameter), Image.Resampling.LANCZOS), dtype=np.float32) / 255
    spots = rng.uniform(0.55, 1.25, (max(2, diameter // 9), max(2, diameter // 9))).astype(np.float32)
    worn = cv2.resize(spots, (diameter, diameter), interpolation=cv2.INTER_CUBIC)
    return np.asarray(mask * np.clip(worn, 0, 1), dtype=np.float32)


def _star(canvas: ImageDraw.ImageDraw, center: float, radius: float) -> None:
    points = []
    for i in range(10):
        reach = radius if i % 2 == 0 else radius * 0.382
        angle = -math.pi / 2 + i * math.pi / 5
        points.append((center + reach * math.cos(angle), center + reach * math.sin(angle)))
    canvas.polygon(points, fill=255)


def _arc(layer: Image.Image, name: str, face: str, side: int) -> None:
    size = max(10, round(side * min(0.13, 1.5 / max(8, len(name)))))
    font = load(face, size)
    span = math.radians(min(270, 24 * len(name)))
    for i, char in enumerate(name):
        angle = -span / 2 + span * (i / max(1, len(name) - 1))
        tile = Image.new("L", (size * 2, size * 2), 0)
        ImageDraw.Draw(tile).text((size, size), char, font=font, fill=255, anchor="mm")
        tile = tile.rotate(-math.degrees(angle), resample=Image.Resampling.BICUBIC)
        x = side / 2 + side * 0.385 * math.sin(angle) - size
        y = side / 2 - side * 0.385 * math.cos(angle) - size
        layer.paste(255, (round(x), round(y)), tile)


def press_seal(
    page: NDArray[np.uint8],
    mask: NDArray[np.float32],
    center: tuple[float, float],
    color: tuple[int, int, int],
    strength: float,
) -> NDArray[np.uint8]:
    """Stamp a page: ink darkens what is below as a filter does, so print stays visible through it.

    Args:
        page: RGB.
        mask: from ``seal_mask``.
        center: pixels; parts outside of the page are lost.
        color: RGB of full ink.
        strength: 0..1.
    """
    size = mask.shape[0]
    left, top = round(center[0] - size / 2), round(center[1] - size / 2)
    height, width = page.shape[:2]
    x0, y0, x1, y1 = max(0, left), max(0, top), min(width, left + size), min(height, top + size)
    result: NDArray[np.uint8] = np.array(page)
    if x1 <= x0 or y1 <= y0:
        return result
    ink = (strength * mask[y0 - top : y1 - top, x0 - left : x1 - left])[..., None]
    tint = np.asarray(color, dtype=np.float32) / 255
    region = result[y0:y1, x0:x1].astype(np.float32) * (1 - ink * (1 - tint))
    result[y0:y1, x0:x1] = np.clip(region + 0.5, 0, 255).astype(np.uint8)
    return result
