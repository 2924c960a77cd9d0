"""What runs in each worker of a Ray cluster: the same worker as on one machine, with its own watch over its memory."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from ocr_pipeline.batch.engines.memory_watch import MemoryWatch
from ocr_pipeline.batch.task import Failure, Outcome, Task
from ocr_pipeline.batch.worker import WorkerPlan, run_task, start_worker

__all__ = ["Actor", "memory_note", "node_id"]


def memory_note(traces: Path, pid: int) -> Path:
    """The file in which a worker says that it takes too much memory, before it is ended for that."""
    return traces / f"{pid}.memory"


class Actor:
    """A worker; an actor of Ray, which is one process and does one task at a time.

    Args:
        plan: what a worker has to know. Process ids of several machines may be the same, so each has its own traces.
        memory_mb: resident memory at which it ends itself, in 10^6 bytes.
    """

    def __init__(self, plan: WorkerPlan, memory_mb: float) -> None:
        self._traces = plan.traces / node_id()
        start_worker(replace(plan, traces=self._traces))
        MemoryWatch(lambda: [os.getpid()], memory_mb, before=self._note).start()

    def place(self) -> tuple[str, int]:
        """The node that this worker is on, and its process there."""
        return node_id(), os.getpid()

    def run(self, task: Task) -> Outcome:
        """Read one document."""
        return run_task(task)

    def _note(self, failure: Failure) -> None:
        memory_note(self._traces, os.getpid()).write_text(failure.message, encoding="utf-8")


def node_id() -> str:
    """Of the machine in its cluster."""
    import ray

    return str(ray.get_runtime_context().get_node_id())
