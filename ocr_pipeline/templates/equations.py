"""The equations of a form: families instantiated over its fields, then evaluated on what was read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from ocr_pipeline.errors import TemplateError
from ocr_pipeline.templates.model import EquationRule, Form

__all__ = ["Equation", "Figure", "Outcome", "evaluate", "instantiate", "part_equations"]

_TOKEN = re.compile(r"\{([a-z_]+)\}|(\*)|([A-Za-z0-9_.-]+)|(/)")
_FACTORS: Mapping[str | None, float] = {"元": 1.0, "万元": 1e4, "亿元": 1e8}


@dataclass(frozen=True, slots=True)
class Figure:
    """What an equation sees of a field: its number (None when blank) and unit."""

    value: int | float | None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Equation:
    """sum(plus) - sum(minus) = sum(equals), over field ids; ``id`` is the rule's with what its names stand for."""

    id: str
    plus: tuple[str, ...]
    minus: tuple[str, ...]
    equals: tuple[str, ...]
    tolerance: float = 0.0
    soft: bool = True

    @property
    def members(self) -> tuple[str, ...]:
        """All fields in it."""
        return (*self.plus, *self.minus, *self.equals)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an equation came out.

    ``open`` means it says nothing: a member is missing, a whole side is blank, or units do not compare. Blank members
    count as 0 otherwise, as issuers leave cells empty for it. ``left`` and ``right`` are the two sides.
    """

    equation: Equation
    state: Literal["closed", "broken", "open"]
    left: float = 0.0
    right: float = 0.0


def part_equations(form: Form, part_id: str) -> tuple[Equation, ...]:
    """All equations of one part, over its fields."""
    fields = [spec.id for spec in form.part(part_id).fields]
    rules = [rule for rule in form.equations if rule.part == part_id]
    return tuple(equation for rule in rules for equation in instantiate(rule, fields))


def instantiate(rule: EquationRule, fields: Sequence[str]) -> Iterator[Equation]:
    """One equation for each value that the rule's names can take in every term.

    Raises:
        TemplateError: a term is malformed, or matches no field.
    """
    prefix = f"{rule.part}/"
    local = [field[len(prefix) :] for field in fields if field.startswith(prefix)]
    sides = [[_matches(term, local, rule.id) for term in terms] for terms in (rule.sum, rule.minus, rule.equals)]
    terms = [found for side in sides for found in side]
    named = [found for found in terms if _named(found)]
    bindings: list[_Binding] = [key for key in named[0] if all(key in found for found in named)] if named else [()]
    for key in bindings:
        plus, minus, equals = (
            tuple(prefix + f for found in side for f in (found[key] if _named(found) else found[()])) for side in sides
        )
        label = ",".join(value for _, value in key)
        yield Equation(f"{rule.id}[{label}]" if label else rule.id, plus, minus, equals, rule.tolerance, rule.soft)


def evaluate(equations: Iterable[Equation], figures: Mapping[str, Figure]) -> tuple[Outcome, ...]:
    """Evaluate on the fields read; a field that is not in ``figures`` is missing."""
    return tuple(_evaluate(equation, figures) for equation in equations)


_Binding = tuple[tuple[str, str], ...]


def _named(found: Mapping[_Binding, list[str]]) -> bool:
    return () not in found


def _matches(term: str, fields: Sequence[str], rule: str) -> dict[_Binding, list[str]]:
    """Fields that a term matches, by the values of its names (in order of name)."""
    pattern = re.compile(_pattern(term, rule))
    found: dict[_Binding, list[str]] = {}
    for field in fields:
        match = pattern.fullmatch(field)
        if match is not None:
            found.setdefault(tuple(sorted(match.groupdict().items())), []).append(field)
    if not found:
        raise TemplateError(f"equation {rule}: term {term!r} matches no field")
    return found


def _pattern(term: str, rule: str) -> str:
    pieces: list[str] = []
    position = 0
    seen: set[str] = set()
    while position < len(term):
        token = _TOKEN.match(term, position)
        if token is None:
            raise TemplateError(
                f"equation {rule}: term {term!r} is malformed at {term[position:]!r}",
                remedy="write ids, *, {name} and / only",
            )
        name, star, plain, _ = token.groups()
        if name:
            pieces.append(f"(?P={name})" if name in seen else f"(?P<{name}>[^/]+)")
            seen.add(name)
        else:
            pieces.append("[^/]*" if star else re.escape(plain) if plain else "/")
        position = token.end()
    return "".join(pieces)


def _evaluate(equation: Equation, figures: Mapping[str, Figure]) -> Outcome:
    if any(field not in figures for field in equation.members):
        return Outcome(equation, "open")
    left_fields = (*equation.plus, *equation.minus)
    if any(all(figures[f].value is None for f in side) for side in (left_fields, equation.equals)):
        return Outcome(equation, "open")
    units = {figures[f].unit for f in equation.members if figures[f].value is not None}
    if len(units) > 1 and not units <= _FACTORS.keys():
        return Outcome(equation, "open")
    factors = _FACTORS if len(units) > 1 else {}

    def total(fields: Sequence[str]) -> float:
        return sum((figures[f].value or 0) * factors.get(figures[f].unit, 1.0) for f in fields)

    left, right = total(equation.plus) - total(equation.minus), total(equation.equals)
    closed = abs(left - right) <= equation.tolerance + 1e-9 * max(1.0, abs(left))
    return Outcome(equation, "closed" if closed else "broken", left, right)
