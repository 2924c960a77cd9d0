"""Specks that were read as figures: dirt of a copier may be round as a 0, but not as high as the figures beside it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ocr_pipeline.tables.cell_task import CellTask, has_digits, is_number

__all__ = ["too_low"]

_LEAST_FIGURES = 5
"""Figures that tell how high those of a table are."""
_SURE = 0.9
_LOW = 0.5
"""Height of a figure against the usual one: those of one table are of one size, or nearly so."""


def too_low(tasks: Sequence[CellTask]) -> list[CellTask]:
    """Cells read as figures, or taken for one, whose print is much lower than the figures of the same table.

    Args:
        tasks: all cells of a table with print, as read.
    """
    heights = [_height(task) for task in tasks if is_number(task.text) and task.confidence >= _SURE]
    if len(heights) < _LEAST_FIGURES:
        return []
    least = _LOW * float(np.median(heights))
    return [task for task in tasks if _may_be_figure(task) and _height(task) < least]


def _height(task: CellTask) -> float:
    """Of its highest line, in pixels."""
    return max(line.height for line in task.lines)


def _may_be_figure(task: CellTask) -> bool:
    return bool(task.readings) and any(has_digits(reading.text) for reading in task.readings)
