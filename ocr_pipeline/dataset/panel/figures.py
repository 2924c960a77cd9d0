"""The good figures of a report, and what a check over several reports finds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ocr_pipeline.dataset.rows import Key
from ocr_pipeline.document import Severity, Value
from ocr_pipeline.templates.equations import Figure

__all__ = ["PanelFinding", "ReportFigures", "good_figures", "shown"]


@dataclass(frozen=True, slots=True)
class ReportFigures:
    """The figures of one report that are handed out as good; flagged and missing ones are not among them."""

    key: Key
    figures: Mapping[str, Figure] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Body, year and document, for people."""
        return f"{self.key.body or '?'} {self.key.year or '?'} ({self.key.document})"


@dataclass(frozen=True, slots=True)
class PanelFinding:
    """Something that does not hold between two reports.

    Attributes:
        key: the report it belongs to, the later one of two years.
        code: the rule.
        severity: ``warning``; ``info`` where the reports may simply not be comparable.
        message: names both reports, the fields and the difference.
        fields: of this report.
        other_report: path of the other report; None where there are several.
        other_fields: of the other report.
        difference: left side minus right side of the rule's equation.
    """

    key: Key
    code: str
    severity: Severity
    message: str
    fields: tuple[str, ...] = ()
    other_report: str | None = None
    other_fields: tuple[str, ...] = ()
    difference: float | None = None


def good_figures(values: Iterable[Value]) -> dict[str, Figure]:
    """Field ids to figures, for values that are handed out as good."""
    return {value.id: Figure(value.value, value.unit) for value in values if value.status.is_good}


def shown(figure: Figure | float | None) -> str:
    """A figure for people, whole numbers without a point.

    >>> shown(3.0), shown(Figure(8.4, "亿元"))
    ('3', '8.4亿元')
    """
    number = figure.value if isinstance(figure, Figure) else figure
    unit = figure.unit if isinstance(figure, Figure) else None
    return "nothing" if number is None else f"{number:.12g}{unit or ''}"
