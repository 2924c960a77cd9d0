"""A process that holds models for all workers of a machine, and does what they ask of it in batches.

Workers talk to it through sockets of ``multiprocessing``. It hangs or crashes like any worker: so it writes down which
requests it is at work on, is ended when a batch takes too long, and is started again by ``engines.room_keeper``. What
that means for the documents is for ``room_client`` to say.
"""

from __future__ import annotations

import contextlib
import faulthandler
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing import AuthenticationError, connection
from pathlib import Path
from typing import Any, NamedTuple

import psutil

from ocr_pipeline import errors
from ocr_pipeline.batch.child import be_a_child
from ocr_pipeline.batch.gathering import Gatherer, Work
from ocr_pipeline.errors import OcrPipelineError

__all__ = ["Answer", "Request", "RoomPlan", "room_key", "run_room"]

_BACKLOG = 128


@dataclass(frozen=True)
class RoomPlan:
    """What room, keeper and workers have to know; picklable.

    Attributes:
        models: makes what the room does, in the room.
        address: of its socket; a file that is not there yet.
        traces: folder for the file in which a dying room leaves where it was, and for its notes.
        batch_seconds: the room ends itself when a batch takes so long.
        memory_mb: that the room may take more than after its start, in 10^6 bytes; then it is replaced.
        gpu: which of several GPUs that this process may use is the room's, from 0; None for all of them.
    """

    models: Callable[[], Work[Any, Any]]
    address: str
    traces: Path
    batch_seconds: float
    memory_mb: float
    gpu: int | None = None

    @property
    def stalled(self) -> str:
        """What is said of a room that was ended because it hung."""
        return f"its lines were not read within {self.batch_seconds:g} seconds"

    def trace(self, pid: int) -> Path:
        """Where a dying room was."""
        return self.traces / f"{pid}.txt"

    def at_work(self, pid: int) -> Path:
        """The tokens of the requests in the batch that a room is at work on, one a line."""
        return self.traces / f"{pid}.tokens"

    def verdict(self, pid: int) -> Path:
        """Why a room has ended, as JSON of a ``Failure``."""
        return self.traces / f"{pid}.verdict"


class Request(NamedTuple):
    """What a worker asks; see ``Gatherer.ask``."""

    wishes: Sequence[Any]
    token: str
    alone: bool


class Answer(NamedTuple):
    """What it is told: results, or the error that the models raised."""

    results: Sequence[Any]
    error: Exception | None = None


def run_room(plan: RoomPlan, started: connection.Connection) -> None:
    """Be the room, for as long as the parent process lives.

    Args:
        plan: what to do.
        started: is sent None when the room is open, or the error that keeps it shut.
    """
    # Ctrl-C is for the parent, which ends this process when its documents are done.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    be_a_child()
    if plan.gpu is not None:
        usable = os.environ.get("CUDA_VISIBLE_DEVICES", "")
        os.environ["CUDA_VISIBLE_DEVICES"] = usable.split(",")[plan.gpu] if usable else str(plan.gpu)
    plan.traces.mkdir(parents=True, exist_ok=True)
    with plan.trace(os.getpid()).open("w", encoding="utf-8") as trace:
        faulthandler.enable(trace)
        try:
            room = _Room(plan, plan.models(), trace.fileno())
        except OcrPipelineError as error:
            started.send(error)
            return
        Path(plan.address).unlink(missing_ok=True)
        with connection.Listener(plan.address, backlog=_BACKLOG, authkey=room_key()) as listener:
            started.send(None)
            while True:
                # A worker that is gone before it has said who it is.
                with contextlib.suppress(EOFError, OSError, AuthenticationError):
                    threading.Thread(target=room.converse, args=(listener.accept(),), daemon=True).start()


def room_key() -> bytes:
    """What room and workers know each other by; children of one process share it."""
    return bytes(multiprocessing.current_process().authkey)


class _Room:
    def __init__(self, plan: RoomPlan, work: Work[Any, Any], trace: int) -> None:
        self._plan = plan
        self._trace = trace
        self._note = plan.at_work(os.getpid())
        self._process = psutil.Process()
        self._most = self._process.memory_info().rss + plan.memory_mb * 1e6
        self._gatherer: Gatherer[Any, Any] = Gatherer(work, before=self._begin, after=self._end)

    def converse(self, worker: connection.Connection) -> None:
        """Answer one connection until it is closed."""
        with worker, contextlib.suppress(EOFError, OSError):
            worker.send(os.getpid())
            while True:
                worker.send(self._answer(worker.recv()))

    def _answer(self, request: Request) -> Answer:
        try:
            return Answer(self._gatherer.ask(request.wishes, request.token, alone=request.alone))
        except Exception as error:  # noqa: BLE001 - raised in the worker, which knows the page
            # A worker need not have what a runtime's own errors are defined in.
            known = type(error).__module__ in ("builtins", errors.__name__)
            return Answer((), error if known else RuntimeError(f"{type(error).__name__}: {error}"))

    def _begin(self, tokens: Sequence[str]) -> None:
        self._write("\n".join(tokens))
        faulthandler.dump_traceback_later(self._plan.batch_seconds, exit=True, file=self._trace)

    def _end(self) -> None:
        faulthandler.cancel_dump_traceback_later()
        self._write("")
        # Between two batches the end costs nobody anything: what has no answer yet is asked again.
        if self._process.memory_info().rss > self._most:
            os._exit(0)

    def _write(self, note: str) -> None:
        # A full disk stops the batch, but not here.
        with contextlib.suppress(OSError):
            self._note.write_text(note, encoding="utf-8")
