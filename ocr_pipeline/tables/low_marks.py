"""Dashes and hyphens that stand for nothing, told by how low they are, whatever was read.

Enlarged to the height of a line, the grain of faint paper beside a dash is read as a word, and a hyphen that a blur
made nearly square has no shape of its own. But no character is so low, and the marks of one table are all alike.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.tables.cell_ink import LOWEST_INCHES
from ocr_pipeline.tables.cell_task import CellTask
from ocr_pipeline.tables.marks import lone_mark, stroke_size

__all__ = ["low_marks", "usual_print"]

_LOW = 0.4
"""A line lower than this many times the usual height of print holds no character."""
_MIDDLE = 0.2
"""How far from the middle of its cell such a mark stands at most, against the usual height of print: the bar that is
left of a worn 7, 5 or 2 stands higher or lower."""
_TOLD = 3
"""Marks of one table, told by their shape, from which others are told by being alike."""
_DASHES, _LEVEL = frozenset("-‐—–－一_"), 1.4
"""What readers make of dashes, and width of a stroke so read against its height: thick ones have no sharper shape."""
_ALIKE, _PIXELS = 0.25, 1
"""How much larger or smaller a mark is that is like them, against their size, and in pixels at least."""


def usual_print(tasks: Sequence[CellTask], dpi: float) -> float:
    """Usual height of the lines in which more than one character was read, in pixels; 0 where there are none."""
    heights = [line.height for task in tasks for line in task.lines if len(task.text.strip()) > 1]
    printed = [height for height in heights if height >= LOWEST_INCHES * dpi]
    return float(np.percentile(printed, 60)) if printed else 0.0


def low_marks(tasks: Sequence[CellTask], mask: NDArray[np.uint8], usual: float) -> list[CellTask]:
    """The cells whose only print is a level stroke too low for a character.

    Args:
        tasks: cells of one table with print, as read.
        mask: ink of the straightened table, 0/255.
        usual: height of its print, in pixels.
    """
    low = [task for task in tasks if len(task.lines) == 1 and _is_low(task, usual)]
    inks = [mask[task.lines[0].slices()] for task in low]
    shaped = [lone_mark(ink) == "—" for ink in inks]
    sizes = np.array([stroke_size(ink) for ink in inks], dtype=np.float64).reshape(-1, 2)
    read = [
        task.text.strip() in _DASHES and wide >= _LEVEL * high for task, (high, wide) in zip(low, sizes, strict=True)
    ]
    told = [mark or dash for mark, dash in zip(shaped, read, strict=True)]
    if sum(told) < _TOLD:
        return [task for task, mark in zip(low, shaped, strict=True) if mark]
    median = np.median(sizes[told], axis=0)
    alike = (np.abs(sizes - median) <= np.maximum(_PIXELS, _ALIKE * median)).all(axis=1)
    return [task for task, mark, like in zip(low, told, alike, strict=True) if mark or like]


def _is_low(task: CellTask, usual: float) -> bool:
    """Whether the only line of a cell is too low for a character and stands where a dash does."""
    line = task.lines[0]
    return line.height < _LOW * usual and abs(line.center[1] - task.ink.interior.center[1]) <= _MIDDLE * usual
