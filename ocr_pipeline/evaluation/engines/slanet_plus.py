"""SLANet-plus as its package offers it, given the lines that this program's own detector and recogniser read."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.document import Line
from ocr_pipeline.errors import DependencyError

__all__ = ["SlanetPlus"]


class SlanetPlus:
    """The structure model of the package rapid-table (Li et al., "PP-StructureV2", 2022).

    Raises:
        DependencyError: the package is not installed.
    """

    def __init__(self) -> None:
        try:
            import rapid_table
        except ImportError as error:
            raise DependencyError(
                f"rapid-table cannot be imported: {error}", remedy="pip install 'ocr-pipeline[contest]'"
            ) from error
        self._engine: Any = rapid_table.RapidTable()

    def html(self, picture: NDArray[np.uint8], lines: list[Line]) -> str:
        """The table that a picture shows, as HTML; empty where it sees none.

        Args:
            picture: height x width x 3, uint8, RGB.
            lines: what is printed in it, boxes in its pixels.
        """
        if not lines:
            return ""
        read = [[[list(corner) for corner in line.box.corners], line.text, line.confidence] for line in lines]
        found, *_ = self._engine(np.ascontiguousarray(picture[..., ::-1]), read)
        return str(found)
