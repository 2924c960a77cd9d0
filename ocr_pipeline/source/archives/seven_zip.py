"""7-Zip archives, through py7zr (the extra ``archives``)."""

from __future__ import annotations

import importlib.util
import lzma
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from ocr_pipeline.errors import (
    DamagedSourceError,
    EncryptedSourceError,
    LimitExceededError,
    MissingExtraError,
    SourceError,
)
from ocr_pipeline.source.archives.limits import Budget
from ocr_pipeline.source.archives.member import Entry, damaged
from ocr_pipeline.source.archives.names import clean_name, is_page

__all__ = ["seven_zip_entries"]


def seven_zip_entries(stream: BinaryIO, name: str, password: str | None, budget: Budget) -> Iterator[Entry]:
    """The files of a 7-Zip archive in its order, web pages first; links are left out.

    Its files are packed together, so they are all inflated at once, into a temporary folder under names of our own.

    Raises:
        DamagedSourceError: it is cut off or corrupt.
        EncryptedSourceError: the password is missing or wrong.
        LimitExceededError: it inflates to more than is allowed.
        MissingExtraError: py7zr is not installed.
    """
    if importlib.util.find_spec("py7zr") is None:
        raise MissingExtraError("archives", "reading 7-Zip archives")
    packed = stream.seek(0, 2)
    files = [info for info in _listed(stream, name, password) if info.is_file]
    total = sum(info.uncompressed for info in files)
    budget.check_ratio(total, packed, name)
    budget.add_bytes(total)
    wanted = [i.filename for i in files if i.uncompressed <= budget.options.max_bytes and _stays_inside(i.filename)]
    with tempfile.TemporaryDirectory(prefix="ocr-pipeline-") as folder:
        found = _Shelf(Path(folder), budget.options.max_bytes)
        failures = _inflate(stream, name, password, wanted, found)
        for info in sorted(files, key=lambda info: not is_page(info.filename)):
            inner = info.filename.replace("\\", "/")
            budget_check = partial(budget.check_file, info.uncompressed, None, f"{name}!/{inner}")
            yield Entry(inner, partial(_read, info.filename, found, failures, budget_check))


def _stays_inside(name: str) -> bool:
    # py7zr refuses an archive as a whole for a single name that leads out of it.
    return clean_name(name) == name


class _Shelf:
    """Where py7zr writes to: one numbered file for each member, no longer than the limit."""

    def __init__(self, folder: Path, limit: int) -> None:
        self.folder = folder
        self.limit = limit
        self.files: dict[str, Path] = {}
        self._count = 0

    def create(self, filename: str) -> Any:
        self._count += 1  # a file that is tried twice begins anew
        path = self.folder / str(self._count)
        self.files[filename] = path
        return _ShelfFile(path, self.limit)


class _ShelfFile:
    """A ``py7zr.Py7zIO`` that writes to a file and refuses to grow beyond the limit."""

    def __init__(self, path: Path, limit: int) -> None:
        self._path = path
        self._limit = limit
        path.touch()

    def write(self, data: bytes | bytearray) -> int:
        if self.size() + len(data) > self._limit:
            raise LimitExceededError(f"a file of more than {self._limit:,} bytes", remedy="raise source.max_bytes")
        with self._path.open("ab") as file:
            return file.write(data)

    def read(self, size: int | None = None) -> bytes:
        return self._path.read_bytes()[:size]

    def seek(self, offset: int, whence: int = 0) -> int:  # noqa: ARG002 - py7zr rewinds what it has written
        return 0

    def flush(self) -> None:
        """Nothing is held back."""

    def size(self) -> int:
        return self._path.stat().st_size

    def close(self) -> None:
        """Nothing is kept open."""


def _listed(stream: BinaryIO, name: str, password: str | None) -> Sequence[Any]:
    archive = _opened(stream, name, password)
    if archive.needs_password() and password is None:
        raise _locked("the 7-Zip archive is encrypted and needs a password", name, "give it with --password")
    return list(archive.list())


def _opened(stream: BinaryIO, name: str, password: str | None) -> Any:
    import py7zr

    stream.seek(0)
    try:
        return py7zr.SevenZipFile(stream, password=password)
    except py7zr.PasswordRequired as error:
        raise _locked("the 7-Zip archive is encrypted and needs a password", name, "give it with --password") from error
    except _reading_errors() as error:
        if password is not None:
            raise _locked("the password is wrong, or the 7-Zip archive is corrupt", name) from error
        raise damaged("the 7-Zip archive is cut off or corrupt: its table of contents cannot be read", name) from error


def _inflate(
    stream: BinaryIO, name: str, password: str | None, wanted: Sequence[str], found: _Shelf
) -> dict[str, SourceError]:
    """Inflate files onto the shelf; the errors of those that cannot be."""
    try:
        if wanted:
            _opened(stream, name, password).extract(targets=wanted, factory=found)
        return {}
    except _reading_errors():
        if len(wanted) == 1:
            message = "it is cut off or corrupt inside its 7-Zip archive"
            if password is None:
                return {wanted[0]: damaged(message, f"{name}!/{wanted[0]}")}
            return {wanted[0]: _locked(f"the password is wrong, or {message}", f"{name}!/{wanted[0]}")}
    failures: dict[str, SourceError] = {}
    for target in wanted:
        failures.update(_inflate(stream, name, password, [target], found))
    return failures


def _read(filename: str, found: _Shelf, failures: dict[str, SourceError], check: partial[None]) -> bytes:
    check()
    if filename in failures:
        raise failures[filename]
    path = found.files.get(filename)
    if path is None:
        raise DamagedSourceError("its name leads out of the archive", remedy="pack the file anew", source=filename)
    return path.read_bytes()


def _reading_errors() -> tuple[type[Exception], ...]:
    import py7zr.exceptions as theirs

    # The library lets what it trips over in a broken archive through as it is.
    return (
        theirs.ArchiveError, lzma.LZMAError, zlib.error, OSError, EOFError, ValueError, TypeError, KeyError, IndexError,
        AttributeError, AssertionError, OverflowError, NotImplementedError, RuntimeError, MemoryError,
    )  # fmt: skip


def _locked(message: str, name: str, remedy: str | None = None) -> EncryptedSourceError:
    return EncryptedSourceError(message, remedy=remedy, source=name)
