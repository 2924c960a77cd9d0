"""From what was read and how the equations came out to the status of each value.

The equations never change a value here. A value is ``verified`` when every equation it is part of closes with all
members read, ``conflict`` when every equation that says something about it is broken, and ``read`` in between as long
as it is clear. A reading that is not clear is verified only by an equation in which everything else is clear: two
doubtful members could balance each other.
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
    result: dict[str, Judgement] = {}
    for field, decision in decisions.items():
        evidence = tuple(
            Evidence(kind="equation", detail=outcome.equation.id, agrees=outcome.state == "closed")
            for outcome in of_field[field]
            if outcome.state != "open"
        )
        status = _status(field, of_field[field], decisions, options)
        result[field] = Judgement(status, (*evidence, *decision.evidence))
    return result


def _status(
    field: str, outcomes: Sequence[Outcome], decisions: Mapping[str, Decision], options: TemplateOptions
) -> Status:
    decision = decisions[field]
    if decision.blank:
        return Status.BLANK
    if decision.value is None:
        return Status.MISSING
    closed = [outcome for outcome in outcomes if outcome.state == "closed"]
    broken = any(outcome.state == "broken" for outcome in outcomes)
    opened = any(outcome.state == "open" for outcome in outcomes)
    confident = decision.clear and decision.confidence >= options.read_confidence
    if broken:
        return Status.READ if closed and confident else Status.CONFLICT
    supported = decision.confidence >= options.verify_floor and any(
        decision.clear or _alone(field, outcome, decisions) for outcome in closed
    )
    if supported and not opened:
        return Status.VERIFIED
    heard = [evidence.agrees for evidence in decision.evidence]
    if heard and all(heard) and decision.confidence >= options.verify_floor:
        return Status.VERIFIED
    if confident or (supported and decision.clear):
        return Status.READ
    return Status.MISSING


def _alone(field: str, outcome: Outcome, decisions: Mapping[str, Decision]) -> bool:
    """Whether every other member of the equation is clear."""
    return all(decisions[member].clear for member in outcome.equation.members if member != field)
