"""Signs that may have been lost: a minus is the thinnest thing in a table, and worn print loses it without a gap.

A figure read without a sign is as printed where nobody saw anything before it and the other minuses of its table are
seen without doubt. The thresholds were set on generated reports.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from ocr_pipeline.document import Cell, Reading
from ocr_pipeline.templates.deciding import Decision
from ocr_pipeline.templates.readers import second_readings
from ocr_pipeline.templates.values import parse_value

__all__ = ["has_trace", "is_unsigned", "signs_legible"]

_TRACE = 1e-3
"""Probability from which readings with something before the figures are a trace of a sign."""
_LEGIBLE = 0.03
"""A minus is seen without doubt where the figure without it is this much less likely."""


def is_unsigned(found: Decision, cell: Cell) -> bool:
    """Whether a change was read without any sign, and would be another number with one."""
    return found.value is not None and found.value > 0 and cell.text.strip()[:1].isdigit()


def has_trace(cell: Cell, found: Decision) -> bool:
    """Whether either recogniser saw something before the digits of the number found."""
    digits = str(found.value)
    return any(
        math.fsum(math.exp(r.log_prob) for r in readings if r.text.endswith(digits) and r.text != digits) > _TRACE
        for readings in _by_reader(cell)
    )


def signs_legible(changes: Iterable[Cell]) -> bool:
    """Whether minuses are printed among these cells, and both recognisers see every one of them without doubt."""
    rivals = [rival for cell in changes for readings in _by_reader(cell) for rival in _unsigned_rival(readings)]
    return bool(rivals) and max(rivals) <= _LEGIBLE


def _unsigned_rival(readings: Sequence[Reading]) -> Iterable[float]:
    """How likely the same figure without its minus is beside the one with it; nothing where no minus leads."""
    numbers: dict[float, float] = {}
    for reading in readings:
        parsed = parse_value(reading.text, "change")
        if parsed is not None:
            numbers[parsed.value] = numbers.get(parsed.value, 0.0) + math.exp(reading.log_prob)
    leading = max(numbers, key=lambda number: numbers[number], default=0)
    return [numbers.get(-leading, 0.0) / numbers[leading]] if leading < 0 else []


def _by_reader(cell: Cell) -> tuple[Sequence[Reading], Sequence[Reading]]:
    return cell.readings, second_readings(cell)
