"""The outcome of a check, for people and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from ocr_pipeline.report.sums import Sum, sum_lines, sum_title
from ocr_pipeline.verification.verify import Verification

__all__ = ["format_verification", "verification_json"]


def format_verification(found: Verification, *, with_open: bool = False) -> str:
    """One line on the file, then each problem and each broken equation with both sides and the difference.

    Args:
        found: what ``verify`` gave.
        with_open: also list the equations that say nothing, and why.
    """
    return "\n".join(_lines(found, with_open))


def _lines(found: Verification, with_open: bool) -> Iterator[str]:
    closed = len(found.sums) - len(found.broken) - len(found.open)
    forms = ", ".join(f"{part} ({form})" for part, form in found.forms.items()) or "no known part"
    yield f"{found.name}: {found.figures} figures of {forms}"
    yield f"equations: {closed} close, {len(found.broken)} broken, {len(found.open)} say nothing"
    for problem in found.problems:
        yield f"  {problem.place}: {problem.message}"
    for state, shown in (("broken", found.broken), ("open", found.open if with_open else ())):
        for one in shown:
            yield f"  {state}: {sum_title(one)}"
            yield from (f"    {line}" for line in sum_lines(one))


def verification_json(found: Sequence[Verification]) -> str:
    """The outcomes as a JSON array, one object a file."""
    return json.dumps([_as_object(one) for one in found], ensure_ascii=False, indent=1) + "\n"


def _as_object(found: Verification) -> dict[str, Any]:
    return {
        "file": found.name,
        "kind": found.kind,
        "ok": found.ok,
        "figures": found.figures,
        "forms": found.forms,
        "equations": {
            "closed": len(found.sums) - len(found.broken) - len(found.open),
            "broken": [_sum(one) for one in found.broken],
            "open": [{"id": one.id, "because": one.open_because} for one in found.open],
        },
        "problems": [{"place": problem.place, "message": problem.message} for problem in found.problems],
    }


def _sum(one: Sum) -> dict[str, Any]:
    def side(terms: Sequence[Any]) -> list[dict[str, Any]]:
        return [{"field": t.field, "name": t.name, "value": t.value, "unit": t.unit, "minus": t.minus} for t in terms]

    return {
        "id": one.id,
        "about": one.about,
        "left": one.left_total,
        "right": one.right_total,
        "difference": one.difference,
        "left_terms": side(one.left),
        "right_terms": side(one.right),
    }
