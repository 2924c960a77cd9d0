"""Opens a document: reads its bytes, sees what it is and hands it to the opener of that kind."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ocr_pipeline.document import Finding, Severity, SourceInfo
from ocr_pipeline.errors import (
    EmptySourceError,
    LimitExceededError,
    OcrPipelineError,
    SourceError,
    SourceNotFoundError,
    UnknownFormatError,
)
from ocr_pipeline.source.document_source import Source
from ocr_pipeline.source.options import SourceOptions
from ocr_pipeline.source.sniffing import ARCHIVES, Kind, contradicting_suffix, sniff

__all__ = ["OPENERS", "Opener", "Request", "open_source"]


@dataclass(frozen=True, slots=True)
class Request:
    """What an opener gets: the whole content, with what is known about it; ``path`` is the file it was read from."""

    data: bytes
    name: str
    kind: Kind
    password: str | None
    options: SourceOptions
    path: Path | None = None

    def info(self, page_count: int) -> SourceInfo:
        """The description of the document, once its pages are counted."""
        return SourceInfo(
            name=self.name,
            kind=self.kind.name,
            sha256=hashlib.sha256(self.data).hexdigest(),
            size=len(self.data),
            page_count=page_count,
        )

    def check_page_count(self, count: int) -> None:
        """Raises LimitExceededError when there are more pages than allowed."""
        if count > self.options.max_pages:
            raise LimitExceededError(
                f"{count} pages, and at most {self.options.max_pages} are allowed",
                remedy="split the document, or raise source.max_pages",
                source=self.name,
            )

    def findings(self) -> tuple[Finding, ...]:
        """A remark when the name says another kind than the content."""
        suffix = contradicting_suffix(self.name, self.kind)
        if suffix is None:
            return ()
        message = f"the name ends in {suffix}, but the content is {self.kind.label}; it was read as that"
        return (Finding(code="wrong-suffix", severity=Severity.INFO, message=message),)


_WALK = "read its members one by one: ocr-pipeline read does, and source.archives.walk gives them"

Opener = Callable[[Request], Source]


def _open_pdf(request: Request) -> Source:
    from ocr_pipeline.source.pdf import open_pdf

    return open_pdf(request)


def _open_image(request: Request) -> Source:
    from ocr_pipeline.source.images import open_image

    return open_image(request)


def _open_html(request: Request) -> Source:
    from ocr_pipeline.source.web.html import open_html

    return open_html(request)


def _open_mht(request: Request) -> Source:
    from ocr_pipeline.source.web.mht import open_mht

    return open_mht(request)


def _open_docx(request: Request) -> Source:
    from ocr_pipeline.source.word.docx import open_docx

    return open_docx(request)


def _open_ole(request: Request) -> Source:
    from ocr_pipeline.source.word.doc import open_ole

    return open_ole(request)


def _open_rtf(request: Request) -> Source:
    from ocr_pipeline.source.word.doc import open_rtf

    return open_rtf(request)


def _open_text(request: Request) -> Source:
    from ocr_pipeline.source.dump import open_dump

    return open_dump(request)


def _open_ofd(request: Request) -> Source:
    from ocr_pipeline.source.ofd.opening import open_ofd

    return open_ofd(request)


# The libraries behind the openers are slow to import, so each is imported when its first document comes.
OPENERS: dict[str, Opener] = {
    "pdf": _open_pdf,
    "png": _open_image,
    "jpeg": _open_image,
    "tiff": _open_image,
    "webp": _open_image,
    "bmp": _open_image,
    "docx": _open_docx,
    "ole": _open_ole,
    "rtf": _open_rtf,
    "html": _open_html,
    "mht": _open_mht,
    "ofd": _open_ofd,
    "text": _open_text,
}
"""How each kind is opened, by the name that ``sniff`` gives it."""


def open_source(
    path: str | Path | bytes,
    *,
    name: str | None = None,
    password: str | None = None,
    options: SourceOptions | None = None,
) -> Source:
    """Open a document of any known kind; the kind is decided by its content.

    Args:
        path: a file, or the content itself.
        name: what to call it in messages and in the report; the path when left out.
        password: for an encrypted PDF or OFD; the others take none.
        options: limits; the defaults when left out.

    Returns:
        The document, to be closed by the caller (``with open_source(...) as source``).

    Raises:
        SourceNotFoundError: no such file.
        UnknownFormatError: no document, or of a kind that is not read.
        EmptySourceError: no bytes, or no pages.
        DamagedSourceError: cut off or corrupt as a whole (a single broken page raises when it is used).
        EncryptedSourceError: the password is missing or wrong.
        LimitExceededError: too many bytes or pages.
    """
    limits = options or SourceOptions()
    file = None if isinstance(path, bytes) else Path(path)
    if isinstance(path, bytes):
        data, shown = path, name or "<bytes>"
    else:
        shown = name or str(path)
        data = _read(Path(path), shown, limits)
    _check_size(len(data), shown, limits)
    kind = sniff(data)
    opener = OPENERS.get(kind.name)
    if opener is None:
        raise _refusal(kind, shown)
    try:
        return opener(Request(data=data, name=shown, kind=kind, password=password, options=limits, path=file))
    except OcrPipelineError as error:
        if error.source is None:  # raised where the name of the document is not known
            error.source = shown
        raise


def _read(path: Path, shown: str, options: SourceOptions) -> bytes:
    try:
        if path.is_dir():
            raise UnknownFormatError("this is a folder, not a document", remedy=_WALK, source=shown)
        _check_size(path.stat().st_size, shown, options)
        return path.read_bytes()
    except FileNotFoundError:
        raise SourceNotFoundError("no such file", source=shown) from None
    except PermissionError:
        raise SourceError("no permission to read it", remedy="make the file readable", source=shown) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise SourceError(f"it cannot be read: {reason}", remedy="check the path and the disk", source=shown) from error


def _check_size(size: int, shown: str, options: SourceOptions) -> None:
    if size == 0:
        raise EmptySourceError("the file is empty", source=shown)
    if size > options.max_bytes:
        raise LimitExceededError(
            f"{size:,} bytes, and at most {options.max_bytes:,} are allowed",
            remedy="split the document, or raise source.max_bytes",
            source=shown,
        )


def _refusal(kind: Kind, shown: str) -> UnknownFormatError:
    if kind.name in ARCHIVES:
        return UnknownFormatError(f"this is {kind.label} of documents, not a document", remedy=_WALK, source=shown)
    if kind.name == "binary":
        return UnknownFormatError("this is not a document: its content is of no known kind", source=shown)
    return UnknownFormatError(f"this looks like {kind.label}, which is not supported yet", source=shown)
