"""Figures that are read well and stand in the wrong rows or columns: what their sums say of a part as a whole.

An issuer, or a misread figure, breaks a sum here and there. Where a whole family of sums breaks, in column after column
or in row after row, the figures are not where their labels are.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import replace

from ocr_pipeline.document import Evidence, Status
from ocr_pipeline.equations import Equation, Figure, Outcome, evaluate
from ocr_pipeline.templates.statuses import Judgement

__all__ = ["misplacement", "places_denied", "without_places"]

_LEAST = 3
"""Sums of a family that say something, below which it is none."""
_MOST = 2 / 3
"""Share of them that is broken where figures stand in wrong places."""


def misplacement(outcomes: Sequence[Outcome], figures: Mapping[str, Figure]) -> str | None:
    """Why the figures of a part cannot stand where they seem to; None where nothing says so.

    Rows that have slipped against their labels still add up, and so do columns: one family of sums breaks, alone or
    by more than those of its figures account for that close no other sum. Totals that are all 0 are an issuer's habit.

    Args:
        outcomes: of all equations of the part.
        figures: by field, those that were read.
    """
    families: defaultdict[str, list[Outcome]] = defaultdict(list)
    for outcome in (_overfull(outcome, figures) for outcome in outcomes):
        says = any(figures[field].value for field in outcome.equation.members if field in figures)
        if says and outcome.state != "open":
            families[outcome.equation.family].append(outcome)
    broken = {family: [o for o in told if o.state == "broken"] for family, told in families.items()}
    breaking = [family for family, found in broken.items() if found]
    for name in breaking:
        told, others = families[name], [o for o in outcomes if o.equation.family != name]
        borne_out = {field for o in others if o.state == "closed" and o.right for field in o.equation.members}
        found = broken[name]
        elsewhere = _is_total_elsewhere(found, figures)
        if not elsewhere and not any(o.right for o in found):
            continue
        if not elsewhere and len(breaking) > 1:
            found = [o for o in found if not _is_explained(o, borne_out, figures)]
        if len(told) >= _LEAST and len(found) >= _MOST * len(told):
            return f"{name}: {len(found)} of {len(told)} sums do not close"
    return None


def _is_explained(outcome: Outcome, borne_out: Set[str], figures: Mapping[str, Figure]) -> bool:
    """Whether other figures in those places of a broken sum that no other sum bears out could make it close."""
    equation = outcome.equation
    addends, others = (
        [figures[field].value or 0 for field in side if field in figures and field not in borne_out]
        for side in (equation.plus, (*equation.minus, *equation.equals))
    )
    # One side is too great: its figures can be less, down to 0, and those of the other any amount more.
    excess = outcome.left - outcome.right
    lesser, greater = (addends, others) if excess > 0 else (others, addends)
    return bool(greater) or sum(lesser) >= abs(excess)


def _overfull(outcome: Outcome, figures: Mapping[str, Figure]) -> Outcome:
    """The outcome, broken where it was open and the addends that were read are more than the total already."""
    equation = outcome.equation
    totals = [figures[field].value for field in equation.equals if field in figures]
    if outcome.state != "open" or equation.minus or len(totals) < len(equation.equals) or None in totals:
        return outcome
    addends = [figures[field].value or 0 for field in equation.plus if field in figures]
    left, right = sum(addends), sum(total or 0 for total in totals)
    more = min(addends, default=0) >= 0 and left > right + equation.tolerance
    return replace(outcome, state="broken", left=float(left), right=float(right)) if more else outcome


def _is_total_elsewhere(broken: Sequence[Outcome], figures: Mapping[str, Figure]) -> bool:
    """Whether in half of these sums or more, where no issuer erred as well, the same line, in the place of an addend,
    holds what the others add up to."""
    lines = Counter(
        line
        for o in broken
        for line in {
            tuple(step for step in member.split("/") if step != o.equation.line)
            for member in o.equation.plus
            if _is_half(figures.get(member), o.left)
        }
    )
    return max(lines.values(), default=0) >= max(_LEAST, len(broken) / 2)


def _is_half(figure: Figure | None, whole: float) -> bool:
    return figure is not None and bool(figure.value) and 2 * (figure.value or 0) == whole


def _slipped(outcomes: Sequence[Outcome], figures: Mapping[str, Figure]) -> dict[str, str]:
    """Fields that stand in a line whose figures have slipped, each with the name of the equation that says so.

    The total is blank, and what should stand there stands among the addends, being the sum of all others.

    Args:
        outcomes: of all equations of the part.
        figures: by field, those that were read; blank ones are None.
    """
    found: dict[str, str] = {}
    for outcome in outcomes:
        equation = outcome.equation
        known = all(field in figures for field in equation.members)
        if equation.minus or not known or any(figures[field].value is not None for field in equation.equals):
            continue
        whole = sum(figures[field].value or 0 for field in equation.plus)
        if any(_is_half(figures[field], whole) for field in equation.plus):
            found |= dict.fromkeys(equation.members, equation.id)
    return found


def places_denied(
    fields: Iterable[str],
    equations: Sequence[Equation],
    figures: Mapping[str, Figure],
    unsure: Sequence[Mapping[str, Figure]] = (),
) -> Mapping[str, str]:
    """The fields of a part that cannot stand where they seem to, each with what says so.

    Args:
        fields: all that were found.
        equations: all equations of the part.
        figures: by field, those that were read; blank ones are None.
        unsure: ways to fill in other fields, of which no one knows what they hold; that counts which breaks fewest.
    """
    ways = [{**way, **figures} for way in unsure or ({},)]
    told = [(evaluate(equations, heard), heard) for heard in ways]
    outcomes, heard = min(told, key=lambda way: sum(outcome.state == "broken" for outcome in way[0]))
    why = misplacement(outcomes, heard)
    return _slipped(outcomes, heard) if why is None else dict.fromkeys(fields, why)


def without_places(judgements: Mapping[str, Judgement], why: Mapping[str, str]) -> dict[str, Judgement]:
    """The judgements where figures stand in wrong places: none of those is good.

    Args:
        judgements: of a part, by field.
        why: by field, what says that it does not stand where it seems to.
    """
    return {
        field: replace(
            given,
            status=Status.CONFLICT,
            evidence=(*given.evidence, Evidence(kind="equation", detail=why[field], agrees=False)),
        )
        if given.status.is_good and field in why
        else given
        for field, given in judgements.items()
    }
