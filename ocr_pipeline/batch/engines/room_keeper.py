"""Starts the room that holds the models, looks after it, and starts it again when it has ended."""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import shutil
import tempfile
import threading
from dataclasses import asdict
from multiprocessing import connection
from multiprocessing.context import SpawnProcess
from pathlib import Path

from ocr_pipeline.batch.engines.postmortem import post_mortem
from ocr_pipeline.batch.room import RoomPlan, run_room
from ocr_pipeline.errors import OcrPipelineError

__all__ = ["RoomKeeper", "room_address"]

_BREAKDOWNS = 3


def room_address() -> str:
    """A place for the socket of a room, in a folder of its own; paths of sockets have to be short."""
    folder = tempfile.mkdtemp(prefix="ocr-room-")
    return rf"\\.\pipe\{Path(folder).name}" if os.name == "nt" else f"{folder}/room"


class RoomKeeper:
    """Keeps one room open.

    Args:
        plan: of the room.
    """

    def __init__(self, plan: RoomPlan) -> None:
        self._plan = plan
        self._context = multiprocessing.get_context("spawn")
        self._process: SpawnProcess | None = None
        self._stop, self._stopped = self._context.Pipe(duplex=False)
        self._thread: threading.Thread | None = None
        self._failure: Exception | None = None

    def open(self) -> None:
        """Start the room and wait until it can be asked.

        Raises:
            OcrPipelineError: it cannot be opened; for want of weights, for example.
        """
        self._start()
        self._thread = threading.Thread(target=self._keep, name="room-keeper", daemon=True)
        self._thread.start()

    def check(self) -> None:
        """Nothing, as long as the room is open or will be again.

        Raises:
            OcrPipelineError: it could not be opened again.
        """
        if self._failure is not None:
            raise self._failure

    def close(self) -> None:
        """End the room."""
        self._stopped.close()
        if self._thread is not None:
            self._thread.join()
        if self._process is not None:
            self._process.kill()
            self._process.join()
        if os.name != "nt":
            shutil.rmtree(Path(self._plan.address).parent, ignore_errors=True)

    def _start(self) -> None:
        for left in reversed(range(_BREAKDOWNS)):
            hears, says = self._context.Pipe(duplex=False)
            self._process = self._context.Process(target=run_room, args=(self._plan, says), name="models", daemon=True)
            self._process.start()
            says.close()
            if hears not in connection.wait([hears, self._stop]):
                return  # it is not needed any more
            try:
                error = hears.recv()
            except EOFError:
                self._process.join()
                exitcode, pid = self._process.exitcode, self._process.pid
                if left:
                    continue
                said = post_mortem(exitcode or 0, pid, self._plan)
                error = OcrPipelineError(f"the models end their process when they are loaded: {said.message}")
            if error is not None:
                raise error
            return

    def _keep(self) -> None:
        while True:
            process = self._process
            assert process is not None  # noqa: S101 - started before this thread was
            if self._stop in connection.wait([self._stop, process.sentinel]):
                return
            process.join()
            self._say_why(process)
            try:
                self._start()
            except Exception as error:  # noqa: BLE001 - raised by ``check``, on the thread that runs the batch
                self._failure = error
                return

    def _say_why(self, process: SpawnProcess) -> None:
        """For the workers, of which one may have to tell what its document did."""
        pid = process.pid or 0
        said = asdict(post_mortem(process.exitcode or 0, pid, self._plan))
        said["message"] = f"the models read it alone, and {said['message'].replace('its worker', 'their process')}"
        # Workers wait for the file, so it is there as a whole or not at all.
        written = self._plan.verdict(pid).with_suffix(".new")
        with contextlib.suppress(OSError):
            written.write_text(json.dumps(said), encoding="utf-8")
            written.replace(self._plan.verdict(pid))
