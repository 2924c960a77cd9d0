"""Which pages of a file each of the reports in it takes up."""

from __future__ import annotations

from ocr_pipeline.document import Page
from ocr_pipeline.report.model import Report

__all__ = ["report_spans"]


def report_spans(report: Report) -> tuple[range, ...]:
    """The pages of each report in the file, from 0, as the findings ``several-reports`` tell them.

    A page on which one ends and the next one begins is in both. One range where the file holds one report.
    """
    pages = {page.index: page for page in report.pages}
    spans: list[range] = []
    start = 0
    for finding in report.findings:
        page = finding.page
        if finding.code != "several-reports" or page is None:
            continue
        shared = page in pages and not _opens_with(pages[page], finding.message)
        spans.append(range(start, page + 1 if shared else page))
        start = page
    return (*(span for span in spans if span), range(start, report.source.page_count))


def _opens_with(page: Page, message: str) -> bool:
    """Whether the first row of the page is one of the title that the message names."""
    rows = (line for r in page.regions if not r.kind.is_furniture for line in r.lines)
    first = next(rows, None)
    return first is not None and "".join(first.text.split()) in "".join(message.split())
