"""A web page in one file (MHT, RFC 2557): the page itself and its pictures, as the parts of a message."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Sequence
from email.message import Message
from urllib.parse import unquote, urljoin

from ocr_pipeline.document import Finding, Severity
from ocr_pipeline.errors import DamagedSourceError, EmptySourceError
from ocr_pipeline.source.document_source import Source
from ocr_pipeline.source.opening import Request
from ocr_pipeline.source.web.charset import decode_page
from ocr_pipeline.source.web.html import WebPage, read_page
from ocr_pipeline.source.web.pictures import Lookup

__all__ = ["open_mht"]

_PAGES = ("text/html", "application/xhtml+xml")
_REMEDY = "save the page anew, from the browser"


def open_mht(request: Request) -> Source:
    """Open a page saved as one file; its pictures are found among its parts by address or by content identifier.

    Raises:
        DamagedSourceError: it holds no page, or is cut off within the page.
        EmptySourceError: the page shows nothing.
        LimitExceededError: a table is larger, or the elements are nested deeper, than is allowed.
    """
    message = email.message_from_bytes(request.data, policy=email.policy.compat32)
    parts = [part for part in message.walk() if not part.is_multipart()]
    pages = _pages(message, parts)
    if not pages:
        raise DamagedSourceError("the file holds no web page", source=request.name, remedy=_REMEDY)
    findings = request.findings()
    if _is_cut_off(message):
        if parts[-1] is pages[0]:
            raise DamagedSourceError("the file is cut off within the page", source=request.name, remedy=_REMEDY)
        text = "the file is cut off after the page itself; pictures may be missing"
        findings += (Finding(code="cut-off-source", severity=Severity.WARNING, message=text),)
    page = _read(pages, _lookup(parts), request)
    return Source(request.info(0), (), flow=page.blocks, findings=(*findings, *page.findings))


def _read(pages: Sequence[Message], lookup: Lookup, request: Request) -> WebPage:
    """The page; where it is only a frame for others, these in their order."""
    try:
        return _read_one(pages[0], lookup, request)
    except EmptySourceError as error:
        shown = []
        for page in pages[1:]:
            try:
                shown.append(_read_one(page, lookup, request))
            except EmptySourceError:  # noqa: PERF203 - an empty frame beside the one with the content
                continue
        if not shown:
            raise error
    blocks = tuple(block for page in shown for block in page.blocks)
    return WebPage(blocks, tuple(finding for page in shown for finding in page.findings))


def _read_one(part: Message, lookup: Lookup, request: Request) -> WebPage:
    content = part.get_payload(decode=True)
    data = content if isinstance(content, bytes) else b""
    base = _location(part)
    charset = part.get_content_charset()
    return read_page(decode_page(data, charset), lambda address: lookup(urljoin(base, address)), request)


def _pages(message: Message, parts: Sequence[Message]) -> list[Message]:
    """The parts that are web pages, the one that the others belong to first."""
    pages = [part for part in parts if part.get_content_type() in _PAGES]
    start = str(message.get_param("start") or "")
    return sorted(pages, key=lambda part: not start or _identifier(part) != start.strip("<>"))


def _lookup(parts: Sequence[Message]) -> Lookup:
    by_address: dict[str, Message] = {}
    for part in parts:
        for address in (_location(part), f"cid:{_identifier(part)}"):
            by_address.setdefault(unquote(address), part)

    def lookup(address: str) -> bytes | None:
        part = by_address.get(unquote(address))
        content = part.get_payload(decode=True) if part is not None else None
        return content if isinstance(content, bytes) else None

    return lookup


def _location(part: Message) -> str:
    return "".join(str(part.get("Content-Location") or "").split())


def _identifier(part: Message) -> str:
    return str(part.get("Content-ID") or "").strip().strip("<>")


def _is_cut_off(message: Message) -> bool:
    names = {type(defect).__name__ for part in message.walk() for defect in part.defects}
    return bool(names & {"CloseBoundaryNotFoundDefect", "StartBoundaryNotFoundDefect"})
