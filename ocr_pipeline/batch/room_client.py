"""A worker's side of the room: asks, and finds out what the end of a room means for its document.

A room that ends takes nothing with it but its answers. A request that was not being worked on is asked again. One of
several in a batch may be the cause, so each is asked again alone. One that was worked on alone is the cause, and costs
its document an attempt.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import threading
import time
from collections.abc import Sequence
from multiprocessing import AuthenticationError, connection
from typing import Any

from ocr_pipeline.batch.room import Answer, Request, RoomPlan, room_key
from ocr_pipeline.batch.task import Failure
from ocr_pipeline.errors import EngineLostError

__all__ = ["InTurn", "RoomClient", "RoomLostError"]

_LOOK = 0.05  # seconds between two looks for a new room
_PATIENCE = 600.0
_ROOMS = 20
"""Rooms that may end under one request before it is taken for the cause, whatever their notes say."""
_REAPED = 10.0  # seconds, in which the keeper of a room that has ended says why
_STILL_THERE = 5.0
"""Seconds after which a room that closed a connection, but did not end, is asked again."""


class RoomLostError(EngineLostError):
    """The document has ended the room.

    Args:
        failure: how.
    """

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message, remedy=failure.remedy or None)
        self.failure = failure


class InTurn:
    """Asks several rooms, one request after the other the next one; each has the same models on a GPU of its own.

    Args:
        rooms: one or more.
    """

    def __init__(self, rooms: Sequence[RoomClient]) -> None:
        self._rooms = itertools.cycle(rooms)

    def __call__(self, wishes: Sequence[Any], /) -> list[Any]:
        """See ``RoomClient``."""
        return next(self._rooms)(wishes)


class RoomClient:
    """Asks the room; threads may share it.

    Args:
        plan: of the room.
    """

    def __init__(self, plan: RoomPlan) -> None:
        self._plan = plan
        self._owner = f"{os.getpid()}-{id(self)}/"
        self._numbers = itertools.count()
        self._idle: list[tuple[int, connection.Connection]] = []
        self._lock = threading.Lock()

    def __call__(self, wishes: Sequence[Any], /) -> list[Any]:
        """The results of wishes, in their order.

        Raises:
            RoomLostError: they have ended the room.
            Exception: what the models raised.
        """
        alone, ended = False, 0
        for _ in range(_ROOMS):
            token = f"{self._owner}{next(self._numbers)}"
            pid, room = self._connected(ended)
            try:
                room.send(Request(tuple(wishes), token, alone))
                answer: Answer = room.recv()
            except (EOFError, OSError):
                room.close()
                ended, alone = pid, self._is_suspect(token, pid) or alone
                continue
            with self._lock:
                self._idle.append((pid, room))
            if answer.error is not None:
                raise answer.error
            return list(answer.results)
        raise RoomLostError(self._verdict(ended))

    def _connected(self, ended: int) -> tuple[int, connection.Connection]:
        """A connection to a room; when one has ended, to the next, whose keeper then knows why."""
        begin = time.monotonic()
        while True:
            with self._lock:
                idle, self._idle = self._idle[-1:], self._idle[:-1]
            try:
                pid, room = idle[0] if idle else self._connect()
            except (EOFError, OSError, AuthenticationError):
                if time.monotonic() - begin > _PATIENCE:
                    raise EngineLostError("the process that holds the models does not come back") from None
            else:
                if pid != ended or time.monotonic() - begin > _STILL_THERE:
                    return pid, room
                room.close()
            if not idle:
                time.sleep(_LOOK)

    def _connect(self) -> tuple[int, connection.Connection]:
        room = connection.Client(self._plan.address, authkey=room_key())
        return room.recv(), room

    def _is_suspect(self, token: str, pid: int) -> bool:
        """Whether a request may have ended the room.

        Raises:
            RoomLostError: it has, or another one of the same document.
        """
        try:
            at_work = self._plan.at_work(pid).read_text(encoding="utf-8").splitlines()
        except OSError:
            at_work = []
        if token not in at_work:
            return False
        if all(other.startswith(self._owner) for other in at_work):
            raise RoomLostError(self._verdict(pid))
        return True

    def _verdict(self, pid: int) -> Failure:
        path, begin = self._plan.verdict(pid), time.monotonic()
        while time.monotonic() - begin < _REAPED:
            with contextlib.suppress(OSError):
                return Failure(**json.loads(path.read_text(encoding="utf-8")))
            time.sleep(_LOOK)
        return Failure("Crash", "the models ended while they read it", "report the document, if it may be shown")
