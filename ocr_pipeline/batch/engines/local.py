"""The local engine: a pool of processes (pebble), in which a crash, a hang or a memory limit costs one task its worker.

Pebble gives a task to a worker, ends the worker at the task's time limit, tells of workers that died, and replaces
them. Added here are the memory limit, the number of tasks taken ahead, and what a dead worker left behind.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, wait
from concurrent.futures import TimeoutError as TaskTimeoutError
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.process import BaseProcess
from types import TracebackType

from pebble import ProcessExpired, ProcessFuture, ProcessPool
from pebble.pool.process import WORKERS_NAME

from ocr_pipeline.batch.engines.limits import Limits, out_of_time
from ocr_pipeline.batch.engines.memory_watch import MemoryWatch
from ocr_pipeline.batch.engines.postmortem import cannot_start, post_mortem
from ocr_pipeline.batch.engines.room_keeper import RoomKeeper
from ocr_pipeline.batch.task import Outcome, Task
from ocr_pipeline.batch.worker import WorkerPlan, run_task, start_worker

__all__ = ["LocalEngine"]

# Read by the mathematical libraries when a worker loads them.
_THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
_BREAKDOWNS = 3


class LocalEngine:
    """Runs tasks in worker processes of this machine; an ``Engine``.

    Args:
        plan: what the workers have to know.
        limits: of the pool.
    """

    def __init__(self, plan: WorkerPlan, limits: Limits) -> None:
        self._plan = plan
        self._limits = limits
        self._watch = MemoryWatch(lambda: [worker.pid for worker in _workers() if worker.pid], limits.memory_mb)
        self._environment: dict[str, str | None] = {}
        self._pool: ProcessPool | None = None
        self._rooms = [RoomKeeper(room) for room in plan.rooms]

    def __enter__(self) -> LocalEngine:
        self._environment = {name: os.environ.get(name) for name in _THREAD_VARIABLES}
        os.environ.update(dict.fromkeys(_THREAD_VARIABLES, str(self._limits.threads)))
        self._watch.start()
        try:
            for room in self._rooms:
                room.open()
        except BaseException:
            self.__exit__(*sys.exc_info())
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop_pool(at_once=kind is not None)
        self._watch.stop()
        for room in self._rooms:
            room.close()
        for name, value in self._environment.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value

    def run(self, tasks: Iterator[Task]) -> Iterator[Outcome]:
        """See ``Engine.run``; two tasks for each worker are taken ahead.

        Raises:
            OcrPipelineError: the pool broke down several times with nothing done in between.
        """
        running: dict[ProcessFuture[Outcome], Task] = {}
        exhausted, breakdowns = False, 0
        while True:
            while not exhausted and len(running) < 2 * self._limits.workers:
                task = next(tasks, None)
                if task is None:
                    exhausted = True
                else:
                    running[self._schedule(task)] = task
            if not running:
                return
            for room in self._rooms:
                room.check()
            wait(running, timeout=1.0, return_when=FIRST_COMPLETED)
            orphans = []
            for future in [future for future in running if future.done()]:
                task = running.pop(future)
                try:
                    outcome = self._outcome(future, task)
                except BrokenProcessPool:
                    orphans.append(task)
                else:
                    breakdowns = 0
                    yield outcome
            if orphans or not self._active:
                # A worker died between two tasks, or while it held the pool's lock. That is no task's fault.
                breakdowns += 1
                if breakdowns > _BREAKDOWNS:
                    raise cannot_start(self._plan)
                self._stop_pool()
                running = {self._schedule(task): task for task in (*orphans, *running.values())}

    @property
    def _active(self) -> bool:
        return self._pool is not None and self._pool.active

    def _schedule(self, task: Task) -> ProcessFuture[Outcome]:
        if self._pool is None:
            self._pool = ProcessPool(
                max_workers=self._limits.workers,
                max_tasks=self._limits.recycle,
                initializer=start_worker,
                initargs=(self._plan,),
                # Not forked: this process has threads, and a copy of a lock that one of them holds is never released.
                context=multiprocessing.get_context("spawn"),
            )
        try:
            return self._pool.schedule(run_task, args=(task,), timeout=self._limits.document_seconds)
        except RuntimeError:  # the pool has broken down, which ``run`` looks after
            broken: ProcessFuture[Outcome] = ProcessFuture()
            broken.set_exception(BrokenProcessPool())
            return broken

    def _outcome(self, future: ProcessFuture[Outcome], task: Task) -> Outcome:
        try:
            return future.result()
        except TaskTimeoutError:
            limit = self._limits.document_seconds
            return Outcome(task, failure=out_of_time(limit), lost=True, seconds=limit)
        except ProcessExpired as error:
            failure = self._watch.verdict(error.pid) or post_mortem(error.exitcode, error.pid, self._plan)
            return Outcome(task, failure=failure, lost=True)

    def _stop_pool(self, *, at_once: bool = False) -> None:
        if self._pool is None:
            return
        pool, self._pool = self._pool, None
        pool.stop()  # type: ignore[no-untyped-call]
        if at_once:  # pebble gives each worker three seconds, one after the other
            for worker in _workers():
                worker.kill()
        pool.join()


def _workers() -> list[BaseProcess]:
    """The processes of this process's pool; it has one pool at a time."""
    return [process for process in multiprocessing.active_children() if process.name == WORKERS_NAME]
