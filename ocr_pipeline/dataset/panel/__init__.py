"""Checks over several reports: the years of one body, and a region's government against its bodies."""

from ocr_pipeline.dataset.panel.check import write_panel
from ocr_pipeline.dataset.panel.figures import PanelFinding, ReportFigures, good_figures
from ocr_pipeline.dataset.panel.reading import ReadYears
from ocr_pipeline.dataset.panel.rules import PanelRules, load_rules, year_equations
from ocr_pipeline.dataset.panel.years import check_years

__all__ = [
    "PanelFinding",
    "PanelRules",
    "ReadYears",
    "ReportFigures",
    "check_years",
    "good_figures",
    "load_rules",
    "write_panel",
    "year_equations",
]
