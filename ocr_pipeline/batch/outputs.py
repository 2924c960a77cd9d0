"""The folder that a batch writes to: a folder for each document, which is there as a whole or not at all."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from pydantic import ValidationError

from ocr_pipeline.batch.task import Measures
from ocr_pipeline.errors import OutputError
from ocr_pipeline.naming import result_stem

__all__ = ["Outputs"]

_MEASURES = "outcome.json"


class Outputs:
    """The places below ``--out``.

    Attributes:
        out: the folder itself.
        documents: a folder of results for each document.
        work: whatever is not finished; emptied at the start of each run. On the same file system as the results, so
            that a finished folder is moved to its place in one step.
    """

    def __init__(self, out: Path) -> None:
        self.out = out
        self.documents = out / "documents"
        self.work = out / "work"
        self.spool = self.work / "spool"
        self.replaced = self.work / "replaced"
        self.traces = self.work / "traces"
        self.progress = self.work / "progress"

    @property
    def ledger(self) -> Path:
        """The ledger's file."""
        return self.out / "ledger.sqlite"

    def prepare(self) -> None:
        """Make the folders, and clear away what an interrupted run has left.

        Raises:
            OutputError: they cannot be made or written.
        """
        with self._translated():
            self.documents.mkdir(parents=True, exist_ok=True)
            self.clean()
            for folder in (self.spool, self.replaced, self.traces):
                folder.mkdir(parents=True)

    def clean(self) -> None:
        """Remove the folder of unfinished things.

        Raises:
            OutputError: it cannot be removed.
        """
        with self._translated():
            if self.replaced.is_dir():
                for old in list(self.replaced.iterdir()):
                    # A worker ended between the two moves of ``publish``.
                    if not (self.documents / old.name).exists():
                        old.rename(self.documents / old.name)
            if self.work.exists():
                shutil.rmtree(self.work)

    @staticmethod
    def folder_name(sha256: str, name: str, digits: int = 12) -> str:
        """What the folder of a document is called: digits of its hash, and the stem of its name."""
        return f"{sha256[:digits]}-{result_stem(PurePosixPath(name), longest=120)}"

    def finished(self, folder: str) -> Measures | None:
        """What a folder of results says of itself; None when there is none, or it is not ours."""
        try:
            return Measures.model_validate_json((self.documents / folder / _MEASURES).read_bytes())
        except (OSError, ValidationError):
            return None

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """An empty folder to write results to, gone afterwards unless it was published.

        Raises:
            OutputError: it cannot be made.
        """
        with self._translated():
            self.work.mkdir(parents=True, exist_ok=True)
            folder = Path(tempfile.mkdtemp(prefix="results-", dir=self.work))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def publish(self, scratch: Path, folder: str, measures: Measures) -> None:
        """Move finished results to their place; earlier ones of the document are replaced.

        Everything is on the disk before the move, and at every moment either the old or the new results can be found:
        an interrupted replacement is undone by ``prepare``.

        Raises:
            OutputError: the disk is full, or something cannot be written.
        """
        target = self.documents / folder
        with self._translated():
            (scratch / _MEASURES).write_text(measures.model_dump_json(indent=1) + "\n", encoding="utf-8")
            _sync_tree(scratch)
            scratch.chmod(0o755)  # mkdtemp makes folders for the owner alone
            if target.exists():
                self.replaced.mkdir(parents=True, exist_ok=True)
                old = self.replaced / folder
                shutil.rmtree(old, ignore_errors=True)
                target.rename(old)
                scratch.rename(target)
                shutil.rmtree(old, ignore_errors=True)
            else:
                self.documents.mkdir(parents=True, exist_ok=True)
                scratch.rename(target)
            _sync(self.documents)

    def supersede(self, folder: str) -> None:
        """Put results aside whose document was replaced by another content; nobody takes hidden folders for results.

        Raises:
            OutputError: they cannot be moved.
        """
        source, target = self.documents / folder, self.out / ".superseded" / folder
        if not source.is_dir():
            return
        with self._translated():
            target.parent.mkdir(exist_ok=True)
            shutil.rmtree(target, ignore_errors=True)
            source.rename(target)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            place = error.filename or self.out
            raise OutputError(f"cannot write: {error.strerror or error}", source=str(place)) from error


def _sync_tree(folder: Path) -> None:
    for current, _, files in os.walk(folder):
        for file in files:
            _sync(Path(current) / file)
        _sync(Path(current))


def _sync(path: Path) -> None:
    if path.is_dir() and os.name == "nt":  # folders cannot be opened there
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        # Some file systems of networks know no such call for folders. A full disk may show only here, though.
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(descriptor)
