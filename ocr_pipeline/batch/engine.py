"""What runs the tasks of a batch. One engine is a pool of processes here, another one a cluster.

An engine only has to run ``work.read_document`` somewhere, never more than a few tasks ahead, and to turn the loss of
a worker into an ``Outcome`` of its task. Ledger, attempts, order of the work and results are no business of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import TracebackType
from typing import Protocol

from ocr_pipeline.batch.task import Outcome, Task

__all__ = ["Engine"]


class Engine(Protocol):
    """A context manager: workers are started, and models loaded, when it is entered or when the first task comes."""

    def __enter__(self) -> Engine:
        """Start."""
        ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End all workers, at once."""
        ...

    def run(self, tasks: Iterator[Task]) -> Iterator[Outcome]:
        """Run tasks; an outcome for each, in any order.

        Tasks are taken one at a time and only as far ahead as workers are kept busy: a task's content may exist only
        from then on until its outcome is handed out. May be called again after it is exhausted.

        Raises:
            OcrPipelineError: workers cannot be started at all.
        """
        ...
