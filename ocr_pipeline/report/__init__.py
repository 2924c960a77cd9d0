"""The report of one document: the data, its JSON contract and its exports."""

from ocr_pipeline.report.model import Report, ReportTable, StageError, Versions
from ocr_pipeline.report.options import ReportOptions
from ocr_pipeline.report.page_pictures import PagePicture, PagePictures, pictures_beside
from ocr_pipeline.report.rows import VALUE_COLUMNS
from ocr_pipeline.report.serial import SCHEMA_VERSION, from_json, load_report, report_schema, to_json
from ocr_pipeline.report.sheet import FormCell, FormSheet
from ocr_pipeline.report.spans import report_spans
from ocr_pipeline.report.table_html import table_html
from ocr_pipeline.report.terminal import format_values
from ocr_pipeline.report.write import EXPORTERS, Exporter, pictures_for, write_report

__all__ = [
    "EXPORTERS",
    "SCHEMA_VERSION",
    "VALUE_COLUMNS",
    "Exporter",
    "FormCell",
    "FormSheet",
    "PagePicture",
    "PagePictures",
    "Report",
    "ReportOptions",
    "ReportTable",
    "StageError",
    "Versions",
    "format_values",
    "from_json",
    "load_report",
    "pictures_beside",
    "pictures_for",
    "report_schema",
    "report_spans",
    "table_html",
    "to_json",
    "write_report",
]
