"""Gives the waiting documents to the engine as tasks, the content of each in a file while it is worked on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path

from ocr_pipeline.batch.finding import Finder, Place
from ocr_pipeline.batch.ledger import Waiting
from ocr_pipeline.batch.outputs import Outputs
from ocr_pipeline.batch.task import Outcome, Task
from ocr_pipeline.batch.work import failure_of
from ocr_pipeline.errors import OcrPipelineError, OutputError, SourceError

__all__ = ["Feeder"]


class Feeder:
    """Turns waiting documents into tasks.

    A file of this machine is read where it is. What is in an archive or at an address is copied to the spool when its
    turn comes, and removed from there by ``release``; an archive is gone through once.

    Args:
        outputs: of the batch.
        finder: opens the places again.
        vanished: is told of documents whose content is no longer there.
    """

    def __init__(self, outputs: Outputs, finder: Finder, vanished: Callable[[Outcome], None]) -> None:
        self._outputs = outputs
        self._finder = finder
        self._vanished = vanished

    def tasks(self, waiting: Iterator[Waiting]) -> Iterator[Task]:
        """A task for each document that can still be had, in order.

        Raises:
            OutputError: the disk is full.
        """
        for place, group in groupby(waiting, key=lambda document: document.place):
            if place.kind == "file":
                for document in group:
                    yield self._task(document, Path(place.container))
            else:
                yield from self._spooled(place, group)

    def release(self, task: Task) -> None:
        """The content of a task is needed no longer."""
        if task.path.parent == self._outputs.spool:
            task.path.unlink(missing_ok=True)

    def _spooled(self, place: Place, documents: Iterator[Waiting]) -> Iterator[Task]:
        document = next(documents, None)
        error: OcrPipelineError = SourceError("it has gone since the batch began", remedy="run the batch again")
        try:
            with self._opened(place) as path:
                # Documents wait in the order in which they were found, so that one walk serves them all.
                for name, member in self._finder.members(path, place.container):
                    if document is None:
                        return
                    if name == document.name:
                        yield self._task(document, self._spool(document, member.content()))
                        document = next(documents, None)
        except OutputError:
            raise
        except OcrPipelineError as caught:
            error = caught
        while document is not None:
            self._vanished(Outcome(self._task(document, Path(document.name)), failure=failure_of(error)))
            document = next(documents, None)

    @contextmanager
    def _opened(self, place: Place) -> Iterator[Path]:
        if place.kind == "archive":
            yield Path(place.container)
            return
        fetched = self._finder.fetched(place.container)
        try:
            yield fetched
        finally:
            fetched.unlink(missing_ok=True)

    def _spool(self, document: Waiting, content: bytes | Path) -> Path:
        path = self._outputs.spool / document.sha256
        try:
            if isinstance(content, bytes):
                path.write_bytes(content)
            else:
                content.rename(path)
        except OSError as error:
            path.unlink(missing_ok=True)
            raise OutputError(f"cannot write: {error.strerror or error}", source=path) from error
        return path

    @staticmethod
    def _task(document: Waiting, path: Path) -> Task:
        return Task(document.sha256, document.name, path, document.folder)
