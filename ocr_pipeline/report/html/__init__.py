"""The report as HTML files that need nothing else."""

from ocr_pipeline.report.html.document import card_page, to_html, write_html

__all__ = ["card_page", "to_html", "write_html"]
