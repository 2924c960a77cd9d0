"""The likeliest explanation of figures that do not add up, and how sure it is: found by OR-tools CP-SAT.

The equations of a form are a code over the figures of a table, and a misread figure is an error in a code word: rows
and columns that do not close cross at it, as in a product code (Elias, "Error-free coding", 1954). What is looked for
is the cheapest set of changed figures that closes every equation, a change to a number that somebody read costing what
its probability says, and a change to any other number what an error of the issuer costs; then whether any other set
comes near it. The search is a 0-1 program with one integer for each figure that may take any value (Perron and Didier,
CP-SAT, https://developers.google.com/optimization), bounded by deterministic time: it ends the same everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

__all__ = ["Check", "Explanation", "Slot", "explain"]

_SEED = 1
_SCALE = 1000
"""Costs are nats; the solver counts in thousandths."""
_ROUNDS = 12
"""Rival explanations looked at before nothing counts as settled."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A figure that may be another one.

    Attributes:
        first: what it was read as; None for an unreadable one.
        alternatives: other numbers that it may be, each with its cost in nats; the cost may be below 0.
        free: cost in nats of any number that is not among them.
        issued: cost in nats of an issuer's error, whatever the number.
    """

    first: int | None
    alternatives: tuple[tuple[int, float], ...]
    free: float
    issued: float


@dataclass(frozen=True, slots=True)
class Check:
    """sum(sign * number of slot) + rest = 0, give or take ``tolerance``; ``rest`` is the sum of the other figures."""

    terms: tuple[tuple[str, int], ...]
    rest: int
    tolerance: int = 0


@dataclass(frozen=True, slots=True)
class Explanation:
    """The cheapest explanation.

    Attributes:
        changed: the slots that are not what they were read as; None stands for a number that is not known.
        settled: slots for which every explanation within the margin says the same.
    """

    changed: Mapping[str, int | None]
    settled: frozenset[str]


def explain(slots: Mapping[str, Slot], checks: Sequence[Check], *, margin: float, effort: float) -> Explanation | None:
    """The cheapest change that closes all checks; None when it is not found in time.

    Args:
        slots: by field id.
        checks: over these slots; each has at least one of them.
        margin: in nats; explanations that cost up to this more are rivals.
        effort: deterministic time for everything, in the solver's seconds (about one of a core each).
    """
    if not slots or not checks:
        return Explanation({}, frozenset(slots))
    if effort <= 0:
        return None
    search = _Search(slots, checks)
    best = search.cheapest(effort)
    if best is None:
        return None
    settled = set(slots)
    search.stay_within(margin)
    for _ in range(_ROUNDS):
        rival, ended = search.rival(best, settled)
        if rival is None:
            return Explanation(best, frozenset(settled if ended else ()))
        settled -= {f for f in settled if (f in rival, rival.get(f)) != (f in best, best.get(f))}
        if not settled:
            break
    return Explanation(best, frozenset())


class _Search:
    """One model, solved first for the cheapest explanation and then for others near it."""

    def __init__(self, slots: Mapping[str, Slot], checks: Sequence[Check]) -> None:
        from ortools.sat.python import cp_model

        self._cp = cp_model
        self._model = cp_model.CpModel()
        self._picks: dict[str, dict[int | None, cp_model.IntVar]] = {}
        self._changed: dict[str, cp_model.IntVar] = {}
        self._numbers: dict[str, cp_model.LinearExpr] = {}
        self._cost: list[cp_model.LinearExpr] = []
        self._left = 0.0
        self._least = 0.0
        largest = max(abs(number) for slot in slots.values() for number in self._all_numbers(slot))
        largest = max([largest, *(abs(check.rest) for check in checks)])
        for field in sorted(slots):
            self._add_slot(field, slots[field], 2 * largest + 1000)
        for check in checks:
            self._add_check(check, slots)

    @staticmethod
    def _all_numbers(slot: Slot) -> list[int]:
        return [slot.first or 0, *(number for number, _ in slot.alternatives)]

    def _add_slot(self, field: str, slot: Slot, largest: int) -> None:
        model, first = self._model, slot.first or 0
        picks: dict[int | None, cp_model.IntVar] = {}
        terms: list[cp_model.LinearExpr] = []
        for number, cost in slot.alternatives:
            picks[number] = model.new_bool_var("")
            terms.append((number - first) * picks[number])
            self._cost.append(round(cost * _SCALE) * picks[number])
        picks[None] = free = model.new_bool_var("")
        away = model.new_int_var(-first, largest, "")
        model.add(away == 0).only_enforce_if(~free)
        for number, _ in slot.alternatives:
            model.add(away != number - first).only_enforce_if(free)
        self._cost.append(round(slot.free * _SCALE) * free)
        changed = model.new_bool_var("")
        model.add(sum(picks.values()) == changed)
        if slot.first is None:
            model.add(changed == 1)
        self._picks[field], self._changed[field] = picks, changed
        self._numbers[field] = sum(terms) + away + first

    def _add_check(self, check: Check, slots: Mapping[str, Slot]) -> None:
        total = sum(sign * self._numbers[field] for field, sign in check.terms) + check.rest
        self._model.add_linear_constraint(total, -check.tolerance, check.tolerance)
        # What follows from the sum, said so that the solver sees it at once: a broken sum has a changed member, and one
        # that closes has none or two.
        changed = [self._changed[field] for field, _ in check.terms]
        as_read = sum(sign * (slots[field].first or 0) for field, sign in check.terms) + check.rest
        if abs(as_read) > check.tolerance:
            self._model.add_bool_or(changed)
        elif check.tolerance == 0 and all(slots[field].first is not None for field, _ in check.terms):
            for one in changed:
                self._model.add_bool_or([~one, *(other for other in changed if other is not one)])

    def cheapest(self, effort: float) -> dict[str, int | None] | None:
        """The cheapest explanation, proved to be so; None when time ran out."""
        self._left = effort
        self._model.minimize(sum(self._cost))
        solver, status = self._solve()
        if status != self._cp.OPTIMAL:
            return None
        self._least = solver.objective_value
        return self._read(solver)

    def stay_within(self, margin: float) -> None:
        """From now on only explanations that cost at most ``margin`` nats more than the cheapest."""
        # The objective stays: without its bound the proof that there is no rival takes longer.
        self._model.add(sum(self._cost) <= round(self._least + margin * _SCALE))

    def rival(self, best: Mapping[str, int | None], settled: set[str]) -> tuple[dict[str, int | None] | None, bool]:
        """An explanation that says otherwise of a settled slot, or None; and whether the search came to an end."""
        other = [self._picks[f][best[f]].negated() if f in best else self._changed[f] for f in sorted(settled)]
        self._model.add_bool_or(other)
        solver, status = self._solve()
        found = status in (self._cp.OPTIMAL, self._cp.FEASIBLE)
        return self._read(solver) if found else None, status != self._cp.UNKNOWN

    def _solve(self) -> tuple[cp_model.CpSolver, object]:
        solver = self._cp.CpSolver()
        if self._left <= 0:
            return solver, self._cp.UNKNOWN
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = _SEED
        solver.parameters.max_deterministic_time = self._left
        # Measured on such problems: good bounds are worth more than a long presolve.
        solver.parameters.linearization_level = 2
        solver.parameters.cp_model_probing_level = 0
        solver.parameters.symmetry_level = 0
        solver.parameters.max_presolve_iterations = 1
        status = solver.solve(self._model)
        self._left -= solver.response_proto.deterministic_time
        return solver, status

    def _read(self, solver: cp_model.CpSolver) -> dict[str, int | None]:
        return {
            field: number
            for field, picks in self._picks.items()
            for number, pick in picks.items()
            if solver.boolean_value(pick)
        }
