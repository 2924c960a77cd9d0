"""Figures of much paler print than the others of their table: glare, a fold or an empty cartridge took some of it.

Thin strokes go first. What is left of a figure that lost its minus or its point is a figure, too.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ocr_pipeline.tables.cell_ink import PRINT_SHARE
from ocr_pipeline.tables.cell_task import CellTask, is_number
from ocr_pipeline.tables.ink import InkMap

__all__ = ["faded"]

_PALE = 0.67
"""Depth of print, against that of the table's figures: on whole pages, faint and photographed ones among them, the
palest figure has 0.72."""
_LEAST_FIGURES = 5
"""Figures that tell how dark those of a table are."""


def faded(tasks: Sequence[CellTask], depth: InkMap) -> list[CellTask]:
    """The cells read as figures whose print is far paler than is usual in their table.

    Args:
        tasks: all cells of a table with print, as read.
        depth: of the whole table crop.
    """
    figures = [
        (task, min(depth.of_print(line, PRINT_SHARE) for line in task.lines)) for task in tasks if is_number(task.text)
    ]
    if len(figures) < _LEAST_FIGURES:
        return []
    usual = float(np.median([strength for _, strength in figures]))
    return [task for task, strength in figures if strength < _PALE * usual]
