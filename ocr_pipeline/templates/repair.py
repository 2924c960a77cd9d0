"""Figures that do not add up: which of them is wrong, and whether another reading of the same ink puts it right.

A value is changed only where its first reading failed a check, only to a number that one of the readers has among its
readings, only if a misreading is far likelier than a mistake of the issuer (``templates.contest``) and the equations it
is part of then close, and only if all other explanations are clearly less likely. All else stays as printed: an issuer
who adds up wrongly is reported, not corrected.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace

from ocr_pipeline.document import Cell
from ocr_pipeline.templates.blocks import ValueType
from ocr_pipeline.templates.calibration import Calibration, load_calibration
from ocr_pipeline.templates.closing import Check, Explanation, Slot, explain
from ocr_pipeline.templates.contest import closer_gain, lead
from ocr_pipeline.templates.deciding import Decision, hear
from ocr_pipeline.templates.equations import Equation, Figure, evaluate
from ocr_pipeline.templates.options import TemplateOptions
from ocr_pipeline.templates.placing import PlacedField

__all__ = ["Look", "Repaired", "figures_read", "repair"]

Look = Callable[[Mapping[str, Cell]], Mapping[str, Cell]]
"""Takes a closer look at cells, by field id: the same cells with more readings (``tables.closer``)."""

_LARGEST = 10**12
"""Numbers from here on are no figures of a report, and would not fit the solver's integers in sums."""
_FAINT = 1e-9
_VOUCHERS = 2
_PREFERRED = -1.0
"""Cost below which the ink itself speaks for another number than the one read first: then one equation is enough."""
_DOUBTED = math.log(2)
"""Cost up to which the ink leaves it open which of the two is printed: what it finds far less likely, no equations make
likely, for an issuer may have printed the other."""
_LOOKED, _HALF = math.log(3), 0.5
"""The same where a closer look was taken, and what that counts then: it is of the same ink. Set on 34 misread figures
and 15,363 read right: of these more would be changed by the bound alone, and fewer with the closer look."""

_HOPELESS = 4.0
"""Cost from which no closer look makes up for what the first one said."""


@dataclass(frozen=True, slots=True)
class Repaired:
    """What came of it.

    Attributes:
        decisions: all of them, with those changed that were put right.
        cleared: fields of equations that stay broken which no likely explanation holds to be wrong.
    """

    decisions: dict[str, Decision]
    cleared: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Problem:
    """What is solved: the figures that may be wrong, the equations that can speak, in all and by field, and how many
    there are and which other numbers were read, by field."""

    slots: Mapping[str, Slot]
    checks: Sequence[Check]
    speaking: Mapping[str, tuple[Equation, ...]]
    known: Mapping[str, int] = field(default_factory=dict)
    seen: Mapping[str, Set[int]] = field(default_factory=dict)


def figures_read(decisions: Mapping[str, Decision]) -> dict[str, Figure]:
    """What the equations see of the decisions; unreadable fields are left out."""
    return {
        name: Figure(decision.value, decision.unit)
        for name, decision in decisions.items()
        if decision.value is not None or decision.blank
    }


def repair(
    placed: Iterable[PlacedField],
    decisions: Mapping[str, Decision],
    equations: Sequence[Equation],
    options: TemplateOptions,
    look: Look | None = None,
) -> Repaired:
    """Put right what another reading of the same cell puts right beyond doubt, and find out who is innocent.

    Args:
        placed: the fields of one part with their cells, in any order.
        decisions: by field id, weighed (``templates.weighing``).
        equations: all equations of the part.
        options: margins and effort; with ``repair`` off nothing is changed, and only the innocent are found.
        look: takes a closer look at the figures that may be changed; without one the first look decides.
    """
    problem = _problem(decisions, equations, load_calibration())
    found = explain(problem.slots, problem.checks, margin=options.repair_margin, effort=options.repair_effort)
    if found is None:
        return Repaired(dict(decisions))
    cells = {f.spec.id: (f.cell, f.spec.type) for f in placed if f.cell is not None}
    asked = {
        name: number
        for name, number in found.changed.items()
        if options.repair and number is not None and name in cells and _may_be(name, number, found, problem, options)
    }
    if look is not None and asked:
        closer = look({name: cells[name][0] for name in asked})
        cells.update({name: (cell, cells[name][1]) for name, cell in closer.items()})
    changes = {
        name: _repaired(number, decisions[name], cells[name], problem.speaking[name], options)
        for name, number in asked.items()
        if _allowed(name, number, cells[name], found, problem)
        and _lead(name, number, cells[name], found, problem, decisions)
        >= _lead_asked(number, decisions[name].value, options)
    }
    unknown = {name for name, number in found.changed.items() if number is None}
    kept = _unmirrored(_holding(changes, decisions, equations), unknown, decisions, equations)
    cleared = {name for name in found.settled if name not in found.changed or name in kept}
    return Repaired({**decisions, **kept}, frozenset(cleared))


