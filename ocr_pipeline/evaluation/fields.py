"""Scoring of values against true fields.

The truth of a field is what stands in the document, as printed ("增加 33", "8.4 亿"): a text with a number, a text
without one (an empty cell, a dash), or None where the document lost the field. Each field gets one verdict:

========= ===================================================================================================
right     handed out as good and equal to the truth; printed wrongly by the issuer and handed out as a conflict with the
          printed number; not handed out as good where the document shows no number
wrong     handed out as good (verified, read, repaired) and not equal to the truth: a silent error
flagged   there is a number, and the value went to review (conflict, blank, missing) without being handed out as good
absent    there is a number or an empty cell, and the report has no entry for the field
========= ===================================================================================================

A value handed out as good for a field that the truth does not know is wrong as well.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from ocr_pipeline.document import Status

__all__ = ["FieldVerdict", "PredictedValue", "PrintedNumber", "Verdict", "judge", "judge_all", "printed_number"]

_YUAN = {"元": 1.0, "万": 1e4, "万元": 1e4, "亿": 1e8, "亿元": 1e8}
_NUMBER = re.compile(r"(?P<sign>增加|减少|增|减|[+-])?(?P<digits>\d+(?:\.\d+)?)(?P<unit>亿元|亿|万元|万|元)?")
_IGNORED = re.compile(r"[\s,]")
_MINUS = str.maketrans("−－﹣", "---")
_TOLERANCE = 1e-6
"""Relative to the true number; below one unit, absolute. Covers the conversion of units in binary fractions only."""


class Verdict(str, Enum):
    """How a field came out; see the table in the module's docstring."""

    RIGHT = "right"
    WRONG = "wrong"
    FLAGGED = "flagged"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class PrintedNumber:
    """A number as printed, with its unit of money if one is printed beside it."""

    number: float
    unit: str | None


@dataclass(frozen=True, slots=True)
class PredictedValue:
    """What a report says about one field: the part of a ``Value`` that is judged."""

    value: float | None
    status: Status
    unit: str | None = None
    raw: str = ""


@dataclass(frozen=True, slots=True)
class FieldVerdict:
    """One field with its truth (None also where the truth does not know the field) and what was read."""

    id: str
    verdict: Verdict
    truth: str | None
    predicted: PredictedValue | None


def printed_number(text: str) -> PrintedNumber | None:
    """The first number in a printed text; None when there is none.

    >>> printed_number("减少5"), printed_number("8.4 亿"), printed_number("—")
    (PrintedNumber(number=-5.0, unit=None), PrintedNumber(number=8.4, unit='亿'), None)
    """
    plain = _IGNORED.sub("", unicodedata.normalize("NFKC", text.translate(_MINUS)))
    match = _NUMBER.search(plain)
    if match is None:
        return None
    sign = -1.0 if match["sign"] in ("减少", "减", "-") else 1.0
    return PrintedNumber(sign * float(match["digits"]), match["unit"])


def judge(truth: str | None, predicted: PredictedValue | None) -> Verdict:
    """The verdict on one field that the truth knows."""
    want = None if truth is None else printed_number(truth)
    if predicted is None:
        return Verdict.RIGHT if truth is None else Verdict.ABSENT
    handed_out = predicted.status.is_good and predicted.value is not None
    if want is None:
        return Verdict.WRONG if handed_out else Verdict.RIGHT
    equal = _equal(want, predicted)
    if predicted.status.is_good:
        return Verdict.RIGHT if equal else Verdict.WRONG
    return Verdict.RIGHT if equal and predicted.status is Status.CONFLICT else Verdict.FLAGGED


def judge_all(truth: Mapping[str, str | None], predicted: Mapping[str, PredictedValue]) -> list[FieldVerdict]:
    """One verdict for each true field, in the order of the truth, then one for each value that was made up."""
    known = [
        FieldVerdict(key, judge(want, predicted.get(key)), want, predicted.get(key)) for key, want in truth.items()
    ]
    return known + list(_made_up(predicted, truth))


def _made_up(predicted: Mapping[str, PredictedValue], truth: Mapping[str, str | None]) -> Iterator[FieldVerdict]:
    for key, value in predicted.items():
        if key not in truth and value.status.is_good and value.value is not None:
            yield FieldVerdict(key, Verdict.WRONG, None, value)


def _equal(want: PrintedNumber, predicted: PredictedValue) -> bool:
    if predicted.value is None:
        return False
    true, read = want.number, predicted.value
    # One side without a unit: the numbers are compared as they stand.
    if want.unit is not None and predicted.unit is not None:
        true, read = true * _YUAN[want.unit], read * _YUAN.get(predicted.unit, 1.0)
    return abs(true - read) <= _TOLERANCE * max(1.0, abs(true))
