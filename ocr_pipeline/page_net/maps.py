"""The maps of one page as data, and what gives them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol, get_args, runtime_checkable

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.geometry import Box

__all__ = ["MAPS", "MAP_DPI", "STRIDE", "WORK_DPI", "MapName", "PageMaps", "Viewer"]

WORK_DPI = 100.0
"""Resolution that the network looks at."""
STRIDE = 2
"""Pixels of the network's input to one pixel of its maps, each way."""
MAP_DPI = WORK_DPI / STRIDE
_EVEN = 128
"""Of 255: from here on a pixel is more likely of the thing than not."""

MapName = Literal["across", "upright", "rows", "columns", "table", "heading", "line", "seal"]
MAPS: tuple[MapName, ...] = get_args(MapName)
"""The maps in the order of the network's outputs.

``across`` and ``upright`` are printed rulings, horizontal and vertical; ``rows`` and ``columns`` are the borders of
cells, horizontal and vertical, printed or not; ``table`` is the area of tables, ``heading`` lines that are titles or
headings, ``line`` every line of print, ``seal`` the ink of seals.
"""


@dataclass(frozen=True, eq=False)
class PageMaps:
    """What the network sees, pixel by pixel.

    Attributes:
        values: len(MAPS) x height x width, uint8; 0 is surely not, 255 surely.
        scale: pixels of the maps to one pixel of the page, along x and y (about ``MAP_DPI`` / page dpi).
    """

    values: NDArray[np.uint8]
    scale: tuple[float, float]

    def of(self, name: MapName) -> NDArray[np.uint8]:
        """One map, height x width, uint8."""
        found: NDArray[np.uint8] = self.values[MAPS.index(name)]
        return found

    def likely(self, name: MapName) -> NDArray[np.uint8]:
        """Where a thing is more likely than not: height x width, 1 there and 0 elsewhere."""
        return np.where(self.of(name) >= _EVEN, np.uint8(1), np.uint8(0))

    def slices(self, box: Box) -> tuple[slice, slice]:
        """``of(name)[slices(box)]`` is what a map says inside a box in pixels of the page; see ``Box.slices``."""
        x, y = self.scale
        return Box(box.left * x, box.top * y, box.right * x, box.bottom * y).slices()

    def share(self, name: MapName, box: Box) -> float:
        """0..1: how surely the inside of a box in pixels of the page is a thing's; 0 where the box has no pixel."""
        inside = self.of(name)[self.slices(box)]
        return float(inside.mean()) / 255 if inside.size else 0.0

    def enlarged(self, name: MapName, size: tuple[int, int]) -> NDArray[np.uint8]:
        """One map on the page's own pixels.

        Args:
            name: which.
            size: width and height of the page in pixels.
        """
        width, height = size
        # Pixel edges of map and page lie on each other only where the page's sides are whole multiples.
        matrix = np.array(
            [
                [1 / self.scale[0], 0, 0.5 / self.scale[0] - 0.5],
                [0, 1 / self.scale[1], 0.5 / self.scale[1] - 0.5],
            ]
        )
        return np.asarray(cv2.warpAffine(self.of(name), matrix, (width, height), flags=cv2.INTER_LINEAR), np.uint8)


@runtime_checkable
class Viewer(Protocol):
    """Sees the maps of a page."""

    def look(self, color: NDArray[np.uint8], dpi: float) -> PageMaps:
        """Look at an upright page.

        Args:
            color: height x width x 3, uint8, RGB.
            dpi: pixels per inch.
        """
        ...
