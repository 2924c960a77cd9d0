"""The equations once more, after values changed: what closes now, and what that does to the values beside the change.

A saved report holds the outcome of reading, not the readings' whole weight; so a status is decided anew only where an
equation came out differently from what the value's evidence says, or where a person settled a neighbour. Everything
else stays as it was read, and a report in which nothing changed comes back as it is.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ocr_pipeline.document import Finding, Status, Value
from ocr_pipeline.errors import TemplateError
from ocr_pipeline.templates.blocks import ValueType
from ocr_pipeline.templates.deciding import Decision
from ocr_pipeline.templates.equations import Equation, Figure, Outcome, evaluate, part_equations
from ocr_pipeline.templates.model import TemplateSet
from ocr_pipeline.templates.options import TemplateOptions
from ocr_pipeline.templates.remarks import broken_equations
from ocr_pipeline.templates.repair import repair
from ocr_pipeline.templates.statuses import Judgement, judge
from ocr_pipeline.templates.values import parse_value

__all__ = ["Rechecked", "recheck"]


@dataclass(frozen=True, slots=True)
class Rechecked:
    """Values with the statuses that the equations now give them, in their order.

    Attributes:
        values: as given, those beside a change with new status and evidence.
        findings: one for each equation that is broken now.
        outcomes: every equation of every part that the values are of.
    """

    values: tuple[Value, ...]
    findings: tuple[Finding, ...] = ()
    outcomes: tuple[Outcome, ...] = ()


def recheck(values: Sequence[Value], templates: TemplateSet, *, options: TemplateOptions | None = None) -> Rechecked:
    """Evaluate the equations anew and recompute the statuses that hang on them.

    What a person settled keeps its status and is certain for the others; so a doubtful reading may now be proved, also
    one that nobody could vouch for and that was ``missing`` for it. What is ``blank``, or has no reading, stays so.

    Give the values as they were read with all corrections on top, not the result of an earlier recheck: it no longer
    tells what was read from what followed.

    Args:
        values: of one report, ids unique; those of a form that is not among ``templates`` stay as they are.
        templates: the forms.
        options: thresholds.
    """
    options = options or TemplateOptions()
    by_id = {value.id: value for value in values}
    outcomes: list[Outcome] = []
    for (form_id, part), members in _parts(values).items():
        try:
            form = templates.form(form_id)
            equations = part_equations(form, part)
        except TemplateError:
            continue
        kinds = {spec.id: spec.type for spec in form.part(part).fields}
        by_id.update(_rejudged({v.id: _with_reading(v, kinds.get(v.id, "count")) for v in members}, equations, options))
        outcomes.extend(evaluate(equations, _figures(by_id[value.id] for value in members)))
    broken = tuple(broken_equations(outcomes, by_id))
    return Rechecked(tuple(by_id[value.id] for value in values), broken, tuple(outcomes))


@dataclass(frozen=True, slots=True)
class _Read:
    """A value with the figure that its equations were evaluated with: also one that nobody could vouch for."""

    value: Value
    figure: Figure | None


def _parts(values: Iterable[Value]) -> dict[tuple[str, str], list[Value]]:
    parts: dict[tuple[str, str], list[Value]] = {}
    for value in values:
        if value.form is not None:
            parts.setdefault((value.form, value.id.split("/")[0]), []).append(value)
    return parts


def _figures(values: Iterable[Value]) -> dict[str, Figure]:
    return {value.id: Figure(value.value, value.unit) for value in values if value.status is not Status.MISSING}


def _with_reading(value: Value, kind: ValueType) -> _Read:
    if value.status is not Status.MISSING:
        return _Read(value, Figure(value.value, value.unit))
    # Equations name only values that had a figure when they were evaluated.
    if any(evidence.kind == "equation" for evidence in value.evidence):
        for text in (*(reading.text for reading in value.alternatives), value.raw):
            parsed = parse_value(text, kind)
            if parsed is not None:
                return _Read(value, Figure(parsed.value, parsed.unit))
    return _Read(value, None)


def _rejudged(reads: Mapping[str, _Read], equations: Sequence[Equation], options: TemplateOptions) -> dict[str, Value]:
    """The values of one part that are not as they were."""
    outcomes = evaluate(equations, {field: read.figure for field, read in reads.items() if read.figure is not None})
    todo = [outcome.equation for outcome in outcomes if _is_news(outcome, reads)]
    if not todo:
        return {}
    decisions = {field: _decision(read.value, read.figure, options) for field, read in reads.items() if read.figure}
    cleared = repair((), decisions, equations, options).cleared
    judgements = judge(decisions, outcomes, options, cleared=cleared)
    result: dict[str, Value] = {}
    while todo:
        for field in todo.pop().members:
            if field in result or field not in judgements:
                continue
            before = reads[field].value
            result[field] = _with(before, decisions[field], judgements[field])
            if result[field].status is not before.status:
                todo.extend(outcome.equation for outcome in outcomes if field in outcome.equation.members)
    return {field: value for field, value in result.items() if value != reads[field].value}


def _is_news(outcome: Outcome, reads: Mapping[str, _Read]) -> bool:
    """Whether an equation says what it did not say when the values were read."""
    members = [reads[field].value for field in outcome.equation.members if field in reads]
    if any(value.settled for value in members):
        return True
    return outcome.state != "open" and _recorded(outcome.equation, members) is not (outcome.state == "closed")


def _recorded(equation: Equation, members: Iterable[Value]) -> bool | None:
    """Whether the equation closed when the values were read; None where their evidence does not name it."""
    for value in members:
        for evidence in value.evidence:
            if evidence.kind == "equation" and evidence.detail == equation.id:
                return evidence.agrees
    return None


def _decision(value: Value, figure: Figure, options: TemplateOptions) -> Decision:
    """What is known of a value's reading without the equations."""
    heard = tuple(evidence for evidence in value.evidence if evidence.kind != "equation")
    # Prose often counts something else: it speaks for a value, never against it.
    against = any(not evidence.agrees for evidence in heard if evidence.kind != "prose")
    # The confidence may owe much to equations; what the ink alone was worth shows in the readings.
    likely = not value.alternatives or math.exp(value.alternatives[0].log_prob) >= options.clear_confidence
    sure = value.confidence >= options.read_confidence and likely and not against
    taken = value.status not in (Status.REPAIRED, Status.MISSING)
    return Decision(
        value=figure.value,
        unit=figure.unit,
        raw=value.raw,
        confidence=value.confidence,
        clear=value.settled or value.status is Status.VERIFIED or (sure and taken),
        blank=value.status is Status.BLANK,
        evidence=heard,
        repaired_by=_closed(value) if value.status is Status.REPAIRED else (),
    )


def _with(value: Value, decision: Decision, judgement: Judgement) -> Value:
    """The value with its new evidence and, unless a person settled it, its new status."""
    status = value.status if value.settled else judgement.status
    if status is Status.MISSING and value.status.is_good and set(_closed(value)) <= set(_closed(judgement)):
        # It was good without an equation that it has lost, so it was for more than what is known here.
        status = value.status
    given = status not in (Status.BLANK, Status.MISSING)
    settled = {
        "status": status,
        "value": decision.value if given else None,
        "unit": decision.unit if given else None,
        "evidence": judgement.evidence,
    }
    return Value(**{**dict(value), **settled})


def _closed(known: Value | Judgement) -> tuple[str, ...]:
    """The equations that its evidence says to close."""
    return tuple(evidence.detail for evidence in known.evidence if evidence.kind == "equation" and evidence.agrees)
