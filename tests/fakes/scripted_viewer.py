"""A page network that sees what it is told, wherever it looks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from ocr_pipeline.geometry import Box
from ocr_pipeline.page_net.maps import MAP_DPI, MAPS, PageMaps


class ScriptedViewer:
    """Boxes in pixels of a page of ``size`` (width, height) at ``dpi``, by map; everything else is surely not."""

    def __init__(self, seen: Mapping[str, Iterable[Box]], size: tuple[int, int], dpi: float = 200.0) -> None:
        scale = MAP_DPI / dpi
        values = np.zeros((len(MAPS), round(size[1] * scale), round(size[0] * scale)), np.uint8)
        for name, boxes in seen.items():
            for box in boxes:
                values[(MAPS.index(name), *box.scaled(scale).slices())] = 255
        self.maps = PageMaps(values, (scale, scale))
        self.asked: list[float] = []

    def look(self, color, dpi: float) -> PageMaps:
        self.asked.append(dpi)
        return self.maps
