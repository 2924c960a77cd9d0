"""The engine on a Ray cluster: each worker is an actor that keeps its models, one document at a time.

Ray starts the actors, spreads them over the machines, carries tasks and outcomes, and tells which actors and nodes have
died. Added here is what this work needs beside: time limits, workers that are replaced, what a dead one left behind,
and that a machine that goes away costs no document an attempt. All machines see the same files: the documents and the
folder of the batch stand on storage that they share.
"""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any

from ocr_pipeline.batch.engines.limits import Limits, out_of_memory, out_of_time
from ocr_pipeline.batch.engines.postmortem import cannot_start, post_mortem
from ocr_pipeline.batch.engines.ray_actor import Actor, memory_note
from ocr_pipeline.batch.task import Failure, Outcome, Task
from ocr_pipeline.batch.worker import WorkerPlan
from ocr_pipeline.errors import DependencyError, MissingExtraError, OcrPipelineError

__all__ = ["RayEngine"]

_BREAKDOWNS = 3
_LOOK = 0.5  # seconds between two looks at time limits and at free machines
_SILENCE = 120.0  # seconds after which a worker that cannot be reached counts as lost


@dataclass(eq=False)
class _Worker:
    """An actor; ``node`` and ``pid`` once it has said where it is."""

    handle: Any
    node: str = ""
    pid: int = 0
    done: int = 0


@dataclass
class _Job:
    """A task given to a worker, and since when; ``silent`` since when the worker could not be reached, 0 if it can."""

    worker: _Worker
    task: Task
    began: float
    silent: float = 0.0


