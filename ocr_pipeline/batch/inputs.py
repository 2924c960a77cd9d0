"""What a batch is given: paths, globs, lists of them and addresses of other file systems, as single files and folders.

Addresses (``s3://bucket/reports``, ``memory://...``) are those of fsspec; the package behind each has to be installed.
"""

from __future__ import annotations

import glob
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from ocr_pipeline.errors import DependencyError, OcrPipelineError, SourceError, SourceNotFoundError
from ocr_pipeline.source.archives.names import companion_of, is_junk

__all__ = ["Input", "expand", "fetch"]

_MAGIC = "*?["


@dataclass(frozen=True, slots=True)
class Input:
    """One thing to look into.

    Attributes:
        name: what it is called: its path, or its address.
        path: a file or folder of this machine; None for an address, and where there is an error.
        token: changes when the content does; only of addresses, and empty where the file system tells nothing.
        error: why it cannot be looked into.
    """

    name: str
    path: Path | None = None
    token: str = ""
    error: OcrPipelineError | None = None


def expand(inputs: Sequence[str]) -> Iterator[Input]:
    """Each input, or what it stands for, in order.

    Args:
        inputs: paths of files and folders; globs, in which ``**`` stands for folders; ``@FILE``, a list of further
            inputs, one a line, ``@-`` for standard input; addresses with ``://``.

    Raises:
        SourceError: a list cannot be read.
    """
    for given in inputs:
        if given.startswith("@") and not _exists(given):
            yield from expand(_listed(given[1:]))
        elif "://" in given and not _exists(given):
            yield from _addressed(given)
        elif any(sign in given for sign in _MAGIC) and not _exists(given):
            yield from _globbed(given)
        else:
            path = os.path.normpath(given)
            yield Input(path, Path(path))


def fetch(address: str, target: Path) -> None:
    """Copy the file of an address.

    Raises:
        SourceError: it cannot be read, or not be written here; the cause tells which.
    """
    try:
        system, path = _file_system(address)
        system.get_file(path, str(target))
    except OcrPipelineError:
        raise
    except Exception as error:
        raise _refused(address, error) from error


def _exists(given: str) -> bool:
    return os.path.exists(given)  # noqa: PTH110 - says no to what can be no path, where Path.exists raises


def _listed(name: str) -> list[str]:
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise SourceNotFoundError("no such list", source=name) from None
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(
            f"the list cannot be read: {error}", remedy="give a text file in UTF-8", source=name
        ) from error
    lines = [line.strip() for line in text.splitlines()]
    # In a list, @ is the beginning of a name: a list that names itself would never end.
    return [f"./{line}" if line.startswith("@") else line for line in lines if line and not line.startswith("#")]


def _globbed(pattern: str) -> Iterator[Input]:
    found = sorted(glob.iglob(pattern, recursive=True))  # noqa: PTH207 - the pattern may begin anywhere
    if not found:
        yield Input(pattern, error=SourceNotFoundError("no file fits the pattern", source=pattern))
    for path in found:
        if not is_junk(PurePosixPath(path).name):
            yield Input(os.path.normpath(path), Path(path))


def _addressed(address: str) -> Iterator[Input]:
    try:
        system, path = _file_system(address)
        if any(sign in path for sign in _MAGIC):
            found = sorted(str(file) for file in system.glob(path) if system.isfile(file))
            root = ""
        elif system.isdir(path):
            found, root = sorted(str(file) for file in system.find(path)), path.rstrip("/") + "/"
        else:
            found, root = ([path] if system.exists(path) else []), ""
        if not found:
            yield Input(address, error=SourceNotFoundError("nothing there", source=address))
        names = {file.removeprefix(root) for file in found}
        for file in found:
            inner = file.removeprefix(root)
            if not is_junk(inner) and companion_of(inner, names) is None:
                yield Input(str(system.unstrip_protocol(file)), token=_token(system, file))
    except OcrPipelineError as error:
        yield Input(address, error=error)
    except Exception as error:  # noqa: BLE001 - every file system raises errors of its own
        yield Input(address, error=_refused(address, error))


def _file_system(address: str) -> tuple[Any, str]:
    from fsspec.core import url_to_fs

    try:
        system, path = url_to_fs(address)
    except (ImportError, ValueError) as error:
        message = f"addresses of this kind cannot be opened: {' '.join(str(error).split())}"
        raise DependencyError(
            message, remedy="install the fsspec package for it, s3fs for s3://", source=address
        ) from error
    return system, str(path)


def _token(system: Any, path: str) -> str:
    try:
        return str(system.ukey(path))
    except Exception:  # noqa: BLE001 - then the content is hashed again
        return ""


def _refused(address: str, error: Exception) -> SourceError:
    words = " ".join(str(error).split()) or type(error).__name__
    return SourceError(f"it cannot be read: {words}", remedy="check the address and the access to it", source=address)
