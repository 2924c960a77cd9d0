"""The ZIP package of an OFD: its files within limits, found from the places that refer to them."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from lxml import etree

from ocr_pipeline.errors import EncryptedSourceError, SourceError
from ocr_pipeline.source.options import SourceOptions
from ocr_pipeline.source.zip_package import Element, ZipPackage

__all__ = ["Element", "OfdPackage", "child", "children", "numbers", "text_of"]

_ENCRYPTED = 0x1


class OfdPackage(ZipPackage):
    """An OFD whose files are inflated one by one as they are asked for.

    Args:
        data: the whole file.
        source: what to call it in messages.
        options: limits.
        password: opens a package that is encrypted as a ZIP archive.

    Raises:
        DamagedSourceError: it is no readable ZIP.
        EncryptedSourceError: it is encrypted.
        LimitExceededError: too many files, or they would be too large when inflated.
    """

    kind = "OFD"
    remedy = "fetch the file again, or open it in an OFD reader and save it as PDF"

    def __init__(self, data: bytes, source: str, options: SourceOptions, password: str | None) -> None:
        super().__init__(data, source, options, password)
        if any(info.flag_bits & _ENCRYPTED for info in self._files.values()) and password is None:
            raise EncryptedSourceError(
                "the OFD is encrypted and needs a password", remedy="give it with --password", source=self.source
            )
        # Readers that encrypt documents leave the files as noise and say so in a list (GM/T 0099).
        if any(name.rpartition("/")[2] in ("encryptions.xml", "decryptseed.dat") for name in self._files):
            raise EncryptedSourceError(
                "the OFD is encrypted for certain readers", remedy="save a copy without protection", source=self.source
            )

    def _locked(self, name: str) -> SourceError:
        return EncryptedSourceError(f"the password is wrong: {name} cannot be read with it", source=self.source)

    def find(self, location: str, *bases: str) -> str | None:
        """The name of the file that ``location`` means, seen from the first of the folders where there is one."""
        wanted = location.strip().replace("\\", "/")
        for base in ("",) if wanted.startswith("/") else (*bases, ""):
            name = posixpath.normpath(posixpath.join(base, wanted.lstrip("/"))).lower()
            if name in self._files:
                return name
        return None


def children(element: Element | None, *names: str) -> Iterator[Element]:
    """The child elements of these names, whatever their namespace: writers use several; all without a name."""
    for inner in () if element is None else element:
        if isinstance(inner.tag, str) and (not names or etree.QName(inner).localname in names):
            yield inner


def child(element: Element | None, *path: str) -> Element | None:
    """The first element at the end of a path of names; None where there is none."""
    for name in path:
        element = next(children(element, name), None)
    return element


def text_of(element: Element | None) -> str:
    """The text of an element, stripped; empty for None."""
    return "" if element is None else (element.text or "").strip()


def numbers(text: str | None, count: int | None = None) -> tuple[float, ...]:
    """The finite numbers of a list; none where one is no number, or there are not ``count`` of them."""
    try:
        found = tuple(float(part) for part in (text or "").replace(",", " ").split())
    except ValueError:
        return ()
    if any(abs(number) > 1e7 or number != number for number in found) or count not in (None, len(found)):
        return ()
    return found
