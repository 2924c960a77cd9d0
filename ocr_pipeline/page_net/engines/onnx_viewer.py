"""Runs the page network with ONNX Runtime on a CPU."""

from __future__ import annotations

from pathlib import Path
from threading import local

import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.engines.onnx_session import open_session
from ocr_pipeline.errors import WeightsError
from ocr_pipeline.page_net.intake import ink_of, padded, reduced
from ocr_pipeline.page_net.maps import MAPS, STRIDE, PageMaps

__all__ = ["OnnxViewer"]


class OnnxViewer:
    """The page network. Any number of threads may look at once.

    Each thread remembers the page that it looked at last, since tables and layout both ask for it.

    Args:
        path: the ONNX file.
        threads: threads of one run, at least 1.

    Raises:
        WeightsError: the file cannot be loaded, or is another model.
    """

    def __init__(self, path: Path | str, *, threads: int = 1) -> None:
        self._session = open_session(path, threads=threads, purpose="the page network")
        inputs, outputs = self._session.get_inputs(), self._session.get_outputs()
        if len(inputs) != 1 or len(outputs) != 1 or outputs[0].shape[1] != len(MAPS):
            raise WeightsError("not the page network that was expected", source=path)
        self._input = inputs[0].name
        self._memory = local()

    def look(self, color: NDArray[np.uint8], dpi: float) -> PageMaps:
        """The maps of an upright page: height x width x 3, uint8, RGB."""
        last: tuple[NDArray[np.uint8], PageMaps] | None = getattr(self._memory, "last", None)
        if last is not None and last[0] is color:
            return last[1]
        ink = ink_of(reduced(color, dpi))
        height, width = ink.shape[:2]
        shown = padded(ink)
        values = self._session.run(None, {self._input: shown})[0][0]
        # The last odd row and column of the input have a pixel of the maps of their own.
        values = np.ascontiguousarray(values[:, : -(-height // STRIDE), : -(-width // STRIDE)])
        scale = (width / color.shape[1] / STRIDE, height / color.shape[0] / STRIDE)
        maps = PageMaps(values, scale)
        self._memory.last = (color, maps)
        return maps
