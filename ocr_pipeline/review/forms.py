"""What the standard forms say about a field: what it holds, and the equations it is part of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from ocr_pipeline.document import Status, Value
from ocr_pipeline.equations import Equation, Figure, Outcome, evaluate
from ocr_pipeline.errors import TemplateError
from ocr_pipeline.report.labels import FieldLabel
from ocr_pipeline.templates.equations import part_equations
from ocr_pipeline.templates.model import EquationRule, FieldSpec, TemplateSet
from ocr_pipeline.templates.values import Parsed, parse_value

__all__ = ["Forms", "Sum", "Term"]


@dataclass(frozen=True, slots=True)
class Term:
    """One figure of a sum. ``minus`` says that it is taken away, ``mine`` that it is the one looked at."""

    field: str
    label: str
    value: int | float | None
    status: Status
    minus: bool = False
    mine: bool = False


@dataclass(frozen=True, slots=True)
class Sum:
    """An equation as it stands now.

    Attributes:
        id: of the equation.
        about: what it says, in words.
        state: ``open`` while a member is missing or nothing can be said.
        left, right: its terms.
        left_total, right_total: of the figures that are there.
        needed: what the field that is looked at would have to be for it to close; None where that cannot be said.
    """

    id: str
    about: str
    state: Literal["closed", "broken", "open"]
    left: tuple[Term, ...]
    right: tuple[Term, ...]
    left_total: float
    right_total: float
    needed: int | float | None

    @property
    def difference(self) -> float:
        """Left less right."""
        return self.left_total - self.right_total


class Forms:
    """Looks things up in the standard forms; a form that nobody knows has no equations.

    Args:
        templates: the known forms.
    """

    def __init__(self, templates: TemplateSet) -> None:
        self._templates = templates
        self._equations = lru_cache(maxsize=256)(self._find_equations)
        self._specs = lru_cache(maxsize=256)(self._find_specs)

    def parse(self, form: str | None, field: str, text: str) -> Parsed | None:
        """The figure that a person typed for a field; None when it is no figure that the field can hold."""
        spec = self._spec(form, field)
        kinds: Iterable[Literal["count", "change", "amount"]] = (
            (spec.type,) if spec is not None else ("count", "change", "amount")
        )
        for kind in kinds:
            parsed = parse_value(text, kind)
            if parsed is not None and not parsed.remark:
                return parsed
        return None

    def kind(self, form: str | None, field: str) -> str:
        """What a field holds: ``count``, ``change`` or ``amount``; empty when its form is not known."""
        spec = self._spec(form, field)
        return spec.type if spec is not None else ""

    def name(self, form: str | None) -> str:
        """The form's own name; its id when it is not known."""
        try:
            return self._templates.form(form).name if form else ""
        except TemplateError:
            return form or ""

    def sums(
        self, form: str | None, field: str, values: dict[str, Value], labels: dict[str, FieldLabel]
    ) -> tuple[Sum, ...]:
        """The equations that a field is part of, the broken ones first.

        Args:
            form: id of the form its table was matched with.
            field: its id.
            values: all values of the report, by id.
            labels: what the fields are called.
        """
        mine = [equation for equation in self._equations(form, _part(field)) if field in equation.members]
        figures = {v.id: Figure(v.value, v.unit) for v in values.values() if v.status is not Status.MISSING}
        found = [self._sum(form, outcome, field, values, labels) for outcome in evaluate(mine, figures)]
        return tuple(sorted(found, key=lambda one: ("broken", "open", "closed").index(one.state)))

    def _sum(
        self,
        form: str | None,
        outcome: Outcome,
        field: str,
        values: dict[str, Value],
        labels: dict[str, FieldLabel],
    ) -> Sum:
        equation = outcome.equation
        names = _names(equation, labels)

        def term(one: str, *, minus: bool = False) -> Term:
            value = values.get(one)
            number = None if value is None else value.value
            return Term(one, names[one], number, value.status if value else Status.MISSING, minus, one == field)

        left = (*(term(f) for f in equation.plus), *(term(f, minus=True) for f in equation.minus))
        right = tuple(term(f) for f in equation.equals)
        about = next((r.about for r in self._rules(form) if r.id == equation.id.partition("[")[0]), "")
        return Sum(
            id=equation.id,
            about=about,
            state=outcome.state,
            left=left,
            right=right,
            left_total=_total(left),
            right_total=_total(right),
            needed=_needed(left, right, values),
        )

    def _rules(self, form: str | None) -> tuple[EquationRule, ...]:
        try:
            return self._templates.form(form).equations if form else ()
        except TemplateError:
            return ()

    def _spec(self, form: str | None, field: str) -> FieldSpec | None:
        return self._specs(form, _part(field)).get(field)

    def _find_equations(self, form: str | None, part: str) -> tuple[Equation, ...]:
        try:
            return part_equations(self._templates.form(form), part) if form else ()
        except TemplateError:
            return ()

    def _find_specs(self, form: str | None, part: str) -> dict[str, FieldSpec]:
        try:
            return {s.id: s for s in self._templates.form(form).part(part).fields} if form else {}
        except TemplateError:
            return {}


def _part(field: str) -> str:
    return field.partition("/")[0]


def _names(equation: Equation, labels: dict[str, FieldLabel]) -> dict[str, str]:
    """What tells the members apart: the names of their columns along a row, those of their rows down a column."""
    known = {field: labels.get(field) or FieldLabel((field,), ()) for field in equation.members}
    rows = {label.row for label in known.values()}
    columns = {label.column for label in known.values()}
    names: dict[str, str] = {}
    for field, label in known.items():
        row = label.row[-1] if label.row else ""
        parts = [row if len(rows) > 1 else "", label.column_name if len(columns) > 1 else ""]
        names[field] = " ".join(filter(None, parts)) or row or label.column_name
    return names


def _total(terms: tuple[Term, ...]) -> float:
    return sum((-1 if term.minus else 1) * (term.value or 0) for term in terms)


def _needed(left: tuple[Term, ...], right: tuple[Term, ...], values: dict[str, Value]) -> int | float | None:
    """The figure that closes the equation; none where another member is missing, or units differ."""
    terms = (*left, *right)
    if any(term.status is Status.MISSING and not term.mine for term in terms):
        return None
    if len({values[term.field].unit for term in terms if term.value is not None}) > 1:
        return None
    others = _total(tuple(t for t in left if not t.mine)) - _total(tuple(t for t in right if not t.mine))
    mine = next((term for term in terms if term.mine), None)
    if mine is None:
        return None
    figure = -others if mine in left and not mine.minus else others
    return int(figure) if float(figure).is_integer() else figure
