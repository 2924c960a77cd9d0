"""Figures that are not as high as the others of their table: specks, and figures with another's ink beside them.

Dirt of a copier may be round as a 0, but is lower; a figure of a stamp that ends beside a 0 makes a 170 of it, and is
higher.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ocr_pipeline.tables.cell_task import CellTask, has_digits, is_number

__all__ = ["too_high", "too_low"]

_LEAST_FIGURES = 5
"""Figures that tell how high those of a table are."""
_SURE = 0.9
_LOW, _HIGH = 0.5, 1.3
"""Heights of a figure against the usual one: those of one table are of one size, or nearly so."""


def too_low(tasks: Sequence[CellTask]) -> list[CellTask]:
    """Cells read as figures, or taken for one, whose print is much lower than the figures of the same table.

    Args:
        tasks: all cells of a table with print, as read.
    """
    usual = _usual(tasks)
    return [task for task in tasks if usual and _may_be_figure(task) and _height(task) < _LOW * usual]


def too_high(tasks: Sequence[CellTask]) -> list[CellTask]:
    """Figures whose line of print is much higher than those of the other figures of the same table.

    Args:
        tasks: all cells of a table with print, as read.
    """
    usual = _usual(tasks)
    return [task for task in tasks if usual and is_number(task.text) and _height(task) > _HIGH * usual]


def _usual(tasks: Sequence[CellTask]) -> float | None:
    """How high figures are, in pixels; None where too few tell."""
    heights = [_height(task) for task in tasks if is_number(task.text) and task.confidence >= _SURE]
    return float(np.median(heights)) if len(heights) >= _LEAST_FIGURES else None


def _height(task: CellTask) -> float:
    """Of its highest line, in pixels."""
    return max(line.height for line in task.lines)


def _may_be_figure(task: CellTask) -> bool:
    return bool(task.readings) and any(has_digits(reading.text) for reading in task.readings)
