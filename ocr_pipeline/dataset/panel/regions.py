"""A region's government against the bodies of the region.

Archives rarely hold every body of a county, so a difference is a warning only where the set is about complete, and one
line of information otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ocr_pipeline.dataset.identity import split_body
from ocr_pipeline.dataset.options import DatasetOptions
from ocr_pipeline.dataset.panel.figures import PanelFinding, ReportFigures, shown
from ocr_pipeline.dataset.panel.rules import BodyRule
from ocr_pipeline.document import Severity
from ocr_pipeline.templates.equations import Figure

__all__ = ["Region", "belongs_to", "check_region"]


@dataclass(frozen=True, slots=True)
class Region:
    """The report of a region's government, and those of the bodies it reports for, all of one year."""

    government: ReportFigures
    bodies: tuple[ReportFigures, ...]


def belongs_to(body: str) -> str | None:
    """The region whose government reports for a body; None where its name does not say.

    A department belongs to its region, the government of a town to the county.

    >>> belongs_to("松塘县财政局"), belongs_to("松塘县柳泉镇人民政府"), belongs_to("松塘县人民政府")
    ('松塘县', '松塘县', None)
    """
    split = split_body(body)
    above = split.levels if split.department else split.levels[:-1]
    return "".join(above) or None


def check_region(
    region: Region, rule: BodyRule, fields: Sequence[str], options: DatasetOptions
) -> Iterator[PanelFinding]:
    """Compare each field with the sum over the bodies.

    Args:
        region: the reports.
        rule: which departments every county has.
        fields: those to be added up; one that is not good in every report is left out.
        options: when a set counts as complete.
    """
    missing = _missing(region.bodies, rule)
    share = 1 - len(missing) / len(rule.core)
    complete = share >= options.complete_share and len(region.bodies) >= options.complete_bodies
    compared = {field: total for field in fields if (total := _total(region, field)) is not None}
    broken = {field: total for field, total in compared.items() if total != region.government.figures[field].value}
    if not complete:
        if compared:
            yield _incomplete(region, rule, compared, missing)
        return
    for field, total in broken.items():
        whole = region.government.figures[field].value or 0
        yield PanelFinding(
            key=region.government.key,
            code=rule.id,
            severity=Severity.WARNING,
            message=f"{region.government.name}: {field} = {shown(whole)}, but its {len(region.bodies)} bodies have "
            f"{shown(total)} in all, a difference of {shown(whole - total)}",
            fields=(field,),
            other_fields=(field,),
            difference=whole - total,
        )


def _missing(bodies: Sequence[ReportFigures], rule: BodyRule) -> list[str]:
    departments = [split_body(body.key.body or "").department or "" for body in bodies]
    return [words[0] for words in rule.core if not any(word in name for word in words for name in departments)]


def _total(region: Region, field: str) -> float | None:
    """The sum over the bodies; None where a figure is missing or flagged, or bears a unit."""
    figures = [report.figures.get(field) for report in (region.government, *region.bodies)]
    if not region.bodies or not all(figure is not None and _plain(figure) for figure in figures):
        return None
    return float(sum(figure.value or 0 for figure in figures[1:] if figure is not None))


def _plain(figure: Figure) -> bool:
    return figure.value is not None and figure.unit is None


def _incomplete(region: Region, rule: BodyRule, compared: dict[str, float], missing: list[str]) -> PanelFinding:
    fields = tuple(compared)
    shares = [
        f"{field} {shown(total)} of {shown(region.government.figures[field])}"
        for field, total in list(compared.items())[:3]
    ]
    lacking = f"; without {', '.join(missing[:5])}{'…' if len(missing) > 5 else ''}" if missing else ""
    return PanelFinding(
        key=region.government.key,
        code=f"{rule.id}-incomplete",
        severity=Severity.INFO,
        message=f"{region.government.name}: the archive holds {len(region.bodies)} of its bodies, too few to be "
        f"compared ({', '.join(shares)}{lacking})",
        fields=fields,
    )
