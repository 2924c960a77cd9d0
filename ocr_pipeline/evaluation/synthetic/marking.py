"""Watermarks: words repeated aslant over a page, paler than its print."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from ocr_pipeline.evaluation.synthetic.fonts import FALLBACK, load

__all__ = ["watermarked"]

_WORDS = ("内部资料", "政务公开", "仅供查阅", "档案复制件")


def watermarked(image: NDArray[np.uint8], strength: float, scale: float, rng: np.random.Generator) -> NDArray[np.uint8]:
    """The page with a watermark on it.

    Args:
        image: height x width x 3, uint8.
        strength: darkness of its ink, 0..1.
        scale: pixels at 200 dpi to pixels of the page.
        rng: settles words, size, slope and distances.
    """
    height, width = image.shape[:2]
    side = math.ceil(math.hypot(height, width))
    layer = Image.new("L", (side, side), 0)
    canvas = ImageDraw.Draw(layer)
    words = str(rng.choice(_WORDS))
    font = load(FALLBACK, max(12, round(scale * rng.uniform(55, 95))))
    step, leading = scale * rng.uniform(420, 620), scale * rng.uniform(220, 330)
    for line in range(math.ceil(side / leading)):
        for place in range(math.ceil(side / step) + 1):
            canvas.text(((place - 0.5 * (line % 2)) * step, line * leading), words, font=font, fill=255)
    turned = layer.rotate(float(rng.uniform(20, 45)), resample=Image.Resampling.BICUBIC)
    left, top = (side - width) // 2, (side - height) // 2
    mask = np.asarray(turned.crop((left, top, left + width, top + height)), np.float32) / 255
    return np.clip(image * (1 - strength * mask[..., None]) + 0.5, 0, 255).astype(np.uint8)
