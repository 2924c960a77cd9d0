"""How surely the page network sees a border of cells, printed or not, somewhere between two pieces of print."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.geometry import Box
from ocr_pipeline.page_net import PageMaps

__all__ = ["SeenBorders"]

_UNKNOWN = 0.5
"""Says neither yes nor no: nobody looked, or there is nothing to look at."""

_LEVEL = 5
"""Pixels."""


class SeenBorders:
    """The borders of cells that the network sees on one page.

    Args:
        maps: of the page; without them every answer is 0.5.
        rulings: mask of horizontal rulings, 0/255, page size, where they are printed and say it better than maps.
    """

    def __init__(self, maps: PageMaps | None, rulings: NDArray[np.uint8] | None = None) -> None:
        self._maps, self._rulings = maps, rulings

    def ruled(self, rulings: NDArray[np.uint8]) -> SeenBorders:
        """The same for a table whose horizontal borders are printed.

        Args:
            rulings: mask of horizontal rulings, 0/255, page size.
        """
        return SeenBorders(self._maps, rulings)

    @property
    def known(self) -> bool:
        """Whether the network looked at the page."""
        return self._maps is not None

    def across(self, box: Box) -> float:
        """0..1: how surely a horizontal border runs through the width of a box (page pixels), at any height in it."""
        if self._rulings is not None:
            rows, columns = box.slices()
            return _ruled(self._rulings[rows, columns])
        found = self._part("rows", box)
        return _UNKNOWN if found is None else float(found.mean(axis=1).max())

    def upright(self, box: Box) -> float:
        """0..1: how surely a vertical border runs through the height of a box (page pixels), at any place in it."""
        found = self._part("columns", box)
        return _UNKNOWN if found is None else float(found.mean(axis=0).max())

    def in_table(self, box: Box) -> float:
        """0..1: how surely the inside of a box (page pixels) is a table's."""
        found = self._part("table", box)
        return _UNKNOWN if found is None else float(found.mean())

    def _part(self, name: str, box: Box) -> NDArray[np.float64] | None:
        if self._maps is None:
            return None
        x, y = self._maps.scale
        values = self._maps.of("rows" if name == "rows" else "columns" if name == "columns" else "table")
        height, width = values.shape
        left, right = _pixels(box.left * x, box.right * x, width)
        top, bottom = _pixels(box.top * y, box.bottom * y, height)
        part = values[top:bottom, left:right]
        return part.astype(np.float64) / 255 if part.size else None


def _ruled(mask: NDArray[np.uint8]) -> float:
    """0..1: how much of the width of a mask (0/255) one ruling covers; it may run through a few rows of pixels."""
    if not mask.size:
        return 0.0
    return float(cv2.dilate(np.ascontiguousarray(mask), np.ones((_LEVEL, 1), np.uint8)).mean(axis=1).max()) / 255


def _pixels(start: float, stop: float, size: int) -> tuple[int, int]:
    """One pixel at least, where there is one."""
    first = max(0, min(int(start), size - 1))
    return first, max(first + 1, min(size, round(stop)))