class RayEngine:
    """Runs tasks in actors of a Ray cluster; an ``Engine``.

    Args:
        plan: what the workers have to know.
        limits: ``workers`` is the most there will be; as many are started as the cluster has room for, now or later.
        address: of the cluster; None starts one on this machine, and ends it afterwards.
        gpus: share of a GPU that each worker holds.

    Raises:
        MissingExtraError: Ray is not installed.
    """

    def __init__(self, plan: WorkerPlan, limits: Limits, address: str | None = None, gpus: float = 0.0) -> None:
        # Set before Ray is imported: nothing is reported to anybody.
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        try:
            import ray
        except ImportError:
            raise MissingExtraError("ray", "the engine ray") from None
        self._ray: Any = ray
        self._plan = plan
        self._limits = limits
        self._address = address
        self._gpus = gpus
        self._mine = False
        self._starting: dict[Any, _Worker] = {}
        self._idle: list[_Worker] = []
        self._busy: dict[Any, _Job] = {}
        # Jobs of workers that cannot be reached, by the question where they are: the cluster needs a while to tell a
        # machine that went away from a bad connection.
        self._silent: dict[Any, _Job] = {}
        self._breakdowns = 0

    def __enter__(self) -> RayEngine:
        if not self._ray.is_initialized():
            try:
                self._ray.init(address=self._address, log_to_driver=False, include_dashboard=False)
            except (ConnectionError, RuntimeError, ValueError, TimeoutError) as error:
                raise DependencyError(
                    f"no Ray cluster can be reached: {error}", remedy="check --address, or start one: ray start --head"
                ) from error
            self._mine = True
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self._workers():
            self._ray.kill(worker.handle)
        self._starting.clear()
        self._idle.clear()
        self._busy.clear()
        self._silent.clear()
        if self._mine:
            self._ray.shutdown()
            self._mine = False

    def run(self, tasks: Iterator[Task]) -> Iterator[Outcome]:
        """See ``Engine.run``; no task is taken before a worker is free for it.

        Raises:
            OcrPipelineError: workers end as soon as they are started.
        """
        again: deque[Task] = deque()  # whose machine went away
        exhausted = False
        while True:
            while self._idle and not (exhausted and not again):
                task = again.popleft() if again else next(tasks, None)
                if task is None:
                    exhausted = True
                else:
                    self._give(task)
            if exhausted and not self._busy and not self._silent and not again:
                return
            self._grow()
            for reference in self._finished():
                if reference in self._starting:
                    self._started(reference)
                    continue
                job = self._busy.pop(reference, None) or self._silent.pop(reference)
                verdict = self._verdict(reference, job)
                if isinstance(verdict, Task):
                    again.append(verdict)
                elif verdict is not None:
                    yield verdict
            yield from self._overdue()

    def _workers(self) -> list[_Worker]:
        working = [job.worker for job in (*self._busy.values(), *self._silent.values())]
        return [*self._starting.values(), *self._idle, *working]

    def _grow(self) -> None:
        """Start as many workers as are wanted and as the cluster has room for."""
        missing = self._limits.workers - len(self._workers())
        if missing <= 0 or self._starting:
            return
        free = self._ray.available_resources()
        room = int(free.get("CPU", 0.0) // self._limits.threads)
        if self._gpus:
            room = min(room, int(free.get("GPU", 0.0) / self._gpus))
        if room == 0 and not self._workers() and not self._room_at_all():
            raise OcrPipelineError(
                f"no machine of the cluster has {self._limits.threads} cores and what else a worker needs",
                remedy="use fewer --threads, or a larger cluster",
            )
        remote = self._ray.remote(Actor).options(
            num_cpus=self._limits.threads, num_gpus=self._gpus, max_restarts=0, scheduling_strategy="SPREAD"
        )
        for _ in range(min(missing, room)):
            worker = _Worker(remote.remote(self._plan, float(self._limits.memory_mb)))
            self._starting[worker.handle.place.remote()] = worker

    def _room_at_all(self) -> bool:
        return any(
            node["Alive"]
            and node["Resources"].get("CPU", 0.0) >= self._limits.threads
            and node["Resources"].get("GPU", 0.0) >= self._gpus
            for node in self._ray.nodes()
        )

    def _finished(self) -> list[Any]:
        waiting = [*self._starting, *self._busy, *self._silent]
        if not waiting:
            time.sleep(_LOOK)
            return []
        done, _ = self._ray.wait(waiting, num_returns=1, timeout=_LOOK)
        return list(done)

    def _started(self, reference: Any) -> None:
        worker = self._starting.pop(reference)
        try:
            worker.node, worker.pid = self._ray.get(reference)
        except self._ray.exceptions.RayError as error:
            self._breakdowns += 1
            if self._breakdowns > _BREAKDOWNS:
                raise cannot_start(self._plan) from error
        else:
            self._idle.append(worker)

    def _give(self, task: Task) -> None:
        worker = self._idle.pop()
        self._busy[worker.handle.run.remote(task)] = _Job(worker, task, time.monotonic())

    def _verdict(self, reference: Any, job: _Job) -> Outcome | Task | None:
        """What became of a job: its outcome; its task, to be done again, when its machine went away or could not be
        reached for a while; None while that is not known."""
        errors = self._ray.exceptions
        try:
            answer = self._ray.get(reference)
        except errors.ActorUnavailableError:
            return self._ask_again(job)
        except errors.OutOfMemoryError as error:
            failure = Failure("MemoryLimit", "its machine ran out of memory", "use fewer --workers", str(error))
            return self._lost(job, failure)
        except errors.RayError:
            return job.task if self._is_gone(job.worker.node) else self._lost(job, self._post_mortem(job.worker))
        self._breakdowns = 0
        self._release(job.worker)
        return answer if isinstance(answer, Outcome) else job.task

    def _ask_again(self, job: _Job) -> Outcome | None:
        job.silent = job.silent or time.monotonic()
        if time.monotonic() - job.silent > _SILENCE:
            failure = Failure("Crash", "its worker could not be reached any more", "look after the cluster")
            return self._lost(job, failure)
        time.sleep(_LOOK)
        self._silent[job.worker.handle.place.remote()] = job
        return None

    def _lost(self, job: _Job, failure: Failure) -> Outcome:
        self._ray.kill(job.worker.handle)
        return Outcome(job.task, failure=failure, lost=True, seconds=time.monotonic() - job.began)

    def _release(self, worker: _Worker) -> None:
        worker.done += 1
        if worker.done < self._limits.recycle:
            self._idle.append(worker)
        else:
            self._ray.kill(worker.handle)

    def _is_gone(self, node: str) -> bool:
        return not any(known["Alive"] and known["NodeID"] == node for known in self._ray.nodes())

    def _post_mortem(self, worker: _Worker) -> Failure:
        traces = self._plan.traces / worker.node
        note = memory_note(traces, worker.pid)
        if note.exists():
            return out_of_memory(note.read_text(encoding="utf-8"))
        return post_mortem(1, worker.pid, replace(self._plan, traces=traces))

    def _overdue(self) -> Iterator[Outcome]:
        now, limit = time.monotonic(), self._limits.document_seconds
        for reference, job in list(self._busy.items()):
            if now - job.began > limit:
                del self._busy[reference]
                yield replace(self._lost(job, out_of_time(limit)), seconds=limit)
