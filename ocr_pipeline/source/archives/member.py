"""One file of an archive or a folder, what an archive's reader gives for it, and the error where it is broken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ocr_pipeline.errors import DamagedSourceError, OcrPipelineError

__all__ = ["Entry", "Member", "damaged"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A file as the reader of one archive finds it.

    Attributes:
        name: as the archive has it, decoded, with forward slashes.
        read: inflates its content; may raise SourceError. Only valid until the next entry is asked for.
    """

    name: str
    read: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Member:
    """A document to be read, or the reason why there is none.

    Attributes:
        name: where it is: a path, continued by ``!/`` and a path inside for each archive around it.
        path: the file itself, when it is a file of its own.
        read: inflates its content, when it is in an archive; may raise SourceError. Only valid until the next member is
            asked for.
        error: why it, or the archive of this name, cannot be read.
    """

    name: str
    path: Path | None = None
    read: Callable[[], bytes] | None = None
    error: OcrPipelineError | None = None

    def content(self) -> Path | bytes:
        """What ``open_source`` takes: the path of a file, or the bytes of an archive's member.

        Raises:
            OcrPipelineError: it cannot be read.
        """
        if self.error is not None:
            raise self.error
        if self.read is not None:
            return self.read()
        return self.path if self.path is not None else Path(self.name)


def damaged(message: str, name: str) -> DamagedSourceError:
    """The error for an archive, or a file in one, that is cut off or corrupt."""
    return DamagedSourceError(message, remedy="fetch the archive again", source=name)
