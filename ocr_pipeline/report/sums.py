"""Equations as people read them: each side with its figures by name, both totals, and what would close it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from ocr_pipeline.equations import Equation, Figure, evaluate, plain_number
from ocr_pipeline.report.labels import FieldLabel

__all__ = ["Sum", "Term", "sum_lines", "sum_title", "sums"]

Number = int | float

_MANY = 8
"""Terms beyond which a side no longer names those that are 0."""


@dataclass(frozen=True, slots=True)
class Term:
    """One figure of a sum.

    Attributes:
        field: its id.
        name: what tells it from the others of the sum.
        value: the number; None where the cell is blank, or missing.
        unit: of an amount.
        minus: whether it is taken away.
        missing: whether there is no figure, so that the sum says nothing.
    """

    field: str
    name: str
    value: Number | None
    unit: str | None = None
    minus: bool = False
    missing: bool = False

    def __str__(self) -> str:
        shown = "?" if self.missing else "blank" if self.value is None else plain_number(self.value)
        return f"{self.name} {shown}{self.unit or ''}"


@dataclass(frozen=True, slots=True)
class Sum:
    """An equation with the figures that its fields hold now.

    Attributes:
        id: of the equation.
        about: what it adds up, in words.
        where: the label that all of its fields share, that of a row or of a column; empty where there is none.
        state: ``open`` while it says nothing: a member is missing, a side is blank, or units do not compare.
        left, right: its terms.
        left_total, right_total: both sides, in 元 where units differ; 0 while it is open.
        open_because: why it says nothing; empty otherwise.
    """

    id: str
    about: str
    state: Literal["closed", "broken", "open"]
    left: tuple[Term, ...]
    right: tuple[Term, ...]
    left_total: float = 0.0
    right_total: float = 0.0
    open_because: str = ""
    where: str = ""

    @property
    def difference(self) -> float:
        """Left less right."""
        return self.left_total - self.right_total

    @property
    def terms(self) -> tuple[Term, ...]:
        """Those of both sides."""
        return (*self.left, *self.right)

    def needed(self, field: str) -> Number | None:
        """What a field would have to be for it to close; None where that cannot be said.

        Args:
            field: one of its fields; its own figure, if it has one, is left out of account.
        """
        others = [term for term in self.terms if term.field != field]
        units = {term.unit for term in self.terms if term.value is not None}
        if len(others) != len(self.terms) - 1 or any(term.missing for term in others) or len(units) > 1:
            return None
        total = sum(-(t.value or 0) if t.minus else (t.value or 0) for t in self.left if t.field != field)
        total -= sum(t.value or 0 for t in self.right if t.field != field)
        mine = next(term for term in self.terms if term.field == field)
        found = -total if mine in self.left and not mine.minus else total
        return int(found) if float(found).is_integer() else round(found, 6)


def sums(
    equations: Iterable[Equation], figures: Mapping[str, Figure], labels: Mapping[str, FieldLabel]
) -> Iterator[Sum]:
    """Each equation as it comes out on the figures; a field that is not among them is missing.

    Args:
        equations: of any parts.
        figures: by field id; without a number where the cell is blank.
        labels: what the fields are called; the id stands for those that have none.
    """
    for outcome in evaluate(equations, figures):
        equation = outcome.equation
        terms = _terms(equation, figures, labels)
        yield Sum(
            id=equation.id,
            about=equation.about,
            state=outcome.state,
            left=tuple(terms[: len(equation.plus) + len(equation.minus)]),
            right=tuple(terms[len(equation.plus) + len(equation.minus) :]),
            left_total=outcome.left,
            right_total=outcome.right,
            open_because=_obstacle(terms) if outcome.state == "open" else "",
            where=_shared(equation.members, labels),
        )


def sum_title(found: Sum) -> str:
    """The sum's id, what row or column it is about, and what it adds up."""
    about = "; ".join(filter(None, (found.where, found.about)))
    return f"{found.id} ({about})" if about else found.id


def sum_lines(found: Sum) -> list[str]:
    """The sum on three lines: each side with its total and its terms, then the difference, or why there is none.

    Of a long side only the terms that count are named.
    """
    left, right = _side(found.left), _side(found.right)
    if found.state == "open":
        return [f"left   {left}", f"right  {right}", f"says nothing: {found.open_because}"]
    totals = [plain_number(found.left_total), plain_number(found.right_total)]
    width = max(map(len, totals))
    last = "closes" if found.state == "closed" else f"difference {plain_number(found.difference)}"
    return [f"left   {totals[0]:>{width}} = {left}", f"right  {totals[1]:>{width}} = {right}", last]


def _side(terms: Sequence[Term]) -> str:
    shown = [term for term in terms if term.value or term.missing] if len(terms) > _MANY else list(terms)
    shown = shown or list(terms[:1])
    text = " ".join(f"{'-' if term.minus else '+'} {term}" for term in shown).removeprefix("+ ")
    return text + (f" + {len(terms) - len(shown)} that are 0 or blank" if len(shown) < len(terms) else "")


def _terms(equation: Equation, figures: Mapping[str, Figure], labels: Mapping[str, FieldLabel]) -> list[Term]:
    names = _names(equation.members, labels)
    sides = ((equation.plus, False), (equation.minus, True), (equation.equals, False))
    empty = Figure(None)
    return [
        Term(
            field=field,
            name=names[field],
            value=figures.get(field, empty).value,
            unit=figures.get(field, empty).unit,
            minus=minus,
            missing=field not in figures,
        )
        for side, minus in sides
        for field in side
    ]


def _names(members: Sequence[str], labels: Mapping[str, FieldLabel]) -> dict[str, str]:
    """What tells the members apart: the names of their columns along a row, those of their rows down a column."""
    known = {field: labels.get(field) or FieldLabel((field,), ()) for field in members}
    several_rows = len({label.row for label in known.values()}) > 1
    several_columns = len({label.column for label in known.values()}) > 1
    names: dict[str, str] = {}
    for field, label in known.items():
        row = label.row[-1] if label.row else ""
        parts = (row if several_rows else "", label.column_name if several_columns else "")
        names[field] = " ".join(filter(None, parts)) or row or label.column_name
    return names


def _shared(members: Sequence[str], labels: Mapping[str, FieldLabel]) -> str:
    known = [labels[field] for field in members if field in labels]
    if len(known) < len(members):
        return ""
    rows = {label.row[-1] if label.row else "" for label in known}
    columns = {label.column_name for label in known}
    # In a block without row labels, the groups of its columns stand above the fields instead.
    groups = {label.column[-2] if len(label.column) > 1 else "" for label in known}
    return next((names.pop() for names in (rows, columns, groups) if len(names) == 1 and "" not in names), "")


def _obstacle(terms: Sequence[Term]) -> str:
    missing = [term.name for term in terms if term.missing]
    if missing:
        named = ", ".join(missing[:3]) + (f" and {len(missing) - 3} more" if len(missing) > 3 else "")
        return f"{named} {'is' if len(missing) == 1 else 'are'} missing"
    if len({term.unit for term in terms if term.value is not None}) > 1:
        return "the units do not compare"
    return "a whole side is blank"
