"""The ZIP package of a DOCX (ISO/IEC 29500-2): its parts within limits, and the relations between them."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from dataclasses import dataclass
from urllib.parse import unquote

from ocr_pipeline.errors import DamagedSourceError, LimitExceededError
from ocr_pipeline.source import packed_xml
from ocr_pipeline.source.options import SourceOptions
from ocr_pipeline.source.word.names import Element

__all__ = ["Package", "Relation"]

_DOCUMENT = "word/document.xml"
_READING_ERRORS = (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, RuntimeError, EOFError)
_REMEDY = "fetch the file again, or open it in Word and save it anew"
_STRICT = (
    (
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    (b"http://purl.oclc.org/ooxml/drawingml/", b"http://schemas.openxmlformats.org/drawingml/2006/"),
    (b"http://purl.oclc.org/ooxml/officeDocument/", b"http://schemas.openxmlformats.org/officeDocument/2006/"),
)
"""The namespaces of the strict variant of the standard, with those that everybody else writes."""


@dataclass(frozen=True, slots=True)
class Relation:
    """What one part says of another: the last word of its type, and where it is.

    Attributes:
        kind: ``image``, ``styles``, ``footnotes`` and so on.
        target: name of the part, or an address outside when ``external``.
    """

    kind: str
    target: str
    external: bool = False


class Package:
    """A DOCX whose parts are inflated one by one as they are asked for.

    Args:
        data: the whole file.
        source: what to call it in messages.
        options: limits.

    Raises:
        DamagedSourceError: it is no readable ZIP.
        LimitExceededError: too many parts, or they would be too large when inflated.
    """

    def __init__(self, data: bytes, source: str, options: SourceOptions) -> None:
        self.source = source
        self.options = options
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _READING_ERRORS as error:
            raise self.damaged("the DOCX is cut off or corrupt: its table of contents cannot be read") from error
        self._check_limits()
        self._parts = {info.filename.lower(): info for info in self._zip.infolist()}
        self._relations: dict[str, dict[str, Relation]] = {}

    def damaged(self, message: str) -> DamagedSourceError:
        """The error for a file that does not hold together."""
        return DamagedSourceError(message, remedy=_REMEDY, source=self.source)

    def _check_limits(self) -> None:
        members = self._zip.infolist()
        limits = self.options
        if len(members) > limits.max_members:
            raise LimitExceededError(
                f"the DOCX has {len(members):,} parts, and at most {limits.max_members:,} are allowed",
                remedy="save it anew in Word, or raise source.max_members",
                source=self.source,
            )
        # What the table of contents declares is also what is inflated at most: zipfile stops there.
        total = sum(info.file_size for info in members)
        if total > limits.max_unpacked_bytes:
            raise LimitExceededError(
                f"the DOCX inflates to {total:,} bytes, and at most {limits.max_unpacked_bytes:,} are allowed",
                remedy="check that it is a document at all, or raise source.max_unpacked_bytes",
                source=self.source,
            )

    def __contains__(self, part: str) -> bool:
        return part.lower() in self._parts

    def read(self, part: str) -> bytes:
        """The content of a part.

        Raises:
            DamagedSourceError: it is missing or broken.
        """
        info = self._parts.get(part.lower())
        if info is None:
            raise self.damaged(f"the DOCX is incomplete: {part} is missing")
        try:
            return self._zip.read(info)
        except _READING_ERRORS as error:
            raise self.damaged(f"the DOCX is cut off or corrupt: {part} cannot be read") from error

    def xml(self, part: str) -> Element:
        """The root of a part of XML; entities are not resolved and nothing outside is looked at.

        Raises:
            DamagedSourceError: it is missing, or not well-formed.
            LimitExceededError: it is larger than ``SourceOptions.max_xml_bytes``.
        """
        info = self._parts.get(part.lower())
        if info is not None:
            packed_xml.check_size(info.file_size, part, self.options, self.source)
        data = self.read(part)
        if b"http://purl.oclc.org/ooxml/" in data:
            for strict, usual in _STRICT:
                data = data.replace(strict, usual)
        try:
            root: Element = packed_xml.parse(data)
        except ValueError as error:
            raise self.damaged(f"the DOCX is corrupt: {part} is not well-formed XML") from error
        return root

    def relations(self, part: str) -> dict[str, Relation]:
        """The relations of a part by their ids; empty when it has none. ``""`` stands for the package itself."""
        if part not in self._relations:
            folder, base = posixpath.split(part)
            rels = posixpath.join(folder, "_rels", f"{base}.rels")
            self._relations[part] = (
                {}
                if rels not in self
                else {
                    item.get("Id", ""): _relation(item, folder)
                    for item in self.xml(rels)
                    if isinstance(item.tag, str) and item.get("Target") is not None
                }
            )
        return self._relations[part]

    def related(self, part: str, kind: str) -> str | None:
        """The part of that kind that a part refers to; None when there is none, or it is not in the package."""
        for relation in self.relations(part).values():
            if relation.kind == kind and not relation.external and relation.target in self:
                return relation.target
        return None

    def main_part(self) -> str:
        """The part that holds the document's text.

        Raises:
            DamagedSourceError: there is none.
        """
        found = self.related("", "officeDocument")
        if found is None and _DOCUMENT in self:
            found = _DOCUMENT
        if found is None:
            raise self.damaged("the DOCX is incomplete: word/document.xml, which holds its text, is missing")
        return found


def _relation(item: Element, folder: str) -> Relation:
    target = item.get("Target", "")
    kind = item.get("Type", "").rpartition("/")[2]
    if item.get("TargetMode", "").lower() == "external":
        return Relation(kind, target, external=True)
    joined = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
    return Relation(kind, unquote(joined))
