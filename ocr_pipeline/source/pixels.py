"""Any Pillow image as RGB on white: bilevel, palette, alpha, CMYK and 16-bit ones included.

Pillow has no class of its own for a file that it cannot decode; ``DECODING_ERRORS`` are those that it raises.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

__all__ = ["DECODING_ERRORS", "to_rgb"]

DECODING_ERRORS = (OSError, SyntaxError, ValueError, EOFError, KeyError, IndexError, TypeError, OverflowError)
"""What decoders let through of a file that is cut off or corrupt; ``MemoryError`` may come beside them."""


def to_rgb(image: Image.Image) -> NDArray[np.uint8]:
    """The pixels as height x width x 3, uint8, RGB; what is transparent becomes white.

    Args:
        image: decoded, of any mode.
    """
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        gray = _to_eight_bits(np.asarray(image))
        return np.repeat(gray[:, :, None], 3, axis=2)
    if image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info:
        layer = image.convert("RGBA")
        paper = Image.new("RGBA", layer.size, (255, 255, 255, 255))
        image = Image.alpha_composite(paper, layer)
    return np.array(image.convert("RGB"), dtype=np.uint8)


def _to_eight_bits(values: NDArray[np.generic]) -> NDArray[np.uint8]:
    """Scale to 0..255 by the bit depth that the largest value needs (at least eight), or by 1.0 for fractions."""
    numbers = np.nan_to_num(values.astype(np.float32), nan=0.0, posinf=0.0, neginf=0.0)
    largest = float(numbers.max(initial=0.0))
    # Scanners store 10, 12 and 16 bits in the same two bytes, and the file does not say which.
    fractions = values.dtype.kind == "f" and largest <= 1.0
    white = 1.0 if fractions else float(2 ** max(8, int(largest).bit_length()) - 1)
    scaled: NDArray[np.uint8] = np.clip(numbers * (255.0 / white), 0, 255).astype(np.uint8)
    return scaled
