"""A worker process of an engine: one reader, one document at a time, and watchers that end it when it hangs."""

from __future__ import annotations

import contextlib
import faulthandler
import os
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing import connection, parent_process
from pathlib import Path
from typing import TextIO

import psutil

from ocr_pipeline.batch.readers import DocumentReader, Readers
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
    """

    readers: Readers
    order: WorkOrder
    page_seconds: float
    traces: Path


class _Worker:
    def __init__(self, plan: WorkerPlan) -> None:
        self.plan = plan
        self._reader: DocumentReader | None = None
        self._trace: TextIO | None = None
        # Without a place for the trace (a full disk) the worker works all the same.
        with contextlib.suppress(OSError):
            plan.traces.mkdir(parents=True, exist_ok=True)
            self._trace = (plan.traces / f"{os.getpid()}.txt").open("w", encoding="utf-8")
            faulthandler.enable(self._trace)

    def run(self, task: Task) -> Outcome:
        try:
            if self._reader is None:
                self._reader = self.plan.readers.make()
        except Exception as error:  # noqa: BLE001 - what keeps one worker from starting keeps all
            return Outcome(task, failure=failure_of(error), stop=True)
        with self._watched():
            return read_document(task, self._reader, self.plan.order, alive=self._arm)

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
    threading.Thread(target=_end_with_parent, name="end-with-parent", daemon=True).start()
    # Where memory runs out, the system should take a worker and not the process that keeps the ledger.
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("500", encoding="ascii")
    _worker = _Worker(plan)


def run_task(task: Task) -> Outcome:
    """Read one document in this worker.

    Raises:
        RuntimeError: this process was not made a worker.
    """
    if _worker is None:
        raise RuntimeError("start_worker has not been called in this process")
    return _worker.run(task)


def _end_with_parent() -> None:
    """Nobody takes what this worker finds when its parent is gone, so it ends, and with it whatever it started."""
    parent = parent_process()
    if parent is None:
        return
    connection.wait([parent.sentinel])
    for child in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            child.kill()
    os.kill(os.getpid(), signal.SIGTERM if os.name == "nt" else signal.SIGKILL)
