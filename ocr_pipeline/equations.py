"""Equations over the fields of a form, and how they come out on the figures that the fields hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

__all__ = ["Equation", "Figure", "Outcome", "evaluate", "plain_number"]

_FACTORS: Mapping[str | None, float] = {"元": 1.0, "万元": 1e4, "亿元": 1e8}


@dataclass(frozen=True, slots=True)
class Figure:
    """What an equation sees of a field: its number (None when blank) and unit."""

    value: int | float | None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Equation:
    """sum(plus) - sum(minus) = sum(equals), over field ids; ``id`` is the rule's with what its names stand for.

    ``tolerance`` is the largest difference that still closes; issuers break a ``soft`` one now and then; ``about`` says
    in words what it adds up.
    """

    id: str
    plus: tuple[str, ...]
    minus: tuple[str, ...]
    equals: tuple[str, ...]
    tolerance: float = 0.0
    soft: bool = True
    about: str = ""

    @property
    def members(self) -> tuple[str, ...]:
        """All fields in it."""
        return (*self.plus, *self.minus, *self.equals)

    @property
    def family(self) -> str:
        """The rule that it is one of."""
        return self.id.partition("[")[0]

    @property
    def line(self) -> str:
        """What the names of the rule stand for in it; empty where the rule has none."""
        return self.id.partition("[")[2].rstrip("]")

    @property
    def signs(self) -> dict[str, int]:
        """How often each member is added, less how often it is taken away or stands on the other side."""
        signs: dict[str, int] = {}
        for side, sign in ((self.plus, 1), (self.minus, -1), (self.equals, -1)):
            for name in side:
                signs[name] = signs.get(name, 0) + sign
        return signs


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


def evaluate(equations: Iterable[Equation], figures: Mapping[str, Figure]) -> tuple[Outcome, ...]:
    """Evaluate on the fields read; a field that is not in ``figures`` is missing."""
    return tuple(_evaluate(equation, figures) for equation in equations)


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


def plain_number(number: float) -> str:
    """As people write it: all digits, no exponent, no zeros behind the point.

    >>> plain_number(1234567.0), plain_number(-0.5), plain_number(0.1 + 0.2)
    ('1234567', '-0.5', '0.3')
    """
    # Adding zero makes a plain one of a negative one.
    return f"{round(number, 6) + 0.0:.6f}".rstrip("0").rstrip(".") if isinstance(number, float) else str(number)
