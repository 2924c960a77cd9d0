"""Opens a text dump: a flow of prose and of stretches that may be tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ocr_pipeline.document import Finding, Severity
from ocr_pipeline.errors import EmptySourceError
from ocr_pipeline.source.document_source import Source
from ocr_pipeline.source.dump.blocks import split_blocks
from ocr_pipeline.source.dump.cells import clean, is_separator, split_line
from ocr_pipeline.source.dump.decoding import decode
from ocr_pipeline.source.dump.pictures import without_pictures

if TYPE_CHECKING:
    from ocr_pipeline.source.opening import Request

__all__ = ["open_dump"]


def open_dump(request: Request) -> Source:
    """Open plain text as a flow.

    Raises:
        DamagedSourceError: it is in no known encoding.
        EmptySourceError: it holds nothing but blanks.
    """
    text, encoding = decode(request.data, request.name)
    pieces = list(without_pictures(text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").split("\n")))
    cleaned = [clean(line) for line, _, _ in pieces]
    lines = [split_line(line) for line in cleaned if not is_separator(line)]
    flow = split_blocks(lines)
    if not flow:
        raise EmptySourceError("the text holds nothing but blanks", source=request.name)
    pictures, garbage = sum(count for _, count, _ in pieces), sum(count for _, _, count in pieces)
    findings = (*request.findings(), *_findings(encoding, pictures, garbage))
    return Source(request.info(0), (), flow=flow, findings=findings)


def _findings(encoding: str, pictures: int, garbage: int) -> Iterator[Finding]:
    if encoding != "utf-8":
        yield Finding(code="text-encoding", severity=Severity.INFO, message=f"the text was in {encoding}")
    if pictures:
        message = f"{pictures} pictures are only named in the text; {garbage} lines that they left were passed over"
        yield Finding(code="picture-lost", severity=Severity.WARNING, message=message)
