"""The years of one body against each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from ocr_pipeline.dataset.panel.figures import PanelFinding, ReportFigures, shown
from ocr_pipeline.dataset.panel.rules import PREVIOUS
from ocr_pipeline.dataset.rows import yuan
from ocr_pipeline.document import Severity
from ocr_pipeline.templates.equations import Equation, Figure, Outcome, evaluate

__all__ = ["check_all_years", "check_same_year", "check_years", "distinct"]

_SHOWN_FIELDS = 5


def check_all_years(reports: Iterable[ReportFigures], equations: Sequence[Equation]) -> Iterator[PanelFinding]:
    """What does not hold between the years of each body, and between reports of one body and year.

    Args:
        reports: of known body and year, in the order of both.
        equations: see ``rules.year_equations``.
    """
    for _, of_body in groupby(reports, key=lambda report: report.key.body):
        before: ReportFigures | None = None
        for _, of_year in groupby(of_body, key=lambda report: report.key.year):
            current, differences = check_same_year(distinct(of_year))
            yield from differences
            if before is not None and before.key.year is not None and current.key.year == before.key.year + 1:
                yield from check_years(before, current, equations)
            before = current


def distinct(reports: Iterable[ReportFigures]) -> list[ReportFigures]:
    """One report for each source: the same file read under two names is no second report."""
    found: dict[str, ReportFigures] = {}
    for report in reports:
        found.setdefault(report.key.source_sha256, report)
    return list(found.values())


def check_years(
    previous: ReportFigures, current: ReportFigures, equations: Sequence[Equation]
) -> Iterator[PanelFinding]:
    """What does not hold between the reports of two consecutive years.

    An equation speaks only where every field in it was read and is handed out as good in both reports, so that what was
    not read, or is flagged, gives no false alarm.

    Args:
        previous: the report of the year before.
        current: the report that findings belong to.
        equations: see ``rules.year_equations``.
    """
    figures = {**current.figures, **{PREVIOUS + field: figure for field, figure in previous.figures.items()}}
    for outcome in evaluate(equations, figures):
        if outcome.state == "broken":
            yield _broken(outcome, figures, previous, current)


def _broken(
    outcome: Outcome, figures: dict[str, Figure], previous: ReportFigures, current: ReportFigures
) -> PanelFinding:
    members = outcome.equation.members
    before = tuple(field.removeprefix(PREVIOUS) for field in members if field.startswith(PREVIOUS))
    now = tuple(field for field in members if not field.startswith(PREVIOUS))
    difference = outcome.left - outcome.right
    said = [
        f"{report.name}: " + ", ".join(f"{field} = {shown(figures[prefix + field])}" for field in fields)
        for report, prefix, fields in ((previous, PREVIOUS, before), (current, "", now))
    ]
    return PanelFinding(
        key=current.key,
        code=outcome.equation.family,
        severity=Severity.WARNING,
        message=f"{outcome.equation.id} does not hold by {shown(difference)}: {'; '.join(said)}",
        fields=now,
        other_report=previous.key.report,
        other_fields=before,
        difference=difference,
    )


def check_same_year(reports: Sequence[ReportFigures]) -> tuple[ReportFigures, list[PanelFinding]]:
    """Several reports of one body and year as one: the figures on which none disagrees, and what they disagree on.

    Args:
        reports: at least one; the first stands for all.
    """
    first, *others = reports
    agreed = dict(first.figures)
    findings: list[PanelFinding] = []
    disputed: set[str] = set()
    for other in others:
        differing = _differing(first, other)
        disputed.update(differing)
        agreed = {**other.figures, **agreed}
        if differing:
            findings.append(_differ(first, other, differing))
    for index, one in enumerate(others):
        for other in others[index + 1 :]:
            disputed.update(_differing(one, other))
    return ReportFigures(first.key, {f: v for f, v in agreed.items() if f not in disputed}), findings


def _differing(one: ReportFigures, other: ReportFigures) -> tuple[str, ...]:
    both = (field for field in one.figures if field in other.figures)
    return tuple(field for field in both if _amount(one.figures[field]) != _amount(other.figures[field]))


def _amount(figure: Figure) -> tuple[float | None, str | None]:
    amount = yuan(figure.value, figure.unit)
    return (figure.value, figure.unit) if amount is None else (amount, "元")


def _differ(first: ReportFigures, other: ReportFigures, fields: tuple[str, ...]) -> PanelFinding:
    pairs = [f"{field}: {shown(first.figures[field])} and {shown(other.figures[field])}" for field in fields]
    more = f" and {len(pairs) - _SHOWN_FIELDS} more" if len(pairs) > _SHOWN_FIELDS else ""
    return PanelFinding(
        key=other.key,
        code="same-year-differs",
        severity=Severity.WARNING,
        message=f"{first.name} and {other.name} are of one body and year, but differ in "
        + "; ".join(pairs[:_SHOWN_FIELDS])
        + more,
        fields=fields,
        other_report=first.key.report,
        other_fields=fields,
    )
