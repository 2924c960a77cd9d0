"""How likely a cell prints what it was read as, and how likely each other number: the readings weighed by calibration.

A conditional logit (McFadden, "Conditional logit analysis of qualitative choice behavior", 1974) over the numbers that
any reader has among its readings, and one more for a number that none has. Readers see the same ink, so their
probabilities do not multiply; and on worn print all are surer than they should be, so that the same reading is worth
less in a table in which many others are doubtful.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from ocr_pipeline.document import Cell
from ocr_pipeline.templates.blocks import ValueType
from ocr_pipeline.templates.calibration import Calibration
from ocr_pipeline.templates.deciding import Decision, typed_readings
from ocr_pipeline.templates.points import lost_point
from ocr_pipeline.templates.readers import by_number, layer_readings, second_readings, third_readings
from ocr_pipeline.templates.signs import has_trace, is_unsigned, signs_legible
from ocr_pipeline.templates.values import figure_characters, parse_value

__all__ = ["WORN", "climate", "ink_features", "weigh", "weigh_all", "word_features"]

Number = int | float
WORN = 0.5
"""Climate from which print counts as worn."""
_UNANIMOUS = 0.995
"""Calibrated probability from which a rival of one reader leaves a figure clear that all three find likeliest, and the
doubt of one of them counts no more."""
_WEARING, _BACKING, _UNBACKED = 0.2, 0.65, 0.98
"""Climate from which a free reading among words needs another that is this sure of the same, and the most that it is
believed without: there the reader of figures has no say."""
_SURE, _HALF = 0.97, 0.5
"""Confidence of a free reading from which it is enough that the other is more likely right than not."""
_LIKELY = 0.5
"""Probability that the reader of figures must give a figure for which no equation speaks: what two readers of text
agree on may be the same mistake."""
_CUT = 0.5
"""Probability that a line of pixels that is missing across a figure took its sign; nothing tells."""
_WORD = re.compile(r"[\u4e00-\u9fff]")
_BARE = re.compile(r"[\d\s.,+-]*")


def weigh_all(
    decisions: Mapping[str, Decision],
    cells: Mapping[str, Cell],
    kinds: Mapping[str, ValueType],
    calibration: Calibration,
) -> dict[str, Decision]:
    """The decisions of one part with calibrated confidences.

    Args:
        decisions: by field id.
        cells: the cell of each.
        kinds: what each holds.
        calibration: the coefficients.
    """
    worn = climate(((found, cells[field]) for field, found in decisions.items()), calibration)
    weighed = {field: weigh(found, cells[field], kinds[field], worn, calibration) for field, found in decisions.items()}
    changes = {field: cells[field] for field in decisions if kinds[field] == "change"}
    legible = worn < WORN or signs_legible(changes.values())
    for field, cell in changes.items():
        doubtful = not legible or has_trace(cell, weighed[field])
        weighed[field] = _unsigned(weighed[field], cell, doubtful, calibration)
    for field in (field for field in decisions if kinds[field] == "amount"):
        found = weighed[field]
        lost = found.confidence * lost_point(found, cells[field]) if found.weighed else 0.0
        weighed[field] = replace(found, confidence=found.confidence - lost, unknown=found.unknown + lost)
    return weighed


def climate(figures: Iterable[tuple[Decision, Cell]], calibration: Calibration) -> float:
    """How worn the print of a part is, from 0 (clean) to 1, by how doubtful its figures are on the whole.

    What nobody can read is doubtful altogether. Marks for "nothing" make poor figures and say little of those beside
    them, and so do figures among words, which have no typed reading of their own.
    """
    setting = calibration.climate
    doubts = [
        1.0 if found.value is None else 1.0 - math.exp(cell.readings[0].log_prob)
        for found, cell in figures
        if cell.ink and cell.readings and not found.blank and not _in_words(found, cell)
    ]
    # fsum: the same to the last bit in any order of cells.
    mean = (math.fsum(doubts) + setting.prior * setting.usual) / (len(doubts) + setting.prior)
    place = (math.log10(max(mean, 1e-9)) - setting.low) / (setting.high - setting.low)
    return min(1.0, max(0.0, place))


def _in_words(found: Decision, cell: Cell) -> bool:
    """Whether the number stands among words (增220, 3万元): its typed readings, forced into figures, say nothing.

    A word that was taken for a figure (口 for 0) is none of them: its number is not in the text.
    """
    if found.value is None:
        return False
    told = _WORD.search(cell.text) is not None and str(abs(found.value)) in cell.text
    return bool(found.unit or found.remark or told)


def weigh(found: Decision, cell: Cell, kind: ValueType, worn: float, calibration: Calibration) -> Decision:
    """The decision with its confidence calibrated, and with the odds of every other number read.

    Cells that no recogniser has read (native tables, text dumps) stay as they are.

    Args:
        found: what the cell was taken to print.
        cell: with all readings.
        kind: what it holds.
        worn: climate of its part, 0..1.
        calibration: the coefficients.
    """
    if found.blank:
        if cell.ink is None:
            return found
        return replace(found, confidence=1.0 - calibration.blank[worn >= WORN], weighed=True)
    if not cell.readings:
        return found if cell.ink is None or found.value is None else _among_words(found, cell, kind, worn, calibration)
    typed = {parsed.value: weight for parsed, weight in typed_readings(cell, kind)}
    if found.value is not None and (_in_words(found, cell) or found.value not in typed):
        return _among_words(found, cell, kind, worn, calibration)
    rows = ink_features(cell, kind, worn, calibration)
    weights = _weights(cell, calibration)
    scores = {number: _dot(weights, row) for number, row in rows.items()}
    for number, weight in by_number(layer_readings(cell), kind).items():
        if number in scores:
            certainty = min(0.999, weight)
            scores[number] += max(0.0, math.log(certainty / (1.0 - certainty)))
    top = max(scores.values())
    total = sum(math.exp(score - top) for score in scores.values())
    shares = {number: math.exp(score - top) / total for number, score in scores.items()}
    unknown = shares.pop(None)
    own = 0.0 if found.value is None else shares.pop(found.value)
    odds = tuple(sorted(((n, p) for n, p in shares.items() if n is not None), key=lambda item: (-item[1], item[0])))
    clear = found.clear or (own >= _UNANIMOUS and not found.note and _is_unanimous(found, cell, kind))
    shown = third_readings(cell)
    unsure = bool(shown) and own < _UNANIMOUS and by_number(shown, kind).get(found.value or 0, 0.0) < _LIKELY
    return replace(found, confidence=own, odds=odds, unknown=unknown, weighed=True, clear=clear, unsure=unsure)


def _is_unanimous(found: Decision, cell: Cell, kind: ValueType) -> bool:
    """Whether each of the three readers finds this number likelier than any other."""
    said = [by_number(readings, kind) for readings in (cell.readings, second_readings(cell), third_readings(cell))]
    return all(max(numbers, key=lambda n: numbers[n], default=None) == found.value for numbers in said)


def _weights(cell: Cell, calibration: Calibration) -> tuple[float, ...]:
    if third_readings(cell):
        return calibration.three.vector
    return (calibration.heard if second_readings(cell) else calibration.alone).vector


def ink_features(
    cell: Cell, kind: ValueType, worn: float, calibration: Calibration
) -> dict[Number | None, tuple[float, ...]]:
    """What ``InkWeights`` weigh, for each number that somebody reads in a cell and, under None, for any other.

    Args:
        cell: with typed readings.
        kind: what it holds.
        worn: climate of its part, 0..1.
        calibration: for the floors.
    """
    typed = {parsed.value: weight for parsed, weight in typed_readings(cell, kind)}
    second, third = by_number(second_readings(cell), kind), by_number(third_readings(cell), kind)
    layer = by_number(layer_readings(cell), kind)
    free = parse_value(cell.text, kind)
    asked, shown = bool(second_readings(cell)), bool(third_readings(cell))
    unsure = math.log(min(1.0, max(cell.confidence, 0.05)))
    floors = (
        math.log(calibration.first_floor),
        math.log(calibration.second_floor) if asked else 0.0,
        math.log(calibration.third_floor) if shown else 0.0,
    )
    rows: dict[Number | None, tuple[float, ...]] = {None: (*floors, 0.0, 0.0, 0.0, 1.0, unsure)}
    for number in dict.fromkeys((*typed, *second, *third, *layer)):
        rows[number] = (
            math.log(max(typed.get(number, 0.0), calibration.first_floor)),
            math.log(max(second.get(number, 0.0), calibration.second_floor)) if asked else 0.0,
            math.log(max(third.get(number, 0.0), calibration.third_floor)) if shown else 0.0,
            float(free is not None and free.value == number),
            float(number == 0),
            float(len(str(abs(int(number))))),
            0.0,
            0.0,
        )
    return {number: (*row, *(worn * x for x in row)) for number, row in rows.items()}


def word_features(found: Decision, cell: Cell, kind: ValueType, worn: float) -> tuple[float, ...]:
    """What ``WordWeights`` weigh of a figure without typed readings."""
    read = cell.confidence ** max(1, len(figure_characters(cell.text)))
    heard = [parse_value(w.text, kind) for w in second_readings(cell) + layer_readings(cell) if w.text.strip()]
    agrees = any(parsed is not None and parsed.value == found.value for parsed in heard)
    bare = _BARE.fullmatch(cell.text) is not None
    return (1.0, float(bare), math.log(max(read, 1e-6)), worn, float(agrees), float(bool(heard) and not agrees))


def _unsigned(found: Decision, cell: Cell, doubtful: bool, calibration: Calibration) -> Decision:
    """A change read without a sign may have lost its minus, and no reading of the figures sees that it is gone."""
    if not found.weighed or not is_unsigned(found, cell):
        return found
    layer = by_number(layer_readings(cell), "change").get(found.value or 0, 0.0)
    share = _CUT if cell.cut else calibration.unsigned[doubtful]
    lost = found.confidence * share * (1.0 - min(0.999, layer))
    return replace(found, confidence=found.confidence - lost, unknown=found.unknown + lost, unsigned=lost)


def _dot(weights: tuple[float, ...], row: tuple[float, ...]) -> float:
    return sum(w * x for w, x in zip(weights, row, strict=True))


def _among_words(found: Decision, cell: Cell, kind: ValueType, worn: float, calibration: Calibration) -> Decision:
    """Units, signs in words, remarks beside the figure: the free reading stands alone."""
    score = _dot(calibration.words.vector, word_features(found, cell, kind, worn))
    confidence = 1.0 / (1.0 + math.exp(-score))
    backing = by_number((*second_readings(cell), *layer_readings(cell)), kind).get(found.value or 0, 0.0)
    if worn >= _WEARING and backing < (_HALF if cell.confidence >= _SURE else _BACKING):
        confidence = min(confidence, _UNBACKED)
    return replace(found, confidence=confidence, unknown=1.0 - confidence, weighed=True)
