"""What becomes of a cell whose print may be another than what is seen of it."""

from __future__ import annotations

import math

import numpy as np

from ocr_pipeline.document import Cell, PageImage
from ocr_pipeline.geometry import Box

__all__ = ["doubted", "printed"]

_PRINT = 150
"""Grey value below which a pixel is print."""
_RIM_INCHES = 0.02
"""Of a cell on each side, where its rulings are."""
_DOUBT = math.log(0.5)
"""What a doubted reading is worth: too little to stand alone, enough for an equation to prove it."""


def doubted(cell: Cell) -> Cell:
    """The cell with its readings made less sure."""
    readings = tuple(r.model_copy(update={"log_prob": r.log_prob + _DOUBT}) for r in cell.readings)
    return cell.model_copy(update={"readings": readings, "confidence": cell.confidence / 2})


def printed(page: PageImage, cell: Box) -> Box | None:
    """Around all print inside a cell, in pixels of the page; None where there is none."""
    inside = cell.expanded(-_RIM_INCHES * page.dpi).clipped(page.width, page.height)
    rows, columns = np.nonzero(page.gray[inside.slices()] < _PRINT)
    if not rows.size:
        return None
    x, y = round(inside.left), round(inside.top)
    return Box(x + columns.min(), y + rows.min(), x + columns.max() + 1, y + rows.max() + 1)