def _holding(
    changes: Mapping[str, Decision], decisions: Mapping[str, Decision], equations: Sequence[Equation]
) -> dict[str, Decision]:
    """The changes that close what they are said to close, by plain addition, and break nothing that was not broken."""
    before = {o.equation.id for o in evaluate(equations, figures_read(decisions)) if o.state == "broken"}
    kept = dict(changes)
    while kept:
        outcomes = evaluate(equations, figures_read({**decisions, **kept}))
        closed = {outcome.equation.id for outcome in outcomes if outcome.state == "closed"}
        spoilt = {
            f for o in outcomes if o.state == "broken" and o.equation.id not in before for f in o.equation.members
        }
        failed = [name for name, decision in kept.items() if name in spoilt or not set(decision.repaired_by) & closed]
        if not failed:
            break
        for name in failed:
            del kept[name]
    names = {
        outcome.equation.id
        for outcome in evaluate(equations, figures_read({**decisions, **kept}))
        if outcome.state == "closed"
    }
    return {
        name: replace(decision, repaired_by=tuple(e for e in decision.repaired_by if e in names))
        for name, decision in kept.items()
    }


def _unmirrored(
    changes: Mapping[str, Decision],
    unknown: Set[str],
    decisions: Mapping[str, Decision],
    equations: Sequence[Equation],
) -> dict[str, Decision]:
    """The changes without those whose difference is also what an unknown number leaves an equation broken by.

    Two misreadings of the same difference whose true figures nobody saw make their rows and columns point at two
    innocent cells as well, in the other corners: one of these may happen to have a reading that fits, and the other
    stays broken by as much.
    """
    outcomes = evaluate(equations, figures_read({**decisions, **changes}))
    left = {round(abs(o.left - o.right)) for o in outcomes if o.state == "broken" and unknown & set(o.equation.members)}
    kept = {
        name: changed
        for name, changed in changes.items()
        if abs(int(changed.value or 0) - int(decisions[name].value or 0)) not in left
    }
    return kept if len(kept) == len(changes) else _holding(kept, decisions, equations)


def _problem(
    decisions: Mapping[str, Decision],
    equations: Sequence[Equation],
    calibration: Calibration,
) -> _Problem:
    unread = {name for name, d in decisions.items() if d.value is None and not d.blank and _slot_numbers(d)}
    speaking = [e for e in sorted(equations, key=lambda e: e.id) if _speaks(e, decisions, unread)]
    states = evaluate(speaking, figures_read(decisions))
    suspects = {f for outcome in states if outcome.state == "broken" for f in outcome.equation.members}
    suspects |= {f for equation in speaking for f in equation.members if f in unread}
    slots = {name: _slot(decisions[name], calibration) for name in sorted(suspects)}
    heard = {name: tuple(e for e in speaking if name in e.members) for name in slots}
    times = Counter(name for e in equations for name in dict.fromkeys(e.members))
    known = {name: times[name] for name in slots}
    checks = [_check(e, decisions, slots) for e in speaking if slots.keys() & set(e.members)]
    seen = {name: {number for number, _ in _slot_numbers(decisions[name])} for name in slots}
    return _Problem(slots, checks, heard, known, seen)


def _speaks(equation: Equation, decisions: Mapping[str, Decision], unread: set[str]) -> bool:
    """Whether the equation can come out closed or broken, all in one unit and in whole numbers."""
    if any(f not in decisions for f in equation.members):
        return False
    sides = ((*equation.plus, *equation.minus), equation.equals)
    if any(all(decisions[f].blank for f in side) for side in sides):
        return False
    return all(f in unread or decisions[f].blank or _is_plain(decisions[f]) for f in equation.members)


def _is_plain(decision: Decision) -> bool:
    number = decision.value
    return number is not None and not decision.unit and number == int(number) and 0 <= number < _LARGEST


def _slot_numbers(decision: Decision) -> list[tuple[int, float]]:
    return [(int(number), p) for number, p in decision.odds if number == int(number) and 0 <= number < _LARGEST]


