"""Who read a cell: the readings of each reader, and the numbers that they make."""

from __future__ import annotations

import math
from collections.abc import Iterable

from ocr_pipeline.document import Cell, Reading
from ocr_pipeline.engine import CLOSER_LOOKS, FIGURE_NET
from ocr_pipeline.templates.blocks import ValueType
from ocr_pipeline.templates.values import parse_value
from ocr_pipeline.text_layer import LAYER_ENGINE

__all__ = ["by_number", "closer_readings", "layer_readings", "second_readings", "third_readings"]


def second_readings(cell: Cell) -> list[Reading]:
    """Those of the second recogniser; empty where it was not asked."""
    return [w for w in cell.witnesses if w.engine not in (LAYER_ENGINE, FIGURE_NET, *CLOSER_LOOKS)]


def third_readings(cell: Cell) -> list[Reading]:
    """Those of the reader of figures; empty where it was not asked."""
    return [w for w in cell.witnesses if w.engine == FIGURE_NET]


def closer_readings(cell: Cell) -> list[list[Reading]]:
    """What each of the three makes of several views of the picture; empty lists where none was taken."""
    return [[w for w in cell.witnesses if w.engine == engine] for engine in CLOSER_LOOKS]


def layer_readings(cell: Cell) -> list[Reading]:
    """What a text layer says."""
    return [w for w in cell.witnesses if w.engine == LAYER_ENGINE]


def by_number(readings: Iterable[Reading], kind: ValueType) -> dict[int | float, float]:
    """The probability of each number; readings that are none of this kind are left out."""
    weights: dict[int | float, float] = {}
    for reading in readings:
        parsed = parse_value(reading.text, kind)
        if parsed is not None:
            weights[parsed.value] = min(1.0, weights.get(parsed.value, 0.0) + math.exp(reading.log_prob))
    return weights
