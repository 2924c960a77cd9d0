"""Gathers what many callers want done into batches.

What waits while one batch is done makes the next ones, so batches grow with the load, and nobody waits for company.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

__all__ = ["Gatherer", "Work"]

W = TypeVar("W")
R = TypeVar("R")
W_contra = TypeVar("W_contra", contravariant=True)
R_co = TypeVar("R_co", covariant=True)


class Work(Protocol[W_contra, R_co]):
    """What is done in batches."""

    def bucket(self, wish: W_contra) -> tuple[Hashable, int]:
        """Which wishes may be in one batch, namely those of an equal bucket, and how many of them at most."""
        ...

    def run(self, wishes: Sequence[W_contra]) -> Sequence[R_co]:
        """The results of a batch, in its order."""
        ...


@dataclass
class _Waiting(Generic[W, R]):
    wish: W
    token: str
    number: int
    result: Future[R] = field(default_factory=Future)


class Gatherer(Generic[W, R]):
    """Does wishes in batches, one batch at a time, the longest waiting first; callers are threads.

    Args:
        work: does a batch.
        before: is told the tokens of a batch before it is done.
        after: is called when it is done.
    """

    def __init__(self, work: Work[W, R], *, before: Callable[[Sequence[str]], None], after: Callable[[], None]) -> None:
        self._work = work
        self._before = before
        self._after = after
        self._waiting: dict[Hashable, deque[_Waiting[W, R]]] = {}
        self._most: dict[Hashable, int] = {}
        self._count = 0
        self._news = threading.Condition()
        threading.Thread(target=self._run, name="gatherer", daemon=True).start()

    def ask(self, wishes: Sequence[W], token: str, *, alone: bool = False) -> list[R]:
        """The results of wishes, in their order; returns when all are done.

        Args:
            wishes: of one caller.
            token: names this call; no other has the same.
            alone: no wish of another call shares a batch with these.

        Raises:
            Exception: what ``work`` raised for the wishes of this call.
        """
        asked = []
        with self._news:
            for wish in wishes:
                bucket, most = self._work.bucket(wish)
                key = (bucket, token if alone else None)
                waiting: _Waiting[W, R] = _Waiting(wish, token, self._count)
                self._count += 1
                self._waiting.setdefault(key, deque()).append(waiting)
                self._most[key] = most
                asked.append(waiting)
            self._news.notify()
        return [waiting.result.result() for waiting in asked]

    @property
    def waiting(self) -> int:
        """How many wishes wait for a batch to be done."""
        with self._news:
            return sum(len(waiting) for waiting in self._waiting.values())

    def _run(self) -> None:
        while True:
            batch = self._next()
            self._before(list(dict.fromkeys(waiting.token for waiting in batch)))
            self._do(batch)
            self._after()

    def _next(self) -> list[_Waiting[W, R]]:
        with self._news:
            while not self._waiting:
                self._news.wait()
            key = min(self._waiting, key=lambda key: self._waiting[key][0].number)
            waiting = self._waiting[key]
            batch = [waiting.popleft() for _ in range(min(len(waiting), self._most[key]))]
            if not waiting:
                del self._waiting[key], self._most[key]
            return batch

    def _do(self, batch: list[_Waiting[W, R]]) -> None:
        try:
            results = self._work.run([waiting.wish for waiting in batch])
        except Exception as error:  # noqa: BLE001 - raised by ``ask``, for the call that it concerns
            tokens = list(dict.fromkeys(waiting.token for waiting in batch))
            if len(tokens) == 1:
                for waiting in batch:
                    waiting.result.set_exception(error)
            else:
                for token in tokens:
                    self._do([waiting for waiting in batch if waiting.token == token])
            return
        for waiting, result in zip(batch, results, strict=True):
            waiting.result.set_result(result)
