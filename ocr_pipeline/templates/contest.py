"""The number read against the number that the equations ask for: a misreading, or a mistake of the issuer?

Either the second number is printed and was misread as the first, or the issuer printed the first where the second
belongs. How likely the readers' probabilities are under either is a logistic regression over the differences of their
logarithms, fitted on misread figures and on figures read right; how likely an issuer prints just this number is
``templates.mistakes``. Three readers must have looked: what two make of worn print says too little. Where they have
looked more closely (``tables.closer``), what they saw then counts instead.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from ocr_pipeline.document import Cell
from ocr_pipeline.templates.blocks import ValueType
from ocr_pipeline.templates.calibration import Calibration
from ocr_pipeline.templates.mistakes import mistake_probability
from ocr_pipeline.templates.readers import by_number, closer_readings, second_readings, third_readings

__all__ = ["closer_gain", "contest_features", "lead"]

_FINDERS = 2


def lead(
    cell: Cell,
    kind: ValueType,
    read: int | None,
    asked: int,
    calibration: Calibration,
    beside: Iterable[tuple[int, int]] = (),
) -> float:
    """Nats by which a misreading is likelier than a mistake of the issuer, if both were equally frequent.

    Args:
        cell: with all readings.
        kind: what it holds.
        read: what it was taken to print; None where it could not be read. Then nothing says yet that the issuer is
            wrong, and the likeliest other number is what it is held against.
        asked: the number that the equations ask for.
        calibration: the coefficients.
        beside: where the mistake may be in other cells as well, as one equation alone cannot tell: the number printed
            in each, and 1 or -1 as that number would have to grow or shrink when this one grows.

    Returns:
        Minus infinity where not all three readers looked, or fewer than two find the number that is asked for.
    """
    other = _likeliest_other(cell, kind, asked, calibration) if read is None else read
    features = None if other is None else contest_features(cell, kind, other, asked, calibration)
    if other is None or features is None:
        return -math.inf
    weights = calibration.contest
    score = _score(features, calibration) + (closer_gain(cell, kind, other, asked, calibration) or 0.0)
    prior = weights.bias if read is not None else -math.log(calibration.broken)
    away = asked - other
    slips = [mistake_probability(other, asked)]
    slips += [mistake_probability(printed, printed + way * away) for printed, way in beside if printed >= -way * away]
    return score + prior - math.log(math.fsum(slips))


def contest_features(
    cell: Cell, kind: ValueType, read: int, asked: int, calibration: Calibration
) -> tuple[float, float, float] | None:
    """By reader the log of how much likelier it finds the number asked for than the one read.

    None where a reader did not look, or fewer than two find the number that is asked for: a reader to whom the ink says
    nothing finds one number as unlikely as the other, and how rare mistakes are would settle it alone.
    """
    readers = _readers(cell, kind, calibration)
    if not all(numbers is not None for numbers, _ in readers):
        return None
    if sum((numbers or {}).get(asked, 0.0) > floor for numbers, floor in readers) < _FINDERS:
        return None
    return _leanings([(numbers or {}, floor) for numbers, floor in readers], read, asked)


def closer_gain(cell: Cell, kind: ValueType, read: int | None, asked: int, calibration: Calibration) -> float | None:
    """Nats by which a closer look speaks more for the number asked for than the first did; None where none was taken.

    Args:
        cell: with all readings.
        kind: what it holds.
        read: what it was taken to print; None where it could not be read: then the likeliest other number.
        asked: the number that the equations ask for.
        calibration: the coefficients.
    """
    other = _likeliest_other(cell, kind, asked, calibration) if read is None else read
    closer = closer_readings(cell)
    features = None if other is None else contest_features(cell, kind, other, asked, calibration)
    if other is None or features is None or not all(closer):
        return None
    floors = (calibration.first_floor, calibration.second_floor, calibration.third_floor)
    looks = [(by_number(readings, kind), floor) for readings, floor in zip(closer, floors, strict=True)]
    return _score(_leanings(looks, other, asked), calibration) - _score(features, calibration)


def _score(leanings: tuple[float, float, float], calibration: Calibration) -> float:
    weights = calibration.contest
    return weights.first * leanings[0] + weights.second * leanings[1] + weights.third * leanings[2]


def _leanings(
    readers: Sequence[tuple[Mapping[int | float, float], float]], read: int, asked: int
) -> tuple[float, float, float]:
    first, second, third = (
        math.log(max(numbers.get(asked, 0.0), floor) / max(numbers.get(read, 0.0), floor)) for numbers, floor in readers
    )
    return first, second, third


def _likeliest_other(cell: Cell, kind: ValueType, asked: int, calibration: Calibration) -> int | None:
    """The number that the readers find likeliest together, apart from the one asked for; the least of equals."""
    readers = _readers(cell, kind, calibration)
    others = {int(number) for numbers, _ in readers for number in numbers or () if number != asked}

    def likeliness(number: int) -> float:
        return math.fsum(math.log(max((numbers or {}).get(number, 0.0), floor)) for numbers, floor in readers)

    return max(sorted(others), key=likeliness, default=None)


def _readers(
    cell: Cell, kind: ValueType, calibration: Calibration
) -> tuple[tuple[dict[int | float, float] | None, float], ...]:
    """For each of the three readers the numbers that it finds, None where it did not look, and its floor."""
    return tuple(
        (by_number(readings, kind) if readings else None, floor)
        for readings, floor in (
            (cell.readings, calibration.first_floor),
            (second_readings(cell), calibration.second_floor),
            (third_readings(cell), calibration.third_floor),
        )
    )
