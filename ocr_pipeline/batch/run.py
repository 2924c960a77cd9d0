"""A batch from its inputs to its last result."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from filelock import FileLock, Timeout

from ocr_pipeline.batch.engine import Engine
from ocr_pipeline.batch.feeding import Feeder
from ocr_pipeline.batch.finding import Finder
from ocr_pipeline.batch.ledger import Ledger
from ocr_pipeline.batch.options import BatchOptions
from ocr_pipeline.batch.outputs import Outputs
from ocr_pipeline.batch.readers import Readers
from ocr_pipeline.batch.scheduling import Scheduled, schedule
from ocr_pipeline.batch.task import ByState, Failure, Outcome, State, Task
from ocr_pipeline.batch.work import WorkOrder
from ocr_pipeline.errors import OutputError
from ocr_pipeline.report.options import ReportOptions
from ocr_pipeline.source.options import SourceOptions

__all__ = ["Batch", "BatchResult", "EngineFactory", "Observer", "Silent", "run_batch"]

_COMMIT_EVERY = 1.0  # seconds, while names are noted

EngineFactory = Callable[[WorkOrder, Outputs], Engine]


class Observer(Protocol):
    """Is told how a batch goes; every method returns at once."""

    def found(self, names: int, size: int) -> None:
        """So many names with so many bytes have been found so far."""
        ...

    def unreadable(self, name: str, failure: Failure) -> None:
        """Something that was found has no content: a file that cannot be opened, a broken archive."""
        ...

    def scheduled(self, counts: Scheduled) -> None:
        """All names are found; reading begins."""
        ...

    def finished(self, outcome: Outcome, state: State) -> None:
        """An attempt is over, and left its document in this state."""
        ...


class Silent:
    """An observer that tells nobody."""

    def found(self, names: int, size: int) -> None:
        """See ``Observer``."""

    def unreadable(self, name: str, failure: Failure) -> None:
        """See ``Observer``."""

    def scheduled(self, counts: Scheduled) -> None:
        """See ``Observer``."""

    def finished(self, outcome: Outcome, state: State) -> None:
        """See ``Observer``."""


@dataclass(frozen=True)
class Batch:
    """What a batch is to do.

    Attributes:
        inputs: see ``inputs.expand``.
        out: folder of the results.
        readers: what workers read with.
        engine: where they work.
        options: how.
        source: limits of what is opened while looking for documents.
        pictures: how large page pictures may be.
    """

    inputs: Sequence[str]
    out: Path
    readers: Readers
    engine: EngineFactory
    options: BatchOptions = field(default_factory=BatchOptions)
    source: SourceOptions = field(default_factory=SourceOptions)
    pictures: ReportOptions = field(default_factory=ReportOptions)


@dataclass(frozen=True)
class BatchResult(ByState):
    """How a batch ended.

    Attributes:
        run: its number in the ledger.
        states: how many documents of its inputs are in each state, names without content among the failed.
        names: under which the documents were found; more than documents where one was found twice.
        scheduled: what there was to do.
        done: attempts of this run.
        pages: read in this run.
        seconds: of reading, without looking for documents.
        stopped: why it ended before all was done; None when all was done.
    """

    run: int
    states: dict[State, int]
    names: int
    scheduled: Scheduled
    done: int
    pages: int
    seconds: float
    stopped: Failure | None = None


def run_batch(batch: Batch, *, observer: Observer | None = None, stop: threading.Event | None = None) -> BatchResult:
    """Find the documents, read those that are to be read, and keep the ledger.

    Args:
        batch: what to do.
        observer: is told how it goes.
        stop: when set, no further document is begun, and those in work are finished.

    Raises:
        OutputError: nothing can be written, or another batch works in the same folder. Whatever was finished stays.
        SourceError: a list of inputs cannot be read.
        OcrPipelineError: reading is not possible at all, for want of models for example.
        KeyboardInterrupt: passed on, with the ledger in order; documents in work will be read by the next run.
    """
    outputs = Outputs(batch.out)
    with _alone(batch.out):
        outputs.prepare()
        fingerprint = batch.readers.fingerprint()
        with Ledger(outputs.ledger) as ledger:
            run = ledger.begin_run(fingerprint, batch.options.worker_count())
            work = _Run(batch, outputs, ledger, run, fingerprint, observer or Silent(), stop or threading.Event())
            ended = "interrupted"
            try:
                result = work.run()
                ended = "finished" if result.stopped is None else "stopped"
            finally:
                ledger.end_run(run, ended)
                outputs.clean()
    return result


@contextmanager
def _alone(out: Path) -> Iterator[None]:
    try:
        out.mkdir(parents=True, exist_ok=True)
        lock = FileLock(out / ".lock")
        lock.acquire(timeout=0)
    except Timeout:
        raise OutputError(
            "another batch is at work in this folder", remedy="wait for it, or choose another --out folder", source=out
        ) from None
    except OSError as error:
        raise OutputError(f"cannot write there: {error.strerror or error}", source=out) from error
    try:
        yield
    finally:
        lock.release()


@dataclass
class _Run:
    batch: Batch
    outputs: Outputs
    ledger: Ledger
    number: int
    fingerprint: str
    observer: Observer
    stop: threading.Event

    def __post_init__(self) -> None:
        self._finder = Finder(self.outputs, self.batch.source, self.batch.options.password, known=self.ledger.known)
        self._feeder = Feeder(self.outputs, self._finder, vanished=self._record)
        self._stopped: Failure | None = None
        self._done = self._pages = 0
        self._found_all = False

    def run(self) -> BatchResult:
        names = self._find()
        options = self.batch.options
        for sha256, folder in self.ledger.superseded():
            self.outputs.supersede(folder)
            self.ledger.forget(sha256)
        with self.ledger.transaction():
            scheduled = schedule(self.ledger, self.outputs, self.number, self.fingerprint, options)
        self.observer.scheduled(scheduled)
        begin = time.perf_counter()
        if scheduled.waiting and not self.stop.is_set():
            self._read()
        states = Counter(entry.state for entry in self.ledger.of_run(self.number))
        if self._stopped is None and (states[State.PENDING] or not self._found_all):
            self._stopped = Failure("Interrupted", "it was asked to stop", "run the same command again to go on")
        return BatchResult(
            run=self.number,
            states={state: states[state] for state in State},
            names=names,
            scheduled=scheduled,
            done=self._done,
            pages=self._pages,
            seconds=time.perf_counter() - begin,
            stopped=self._stopped,
        )

    def _find(self) -> int:
        names, size = 0, 0
        found = self._finder.find(self.batch.inputs)
        while not self.stop.is_set():
            began = time.monotonic()
            with self.ledger.transaction():
                for item in found:
                    if self.ledger.note(item, self.number, names):
                        names += 1
                        size += item.size
                        if item.failure is not None:
                            self.observer.unreadable(item.name, item.failure)
                    if self.stop.is_set() or time.monotonic() - began > _COMMIT_EVERY:
                        break
                else:
                    self.observer.found(names, size)
                    self._found_all = True
                    return names
            self.observer.found(names, size)
        return names

    def _read(self) -> None:
        options = self.batch.options
        order = WorkOrder(
            out=self.batch.out,
            fingerprint=self.fingerprint,
            formats=options.formats,
            require_form=options.require_form,
            password=options.password,
            pictures=self.batch.pictures,
        )
        with self.batch.engine(order, self.outputs) as engine:
            # What lost its worker waits again and gets its next attempt when all others had their first.
            while not self._ended() and self.ledger.has_waiting(self.number):
                for outcome in engine.run(self._tasks()):
                    self._feeder.release(outcome.task)
                    self._record(outcome)

    def _tasks(self) -> Iterator[Task]:
        for task in self._feeder.tasks(self.ledger.waiting(self.number)):
            if self._ended():
                self._feeder.release(task)
                return
            self.ledger.set_running(task.sha256)
            yield task

    def _ended(self) -> bool:
        return self._stopped is not None or self.stop.is_set()

    def _record(self, outcome: Outcome) -> None:
        state = self.ledger.record(
            self.number, outcome, fingerprint=self.fingerprint, attempts=self.batch.options.attempts
        )
        self._done += 1
        if outcome.measures is not None:
            self._pages += outcome.measures.pages
        if outcome.stop and self._stopped is None:
            self._stopped = outcome.failure
        self.observer.finished(outcome, state)
