"""Reports with corrections on top as files, and the values of many reports as one table."""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from fastapi.responses import Response, StreamingResponse

from ocr_pipeline.errors import OcrPipelineError
from ocr_pipeline.naming import result_stem
from ocr_pipeline.report import VALUE_COLUMNS, write_report
from ocr_pipeline.report.csv_export import neutralised
from ocr_pipeline.report.page_pictures import PagePictures
from ocr_pipeline.report.rows import value_rows
from ocr_pipeline.report.write import WITH_PICTURES
from ocr_pipeline.review.choice import Choice
from ocr_pipeline.review.desk import Desk
from ocr_pipeline.review.opened import OpenReport

__all__ = ["FORMATS", "ExportFormat", "export_file", "export_rows"]

ExportFormat = Literal["json", "csv", "xlsx", "md", "html"]
FORMATS: dict[ExportFormat, str] = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "md": "text/markdown; charset=utf-8",
    "html": "text/html; charset=utf-8",
}
"""Formats that a report is exported in, and what they are on the net."""

_PAGE = 200


def export_file(desk: Desk, key: str, wanted: ExportFormat) -> Response:
    """A report in a format, as a file to save.

    Raises:
        OcrPipelineError: there is no such report, or it cannot be written.
    """
    opened = desk.store.open(key)
    stem = result_stem(Path(opened.report.source.name.replace("\\", "/")))
    folder = Path(tempfile.mkdtemp(prefix="ocr-review-"))
    try:
        pictures = _pictures(desk, opened, folder / "pages") if wanted in WITH_PICTURES else None
        (file,) = write_report(opened.report, folder, "report", [wanted], pictures)
        content = file.read_bytes()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return Response(content, media_type=FORMATS[wanted], headers=_attachment(f"{stem}.{wanted}"))


def _pictures(desk: Desk, opened: OpenReport, folder: Path) -> PagePictures:
    """Those that there are, saved or drawn."""
    folder.mkdir()
    for page in opened.report.pages:
        if not desk.pictures.available(opened, page.index):
            file = desk.pictures.file(opened, page.index)
            shutil.copyfile(file, folder / f"{page.index + 1:03d}{file.suffix}")
    return PagePictures.load(folder)


def export_rows(desk: Desk, choice: Choice) -> Response:
    """The values of all chosen reports as CSV: columns of the report, then those of ``VALUE_COLUMNS``."""
    # What is not indexed yet would be missing from the table without a word.
    desk.store.refresh(wait=True)
    return StreamingResponse(
        _lines(desk, choice), media_type="text/csv; charset=utf-8", headers=_attachment("values.csv")
    )


def _lines(desk: Desk, choice: Choice) -> Iterator[str]:
    # Excel shows Chinese only after a byte order mark.
    yield "\ufeff" + _line(["document", "sha256", "body", "reporting_year", "settled", *VALUE_COLUMNS, "problem"])
    offset = 0
    while entries := desk.store.index.reports(choice, "name", _PAGE, offset):
        offset += len(entries)
        for entry in entries:
            about: list[object] = [entry.source_name, entry.source_sha256, entry.body, entry.year]
            try:
                opened = desk.store.open(entry.key)
            except OcrPipelineError as error:
                # A report that is left out must not be missed only by its absence.
                yield _line([*about, None, *[None] * len(VALUE_COLUMNS), error.message])
                continue
            for value, row in zip(opened.report.values, value_rows(opened.report, first=1), strict=True):
                yield _line([*about, "yes" if value.settled else "", *row.values(), None])


def _line(cells: list[object]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(neutralised(cell) if isinstance(cell, str) else cell for cell in cells)
    return buffer.getvalue()


def _attachment(name: str) -> dict[str, str]:
    return {"content-disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}
