"""Opens an OFD: its documents, their pages in order."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from ocr_pipeline.document import Finding, Severity
from ocr_pipeline.errors import EmptySourceError
from ocr_pipeline.source.document_source import Source
from ocr_pipeline.source.ofd.faces import Faces
from ocr_pipeline.source.ofd.package import Element, OfdPackage, child, children, numbers, text_of
from ocr_pipeline.source.ofd.page import OfdDocument, OfdPage
from ocr_pipeline.source.ofd.resources import Resources
from ocr_pipeline.source.opening import Request

__all__ = ["open_ofd"]

_ENTRY = "OFD.xml"


def open_ofd(request: Request) -> Source:
    """Open an OFD; pages are read one by one as they are used.

    Raises:
        DamagedSourceError: it cannot be opened, or what its pages share is missing.
        EmptySourceError: it has no pages.
        EncryptedSourceError: it is encrypted.
        LimitExceededError: too many pages or files, or they would be too large when inflated.
    """
    package = OfdPackage(request.data, request.name, request.options, request.password)
    pages: list[OfdPage] = []
    missing: list[str] = []
    replaced: list[str] = []
    for body in children(package.xml(_ENTRY), "DocBody"):
        location = text_of(child(body, "DocRoot"))
        file = package.find(location)
        if file is None:
            raise package.damaged(f"the OFD is incomplete: {location or 'its document'} is missing")
        document, listed = _document(package, file)
        request.check_page_count(len(pages) + len(listed))
        for entry in listed:
            pages.append(OfdPage(document, len(pages), package.find(entry.get("BaseLoc") or "?", document.folder)))
        missing.extend(document.resources.missing)
        replaced.extend(document.faces.replaced())
    if not pages:
        raise EmptySourceError("the OFD has no pages", source=request.name)
    findings = (*request.findings(), *_remarks(missing, replaced))
    return Source(request.info(len(pages)), pages, findings=findings)


def _document(package: OfdPackage, file: str) -> tuple[OfdDocument, list[Element]]:
    root = package.xml(file)
    folder = posixpath.dirname(file)
    common = child(root, "CommonData")
    resources = Resources()
    for resource in children(common, "PublicRes", "DocumentRes"):
        found = package.find(text_of(resource), folder)
        if found is None:
            raise package.damaged(f"the OFD is incomplete: {text_of(resource)} is missing")
        resources.add(package, found, (folder,))
    templates = {
        template.get("ID") or "": found
        for template in children(common, "TemplatePage")
        if (found := package.find(template.get("BaseLoc") or "?", folder)) is not None
    }
    area = numbers(text_of(child(common, "PageArea", "PhysicalBox")), 4)
    document = OfdDocument(package, resources, Faces(package, resources.fonts), templates, area, folder)
    return document, list(children(child(root, "Pages"), "Page"))


def _remarks(missing: list[str], replaced: list[str]) -> Iterator[Finding]:
    if missing:
        message = f"{len(missing)} pictures of the OFD are not in the file: {missing[0]}" + ", …" * (len(missing) > 1)
        yield Finding(code="absent-pictures", severity=Severity.WARNING, message=message)
    if replaced:
        message = (
            f"{len(replaced)} fonts of the OFD are of a kind that cannot be used; their text is drawn from its "
            f"characters, which may not be what a viewer shows: {replaced[0]}" + ", …" * (len(replaced) > 1)
        )
        yield Finding(code="replaced-font", severity=Severity.WARNING, message=message)
