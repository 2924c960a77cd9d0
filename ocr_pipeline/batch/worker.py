"""A worker process of an engine: one reader, one document at a time, and watchers that end it when it hangs."""

from __future__ import annotations

import contextlib
import faulthandler
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from ocr_pipeline.batch.child import be_a_child
from ocr_pipeline.batch.outputs import Outputs
from ocr_pipeline.batch.page_progress import forget_pages, note_pages
from ocr_pipeline.batch.readers import DocumentReader, Readers
from ocr_pipeline.batch.room import RoomPlan
from ocr_pipeline.batch.room_client import InTurn, RoomClient
from ocr_pipeline.batch.task import Outcome, Task
from ocr_pipeline.batch.work import WorkOrder, failure_of, read_document

__all__ = ["WorkerPlan", "run_task", "start_worker"]


@dataclass(frozen=True)
class WorkerPlan:
    """What a worker has to know; picklable.

    Attributes:
        readers: makes the reader.
        order: what holds for all documents.
        page_seconds: the worker ends itself when no page is finished for so long.
        traces: folder for the file in which a dying worker leaves where it was, named by its process id.
        rooms: the processes that hold the models for all workers; none where each has its own.
    """

    readers: Readers
    order: WorkOrder
    page_seconds: float
    traces: Path
    rooms: tuple[RoomPlan, ...] = ()

    @property
    def stalled(self) -> str:
        """What is said of a worker that was ended because it hung."""
        return f"no page was finished within {self.page_seconds:g} seconds"

    def trace(self, pid: int) -> Path:
        """Where a dying worker was."""
        return self.traces / f"{pid}.txt"


class _Worker:
    def __init__(self, plan: WorkerPlan) -> None:
        self.plan = plan
        self._reader: DocumentReader | None = None
        self._trace: TextIO | None = None
        # Without a place for the trace (a full disk) the worker works all the same.
        with contextlib.suppress(OSError):
            plan.traces.mkdir(parents=True, exist_ok=True)
            self._trace = plan.trace(os.getpid()).open("w", encoding="utf-8")
            faulthandler.enable(self._trace)

    def run(self, task: Task) -> Outcome:
        try:
            if self._reader is None:
                rooms = self.plan.rooms
                self._reader = self.plan.readers.make(InTurn([RoomClient(room) for room in rooms]) if rooms else None)
        except Exception as error:  # noqa: BLE001 - what keeps one worker from starting keeps all
            return Outcome(task, failure=failure_of(error), stop=True)
        progress = Outputs(self.plan.order.out).progress

        def page_done(done: int, total: int) -> None:
            self._arm()
            note_pages(progress, task.sha256, done, total)

        with self._watched():
            try:
                return read_document(task, self._reader, self.plan.order, page_done=page_done)
            finally:
                forget_pages(progress, task.sha256)

    @contextlib.contextmanager
    def _watched(self) -> Iterator[None]:
        self._arm()
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()

    def _arm(self) -> None:
        # A thread of C that needs no lock of the interpreter, so it also ends a worker that hangs inside a library.
        if self._trace is not None:
            faulthandler.dump_traceback_later(self.plan.page_seconds, exit=True, file=self._trace)
        else:
            faulthandler.dump_traceback_later(self.plan.page_seconds, exit=True)


_worker: _Worker | None = None


def start_worker(plan: WorkerPlan) -> None:
    """Make this process a worker."""
    global _worker
    be_a_child()
    _worker = _Worker(plan)


def run_task(task: Task) -> Outcome:
    """Read one document in this worker.

    Raises:
        RuntimeError: this process was not made a worker.
    """
    if _worker is None:
        raise RuntimeError("start_worker has not been called in this process")
    return _worker.run(task)
