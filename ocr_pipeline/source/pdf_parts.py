"""A PDF cut into several by its pages."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from pathlib import Path

import pypdfium2

from ocr_pipeline.errors import DamagedSourceError, UsageError
from ocr_pipeline.source.opening import open_source

__all__ = ["pdf_parts"]


def pdf_parts(path: Path, parts: Sequence[range], *, password: str | None = None) -> Iterator[bytes]:
    """A PDF file for each range of pages, which are copied as they are; not encrypted.

    Args:
        path: the PDF.
        parts: pages of each part, from 0.
        password: opens an encrypted document.

    Raises:
        SourceError: it cannot be opened, or a page cannot be copied.
        UsageError: it is no PDF, or has no such page.
    """
    with open_source(path, password=password) as opened:
        kind, count = opened.info.kind, opened.info.page_count
    if kind != "pdf":
        raise UsageError(f"{path}: only a PDF can be divided", remedy="save it as a PDF, or divide it by hand")
    if any(page not in range(count) for part in parts for page in part):
        raise UsageError(f"{path}: it has {count} pages", remedy="give the file that the report was made from")
    with pypdfium2.PdfDocument(path, password=password) as document:
        for part in parts:
            stream = io.BytesIO()
            try:
                with pypdfium2.PdfDocument.new() as share:
                    share.import_pages(document, list(part))
                    share.save(stream)
            except pypdfium2.PdfiumError as error:
                problem = f"pages {part.start + 1} to {part.stop} cannot be copied"
                raise DamagedSourceError(problem, source=path) from error
            yield stream.getvalue()
