"""Documents that are ZIP archives of XML (DOCX, OFD): their files within limits, inflated as they are asked for."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import Any, ClassVar

from lxml import etree

from ocr_pipeline.errors import DamagedSourceError, LimitExceededError, SourceError
from ocr_pipeline.source.options import SourceOptions

__all__ = ["Element", "ZipPackage"]

Element = Any
"""An element of lxml's tree (``lxml.etree._Element``, which has no types of its own)."""

_READING_ERRORS = (zipfile.BadZipFile, zlib.error, OSError, ValueError, EOFError)


class ZipPackage:
    """A package whose files are found by their names, in upper or lower case; a subclass says what it is a package of.

    Args:
        data: the whole file.
        source: what to call it in messages.
        options: limits.
        password: opens a package that is encrypted as a ZIP archive.

    Raises:
        DamagedSourceError: it is no readable ZIP.
        LimitExceededError: too many files, or they would be too large when inflated.
    """

    kind: ClassVar[str]
    """What to call such a document in messages."""
    remedy: ClassVar[str]
    """What to do about a damaged one."""

    def __init__(self, data: bytes, source: str, options: SourceOptions, password: str | None = None) -> None:
        self.source = source
        self.options = options
        self._password = None if password is None else password.encode("utf-8")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (*_READING_ERRORS, NotImplementedError) as error:
            message = f"the {self.kind} is cut off or corrupt: its table of contents cannot be read"
            raise self.damaged(message) from error
        self._check_limits()
        infos = self._zip.infolist()
        self._files = {info.filename.replace("\\", "/").lower().lstrip("/"): info for info in infos}

    def damaged(self, message: str, page: int | None = None) -> DamagedSourceError:
        """The error for a file that does not hold together."""
        return DamagedSourceError(message, remedy=self.remedy, source=self.source, page=page)

    def _check_limits(self) -> None:
        limits, infos = self.options, self._zip.infolist()
        if len(infos) > limits.max_members:
            raise LimitExceededError(
                f"the {self.kind} has {len(infos):,} files, and at most {limits.max_members:,} are allowed",
                remedy="check what it is, or raise source.max_members",
                source=self.source,
            )
        # What the table of contents declares is also what is inflated at most: zipfile stops there.
        total = sum(info.file_size for info in infos)
        if total > limits.max_unpacked_bytes:
            raise LimitExceededError(
                f"the {self.kind} inflates to {total:,} bytes, and at most {limits.max_unpacked_bytes:,} are allowed",
                remedy="check that it is a document at all, or raise source.max_unpacked_bytes",
                source=self.source,
            )

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._files

    def read(self, name: str) -> bytes:
        """The content of a file.

        Raises:
            DamagedSourceError: it is missing or broken.
            EncryptedSourceError: it is encrypted, and the password is not the right one.
        """
        info = self._files.get(name.lower())
        if info is None:
            raise self.damaged(f"the {self.kind} is incomplete: {name} is missing")
        try:
            return self._zip.read(info, pwd=self._password)
        except NotImplementedError as error:
            raise self.damaged(f"the {self.kind} is packed in a way that is not supported: {name}") from error
        except RuntimeError as error:
            raise self._locked(name) from error
        except _READING_ERRORS as error:
            raise self._corrupt(name) from error

    def _locked(self, name: str) -> SourceError:
        """The error for a file that zipfile asks a password for, or another one."""
        return self._corrupt(name)

    def _corrupt(self, name: str) -> SourceError:
        return self.damaged(f"the {self.kind} is cut off or corrupt: {name} cannot be read")

    def xml(self, name: str) -> Element:
        """The root of a file of XML; entities are not resolved and nothing outside is looked at.

        Raises:
            DamagedSourceError: it is missing, or not well-formed.
            LimitExceededError: it is larger than ``SourceOptions.max_xml_bytes``.
        """
        limit, info = self.options.max_xml_bytes, self._files.get(name.lower())
        if info is not None and info.file_size > limit:
            raise LimitExceededError(
                f"{name} has {info.file_size:,} bytes, and at most {limit:,} are allowed",
                remedy="split the document, or raise source.max_xml_bytes",
                source=self.source,
            )
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        try:
            return etree.fromstring(self.xml_text(self.read(name)), parser)
        except etree.XMLSyntaxError as error:
            raise self.damaged(f"the {self.kind} is corrupt: {name} is not well-formed XML") from error

    def xml_text(self, data: bytes) -> bytes:
        """The XML of a file in the words that everybody else writes; a subclass knows the others."""
        return data
