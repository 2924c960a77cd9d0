"""The equations of a form: families instantiated over its fields."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from ocr_pipeline.equations import Equation, Figure, Outcome, evaluate
from ocr_pipeline.errors import TemplateError
from ocr_pipeline.templates.model import EquationRule, Form

__all__ = ["Equation", "Figure", "Outcome", "evaluate", "instantiate", "part_equations"]

_TOKEN = re.compile(r"\{([a-z_]+)\}|(\*)|([A-Za-z0-9_.-]+)|(/)")


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
        name = f"{rule.id}[{label}]" if label else rule.id
        yield Equation(name, plus, minus, equals, rule.tolerance, rule.soft, rule.about)


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
