"""ZIP archives: names in any encoding, encrypted members, each member within limits."""

from __future__ import annotations

import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from functools import partial
from typing import BinaryIO

from ocr_pipeline.errors import DamagedSourceError, EncryptedSourceError
from ocr_pipeline.source.archives.limits import Budget
from ocr_pipeline.source.archives.member import Entry, damaged
from ocr_pipeline.source.archives.names import decode_name, is_page

__all__ = ["member_name", "zip_entries"]

_ENCRYPTED, _NAME_IS_UTF8 = 0x1, 0x800
_AES = 99
_UNICODE_PATH = 0x7075
_READING_ERRORS = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, EOFError, ValueError, struct.error)


def zip_entries(stream: BinaryIO, name: str, password: str | None, budget: Budget) -> Iterator[Entry]:
    """The files of a ZIP archive in its order, web pages first; links are left out.

    Raises:
        DamagedSourceError: its table of contents cannot be read.
        EncryptedSourceError: all of it is encrypted, and no password was given.
    """
    try:
        archive = zipfile.ZipFile(stream)
    except (*_READING_ERRORS, NotImplementedError) as error:
        raise damaged("the ZIP archive is cut off or corrupt: its table of contents cannot be read", name) from error
    with archive:
        files = [info for info in archive.infolist() if not info.is_dir() and not _is_link(info)]
        if files and password is None and all(info.flag_bits & _ENCRYPTED for info in files):
            raise EncryptedSourceError(
                "the ZIP archive is encrypted and needs a password", remedy="give it with --password", source=name
            )
        for inner, info in sorted(((member_name(i), i) for i in files), key=lambda pair: not is_page(pair[0])):
            yield Entry(inner, partial(_read, archive, info, f"{name}!/{inner}", password, budget))


def member_name(info: zipfile.ZipInfo) -> str:
    """The name that was meant, with forward slashes.

    In this order: the flag for UTF-8 (APPNOTE 4.4.4, bit 11), the extra field of Info-ZIP that holds it in UTF-8
    (APPNOTE 4.6.9) when it belongs to this name, and the bytes themselves.
    """
    if info.flag_bits & _NAME_IS_UTF8:
        return info.orig_filename.replace("\\", "/")
    try:
        raw = info.orig_filename.encode("cp437")
    except UnicodeEncodeError:  # the library has decoded it by the extra field already
        return info.orig_filename.replace("\\", "/")
    return (_unicode_path(info.extra, raw) or decode_name(raw)).replace("\\", "/")


def _unicode_path(extra: bytes, raw: bytes) -> str | None:
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<HH", extra)
        field, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind == _UNICODE_PATH and len(field) > 5 and field[0] == 1:
            if int.from_bytes(field[1:5], "little") != zlib.crc32(raw):
                return None  # somebody renamed the member and left the old field
            try:
                return field[5:].decode("utf-8")
            except UnicodeDecodeError:
                return None
    return None


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, password: str | None, budget: Budget) -> bytes:
    budget.check_file(info.file_size, info.compress_size, name)
    if not info.flag_bits & _ENCRYPTED:
        data = _inflate(archive, info, name, None)
    elif password is None:
        raise EncryptedSourceError(
            "it is encrypted and needs a password", remedy="give it with --password", source=name
        )
    elif info.compress_type == _AES:
        raise EncryptedSourceError(
            "it is encrypted with AES, which is not supported in ZIP",
            remedy="unpack it with 7-Zip, or pack it as 7z with the same password",
            source=name,
        )
    else:
        data = _decrypt(archive, info, name, password)
    budget.add_bytes(len(data))
    return data


def _decrypt(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, password: str) -> bytes:
    # Programs in China encode a Chinese password as the system does, others as UTF-8.
    for secret in _secrets(password):
        try:
            return _inflate(archive, info, name, secret)
        except (EncryptedSourceError, DamagedSourceError):  # noqa: PERF203 - two tries; a check byte lets one in 256 by
            continue
    raise EncryptedSourceError("the password is wrong", source=name)


def _secrets(password: str) -> Sequence[bytes]:
    return list(dict.fromkeys([password.encode("utf-8"), password.encode("gb18030")]))


def _inflate(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, secret: bytes | None) -> bytes:
    try:
        # What the table of contents declares is what is inflated at most: zipfile stops there.
        return archive.read(info, pwd=secret)
    except NotImplementedError as error:
        raise DamagedSourceError(
            "it is packed by a method that is not supported", remedy="unpack it with 7-Zip", source=name
        ) from error
    except RuntimeError as error:
        raise EncryptedSourceError("the password is wrong", source=name) from error
    except _READING_ERRORS as error:
        raise damaged("it is cut off or corrupt inside its ZIP archive", name) from error


def _is_link(info: zipfile.ZipInfo) -> bool:
    return stat.S_ISLNK(info.external_attr >> 16)
