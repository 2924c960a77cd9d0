"""What a file is, by its content. Names are only compared with it, never believed."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO

from ocr_pipeline.source.dump.decoding import utf16_without_mark
from ocr_pipeline.source.web.charset import BROKEN_SHARE, decode_page, utf16_of

__all__ = ["ARCHIVES", "Kind", "archive_kind", "contradicting_suffix", "sniff"]


@dataclass(frozen=True, slots=True)
class Kind:
    """A format of files.

    Attributes:
        name: short lower-case word, the key of the registry of openers.
        label: what people call it.
        suffixes: the file name endings that agree with it, with their dot.
    """

    name: str
    label: str
    suffixes: tuple[str, ...] = ()


PDF = Kind("pdf", "a PDF", (".pdf",))
PNG = Kind("png", "a PNG image", (".png",))
JPEG = Kind("jpeg", "a JPEG image", (".jpg", ".jpeg", ".jpe", ".jfif"))
TIFF = Kind("tiff", "a TIFF image", (".tif", ".tiff"))
WEBP = Kind("webp", "a WebP image", (".webp",))
BMP = Kind("bmp", "a BMP image", (".bmp", ".dib"))
DOCX = Kind("docx", "a Word document (DOCX)", (".docx", ".docm"))
MHT = Kind("mht", "a web page in one file (MHT)", (".mht", ".mhtml"))
HTML = Kind("html", "a web page (HTML)", (".html", ".htm", ".xhtml"))
TEXT = Kind("text", "plain text", (".txt", ".md", ".csv"))
ZIP = Kind("zip", "a ZIP archive", (".zip",))
BINARY = Kind("binary", "data of an unknown kind")

ARCHIVES = ("zip", "tar", "gzip", "bzip2", "xz", "7z")
"""The kinds, by name, that hold documents and are none themselves."""

_KINDS_OF_PREFIXES: tuple[tuple[bytes, Kind], ...] = (
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
    (b"II+\x00", TIFF),
    (b"MM\x00+", TIFF),
    (b"GIF8", Kind("gif", "a GIF image", (".gif",))),
    (b"\x00\x00\x00\x0cjP  ", Kind("jpeg2000", "a JPEG 2000 image", (".jp2", ".jpx"))),
    (b"\xff\x4f\xff\x51", Kind("jpeg2000", "a JPEG 2000 image", (".j2k",))),
    (b"AT&TFORM", Kind("djvu", "a DjVu document", (".djvu", ".djv"))),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        Kind("ole", "an old Office document (DOC, XLS, WPS)", (".doc", ".dot", ".wps", ".wpt", ".xls")),
    ),
    (b"{\\rtf", Kind("rtf", "a rich text document (RTF)", (".rtf",))),
    (b"%!PS", Kind("postscript", "a PostScript file", (".ps", ".eps"))),
    (b"\x1f\x8b", Kind("gzip", "a gzip archive", (".gz", ".tgz"))),
    (b"BZh91AY&SY", Kind("bzip2", "a bzip2 archive", (".bz2", ".tbz", ".tbz2"))),
    (b"\xfd7zXZ\x00", Kind("xz", "an XZ archive", (".xz", ".txz"))),
    (b"7z\xbc\xaf\x27\x1c", Kind("7z", "a 7-Zip archive", (".7z",))),
    (b"Rar!", Kind("rar", "a RAR archive", (".rar",))),
)
_IMAGE_BRANDS = (b"heic", b"heix", b"mif1", b"msf1", b"avif")
_ZIP_MEMBERS: tuple[tuple[str, Kind], ...] = (
    ("word/", DOCX),
    ("xl/", Kind("xlsx", "an Excel workbook (XLSX)", (".xlsx", ".xlsm"))),
    ("ppt/", Kind("pptx", "a PowerPoint presentation (PPTX)", (".pptx",))),
    ("OFD.xml", Kind("ofd", "an OFD document", (".ofd",))),
    ("META-INF/container.xml", Kind("epub", "an EPUB book", (".epub",))),
    ("content.xml", Kind("odf", "an OpenDocument file", (".odt", ".ods"))),
)
_PDF_HEADER_REACH = 1024  # readers accept junk of that many bytes before the header (PDF 1.7, implementation note 13)
_TEXT_PROBE = 4096


def sniff(data: bytes) -> Kind:
    """The kind of a file's content; ``BINARY`` when nothing is recognised.

    Args:
        data: the whole content, not empty.
    """
    for prefix, kind in _KINDS_OF_PREFIXES:
        if data.startswith(prefix):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return WEBP
    if data[:2] == b"BM" and data[6:10] == b"\x00\x00\x00\x00" and data[14:18] in _BMP_HEADER_SIZES:
        return BMP
    if data[4:8] == b"ftyp" and data[8:12] in _IMAGE_BRANDS:
        return Kind("heif", "a HEIF or AVIF image", (".heic", ".heif", ".avif"))
    if data[:4] == b"PK\x03\x04" or data[:4] == b"PK\x05\x06":
        return _kind_of_zip(data)
    if b"%PDF-" in data[:_PDF_HEADER_REACH]:
        return PDF
    if data[257:262] == b"ustar":
        return Kind("tar", "a TAR archive", (".tar",))
    return _kind_of_text(data)


def archive_kind(stream: BinaryIO) -> str | None:
    """Which kind of archive of documents a file is, as ``Kind.name``; None for any other file.

    Args:
        stream: the file, seekable; it is left at its beginning. Only as much is read as is needed.
    """
    stream.seek(0)
    head = stream.read(_ARCHIVE_PROBE)
    kind = sniff(head).name if head and head[:2] != b"PK" else None
    if head[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        try:
            with zipfile.ZipFile(stream) as archive:
                kind = _kind_of_members(archive.namelist()).name
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
            kind = _kind_of_cut_zip(head).name
    stream.seek(0)
    return kind if kind in ARCHIVES else None


_ARCHIVE_PROBE = 64 * 1024
_BMP_HEADER_SIZES = tuple(n.to_bytes(4, "little") for n in (12, 40, 52, 56, 64, 108, 124))


def _kind_of_zip(data: bytes) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _kind_of_members(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return _kind_of_cut_zip(data)


def _kind_of_members(names: Collection[str]) -> Kind:
    # A folder of an archive may be called as one of a package is; a package says what it consists of.
    packed = any(
        name in names for name in ("[Content_Types].xml", "_rels/.rels", "word/document.xml", "xl/workbook.xml")
    )
    for start, kind in _ZIP_MEMBERS:
        if (packed or not start.endswith("/")) and any(name.startswith(start) for name in names):
            return kind
    return ZIP


def _kind_of_cut_zip(data: bytes) -> Kind:
    """A package without its table of contents, by the names before its members (APPNOTE.TXT, 4.3.7)."""
    first = data[30 : 30 + int.from_bytes(data[26:28], "little")]
    if not first.startswith((b"[Content_Types].xml", b"_rels/", b"docProps/", b"word/", b"OFD.xml")):
        return ZIP
    return next((kind for start, kind in _ZIP_MEMBERS if start.encode() in data), ZIP)


def _kind_of_text(data: bytes) -> Kind:
    start = data[:_TEXT_PROBE]
    wide = utf16_of(start) or utf16_without_mark(start)
    if wide is not None:
        text = start.decode(wide, errors="ignore")
    elif b"\x00" in start:
        return BINARY
    else:
        decoded = _decode(start)
        if decoded is None:
            # A page is known by its tags even where some of its characters are broken.
            return HTML if _is_html(start.decode("latin-1").lstrip()) else BINARY
        text = decoded
    text = text.lstrip("\ufeff \t\r\n")
    if _MESSAGE.match(text) and _MESSAGE_OF_A_PAGE.search(text):
        return MHT
    if _is_html(text):
        return HTML
    if text.startswith("<?xml"):
        return Kind("xml", "an XML file", (".xml",))
    controls = sum(1 for c in text if ord(c) < 32 and c not in "\t\r\n\f")
    return BINARY if controls * 50 > len(text) else TEXT


_MESSAGE = re.compile(r"[A-Za-z-]{2,40}:[ \t]")
_MESSAGE_OF_A_PAGE = re.compile(
    r"^content-type:\s*(?:multipart/related|multipart/alternative|text/html)", re.IGNORECASE | re.MULTILINE
)
_PAGE = re.compile(r"<html[\s>]|<body[\s>]|<!doctype html", re.IGNORECASE)
_PIECE_OF_A_PAGE = re.compile(
    r"(?:<!--.*?-->\s*)*<(?:head|meta|title|style|script|table|div|p|span|center|h[1-6]|ul|ol|article|section|main|font)[\s>]",
    re.IGNORECASE | re.DOTALL,
)
_END_TAG = re.compile(r"</(?:p|div|td|tr|table|span|li|h[1-6]|strong|a)>", re.IGNORECASE)
_MARKDOWN = re.compile(r"^(?:#{1,6} |```|\|.*\|\s*$)", re.MULTILINE)
_MANY_TAGS = 8
"""End tags from which a text without ``<html`` is a fragment of a page, and not a text about one."""


def _is_html(text: str) -> bool:
    """Whether a text is a page, or a piece of one; a Markdown text may hold a few elements and stays one."""
    if _PAGE.match(text) or _PIECE_OF_A_PAGE.match(text):
        return True
    if _MARKDOWN.search(text):
        return False
    return _PAGE.search(text) is not None or len(_END_TAG.findall(text)) >= _MANY_TAGS


def _decode(start: bytes) -> str | None:
    """A text in which hardly any character is broken; None for other data."""
    decoded = decode_page(start)  # which leaves out a character that the end of the probe has cut
    return decoded.text if decoded.lost <= BROKEN_SHARE * len(decoded.text) else None


def contradicting_suffix(name: str, kind: Kind) -> str | None:
    """The ending of a file name when it names another kind than the content has; None when they agree.

    A name without an ending, or one whose ending says nothing (``report.2020``), contradicts nothing.
    """
    suffix = PurePath(name).suffix.lower()
    if not suffix or suffix in kind.suffixes or not suffix[1:].isalpha():
        return None
    return suffix
