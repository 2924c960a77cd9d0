"""What an archive may still take, and reading within it."""

from __future__ import annotations

from typing import BinaryIO, NoReturn

from ocr_pipeline.errors import LimitExceededError
from ocr_pipeline.source.options import SourceOptions

__all__ = ["Budget", "CountedStream"]

_UNDOUBTED = 16 * 1024**2  # bytes that may come from any number of packed ones: a blank scan packs very well


class Budget:
    """Counts what comes out of an archive and those nested in it; every method raises LimitExceededError.

    ``spent`` says that the archive as a whole is beyond a limit, so that nothing more of it is read.

    Args:
        options: the limits.
        source: the outermost archive, for messages.
    """

    def __init__(self, options: SourceOptions, source: str) -> None:
        self.options = options
        self.source = source
        self.spent = False
        self._members = 0
        self._bytes = 0

    def check_depth(self, depth: int, name: str) -> None:
        """``depth`` is 0 for an archive that is no member of another."""
        limit = self.options.archives.max_depth
        if depth >= limit:
            self._refuse(f"an archive within {depth} others, and at most {limit} levels are read", "max_depth", name)

    def add_member(self) -> None:
        """One more file."""
        self._members += 1
        limit = self.options.archives.max_members
        if self._members > limit:
            self.spent = True
            self._refuse(f"more than {limit:,} files", "max_members")

    def add_bytes(self, count: int) -> None:
        """So many more inflated bytes."""
        self._bytes += count
        limit = self.options.archives.max_inflated_bytes
        if self._bytes > limit:
            self.spent = True
            self._refuse(f"it inflates to more than {limit:,} bytes", "max_inflated_bytes")

    def check_file(self, size: int, packed: int | None, name: str) -> None:
        """A file before it is inflated: by its declared size, and its packed size where that is known."""
        if size > self.options.max_bytes:
            raise LimitExceededError(
                f"{size:,} bytes, and at most {self.options.max_bytes:,} are allowed",
                remedy="split the document, or raise source.max_bytes",
                source=name,
            )
        if packed is not None:
            self.check_ratio(size, packed, name)

    def check_ratio(self, size: int, packed: int, name: str) -> None:
        """``size`` bytes came, or will come, out of ``packed``."""
        limit = self.options.archives.max_ratio
        if size > _UNDOUBTED and size > limit * max(1, packed):
            self._refuse(f"one byte of it inflates to more than {limit:g}, as of no document", "max_ratio", name)

    def _refuse(self, message: str, setting: str, name: str | None = None) -> NoReturn:
        remedy = f"check what it is, or raise source.archives.{setting}"
        raise LimitExceededError(message, remedy=remedy, source=name or self.source)


class CountedStream:
    """An inflating stream that asks the budget for every byte; only what ``tarfile`` needs of one to read ahead.

    Args:
        stream: gives inflated bytes.
        packed: bytes of the archive as it is stored.
        budget: raises LimitExceededError when it is used up.
    """

    def __init__(self, stream: BinaryIO, packed: int, budget: Budget, name: str) -> None:
        self._stream = stream
        self._packed = packed
        self._budget = budget
        self._name = name
        self._count = 0

    def read(self, size: int = -1) -> bytes:
        """At most ``size`` bytes; none at the end."""
        data = self._stream.read(size)
        self._count += len(data)
        self._budget.add_bytes(len(data))
        self._budget.check_ratio(self._count, self._packed, self._name)
        return data
