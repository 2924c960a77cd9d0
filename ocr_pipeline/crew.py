"""Threads that share the work on one document.

Models and OpenCV leave Python's lock while they work, so threads keep as many cores busy. A job may hand out parts of
its own work (``Crew.map``) but never waits for one that nobody has begun; while it waits for one that somebody has, it
takes a part in what others have handed out. It only ever waits for work begun later than its own, so jobs within jobs
cannot block each other.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Condition
from types import TracebackType
from typing import Any, Generic, TypeVar

import cv2

__all__ = ["Crew", "ahead"]

T = TypeVar("T")
R = TypeVar("R")


class Crew:
    """At most so many threads at work at once; a context manager, outside of which the caller does all itself.

    Args:
        threads: >= 1; with one, everything happens at once on the thread that asks for it.
    """

    def __init__(self, threads: int = 1) -> None:
        self.threads = threads
        self._pool: ThreadPoolExecutor | None = None
        self._opencv = 1
        self._shared: list[_Shared[Any, Any]] = []
        self._change = Condition()

    def __enter__(self) -> Crew:
        # OpenCV's own threads would only be in the way of these.
        self._opencv = cv2.getNumThreads()
        cv2.setNumThreads(1)
        if self.threads > 1:
            self._pool = ThreadPoolExecutor(self.threads, thread_name_prefix="crew")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pool, self._pool = self._pool, None
        if pool is not None:
            # What has begun is waited for: it may still use what the caller is about to close.
            pool.shutdown(cancel_futures=True)
        cv2.setNumThreads(self._opencv)

    def begin(self, work: Callable[[], R]) -> Future[R]:
        """Have a job done; jobs are begun in the order in which they are handed in. For the caller, not for jobs."""
        if self._pool is not None:
            return self._pool.submit(work)
        done: Future[R] = Future()
        try:
            done.set_result(work())
        except Exception as error:  # noqa: BLE001 - as in a pool, raised for whoever asks for the result
            done.set_exception(error)
        return done

    def map(self, work: Callable[[T], R], items: Sequence[T]) -> list[R]:
        """``work`` of each item, in the order of the items; done by the caller and by whoever has nothing to do.

        Raises:
            Exception: what ``work`` raised, of the first item in order that did.
        """
        if self._pool is None or len(items) < 2:
            return [work(item) for item in items]
        shared = _Shared(work, items)
        with self._change:
            self._shared.append(shared)
            self._change.notify_all()
        calls = [self._pool.submit(self._take_part, shared) for _ in range(min(self.threads, len(items)) - 1)]
        self._take_part(shared)
        for call in calls:
            call.cancel()
        self._help_until_done(shared)
        return shared.outcome()

    def _take_part(self, shared: _Shared[Any, Any]) -> None:
        with self._change:
            shared.hands += 1
        try:
            shared.work_off()
        finally:
            with self._change:
                shared.hands -= 1
                self._change.notify_all()

    def _help_until_done(self, shared: _Shared[Any, Any]) -> None:
        with self._change:
            self._shared.remove(shared)
        while True:
            with self._change:
                while shared.hands:
                    # The last handed out is the smallest, and somebody's wait is likeliest to hang on it.
                    other = next((s for s in reversed(self._shared) if s.todo), None)
                    if other is not None:
                        break
                    self._change.wait()
                else:
                    return
            self._take_part(other)

    def both(self, one: Callable[[], T], other: Callable[[], R]) -> tuple[T, R]:
        """Two jobs side by side; with one thread, one after the other."""
        works: list[Callable[[], Any]] = [one, other]
        first, second = self.map(lambda work: work(), works)
        return first, second


class _Shared(Generic[T, R]):
    """The items of one ``map``, and what became of them; ``hands`` are the threads at work on them."""

    def __init__(self, work: Callable[[T], R], items: Sequence[T]) -> None:
        self._work = work
        self.todo = deque(enumerate(items))
        self.hands = 0
        self._results: dict[int, R] = {}
        self._failures: dict[int, Exception] = {}

    def work_off(self) -> None:
        """Do what nobody has begun; nothing more after a failure."""
        while True:
            try:
                number, item = self.todo.popleft()
            except IndexError:
                return
            try:
                self._results[number] = self._work(item)
            except Exception as error:  # noqa: BLE001 - raised by outcome(), on the thread of whoever asked for it
                self._failures[number] = error
                self.todo.clear()

    def outcome(self) -> list[R]:
        """The results in the order of the items.

        Raises:
            Exception: what the work raised, of the first item in order that did.
        """
        if self._failures:
            raise self._failures[min(self._failures)]
        return [self._results[number] for number in sorted(self._results)]


def ahead(begin: Callable[[T], R], items: Iterable[T], count: int) -> Iterator[R]:
    """``begin`` of each item in order, called for ``count`` further items before a result is given out.

    >>> list(ahead(str, [1, 2, 3], 1))
    ['1', '2', '3']
    """
    begun: deque[R] = deque()
    for item in items:
        begun.append(begin(item))
        if len(begun) > count:
            yield begun.popleft()
    yield from begun
