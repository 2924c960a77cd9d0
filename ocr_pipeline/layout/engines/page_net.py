"""The page network as a LayoutParser model, beside the packaged one, whose other kinds of regions it leaves alone."""

from __future__ import annotations

from typing import Any, ClassVar

import cv2
import numpy as np
from layoutparser.elements import Layout, Rectangle, TextBlock
from layoutparser.models.base_layoutmodel import BaseLayoutModel

from ocr_pipeline.geometry import Box
from ocr_pipeline.layout.mapped import mapped_headings, mapped_seals, mapped_tables
from ocr_pipeline.layout.regions import RegionDetector
from ocr_pipeline.page_net import Viewer

__all__ = ["PageNetDetector"]

_A4_INCHES = 11.69
_REPLACED = frozenset({"table", "title"})
"""Labels of the other detector that the maps speak for."""
_SCORE = 0.9
"""Of a region that the maps show. Above what the other model is usually sure of, below what rulings prove."""


class PageNetDetector(BaseLayoutModel):  # type: ignore[misc]
    """Tables, headings and seals from the maps of the page network, everything else from another detector.

    Args:
        viewer: the network.
        other: gives the regions of all other kinds.
    """

    DEPENDENCIES: ClassVar[list[str]] = []
    DETECTOR_NAME = "page_net"
    MODEL_CATALOG: ClassVar[dict[str, dict[str, str]]] = {}

    def __init__(self, viewer: Viewer, other: RegionDetector) -> None:
        self._viewer = viewer
        self._other = other

    def image_loader(self, image: Any) -> Any:
        """An image of Pillow or an array, as RGB, height x width x 3, uint8; an RGB array stays the one it is."""
        array = np.asarray(image.convert("RGB") if hasattr(image, "convert") else image)
        return array if array.ndim == 3 else np.repeat(array[..., None], 3, axis=2)

    def detect(self, image: Any) -> Layout:
        """Regions of a page image, the surest first, with LayoutParser's TextBlock for each."""
        pixels = self.image_loader(image)
        # The interface tells no resolution. A viewer that has looked at this page before knows it; else it is A4.
        dpi = max(pixels.shape[:2]) / _A4_INCHES
        maps = self._viewer.look(pixels, dpi)
        gray = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)
        blocks = [block for block in self._other.detect(pixels) if str(block.type).lower() not in _REPLACED]
        blocks += [_block(box, "table") for box in mapped_tables(maps)]
        blocks += [_block(box, "title") for box in mapped_headings(maps, gray, dpi)]
        blocks += [_block(box, "seal") for box in mapped_seals(maps)]
        return Layout(sorted(blocks, key=lambda block: -(block.score or 0.0)))


def _block(box: Box, label: str) -> Any:
    return TextBlock(Rectangle(*box.as_tuple()), type=label, score=_SCORE)
