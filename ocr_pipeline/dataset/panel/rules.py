"""What must hold between reports: rules as data, from ``configs/panel/``."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import yaml
from pydantic import Field, ValidationError

from ocr_pipeline.dataset.forms import field_ids
from ocr_pipeline.errors import TemplateError
from ocr_pipeline.frozen import FrozenModel
from ocr_pipeline.resources import data_folder
from ocr_pipeline.templates.equations import Equation, instantiate
from ocr_pipeline.templates.model import EquationRule

__all__ = ["PREVIOUS", "BodyRule", "PanelRules", "load_rules", "year_equations"]

PREVIOUS = "previous/"
"""Stands in a rule's term before fields of the year before."""


class BodyRule(FrozenModel):
    """A region's government reports for all bodies of the region.

    ``fields`` are patterns of field ids (``*`` for any characters), ``core`` words of the names of departments that
    every county has, alternatives together.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    fields: tuple[str, ...] = Field(min_length=1)
    core: tuple[tuple[str, ...], ...] = Field(min_length=1)


class PanelRules(FrozenModel):
    """Rules over the years of a body, and over the bodies of a region."""

    format: int = Field(ge=1, le=1, description="version of this file format")
    years: tuple[EquationRule, ...] = ()
    bodies: BodyRule


@lru_cache(maxsize=4)
def load_rules(name: str = "gov-disclosure") -> PanelRules:
    """The rules of that name that travel with the program.

    Raises:
        TemplateError: there are none, or they do not hold together.
    """
    path = data_folder("configs") / "panel" / f"{name}.yaml"
    try:
        return PanelRules.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise TemplateError(f"rules {name!r}: {error}", source=path, remedy="correct the file") from error


def year_equations(rules: PanelRules, fields: Sequence[str] | None = None) -> tuple[Equation, ...]:
    """The rules over years as equations; ``previous/PART/…`` are the fields of the year before.

    Args:
        rules: what must hold.
        fields: ids of all fields; None for those of all forms.

    Raises:
        TemplateError: a rule's term matches no field of any form.
    """
    fields = field_ids() if fields is None else fields
    equations: list[Equation] = []
    for rule in rules.years:
        part = f"{rule.part}/"
        own = [field for field in fields if field.startswith(part)]
        both = own + [f"{part}{PREVIOUS}{field[len(part) :]}" for field in own]
        equations += (_renamed(equation, part) for equation in instantiate(rule, both))
    return tuple(equations)


def _renamed(equation: Equation, part: str) -> Equation:
    """``applications/previous/4/total`` as ``previous/applications/4/total``, so that a field id stays in one piece."""

    def name(field: str) -> str:
        inner = part + PREVIOUS
        return PREVIOUS + part + field[len(inner) :] if field.startswith(inner) else field

    sides = ([name(field) for field in side] for side in (equation.plus, equation.minus, equation.equals))
    plus, minus, equals = map(tuple, sides)
    return Equation(equation.id, plus, minus, equals, equation.tolerance, equation.soft)
