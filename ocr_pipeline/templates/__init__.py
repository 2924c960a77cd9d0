"""Standard forms as data: loading, matching, typed values, equations and statuses."""

from ocr_pipeline.templates.absent import with_absent_parts
from ocr_pipeline.templates.check import check_template
from ocr_pipeline.templates.describe import TemplateSummary, describe, list_templates
from ocr_pipeline.templates.equations import part_equations
from ocr_pipeline.templates.extract import Extraction, extract, extract_matched
from ocr_pipeline.templates.layout import PlacedCell
from ocr_pipeline.templates.lines import is_row_label
from ocr_pipeline.templates.loader import load_template, load_templates
from ocr_pipeline.templates.matching import match_tables
from ocr_pipeline.templates.model import Form, Part, TemplateSet
from ocr_pipeline.templates.narrative import hear_prose
from ocr_pipeline.templates.options import TemplateOptions
from ocr_pipeline.templates.rechecking import Rechecked, recheck
from ocr_pipeline.templates.tokens import extract_tokens
from ocr_pipeline.templates.units import heeding_notes
from ocr_pipeline.templates.years import flow_without_years, is_before, tables_without_years, years_named

__all__ = [
    "Extraction",
    "Form",
    "Part",
    "PlacedCell",
    "Rechecked",
    "TemplateOptions",
    "TemplateSet",
    "TemplateSummary",
    "check_template",
    "describe",
    "extract",
    "extract_matched",
    "extract_tokens",
    "flow_without_years",
    "hear_prose",
    "heeding_notes",
    "is_before",
    "is_row_label",
    "list_templates",
    "load_template",
    "load_templates",
    "match_tables",
    "part_equations",
    "recheck",
    "tables_without_years",
    "with_absent_parts",
    "years_named",
]
