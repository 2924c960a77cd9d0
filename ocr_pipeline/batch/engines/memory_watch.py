"""Watches over the memory of worker processes, and tidies up after those that died.

Resident memory is measured from the outside. A limit of the address space (RLIMIT_AS) is of no use here: model runtimes
map several times what they touch, and an allocation that fails inside them is reported as a failure of the page.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterable

import psutil

from ocr_pipeline.batch.engines.limits import out_of_memory
from ocr_pipeline.batch.task import Failure

__all__ = ["MemoryWatch"]


class MemoryWatch:
    """Ends every worker that holds, with all that it started, more memory than is allowed.

    Args:
        workers: the process ids of those to be watched.
        limit_mb: resident memory in 10^6 bytes; pages that several processes share count in each.
        interval: seconds between two looks.
        before: is told why before a worker is ended.
    """

    def __init__(
        self,
        workers: Callable[[], Iterable[int]],
        limit_mb: float,
        interval: float = 0.25,
        before: Callable[[Failure], None] | None = None,
    ) -> None:
        self._workers = workers
        self._before = before
        self._limit_mb = limit_mb
        self._interval = interval
        self._ended: dict[int, Failure] = {}
        self._families: dict[int, list[psutil.Process]] = {}
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to watch."""
        self._stopped.clear()
        self._thread = threading.Thread(target=self._run, name="memory-watch", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Watch no more; what dead workers left running is ended."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join()
        for family in self._families.values():
            _end(family)
        self._families.clear()

    def verdict(self, pid: int) -> Failure | None:
        """Why a process was ended by this watch; None when it was not."""
        return self._ended.pop(pid, None)

    def _run(self) -> None:
        while not self._stopped.wait(self._interval):
            # Whatever happens to a process while it is looked at, the others are to be watched on.
            with contextlib.suppress(psutil.Error, OSError):
                self._look()

    def _look(self) -> None:
        alive: set[int] = set()
        for pid in self._workers():
            with contextlib.suppress(psutil.Error):
                worker = psutil.Process(pid)
                family = worker.children(recursive=True)
                alive.add(worker.pid)
                self._families[worker.pid] = family
                used = sum(_resident(process) for process in (worker, *family)) / 1e6
                if used > self._limit_mb:
                    failure = self._ended[worker.pid] = _verdict(used, self._limit_mb)
                    if self._before is not None:
                        with contextlib.suppress(OSError):
                            self._before(failure)
                    # Children first: a worker may be looking at itself.
                    _end([*family, worker])
        for pid in set(self._families) - alive:
            _end(self._families.pop(pid))


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0


def _end(processes: Iterable[psutil.Process]) -> None:
    for process in processes:
        with contextlib.suppress(psutil.Error):
            process.kill()


def _verdict(used: float, limit: float) -> Failure:
    return out_of_memory(f"its worker held {used:,.0f} MB of memory, and at most {limit:,.0f} MB are allowed")
