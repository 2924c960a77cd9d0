"""The checks over years while several reports are read, without a dataset."""

from __future__ import annotations

from ocr_pipeline.dataset.panel.figures import PanelFinding, ReportFigures, good_figures
from ocr_pipeline.dataset.panel.rules import load_rules, year_equations
from ocr_pipeline.dataset.panel.years import check_all_years
from ocr_pipeline.dataset.rows import Key, report_identity
from ocr_pipeline.report import Report

__all__ = ["ReadYears"]


class ReadYears:
    """Keeps of each report only its good figures, and says at the end what does not hold between them."""

    def __init__(self) -> None:
        self._reports: list[ReportFigures] = []

    def add(self, report: Report) -> None:
        """A report that was read; one whose body or year is not certain is not checked."""
        identity, source = report_identity(report), report.source
        if identity.body is not None and identity.year is not None:
            key = Key(source.name, source.sha256, source.name, identity.body, identity.year)
            self._reports.append(ReportFigures(key, good_figures(report.values)))

    def findings(self) -> tuple[PanelFinding, ...]:
        """What does not hold, by body and year; the order in which the reports were read does not matter."""
        if len(self._reports) < 2:
            return ()
        ordered = sorted(self._reports, key=lambda r: (r.key.body or "", r.key.year or 0, r.key.report))
        return tuple(check_all_years(ordered, year_equations(load_rules())))
