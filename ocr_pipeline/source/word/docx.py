"""Opens a DOCX: a flow of its paragraphs, native tables and embedded pictures, in document order.

Left out are headers and footers, lists of contents, comments and deleted text.
"""

from __future__ import annotations

from collections.abc import Sequence

from ocr_pipeline.document import Finding
from ocr_pipeline.errors import EmptySourceError
from ocr_pipeline.flow import FlowBlock
from ocr_pipeline.source.document_source import Source
from ocr_pipeline.source.opening import Request
from ocr_pipeline.source.options import SourceOptions
from ocr_pipeline.source.word.body import BodyReader
from ocr_pipeline.source.word.names import child, local
from ocr_pipeline.source.word.package import Package

__all__ = ["open_docx", "read_docx"]


def open_docx(request: Request) -> Source:
    """Open a DOCX; it is read as a whole, its pictures stay encoded.

    Raises:
        DamagedSourceError: it is cut off, incomplete or not well-formed.
        EmptySourceError: it holds nothing.
        LimitExceededError: it is too large when unpacked.
    """
    blocks, findings = read_docx(request.data, request.name, request.options)
    return Source(request.info(0), (), flow=blocks, findings=(*request.findings(), *findings))


def read_docx(data: bytes, name: str, options: SourceOptions) -> tuple[Sequence[FlowBlock], tuple[Finding, ...]]:
    """The blocks of a DOCX and remarks on it.

    Args:
        data: the whole file.
        name: what to call it in messages.
        options: limits.

    Raises:
        DamagedSourceError: it is cut off, incomplete or not well-formed.
        EmptySourceError: it holds no text, table or picture.
        LimitExceededError: it is too large when unpacked.
    """
    package = Package(data, name, options)
    part = package.main_part()
    root = package.xml(part)
    body = child(root, "w:body")
    if body is None:
        raise package.damaged(f"the DOCX is corrupt: {part} is no Word text (its root is <{local(root)}>)")
    reader = BodyReader(package, part)
    try:
        blocks = reader.read(body)
    except RecursionError as error:
        raise package.damaged("the DOCX is corrupt: its tables are nested without end") from error
    if not blocks and not reader.findings:
        raise EmptySourceError("the document holds no text, table or picture", source=name)
    return blocks, reader.findings
