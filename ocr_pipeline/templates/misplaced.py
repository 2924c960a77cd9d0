"""Figures that are read well and stand in the wrong rows or columns: what their sums say of a part as a whole.

An issuer, or a misread figure, breaks a sum here and there. Where a whole family of sums breaks, in column after column
or in row after row, the figures are not where their labels are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ocr_pipeline.document import Evidence, Status
from ocr_pipeline.equations import Figure, Outcome
from ocr_pipeline.templates.statuses import Judgement

__all__ = ["misplacement", "without_places"]

_LEAST = 3
"""Sums of a family that say something, below which it is none."""
_MOST = 2 / 3
"""Share of them that is broken where figures stand in wrong places."""


def misplacement(outcomes: Sequence[Outcome], figures: Mapping[str, Figure]) -> str | None:
    """Why the figures of a part cannot stand where they seem to; None where nothing says so.

    Rows that have slipped against their labels still add up, and so do columns: one family of sums breaks, and the
    others close. Totals that are all 0 are an issuer's habit.

    Args:
        outcomes: of all equations of the part.
        figures: by field, those that were read.
    """
    families: defaultdict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        says = any(figures[field].value for field in outcome.equation.members if field in figures)
        if says and outcome.state != "open":
            families[outcome.equation.id.partition("[")[0]].append(outcome)
    broken = {family: [o for o in told if o.state == "broken"] for family, told in families.items()}
    breaking = [family for family, found in broken.items() if found]
    if len(breaking) != 1:
        return None
    (family,) = breaking
    found, told = broken[family], families[family]
    if len(told) < _LEAST or len(found) < _MOST * len(told) or not any(outcome.right for outcome in found):
        return None
    return f"{family}: {len(found)} of {len(told)} sums do not close"


def without_places(judgements: Mapping[str, Judgement], why: str) -> dict[str, Judgement]:
    """The judgements of a part whose figures stand in wrong places: none is good."""
    evidence = Evidence(kind="equation", detail=why, agrees=False)
    return {
        field: replace(given, status=Status.CONFLICT, evidence=(*given.evidence, evidence))
        if given.status.is_good
        else given
        for field, given in judgements.items()
    }
