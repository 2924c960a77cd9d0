"""Opens a text dump: a flow of prose and of stretches that may be tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocr_pipeline.document import Finding, Severity
from ocr_pipeline.errors import EmptySourceError
from ocr_pipeline.flow import FlowBlock
from ocr_pipeline.source.document_source import Source
from ocr_pipeline.source.dump.blocks import split_blocks
from ocr_pipeline.source.dump.cells import clean, is_separator, split_line, without_tags
from ocr_pipeline.source.dump.decoding import decode
from ocr_pipeline.source.dump.pictures import without_pictures
from ocr_pipeline.source.struck import struck_out_findings
from ocr_pipeline.source.web.charset import Decoded

if TYPE_CHECKING:
    from ocr_pipeline.source.opening import Request

__all__ = ["open_dump", "read_flow"]


@dataclass(frozen=True, slots=True)
class _Cleaned:
    lines: tuple[tuple[str, ...], ...]
    pictures: int
    garbage: int
    struck: tuple[str, ...]


def open_dump(request: Request) -> Source:
    """Open plain text as a flow.

    Raises:
        DamagedSourceError: it is in no known encoding.
        EmptySourceError: it holds nothing but blanks.
    """
    decoded = decode(request.data, request.name)
    cleaned = _clean(decoded.text)
    flow = split_blocks(cleaned.lines)
    if not flow:
        raise EmptySourceError("the text holds nothing but blanks", source=request.name)
    return Source(request.info(0), (), flow=flow, findings=(*request.findings(), *_findings(decoded, cleaned)))


def read_flow(text: str) -> tuple[FlowBlock, ...]:
    """The flow of a text: headings and prose a line each, and between them what may be tables."""
    return split_blocks(_clean(text).lines)


def _clean(text: str) -> _Cleaned:
    plain = without_tags(text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n"))
    pieces = list(without_pictures(plain.split("\n")))
    cleaned = [clean(line) for line, _, _ in pieces]
    lines = tuple(split_line(line) for line, _ in cleaned if not is_separator(line))
    struck = tuple(piece for _, left_out in cleaned for piece in left_out)
    return _Cleaned(lines, sum(count for _, count, _ in pieces), sum(count for _, _, count in pieces), struck)


def _findings(decoded: Decoded, cleaned: _Cleaned) -> Iterator[Finding]:
    if decoded.encoding != "utf-8":
        yield Finding(code="text-encoding", severity=Severity.INFO, message=f"the text was in {decoded.encoding}")
    if decoded.lost:
        message = f"{decoded.lost} characters of the text cannot be read in its encoding ({decoded.encoding})"
        yield Finding(code="undecodable-text", severity=Severity.WARNING, message=message)
    if decoded.cut:
        message = "the text is cut off within its last character; what follows is missing"
        yield Finding(code="cut-off-source", severity=Severity.WARNING, message=message)
    yield from struck_out_findings(cleaned.struck)
    if cleaned.pictures:
        message = (
            f"{cleaned.pictures} pictures are only named in the text; "
            f"{cleaned.garbage} lines that they left behind were passed over"
        )
        yield Finding(code="picture-lost", severity=Severity.WARNING, message=message)
