"""The dataset as files for others: workbooks, CSV, Parquet."""

from ocr_pipeline.dataset.export.selection import Selection, years_of
from ocr_pipeline.dataset.export.write import EXPORT_FORMATS, ExportFormat, ExportPlan, export_dataset

__all__ = ["EXPORT_FORMATS", "ExportFormat", "ExportPlan", "Selection", "export_dataset", "years_of"]
