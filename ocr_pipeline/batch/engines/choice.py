"""The engine that a run asks for, by its name."""

from __future__ import annotations

from ocr_pipeline.batch.engine import Engine
from ocr_pipeline.batch.options import BatchOptions
from ocr_pipeline.batch.outputs import Outputs
from ocr_pipeline.batch.readers import Readers
from ocr_pipeline.batch.run import EngineFactory
from ocr_pipeline.batch.work import WorkOrder
from ocr_pipeline.errors import UsageError

__all__ = ["ENGINES", "engine_of"]

ENGINES = ("local",)
"""Names of the engines."""


def engine_of(name: str, readers: Readers, options: BatchOptions) -> EngineFactory:
    """What starts an engine.

    Args:
        name: one of ``ENGINES``.
        readers: what its workers read with.
        options: of the run.

    Raises:
        UsageError: no engine has that name.
    """
    if name not in ENGINES:
        raise UsageError(f"no such engine: {name}", remedy=f"choose among {', '.join(ENGINES)}")

    def start(order: WorkOrder, outputs: Outputs) -> Engine:
        from ocr_pipeline.batch.engines.local import Limits, LocalEngine
        from ocr_pipeline.batch.worker import WorkerPlan

        limits = Limits(
            workers=options.worker_count(),
            threads=options.thread_count(),
            document_seconds=options.document_seconds,
            memory_mb=options.memory_mb,
            recycle=options.recycle,
        )
        return LocalEngine(WorkerPlan(readers, order, options.page_seconds, outputs.traces), limits)

    return start
