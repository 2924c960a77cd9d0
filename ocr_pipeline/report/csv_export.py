"""The values as CSV, one row a value, in UTF-8 with a byte order mark: without it Excel shows no Chinese."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from ocr_pipeline.report.model import Report
from ocr_pipeline.report.rows import VALUE_COLUMNS, RowValue, value_rows

__all__ = ["neutralised", "write_csv"]

# What makes a spreadsheet take a cell for a formula; the full-width forms do so in Chinese and Japanese ones.
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r]")
_PLAIN_NUMBER = re.compile(r"[+-]?[\d,. ]*%?")


def write_csv(report: Report, path: Path) -> None:
    """Write the columns of ``VALUE_COLUMNS``; pages, rows and columns count from 1.

    Raises:
        OSError: the file cannot be written.
    """
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(VALUE_COLUMNS)
        for row in value_rows(report, first=1):
            writer.writerow([_cell(content) for content in row.values()])


def _cell(content: RowValue) -> RowValue:
    return neutralised(content) if isinstance(content, str) else content


def neutralised(text: str) -> str:
    """The text as a spreadsheet can be trusted with: what would run as a formula gets an apostrophe before it.

    >>> neutralised("=1+2"), neutralised("-13"), neutralised("规章")
    ("'=1+2", '-13', '规章')
    """
    if _FORMULA.match(text) and not _PLAIN_NUMBER.fullmatch(text):
        return "'" + text
    return text
