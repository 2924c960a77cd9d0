"""The cheapest way to close equations: one reading for each cell, found by OR-tools CP-SAT.

Method: a 0-1 program with one variable for each alternative reading and, for each equation, one that lets it stay
broken, as the issuer may have printed it so (Perron and Didier, CP-SAT, https://developers.google.com/optimization).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

__all__ = ["Check", "Closing", "Limits", "Slot", "close_cheapest"]

_SEED = 1
_SCALE = 1000
"""Costs are nats; the solver counts in thousandths."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A cell that may be read otherwise: (number, cost in nats >= 0) for each alternative; None first is unreadable."""

    first: int | None
    alternatives: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class Check:
    """sum(sign * number of slot) + rest = 0, give or take ``tolerance``; ``rest`` is what the fixed cells add up to."""

    terms: tuple[tuple[str, int], ...]
    rest: int
    tolerance: int = 0


@dataclass(frozen=True, slots=True)
class Limits:
    """What a broken equation or an unreadable cell costs in nats, and the time in seconds that one search may take."""

    broken: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Closing:
    """The numbers of the slots that are not read as first read, and the cost of all in nats."""

    changed: Mapping[str, int]
    cost: float


def close_cheapest(
    slots: Mapping[str, Slot], checks: Sequence[Check], limits: Limits, *, without: Collection[tuple[str, int]] = ()
) -> Closing | None:
    """The cheapest assignment in which every check that holds a changed slot closes; None when time ran out.

    Args:
        slots: by field id.
        checks: over these slots; a check with an unreadable slot says nothing.
        limits: costs and time.
        without: (field, number) pairs that may not all be chosen together.
    """
    from ortools.sat.python import cp_model

    if limits.seconds <= 0:
        return None
    model = cp_model.CpModel()
    picks = {(field, number): model.new_bool_var("") for field in slots for number, _ in slots[field].alternatives}
    costs = [(picks[field, number], price) for field, slot in slots.items() for number, price in slot.alternatives]
    unread: dict[str, cp_model.IntVar] = {}
    for field, slot in slots.items():
        mine = [picks[field, number] for number, _ in slot.alternatives]
        if slot.first is None:
            unread[field] = model.new_bool_var("")
            costs.append((unread[field], limits.broken))
            model.add_exactly_one([unread[field], *mine])
        else:
            model.add_at_most_one(mine)
    costs.extend((_add_check(model, check, slots, picks, unread), limits.broken) for check in checks)
    if without:
        model.add_bool_or([~picks[pair] for pair in without])
    model.minimize(sum(round(price * _SCALE) * variable for variable, price in costs))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = _SEED
    solver.parameters.max_time_in_seconds = limits.seconds
    if solver.solve(model) != cp_model.OPTIMAL:
        return None
    changed = {field: number for (field, number), pick in picks.items() if solver.boolean_value(pick)}
    return Closing(changed, solver.objective_value / _SCALE)


def _add_check(
    model: cp_model.CpModel,
    check: Check,
    slots: Mapping[str, Slot],
    picks: Mapping[tuple[str, int], cp_model.IntVar],
    unread: Mapping[str, cp_model.IntVar],
) -> cp_model.IntVar:
    """Add the check and give back the variable that says it is broken."""
    closed, broken, opened = (model.new_bool_var("") for _ in range(3))
    model.add_exactly_one([closed, broken, opened])
    model.add_bool_or([~opened, *(unread[field] for field, _ in check.terms if field in unread)])
    total: list[cp_model.LinearExpr | int] = [check.rest]
    for field, sign in check.terms:
        first = slots[field].first or 0
        total.append(sign * first)
        for number, _ in slots[field].alternatives:
            total.append(sign * (number - first) * picks[field, number])
            # With an unreadable neighbour the check says nothing, and cannot speak for the change.
            model.add_implication(picks[field, number], ~broken)
        if field in unread:
            model.add_implication(closed, ~unread[field])
    model.add_linear_constraint(sum(total), -check.tolerance, check.tolerance).only_enforce_if(closed)
    return broken
