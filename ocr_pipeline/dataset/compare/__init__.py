"""Two reports side by side: values, sections, and what does not hold between their years."""

from ocr_pipeline.dataset.compare.comparison import Comparison, Party, compare_reports, open_report
from ocr_pipeline.dataset.compare.page import comparison_page
from ocr_pipeline.dataset.compare.terminal import format_comparison

__all__ = ["Comparison", "Party", "compare_reports", "comparison_page", "format_comparison", "open_report"]
