"""Readings that break equations, put right by another reading of the same ink.

A value is changed only to what its own reader saw as well, only where its first reading failed a check, and only if
one assignment of readings closes every equation that it touches and all others are clearly worse. Everything else
stays as printed: an issuer who adds up wrongly is reported, not corrected.
"""

from __future__ import annotations

import math
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from rapidfuzz.distance import Levenshtein

from ocr_pipeline.document import Cell
from ocr_pipeline.templates.blocks import ValueType
from ocr_pipeline.templates.closing import Check, Closing, Limits, Slot, close_cheapest
from ocr_pipeline.templates.deciding import Decision, hear, typed_readings
from ocr_pipeline.templates.equations import Equation, Figure, evaluate
from ocr_pipeline.templates.options import TemplateOptions
from ocr_pipeline.templates.placing import PlacedField

__all__ = ["figures_read", "repair"]

_LARGEST = 10**12
"""Numbers from here on are no figures of a report, and would not fit the solver's integers in sums."""
_FAINT = 1e-6
"""Readings less likely than this are not even rivals."""
_UNLIKELY = 1.0
"""What a reading under the floor costs beyond its probability, in nats."""
_VOUCHERS = 2


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A cell with its typed readings: probability by number, likeliest first."""

    cell: Cell
    kind: ValueType
    decision: Decision
    weights: Mapping[int, float]

    @property
    def first(self) -> int | None:
        return None if self.decision.value is None else int(self.decision.value)

    @property
    def reference(self) -> int:
        """The number that the others are alternatives to."""
        return next(iter(self.weights)) if self.first is None else self.first


@dataclass(frozen=True, slots=True)
class _Problem:
    """What is solved: the cells that may change, the equations that can speak, and all that the form has by field."""

    candidates: Mapping[str, _Candidate]
    slots: Mapping[str, Slot]
    checks: Sequence[Check]
    speaking: Mapping[str, tuple[Equation, ...]]
    known: Mapping[str, int]


def figures_read(decisions: Mapping[str, Decision]) -> dict[str, Figure]:
    """What the equations see of the decisions; unreadable fields are left out."""
    return {
        field: Figure(decision.value, decision.unit)
        for field, decision in decisions.items()
        if decision.value is not None or decision.blank
    }


def repair(
    placed: Iterable[PlacedField],
    decisions: Mapping[str, Decision],
    equations: Sequence[Equation],
    options: TemplateOptions,
) -> dict[str, Decision]:
    """The decisions, with those changed that another reading of the same cell puts right beyond doubt.

    Args:
        placed: the fields of one part with their cells, in any order.
        decisions: by field id.
        equations: all equations of the part.
        options: thresholds; time is bounded by ``repair_seconds``, and what is not found by then stays as it was.
    """
    problem = _problem(placed, decisions, equations, options)
    result = dict(decisions)
    if not problem.slots:
        return result

    def cheapest(seconds: float, without: Collection[tuple[str, int]] = ()) -> Closing | None:
        limits = Limits(options.repair_broken, seconds)
        return close_cheapest(problem.slots, problem.checks, limits, without=without)

    best = cheapest(options.repair_seconds)
    if best is None:
        return result
    # Counted from here, as the first search of a process also loads the solver.
    deadline = time.monotonic() + options.repair_seconds
    found: list[dict[str, Decision]] = []
    for group in _linked(best, problem):
        if len(group) > options.repair_cells or not all(_allowed(f, n, problem, options) for f, n in group.items()):
            continue
        rival = cheapest(deadline - time.monotonic(), group.items())
        if rival is None or rival.cost - best.cost < options.repair_margin:
            continue
        margin = rival.cost - best.cost
        changed = {field: _repaired(field, number, margin, problem, options) for field, number in group.items()}
        if _holds(equations, result, changed):
            found.append(changed)
    for changed in _unmirrored(found, decisions, equations):
        result.update(changed)
    return result


def _unmirrored(
    found: list[dict[str, Decision]], decisions: Mapping[str, Decision], equations: Sequence[Equation]
) -> list[dict[str, Decision]]:
    """The changes without those whose difference is also what some equation stays broken by.

    Two misreadings of the same difference whose true figures nobody saw make their rows and columns point at two
    innocent cells as well, in the other corners; what is changed there leaves two equations broken by as much.
    """
    while True:
        after = dict(decisions)
        for changed in found:
            after.update(changed)
        outcomes = evaluate(equations, figures_read(after))
        left = {round(abs(o.left - o.right)) for o in outcomes if o.state == "broken"}
        kept = [c for c in found if not any(_mirrors(decisions[f], d, left) for f, d in c.items())]
        if len(kept) == len(found):
            return kept
        found = kept


def _mirrors(before: Decision, after: Decision, left: Set[int]) -> bool:
    if before.value is None:
        return bool(left)
    return abs(int(after.value or 0) - int(before.value)) in left


def _holds(equations: Sequence[Equation], before: Mapping[str, Decision], changed: Mapping[str, Decision]) -> bool:
    """Whether all equations that speak for the changes close, and none with them is broken, by plain addition."""
    touched = [e for e in equations if changed.keys() & set(e.members)]
    outcomes = evaluate(touched, figures_read({**before, **changed}))
    closed = {outcome.equation.id for outcome in outcomes if outcome.state == "closed"}
    named = {name for decision in changed.values() for name in decision.repaired_by}
    return named <= closed and all(outcome.state != "broken" for outcome in outcomes)


def _problem(
    placed: Iterable[PlacedField],
    decisions: Mapping[str, Decision],
    equations: Sequence[Equation],
    options: TemplateOptions,
) -> _Problem:
    cells = {field.spec.id: field for field in placed if field.cell is not None and field.spec.id in decisions}
    states = evaluate(equations, figures_read(decisions))
    failed, broken, closed = (
        {f for outcome in states if outcome.state in wanted for f in outcome.equation.members}
        for wanted in (("broken", "open"), ("broken",), ("closed",))
    )
    candidates: dict[str, _Candidate] = {}
    for name in sorted(failed & cells.keys()):
        decision = decisions[name]
        if name in broken or (decision.value is None and not decision.blank):
            # What an equation closes with changes only beside another change: rivals as faint as two such need no look.
            found = _candidate(cells[name], decision, options.repair_clear_floor if name in closed else _FAINT)
            if found is not None:
                candidates[name] = found
    usable = [e for e in sorted(equations, key=lambda e: e.id) if _speaks(e, decisions, candidates)]
    known: dict[str, int] = {}
    for equation in equations:
        for name in set(equation.members):
            known[name] = known.get(name, 0) + 1
    heard = {name: tuple(e for e in usable if name in e.members) for name in candidates}
    candidates = {name: found for name, found in candidates.items() if heard[name]}
    return _Problem(
        candidates=candidates,
        slots={name: _slot(found, options) for name, found in candidates.items()},
        checks=[_check(e, decisions, candidates) for e in usable if candidates.keys() & set(e.members)],
        speaking=heard,
        known=known,
    )


def _candidate(field: PlacedField, decision: Decision, faintest: float) -> _Candidate | None:
    """The cell with its alternatives; None where it is not one number in figures, or has no other reading."""
    if field.cell is None or decision.blank or decision.unit or decision.remark:
        return None
    weights = {
        int(parsed.value): probability
        for parsed, probability in typed_readings(field.cell, field.spec.type)
        if parsed.value == int(parsed.value)
        and abs(parsed.value) < _LARGEST
        and (probability >= faintest or parsed.value == decision.value)
    }
    first = decision.value
    if not weights or (first is not None and (first not in weights or len(weights) < 2)):
        return None
    return _Candidate(field.cell, field.spec.type, decision, weights)


def _speaks(equation: Equation, decisions: Mapping[str, Decision], candidates: Mapping[str, _Candidate]) -> bool:
    """Whether the equation can come out closed or broken, all in one unit and in whole numbers."""
    if any(f not in decisions for f in equation.members):
        return False
    sides = ((*equation.plus, *equation.minus), equation.equals)
    if any(all(decisions[f].blank for f in side) for side in sides):
        return False
    fixed = [decisions[f] for f in equation.members if f not in candidates and not decisions[f].blank]
    # Candidates print no unit, so that their fellows may have none either.
    if any(d.unit for d in fixed):
        return False
    return all(d.value is not None and d.value == int(d.value) and abs(d.value) < _LARGEST for d in fixed)


def _check(equation: Equation, decisions: Mapping[str, Decision], candidates: Mapping[str, _Candidate]) -> Check:
    signs: dict[str, int] = {}
    for side, sign in ((equation.plus, 1), (equation.minus, -1), (equation.equals, -1)):
        for name in side:
            signs[name] = signs.get(name, 0) + sign
    rest = sum(sign * int(decisions[name].value or 0) for name, sign in signs.items() if name not in candidates)
    terms = tuple((name, sign) for name, sign in sorted(signs.items()) if name in candidates)
    return Check(terms, rest, int(equation.tolerance))


def _slot(found: _Candidate, options: TemplateOptions) -> Slot:
    best = found.weights[found.reference]
    alternatives = tuple(
        (number, max(0.0, math.log(best / weight)) + (_UNLIKELY if weight < options.verify_floor else 0.0))
        for number, weight in sorted(found.weights.items())
        if number != found.first
    )
    return Slot(found.first, alternatives)


def _linked(best: Closing, problem: _Problem) -> Iterator[dict[str, int]]:
    """The changes in groups that share no equation with each other: each group stands or falls alone."""
    left = dict(sorted(best.changed.items()))
    while left:
        name = next(iter(left))
        group = {name: left.pop(name)}
        reached = {e.id for e in problem.speaking[name]}
        while near := [f for f in left if reached & {e.id for e in problem.speaking[f]}]:
            for f in near:
                group[f] = left.pop(f)
                reached |= {e.id for e in problem.speaking[f]}
        yield group


def _allowed(name: str, number: int, problem: _Problem, options: TemplateOptions) -> bool:
    """Whether this change is plausible by itself and enough equations could speak for it."""
    found = problem.candidates[name]
    weight = found.weights[number]
    if weight < options.repair_floor or Levenshtein.distance(str(found.reference), str(number)) > 1:
        return False
    if not all(evidence.agrees for evidence in _heard(found, number, options).evidence):
        return False
    vouchers = len(problem.speaking[name])
    if vouchers < _VOUCHERS:
        # A lone equation cannot tell which of its members is wrong.
        return problem.known[name] == 1 and options.repair_single and _lone_doubt(name, problem, options)
    return not _is_clear(found.decision, options) or weight >= options.repair_clear_floor


def _lone_doubt(name: str, problem: _Problem, options: TemplateOptions) -> bool:
    """Whether the cell is doubtful, and no other is, of those that its equations add up."""
    members = {f for equation in problem.speaking[name] for f in equation.members if f in problem.candidates}
    return [f for f in members if not _is_clear(problem.candidates[f].decision, options)] == [name]


def _is_clear(decision: Decision, options: TemplateOptions) -> bool:
    return decision.clear and decision.confidence > options.repair_clear


def _heard(found: _Candidate, number: int, options: TemplateOptions) -> Decision:
    """The decision for that number as the second readings see it."""
    changed = replace(found.decision, value=number, confidence=found.weights[number], clear=True, evidence=())
    return hear(changed, found.cell, found.kind, options)


def _repaired(name: str, number: int, margin: float, problem: _Problem, options: TemplateOptions) -> Decision:
    found = problem.candidates[name]
    names = tuple(equation.id for equation in problem.speaking[name])
    first = "no reading" if found.first is None else str(found.first)
    return replace(
        _heard(found, number, options),
        confidence=1 / (1 + math.exp(-margin)),
        clear=False,
        note=f"{first} at first; {number}, which was seen as well, closes {', '.join(names)}",
        repaired_by=names,
    )
