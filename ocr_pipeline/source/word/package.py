"""The ZIP package of a DOCX (ISO/IEC 29500-2): its parts within limits, and the relations between them."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from urllib.parse import unquote

from ocr_pipeline.source.options import SourceOptions
from ocr_pipeline.source.word.names import Element
from ocr_pipeline.source.zip_package import ZipPackage

__all__ = ["Package", "Relation"]

_DOCUMENT = "word/document.xml"
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


class Package(ZipPackage):
    """A DOCX whose parts are inflated one by one as they are asked for.

    Args:
        data: the whole file.
        source: what to call it in messages.
        options: limits.

    Raises:
        DamagedSourceError: it is no readable ZIP.
        LimitExceededError: too many parts, or they would be too large when inflated.
    """

    kind = "DOCX"
    remedy = "fetch the file again, or open it in Word and save it anew"

    def __init__(self, data: bytes, source: str, options: SourceOptions) -> None:
        super().__init__(data, source, options)
        self._relations: dict[str, dict[str, Relation]] = {}

    def xml_text(self, data: bytes) -> bytes:
        """The XML of a part in the namespaces of the usual variant of the standard."""
        if b"http://purl.oclc.org/ooxml/" in data:
            for strict, usual in _STRICT:
                data = data.replace(strict, usual)
        return data

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
