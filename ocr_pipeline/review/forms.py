"""What the standard forms say about a field: what it holds, and the equations it is part of."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from ocr_pipeline.document import Status, Value
from ocr_pipeline.equations import Equation, Figure
from ocr_pipeline.errors import TemplateError
from ocr_pipeline.report.labels import FieldLabel
from ocr_pipeline.report.sums import Sum, sums
from ocr_pipeline.templates import TemplateSet, part_equations
from ocr_pipeline.templates.blocks import ValueType
from ocr_pipeline.templates.model import FieldSpec
from ocr_pipeline.templates.values import Parsed, parse_value

__all__ = ["Forms"]

_KINDS: tuple[ValueType, ...] = ("count", "change", "amount")


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
        spec = self._specs(form, _part(field)).get(field)
        for kind in _KINDS if spec is None else (spec.type,):
            parsed = parse_value(text, kind)
            if parsed is not None and not parsed.remark:
                return parsed
        return None

    def kind(self, form: str | None, field: str) -> str:
        """What a field holds: ``count``, ``change`` or ``amount``; empty when its form is not known."""
        spec = self._specs(form, _part(field)).get(field)
        return spec.type if spec is not None else ""

    def name(self, form: str | None) -> str:
        """The form's own name; its id when it is not known."""
        try:
            return self._templates.form(form).name if form else ""
        except TemplateError:
            return form or ""

    def sums(self, value: Value, values: Mapping[str, Value], labels: Mapping[str, FieldLabel]) -> list[Sum]:
        """The equations that a value is part of, as they stand now, the broken ones first.

        Args:
            value: the one.
            values: all values of its report, by id.
            labels: what the fields are called.
        """
        mine = [equation for equation in self._equations(value.form, _part(value.id)) if value.id in equation.members]
        figures = {v.id: Figure(v.value, v.unit) for v in values.values() if v.status is not Status.MISSING}
        found = sums(mine, figures, labels)
        return sorted(found, key=lambda one: ("broken", "open", "closed").index(one.state))

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
