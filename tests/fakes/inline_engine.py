"""An engine without workers: tasks are done where they are taken, in an order of its own."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import PurePosixPath
from types import TracebackType

from ocr_pipeline.batch.outputs import Outputs
from ocr_pipeline.batch.readers import Readers
from ocr_pipeline.batch.run import EngineFactory
from ocr_pipeline.batch.task import Failure, Outcome, Task
from ocr_pipeline.batch.work import WorkOrder, read_document


class InlineEngine:
    """A document called ``lost`` loses its worker; ``ahead`` tasks are taken at once and shuffled."""

    def __init__(self, readers: Readers, order: WorkOrder, *, ahead: int = 1, seed: int = 0) -> None:
        self._reader = readers.make()
        self._order = order
        self._ahead = ahead
        self._random = random.Random(seed)

    def __enter__(self) -> InlineEngine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass

    def run(self, tasks: Iterator[Task]) -> Iterator[Outcome]:
        taken: list[Task] = []
        while True:
            while len(taken) < self._ahead and (task := next(tasks, None)) is not None:
                taken.append(task)
            if not taken:
                return
            task = taken.pop(self._random.randrange(len(taken)))
            if PurePosixPath(task.name).stem == "lost":
                yield Outcome(task, failure=Failure("Crash", "its worker crashed"), lost=True)
            else:
                yield read_document(task, self._reader, self._order)


def inline(readers: Readers, *, ahead: int = 1, seed: int = 0) -> EngineFactory:
    def start(order: WorkOrder, outputs: Outputs) -> InlineEngine:
        return InlineEngine(readers, order, ahead=ahead, seed=seed)

    return start
