"""The ZIP package of an OFD: its files within limits, found from the places that refer to them."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from lxml import etree

from ocr_pipeline.errors import DamagedSourceError, EncryptedSourceError, LimitExceededError
from ocr_pipeline.source import packed_xml
from ocr_pipeline.source.options import SourceOptions

__all__ = ["Element", "OfdPackage", "child", "children", "numbers", "text_of"]

Element = Any
"""An element of lxml's tree (``lxml.etree._Element``, which has no types of its own)."""

_READING_ERRORS = (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, EOFError)
_REMEDY = "fetch the file again, or open it in an OFD reader and save it as PDF"
_ENCRYPTED = 0x1


class OfdPackage:
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

    def __init__(self, data: bytes, source: str, options: SourceOptions, password: str | None) -> None:
        self.source = source
        self.options = options
        self._password = None if password is None else password.encode("utf-8")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _READING_ERRORS as error:
            raise self.damaged("the OFD is cut off or corrupt: its table of contents cannot be read") from error
        self._files = {info.filename.replace("\\", "/").lower().lstrip("/"): info for info in self._zip.infolist()}
        self._check()

    def damaged(self, message: str, page: int | None = None) -> DamagedSourceError:
        """The error for a file that does not hold together."""
        return DamagedSourceError(message, remedy=_REMEDY, source=self.source, page=page)

    def _check(self) -> None:
        limits, infos = self.options, self._zip.infolist()
        # zipfile inflates no more than the table of contents declares.
        total = sum(info.file_size for info in infos)
        if len(infos) > limits.max_members or total > limits.max_unpacked_bytes:
            raise LimitExceededError(
                f"the OFD has {len(infos):,} files of {total:,} bytes, and at most {limits.max_members:,} files of"
                f" {limits.max_unpacked_bytes:,} bytes are allowed",
                remedy="check what it is, or raise source.max_members or source.max_unpacked_bytes",
                source=self.source,
            )
        if any(info.flag_bits & _ENCRYPTED for info in infos) and self._password is None:
            raise EncryptedSourceError(
                "the OFD is encrypted and needs a password", remedy="give it with --password", source=self.source
            )
        # Readers that encrypt documents leave the files as noise and say so in a list (GM/T 0099).
        if any(name.rpartition("/")[2] in ("encryptions.xml", "decryptseed.dat") for name in self._files):
            raise EncryptedSourceError(
                "the OFD is encrypted for certain readers", remedy="save a copy without protection", source=self.source
            )

    def find(self, location: str, *bases: str) -> str | None:
        """The name of the file that ``location`` means, seen from the first of the folders where there is one."""
        wanted = location.strip().replace("\\", "/")
        for base in ("",) if wanted.startswith("/") else (*bases, ""):
            name = posixpath.normpath(posixpath.join(base, wanted.lstrip("/"))).lower()
            if name in self._files:
                return name
        return None

    def read(self, name: str) -> bytes:
        """The content of a file.

        Raises:
            DamagedSourceError: it is missing or broken.
            EncryptedSourceError: the password is wrong.
        """
        info = self._files.get(name.lower())
        if info is None:
            raise self.damaged(f"the OFD is incomplete: {name} is missing")
        try:
            return self._zip.read(info, pwd=self._password)
        except RuntimeError as error:  # NotImplementedError is one of these
            if isinstance(error, NotImplementedError):
                raise self.damaged(f"the OFD is packed in a way that is not supported: {name}") from error
            raise EncryptedSourceError("the password is wrong", source=self.source) from error
        except _READING_ERRORS as error:
            raise self.damaged(f"the OFD is cut off or corrupt: {name} cannot be read") from error

    def xml(self, name: str) -> Element:
        """The root of a file of XML; entities are not resolved and nothing outside is looked at.

        Raises:
            DamagedSourceError: it is missing, or not well-formed.
            LimitExceededError: it is larger than ``SourceOptions.max_xml_bytes``.
        """
        info = self._files.get(name.lower())
        if info is not None:
            packed_xml.check_size(info.file_size, name, self.options, self.source)
        try:
            return packed_xml.parse(self.read(name))
        except ValueError as error:
            raise self.damaged(f"the OFD is corrupt: {name} is not well-formed XML") from error


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
