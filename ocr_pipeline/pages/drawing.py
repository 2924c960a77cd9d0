"""What a drawn page shows beside its text, on the raster of its page image."""

from __future__ import annotations

from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.document import PageImage
from ocr_pipeline.geometry import Transform

__all__ = ["DrawnSource", "drawing_of"]

_SAME = 1e-3
"""A map whose entries differ from those of no map by less is taken for none: a pixel or so at a page's far edge."""


class DrawnSource(Protocol):
    """A page of a source that may know its text from its lines."""

    def render_without_text(self, dpi: float) -> NDArray[np.uint8] | None:
        """Height x width x 3, uint8, RGB, like the page but without its text; None when that cannot be told."""
        ...


def drawing_of(source: DrawnSource, page: PageImage) -> NDArray[np.uint8] | None:
    """The page without its text: uint8, grey, as large as ``page.gray`` and in its place.

    Args:
        source: the page that ``page`` was prepared from.
        page: upright and straight.

    Returns:
        None for a page that was not drawn.
    """
    pixels = source.render_without_text(page.dpi)
    if pixels is None:
        return None
    gray = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    height, width = gray.shape
    to_source = Transform.scaling(page.source_size[0] / width, page.source_size[1] / height)
    moved = to_source.then(page.transform.inverse()).as_array()
    moved = moved / moved[2, 2]
    if gray.shape == page.gray.shape and np.allclose(moved, np.eye(3), atol=_SAME):
        return gray
    warped = cv2.warpPerspective(gray, moved, (page.width, page.height), borderValue=255)
    return np.asarray(warped, dtype=np.uint8)
