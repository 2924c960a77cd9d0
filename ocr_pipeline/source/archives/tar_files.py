"""TAR archives, plain or packed by gzip, bzip2 or XZ, and single files packed by one of these."""

from __future__ import annotations

import bz2
import gzip
import lzma
import tarfile
import zlib
from collections.abc import Iterator
from functools import partial
from pathlib import PurePosixPath
from typing import BinaryIO, cast

from ocr_pipeline.errors import DamagedSourceError, LimitExceededError
from ocr_pipeline.source.archives.limits import Budget, CountedStream
from ocr_pipeline.source.archives.member import Entry, damaged
from ocr_pipeline.source.archives.names import decode_name

__all__ = ["tar_entries"]

_READING_ERRORS = (tarfile.TarError, zlib.error, lzma.LZMAError, OSError, EOFError, ValueError)
_BLOCK = 512
_CHUNK = 1024**2


def tar_entries(stream: BinaryIO, kind: str, name: str, budget: Budget) -> Iterator[Entry]:
    """The files of an archive in its order; links, devices and folders are left out.

    Args:
        stream: the archive, seekable.
        kind: ``tar``, ``gzip``, ``bzip2`` or ``xz``.
        name: what to call it.
        budget: what may still be inflated.

    Raises:
        DamagedSourceError: it is cut off or corrupt; what stood before was given.
        LimitExceededError: it inflates to more than is allowed.
    """
    packed = stream.seek(0, 2)
    stream.seek(0)
    try:
        plain = stream if kind == "tar" else _inflating(stream, kind)
        is_tar = _is_tar(plain.read(_BLOCK))
        plain.seek(0)
        counted = CountedStream(plain, packed, budget, name)
        if not is_tar:
            inner = PurePosixPath(name).stem
            yield Entry(inner, partial(_single, counted, f"{name}!/{inner}", budget))
            return
        # As a stream: the members come in the order in which they are stored, and nothing is inflated twice.
        with tarfile.open(fileobj=cast(BinaryIO, counted), mode="r|", errors="surrogateescape") as archive:
            for info in archive:
                if info.isreg():
                    inner = decode_name(info.name.encode("utf-8", errors="surrogateescape"))
                    yield Entry(inner, partial(_read, archive, info, f"{name}!/{inner}", budget))
    except _READING_ERRORS as error:
        raise damaged("the archive is cut off or corrupt; what follows is missing", name) from error


def _inflating(stream: BinaryIO, kind: str) -> BinaryIO:
    if kind == "gzip":
        return cast(BinaryIO, gzip.GzipFile(fileobj=stream))
    return cast(BinaryIO, bz2.BZ2File(stream) if kind == "bzip2" else lzma.LZMAFile(stream))


def _is_tar(block: bytes) -> bool:
    try:
        tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
    except tarfile.HeaderError:
        return False
    return True


def _read(archive: tarfile.TarFile, info: tarfile.TarInfo, name: str, budget: Budget) -> bytes:
    budget.check_file(info.size, None, name)
    try:
        file = archive.extractfile(info)
        data = b"" if file is None else file.read()
    except _READING_ERRORS as error:
        raise _broken(name) from error
    if len(data) < info.size:
        raise _broken(name)
    return data


def _single(stream: CountedStream, name: str, budget: Budget) -> bytes:
    parts: list[bytes] = []
    size = 0
    try:
        while part := stream.read(_CHUNK):
            parts.append(part)
            size += len(part)
            budget.check_file(size, None, name)
    except LimitExceededError:
        raise
    except _READING_ERRORS as error:
        raise _broken(name) from error
    return b"".join(parts)


def _broken(name: str) -> DamagedSourceError:
    return damaged("it is cut off or corrupt inside its archive", name)
