"""Decimal points that may have been lost: a blur swallows them, and then both recognisers read the same other number.

A whole amount leaves readings with a point among its digits less than one in 10,000 (208 drawn ones: at most one in
28,000), whatever blurs it; one that lost its point leaves one in twenty.
"""

from __future__ import annotations

import math

from ocr_pipeline.document import Cell
from ocr_pipeline.templates.deciding import Decision
from ocr_pipeline.templates.readers import layer_readings, second_readings
from ocr_pipeline.text_layer import LAYER_ENGINE

__all__ = ["lost_point"]

_CUT = 0.5
"""Probability that a line of pixels that is missing across an amount took its point; nothing tells."""
_WEIGHT = 20.0
"""How much likelier a lost point is than the readings that still see it."""


def lost_point(found: Decision, cell: Cell) -> float:
    """Probability (0..1) that an amount without a point was printed with one among the same digits.

    Args:
        found: what the cell was taken to print.
        cell: with all readings.
    """
    digits = str(found.value)
    if not digits.isdecimal() or len(digits) < 2:
        return 0.0
    seen = {"": 0.0}
    for reading in (*cell.readings, *second_readings(cell), *layer_readings(cell)):
        if reading.engine == LAYER_ENGINE and reading.text.strip() == digits:
            return 0.0  # no blur loses a character of a text layer
        if "." in reading.text.strip(".") and reading.text.replace(".", "") == digits:
            seen[reading.engine] = seen.get(reading.engine, 0.0) + math.exp(reading.log_prob)
    return max(_CUT if cell.cut else 0.0, min(1.0, _WEIGHT * max(seen.values())))
