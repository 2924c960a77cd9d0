"""A PDF cut into several by its pages."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from pathlib import Path

import pypdfium2

from ocr_pipeline.errors import DamagedSourceError, UsageError

__all__ = ["pdf_parts"]


def pdf_parts(path: Path, parts: Sequence[range], *, password: str | None = None) -> Iterator[bytes]:
    """A PDF file for each range of pages, which are copied as they are; not encrypted.

    Args:
        path: the PDF, which ``open_source`` opens.
        parts: pages of each part, from 0.
        password: opens an encrypted document.

    Raises:
        DamagedSourceError: a page cannot be copied.
        UsageError: there is no such page.
    """
    with pypdfium2.PdfDocument(path, password=password) as document:
        count = len(document)
        if any(page not in range(count) for part in parts for page in part):
            raise UsageError(f"{path}: it has {count} pages", remedy="give the file that the report was made from")
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
