"""The log of what people settled: one line a correction, only ever added to.

A correction is safe once ``append`` has returned: its line is on the disk. A process that dies in the middle loses
that correction alone; the torn line it leaves is not read, and is cut off before the next one is written.
"""

from __future__ import annotations

import os
from pathlib import Path

from filelock import FileLock, Timeout
from pydantic import ValidationError

from ocr_pipeline.errors import DamagedSourceError, OutputError
from ocr_pipeline.report.correction import Correction

__all__ = ["CorrectionLog"]

_LOCK_SECONDS = 10.0


class CorrectionLog:
    """A JSON Lines file of corrections, in the order in which they were made.

    Any number of threads and processes may append to one file, each through a log of its own.

    Args:
        path: the file; made, with its folder, by the first correction. A lock file stands beside it.
        lock_seconds: how long to wait for somebody else who is writing.
    """

    def __init__(self, path: Path, *, lock_seconds: float = _LOCK_SECONDS) -> None:
        self.path = path
        self._lock = FileLock(path.with_name(f"{path.name}.lock"), timeout=lock_seconds)

    @classmethod
    def of(cls, folder: Path, source_sha256: str) -> CorrectionLog:
        """The log about one source among those of a folder of reports: ``folder/corrections/SHA256.jsonl``."""
        return cls(folder / "corrections" / f"{source_sha256}.jsonl")

    def append(self, correction: Correction) -> None:
        """Write a correction to the disk.

        Raises:
            OutputError: it cannot be written, and the log is as before; or another process holds it too long.
        """
        line = correction.model_dump_json().encode() + b"\n"
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self._lock:
                self._write(line)
        except Timeout as error:
            raise OutputError(
                "another program is writing there", source=self.path, remedy="try again, or end the other program"
            ) from error
        except OSError as error:
            raise OutputError(f"cannot write: {error.strerror or error}", source=self.path) from error

    def entries(self) -> tuple[Correction, ...]:
        """All corrections, oldest first; one that was sent twice (same id) counts once. Empty where there is no file.

        Raises:
            DamagedSourceError: the file cannot be read, or a line that was once whole is damaged.
        """
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise DamagedSourceError(f"the log cannot be read: {error.strerror}", source=self.path) from error
        *lines, _torn = content.split(b"\n")
        found: dict[str, Correction] = {}
        for number, line in enumerate(lines, start=1):
            correction = _parsed(line)
            if correction is None:
                raise DamagedSourceError(
                    f"line {number} is no correction",
                    source=self.path,
                    remedy="restore the file from a copy, or take that line out",
                )
            found.setdefault(correction.id, correction)
        return tuple(found.values())

    def _write(self, line: bytes) -> None:
        is_new = not self.path.exists()
        # Unbuffered: what is written has left the process, and a failed write leaves nothing to be flushed later.
        with self.path.open("ab", buffering=0) as file:
            kept = self._kept(file.tell())
            file.truncate(kept)
            try:
                rest = memoryview(line)
                while rest:
                    rest = rest[file.write(rest) or 0 :]
                os.fsync(file.fileno())
            except OSError:
                file.truncate(kept)
                raise
        if is_new:
            _sync_folder(self.path.parent)

    def _kept(self, size: int) -> int:
        """Where the last whole line ends."""
        if size == 0:
            return 0
        with self.path.open("rb") as file:
            file.seek(-1, os.SEEK_END)
            if file.read(1) == b"\n":
                return size
            file.seek(0)
            return file.read().rfind(b"\n") + 1


def _parsed(line: bytes) -> Correction | None:
    try:
        return Correction.model_validate_json(line)
    except ValidationError:
        return None


def _sync_folder(folder: Path) -> None:
    """Put a new file's name on the disk as well, where folders can be opened (not on Windows)."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