def _slot(decision: Decision, calibration: Calibration) -> Slot:
    """Costs in nats against the first reading; nothing that costs more than an unknown number is worth a look."""
    first = None if decision.value is None and not decision.blank else int(decision.value or 0)
    own = 1.0 if first is None else max(decision.confidence, _FAINT)
    weights = dict(_slot_numbers(decision))
    hidden = decision.unknown if first is None or not decision.blank else 1.0 - decision.confidence
    free = math.log(own / max(calibration.issuer * own + calibration.unlisted * hidden, _FAINT))
    issued = -math.log(calibration.issuer)
    costs = {number: math.log(own / max(weight, _FAINT)) for number, weight in weights.items() if number != first}
    return Slot(first, tuple(sorted((n, cost) for n, cost in costs.items() if cost < min(free, issued))), free, issued)


def _check(equation: Equation, decisions: Mapping[str, Decision], slots: Mapping[str, Slot]) -> Check:
    signs = equation.signs
    rest = sum(sign * int(decisions[name].value or 0) for name, sign in signs.items() if name not in slots)
    terms = tuple((name, sign) for name, sign in sorted(signs.items()) if name in slots)
    return Check(terms, rest, int(equation.tolerance))


def _may_be(name: str, number: int, found: Explanation, problem: _Problem, options: TemplateOptions) -> bool:
    """Whether nothing else explains it nearly as well, somebody read it, and an equation speaks."""
    if name not in found.settled or number not in problem.seen[name]:
        return False
    if problem.known[name] == 1 and not options.repair_single:
        return False
    return bool(_telling(name, found, problem)) and dict(problem.slots[name].alternatives)[number] <= _HOPELESS


def _allowed(name: str, number: int, place: tuple[Cell, ValueType], found: Explanation, problem: _Problem) -> bool:
    """Whether the ink bears it out, after a closer look where one was taken, and enough equations speak."""
    slot = problem.slots[name]
    cost = dict(slot.alternatives)[number]
    gain = closer_gain(*place, slot.first, number, load_calibration())
    if len(_telling(name, found, problem)) < _VOUCHERS:
        # A lone equation cannot tell which of its members is wrong; the readings alone must.
        return cost - min(gain or 0.0, 0.0) <= _PREFERRED
    rivals = [0.0] if slot.first is not None else [other for n, other in slot.alternatives if n != number]
    doubt = cost - min(rivals, default=cost)
    return doubt <= _DOUBTED if gain is None else doubt - _HALF * gain <= _LOOKED


def _telling(name: str, found: Explanation, problem: _Problem) -> list[Equation]:
    """The equations that say what the number is: where an unknown one stands as well, they close whatever it is."""
    return [
        e for e in problem.speaking[name] if all(found.changed.get(f, 0) is not None for f in e.members if f != name)
    ]


def _lead(
    name: str,
    number: int,
    place: tuple[Cell, ValueType],
    found: Explanation,
    problem: _Problem,
    decisions: Mapping[str, Decision],
) -> float:
    """By how much a misreading leads before a mistake: in this figure or, where one equation alone speaks, also in any
    beside it that no other equation vouches for."""
    telling = _telling(name, found, problem)
    beside: list[tuple[int, int]] = []
    if len(telling) == 1:
        signs = telling[0].signs
        for other, sign in signs.items():
            printed = found.changed.get(other, decisions[other].value)
            if other != name and problem.known.get(other) == 1:
                beside.append((int(printed or 0), sign * signs[name]))
    return lead(*place, problem.slots[name].first, number, load_calibration(), beside)


def _lead_asked(number: int, read: int | float | None, options: TemplateOptions) -> float:
    """The lead that a repair must have: readers rather lose a digit, the second of two thin ones, than see one more."""
    fewer = read is not None and len(str(number)) < len(str(int(read)))
    return max(options.repair_lead, options.repair_lead_shorter) if fewer else options.repair_lead


def _repaired(
    number: int,
    decision: Decision,
    place: tuple[Cell, ValueType],
    equations: Sequence[Equation],
    options: TemplateOptions,
) -> Decision:
    names = tuple(equation.id for equation in equations)
    first = "no reading" if decision.value is None else str(decision.value)
    cell, kind = place
    changed = replace(decision, value=number, clear=True, evidence=())
    return replace(
        hear(changed, cell, kind, options),
        confidence=load_calibration().repaired,
        clear=False,
        note=f"{first} at first; {number}, which was seen as well, closes {', '.join(names)}",
        repaired_by=names,
    )
