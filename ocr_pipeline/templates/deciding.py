"""What one cell prints: free reading, typed readings and second readings weighed against each other."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from ocr_pipeline.document import Cell, Evidence, Reading
from ocr_pipeline.engine import FIGURE_NET
from ocr_pipeline.templates.blocks import ValueType
from ocr_pipeline.templates.options import TemplateOptions
from ocr_pipeline.templates.readers import layer_readings, second_readings
from ocr_pipeline.templates.values import Parsed, figure_characters, is_no_value, parse_value
from ocr_pipeline.text_layer import LAYER_ENGINE

__all__ = ["Decision", "decide", "hear", "typed_readings"]

_LOOK_ALIKE = {"0": "OoQDUC〇口", "1": "lI|!ij丨", "2": "Zz", "5": "Ss", "6": "b", "8": "B", "9": "gq"}
_SURE_ALONE = 0.95
"""Probability from which the reader of figures is believed where the first recogniser sees no figure. On worn print it
was right nine times in ten where it gave less."""
_FIGURES = set("0123456789+-., \n")


@dataclass(frozen=True, slots=True)
class Decision:
    """What a cell is taken to print; equations have no say in it.

    Attributes:
        value: the number; None for a blank cell or an unreadable one.
        unit: as printed, or None.
        raw: the text as read.
        confidence: probability that this is what is printed, 0..1.
        clear: likely, without a rival, and no reader says otherwise.
        blank: the cell is there and prints nothing, or ``/``, ``-``.
        remark: what follows the number in the cell.
        note: why it is unreadable or not clear, or what was overlooked in taking it; empty when all agree.
        alternatives: the typed readings, best first.
        evidence: second readings, agreeing or not.
        repaired_by: the equations that another reading than the first was taken for; empty for the first reading.
        odds: every other number that somebody read, with its calibrated probability, likeliest first.
        unknown: calibrated probability of a number that nobody read.
        unsigned: of that, the probability that only a sign is missing, which no reader could see.
        weighed: whether ``confidence`` is calibrated (``templates.weighing``).
        lone: only the reader of figures finds it, and not for sure; an equation may prove it, its word may not.
        unsure: the reader of figures finds it less likely than not, and the others are not sure enough to overrule it.
    """

    value: int | float | None
    unit: str | None
    raw: str
    confidence: float
    clear: bool
    blank: bool = False
    remark: str = ""
    note: str = ""
    alternatives: tuple[Reading, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    repaired_by: tuple[str, ...] = ()
    odds: tuple[tuple[int | float, float], ...] = ()
    unknown: float = 0.0
    unsigned: float = 0.0
    weighed: bool = False
    lone: bool = False
    unsure: bool = False


def decide(cell: Cell, kind: ValueType, options: TemplateOptions) -> Decision:
    """Weigh all readings of a cell that holds a field of the given kind."""
    text = cell.text.strip()
    typed = typed_readings(cell, kind)
    if is_no_value(text):
        return _decide_empty(cell, text, kind, typed, options)
    found = _decide_figures(cell, text, kind, typed, options)
    if found.value is None:
        return replace(found, alternatives=cell.readings)
    if cell.ink is False:
        found = replace(found, clear=False, note="text was read where there is no ink")
    return replace(hear(found, cell, kind, options), alternatives=cell.readings, lone=_is_lone(cell))


def _is_lone(cell: Cell) -> bool:
    """Whether only the reader of figures finds what the cell is read as, and not for sure."""
    best = cell.readings[0] if cell.readings else None
    return best is not None and best.engine == FIGURE_NET and math.exp(best.log_prob) < _SURE_ALONE


def typed_readings(cell: Cell, kind: ValueType) -> list[tuple[Parsed, float]]:
    """Typed readings that are figures of this kind, with the probability of each number, likeliest first."""
    weights: dict[Parsed, float] = {}
    for reading in cell.readings:
        parsed = parse_value(reading.text, kind)
        if parsed is not None:
            weights[parsed] = min(1.0, weights.get(parsed, 0.0) + math.exp(reading.log_prob))
    return sorted(weights.items(), key=lambda item: -item[1])


def _decide_empty(
    cell: Cell, text: str, kind: ValueType, typed: list[tuple[Parsed, float]], options: TemplateOptions
) -> Decision:
    """A cell without text, or with a dash: blank, unless there is ink that somebody reads as a figure."""
    best = typed[0] if typed else None
    others = (*second_readings(cell), *layer_readings(cell))
    heard = [w for w in others if _loud(w, options) and parse_value(w.text, kind) is not None]
    if not text and cell.ink is True:
        if best is not None and best[1] >= options.read_confidence:
            found = Decision(best[0].value, None, cell.readings[0].text, best[1], _no_rival(typed, options))
            return replace(hear(found, cell, kind, options), alternatives=cell.readings)
        if not (cell.readings and is_no_value(cell.readings[0].text) and _loud(cell.readings[0], options)):
            return _unreadable(cell, text, "there is ink but no reading")
    if heard or (best is not None and best[1] >= options.clear_confidence):
        return _unreadable(cell, text, "one reader sees a figure, another none")
    return Decision(None, None, text, cell.confidence, clear=True, blank=True, alternatives=cell.readings)


def _decide_figures(
    cell: Cell, text: str, kind: ValueType, typed: list[tuple[Parsed, float]], options: TemplateOptions
) -> Decision:
    free = parse_value(text, kind)
    if not cell.readings or (free is not None and set(text) - _FIGURES and not _is_plain(text)):
        return _decide_free(cell, text, free, options)
    if not typed:
        return _unreadable(cell, text, "its figures make no number")
    best, probability = typed[0]
    if free is None:
        # Gaps between the figures of one number ("1 0"): the typed reading has none.
        free = parse_value(text, kind, joined=True)
    if free is not None and free.value == best.value:
        clear = probability >= options.clear_confidence and _no_rival(typed, options)
        return Decision(free.value, free.unit, text, probability, clear, remark=free.remark)
    if free is None and _confusable(text, best, cell.readings) and probability >= options.confusion_confidence:
        clear = probability >= options.clear_confidence and _no_rival(typed, options)
        return Decision(best.value, None, text, probability, clear, note="letters that look like figures")
    if probability < options.verify_floor:
        return _unreadable(cell, text, "no figure beyond doubt")
    return Decision(best.value, None, text, min(probability, 0.5), clear=False, note="free and typed reading differ")


def _decide_free(cell: Cell, text: str, free: Parsed | None, options: TemplateOptions) -> Decision:
    """Words beside the figures (units, signs in words, remarks) or no typed reading: the free reading stands alone."""
    if free is None:
        return _unreadable(cell, text, "no figure beyond doubt")
    confidence = cell.confidence ** max(1, len(figure_characters(text)))
    clear = confidence >= options.clear_confidence
    return Decision(free.value, free.unit, text, confidence, clear, remark=free.remark)


def hear(found: Decision, cell: Cell, kind: ValueType, options: TemplateOptions) -> Decision:
    """Let the second readings agree or disagree.

    The reader of figures had its say when the cell was read (``tables.specialist``); here it has none.
    """
    # The layer comes last: whether it is believed against the ink depends on who else has read that.
    for witness in (*second_readings(cell), *layer_readings(cell)):
        parsed = parse_value(witness.text, kind)
        if not _loud(witness, options) or (parsed is None and not witness.text.strip()):
            continue
        if parsed is None and _says_nothing(witness.text, found):
            continue
        agrees = parsed is not None and parsed.value == found.value
        layer = witness.engine == LAYER_ENGINE
        evidence = Evidence(
            kind="text_layer" if layer else "second_reading", detail=f"{witness.engine}: {witness.text}", agrees=agrees
        )
        found = replace(found, evidence=(*found.evidence, evidence))
        if agrees:
            doubt = (1 - found.confidence) * (1 - min(0.99, math.exp(witness.log_prob)))
            found = replace(found, confidence=1 - doubt)
        elif layer and _outvoted(found, witness, options):
            found = replace(found, note="the text layer differs")
        else:
            found = replace(found, clear=False, note="a second reading differs")
    return found


def _says_nothing(text: str, found: Decision) -> bool:
    """Neither agreement nor another number: the same figures with a speck, or no figure and no mark for none."""
    digits = figure_characters(text).strip(".-+")
    return digits == str(found.value) or (not digits and not is_no_value(text))


def _outvoted(found: Decision, layer: Reading, options: TemplateOptions) -> bool:
    """Whether two readers of the ink are so sure of it that a text layer with errors cannot make it doubtful."""
    backed = any(e.kind == "second_reading" and e.agrees for e in found.evidence)
    sure = found.clear and backed and found.confidence >= options.overrule_layer
    return sure and math.exp(layer.log_prob) < options.layer_authority


def _loud(reading: Reading, options: TemplateOptions) -> bool:
    return math.exp(reading.log_prob) >= options.witness_confidence


def _no_rival(typed: list[tuple[Parsed, float]], options: TemplateOptions) -> bool:
    return len(typed) < 2 or typed[1][1] <= options.rival_ratio * typed[0][1]


def _is_plain(text: str) -> bool:
    """Only figures after all, once full-width characters are half-width."""
    return len(figure_characters(text)) == len([char for char in text if char not in " \n,，"])


def _confusable(text: str, best: Parsed, readings: tuple[Reading, ...]) -> bool:
    """Whether ``text`` is the typed reading with letters in the places of figures that look like them."""
    printed = next((r.text for r in readings if parse_value(r.text, "amount") is not None), str(best.value))
    if len(printed) != len(text):
        return False
    return all(seen == digit or seen in _LOOK_ALIKE.get(digit, "") for seen, digit in zip(text, printed, strict=True))


def _unreadable(cell: Cell, text: str, note: str) -> Decision:
    return Decision(None, None, text, 0.0, clear=False, note=note, alternatives=cell.readings)
