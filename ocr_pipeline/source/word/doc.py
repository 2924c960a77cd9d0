"""Opens documents of Word 97 and its kin (DOC, WPS, RTF) after LibreOffice has turned them into DOCX.

Office files with a password are recognised here too: they come in the same container as old documents.
"""

from __future__ import annotations

from dataclasses import replace

from ocr_pipeline.errors import DamagedSourceError, EncryptedSourceError, UnknownFormatError
from ocr_pipeline.source.document_source import Source
from ocr_pipeline.source.opening import Request
from ocr_pipeline.source.sniffing import Kind
from ocr_pipeline.source.word.docx import read_docx
from ocr_pipeline.source.word.libreoffice import convert_to_docx

__all__ = ["open_ole", "open_rtf"]

_DOC = Kind("doc", "an old Word document (DOC)", (".doc", ".dot", ".wps", ".wpt"))
_ENTRY_SIZE = 128
_FIB_MAGIC = 0xA5EC
_FIB_ENCRYPTED = 0x0100
_NAMES = {"Workbook": "an old Excel workbook", "Book": "an old Excel workbook"}
_NAMES |= {"PowerPoint Document": "an old PowerPoint presentation", "__properties_version1.0": "an Outlook message"}
_NO_PASSWORD = "open it in Word with its password, and save a copy without one"  # noqa: S105 - a remedy


def open_ole(request: Request) -> Source:
    """Open a document in an OLE container ([MS-CFB]): a Word 97 document, as DOC or WPS.

    Raises:
        DependencyError: LibreOffice is not installed.
        EncryptedSourceError: it has a password.
        UnknownFormatError: it is another kind of Office file.
        DamagedSourceError, EmptySourceError, LimitExceededError: see ``read_docx`` and ``convert_to_docx``.
    """
    data = request.data
    if _entry(data, "EncryptedPackage") is not None:
        raise EncryptedSourceError(
            "the document is encrypted with a password", remedy=_NO_PASSWORD, source=request.name
        )
    entry = _entry(data, "WordDocument")
    if entry is None:
        other = next((label for name, label in _NAMES.items() if _entry(data, name) is not None), None)
        if other is not None:
            raise UnknownFormatError(
                f"this is {other}, which is not supported", remedy="save it as PDF", source=request.name
            )
        raise DamagedSourceError(
            "the old Office document is cut off or corrupt: it has no text",
            remedy="fetch the file again, or open it in Word and save it as DOCX",
            source=request.name,
        )
    if _is_encrypted(data, entry):
        raise EncryptedSourceError(
            "the document is encrypted with a password", remedy=_NO_PASSWORD, source=request.name
        )
    return _open_converted(replace(request, kind=_DOC), ".doc")


def open_rtf(request: Request) -> Source:
    """Open a rich text document; raises what ``convert_to_docx`` and ``read_docx`` do."""
    return _open_converted(request, ".rtf")


def _open_converted(request: Request, suffix: str) -> Source:
    converted = convert_to_docx(request.data, suffix, request.name, request.options.office_seconds)
    blocks, findings = read_docx(converted, request.name, request.options)
    return Source(request.info(0), (), flow=blocks, findings=(*request.findings(), *findings))


def _entry(data: bytes, name: str) -> int | None:
    """Where the directory entry of a stream begins, found by its name; None when there is none.

    Looked for at every place where an entry may begin, so that a directory whose chain is cut is still understood.
    """
    written = (name + "\0").encode("utf-16-le")
    length = len(written).to_bytes(2, "little")
    at = data.find(written)
    while at >= 0:
        if at % _ENTRY_SIZE == 0 and data[at + 64 : at + 66] == length:
            return at
        at = data.find(written, at + 1)
    return None


def _is_encrypted(data: bytes, entry: int) -> bool:
    """Whether the header of the text says that it is encrypted ([MS-DOC], 2.5.2)."""
    sector = 1 << int.from_bytes(data[30:32], "little") if data[31:32] == b"\0" and data[30:31] < b"\x10" else 512
    start = (int.from_bytes(data[entry + 116 : entry + 120], "little") + 1) * sector
    header = data[start : start + 12]
    if int.from_bytes(header[:2], "little") != _FIB_MAGIC:
        return False
    return bool(int.from_bytes(header[10:12], "little") & _FIB_ENCRYPTED)
