"""Documents that are uploaded: looked at before anything reads them, and kept under a name of our own making."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ocr_pipeline.errors import EmptySourceError, OutputError, UnknownFormatError
from ocr_pipeline.naming import result_stem
from ocr_pipeline.review.folder import UPLOADS
from ocr_pipeline.source.opening import OPENERS
from ocr_pipeline.source.sniffing import ARCHIVES, sniff

__all__ = ["Upload", "keep_upload", "kept_uploads"]

_LONGEST_STEM = 80
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Upload:
    """A document that was uploaded and kept. ``name`` is what it was called; the file is called otherwise."""

    file: Path
    name: str
    sha256: str


def keep_upload(root: Path, name: str, content: bytes) -> Upload:
    """Keep an uploaded document in ``uploads/`` of the folder.

    Args:
        root: the folder of the reports.
        name: as the sender calls it; nothing of it but letters of its stem is used for the file.
        content: all of it.

    Raises:
        EmptySourceError: there is nothing in it.
        UnknownFormatError: by its content it is no document of a kind that is read.
        OutputError: it cannot be written.
    """
    plain = PurePosixPath(name.replace("\\", "/").replace("\0", "")).name.strip()[:_LONGEST_NAME] or "document"
    if not content:
        raise EmptySourceError("the file is empty", source=plain)
    kind = sniff(content)
    if kind.name in ARCHIVES:
        raise UnknownFormatError(f"this is {kind.label}", source=plain, remedy="upload the documents in it one by one")
    if kind.name not in OPENERS:
        raise UnknownFormatError(f"this is {kind.label}, and no document that can be read", source=plain)
    sha256 = hashlib.sha256(content).hexdigest()
    suffix = kind.suffixes[0] if kind.suffixes else ""
    # A folder of its own, so that equal names stay apart and the report can be called by the plain name.
    target = root / UPLOADS / sha256[:12] / f"{result_stem(PurePosixPath(plain), longest=_LONGEST_STEM)}{suffix}"
    part = target.with_name(f".{secrets.token_hex(8)}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            part.write_bytes(content)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(f"the document cannot be kept: {error.strerror or error}", source=plain) from error
    return Upload(target, plain, sha256)


def kept_uploads(root: Path) -> Iterator[Upload]:
    """Everything that was uploaded and is still there."""
    folder = root / UPLOADS
    for file in sorted(folder.glob("*/*")) if folder.is_dir() else ():
        if file.is_file() and not file.name.startswith("."):
            yield Upload(file, file.name, hashlib.sha256(file.read_bytes()).hexdigest())
