"""From what was read and how the equations came out to the status of each value.

The equations never change a value here. A value is ``verified`` when every equation it is part of closes with all
members read, ``conflict`` when every equation that says something about it is broken, and ``read`` in between as long
as it is clear or one equation proves it. A reading that is not clear is proved only by an equation in which everything
else is clear or proved: two doubtful members could balance each other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ocr_pipeline.document import Evidence, Status
from ocr_pipeline.templates.deciding import Decision
from ocr_pipeline.templates.equations import Outcome
from ocr_pipeline.templates.options import TemplateOptions

__all__ = ["Judgement", "judge"]


@dataclass(frozen=True, slots=True)
class Judgement:
    """The status of a field, with the equations that speak for or against it."""

    status: Status
    evidence: tuple[Evidence, ...] = ()


def judge(
    decisions: Mapping[str, Decision], outcomes: Sequence[Outcome], options: TemplateOptions
) -> dict[str, Judgement]:
    """The status of each decided field.

    Args:
        decisions: by field id; fields that were not found are left out.
        outcomes: all equations over these fields.
        options: thresholds.
    """
    of_field: dict[str, list[Outcome]] = {field: [] for field in decisions}
    for outcome in outcomes:
        for field in dict.fromkeys(outcome.equation.members):
            if field in of_field:
                of_field[field].append(outcome)
    proven = _proven(decisions, outcomes, of_field, options)
    result: dict[str, Judgement] = {}
    for field, decision in decisions.items():
        evidence = tuple(
            Evidence(kind="equation", detail=outcome.equation.id, agrees=outcome.state == "closed")
            for outcome in of_field[field]
            if outcome.state != "open"
        )
        status = _status(field, of_field[field], decisions, proven, options)
        result[field] = Judgement(status, (*evidence, *decision.evidence))
    return result


def _status(
    field: str,
    outcomes: Sequence[Outcome],
    decisions: Mapping[str, Decision],
    proven: set[str],
    options: TemplateOptions,
) -> Status:
    decision = decisions[field]
    if decision.blank:
        return Status.BLANK
    if decision.value is None:
        return Status.MISSING
    closed = [outcome for outcome in outcomes if outcome.state == "closed"]
    broken = any(outcome.state == "broken" for outcome in outcomes)
    if decision.repaired_by:
        return Status.REPAIRED if closed and not broken else Status.CONFLICT
    opened = any(outcome.state == "open" for outcome in outcomes)
    confident = decision.clear and decision.confidence >= options.read_confidence
    if broken:
        # An equation that a repair closed proves the repair; beside a broken one it does not prove the others too.
        alone = any(not any(decisions[f].repaired_by for f in outcome.equation.members) for outcome in closed)
        return Status.READ if alone and confident else Status.CONFLICT
    supported = bool(closed) and decision.confidence >= options.verify_floor and field in proven
    if supported and not opened:
        return Status.VERIFIED
    heard = [evidence.agrees for evidence in decision.evidence]
    # Two readers look at the same ink: what leaves one in doubt may deceive both in the same way.
    if heard and all(heard) and decision.clear:
        return Status.VERIFIED
    if confident or supported:
        return Status.READ
    return Status.MISSING


def _proven(
    decisions: Mapping[str, Decision],
    outcomes: Sequence[Outcome],
    of_field: Mapping[str, Sequence[Outcome]],
    options: TemplateOptions,
) -> set[str]:
    """Fields that are clear, and those that follow from such by an equation in which all others are proven."""
    proven = {field for field, decision in decisions.items() if decision.clear}
    closed = [outcome.equation.members for outcome in outcomes if outcome.state == "closed"]
    growing = True
    while growing:
        growing = False
        for members in closed:
            rest = [member for member in members if member not in proven]
            if len(rest) != 1 or decisions[rest[0]].confidence < options.verify_floor:
                continue
            if not any(outcome.state == "broken" for outcome in of_field[rest[0]]):
                proven.add(rest[0])
                growing = True
    return proven
