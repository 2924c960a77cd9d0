"""The engine that a run asks for, by its name."""

from __future__ import annotations

from dataclasses import replace

from ocr_pipeline.batch.engine import Engine
from ocr_pipeline.batch.engines.limits import Limits
from ocr_pipeline.batch.engines.room_keeper import room_address
from ocr_pipeline.batch.options import BatchOptions
from ocr_pipeline.batch.outputs import Outputs
from ocr_pipeline.batch.readers import Readers
from ocr_pipeline.batch.room import RoomPlan
from ocr_pipeline.batch.run import EngineFactory
from ocr_pipeline.batch.work import WorkOrder
from ocr_pipeline.errors import UsageError

__all__ = ["ENGINES", "engine_of"]

ENGINES = ("local", "ray")
"""Names of the engines."""
_ANY_NUMBER = 100_000
"""Workers of a cluster, where none are asked for: as many as it has room for."""


def engine_of(name: str, readers: Readers, options: BatchOptions) -> EngineFactory:
    """What starts an engine.

    Args:
        name: one of ``ENGINES``.
        readers: what its workers read with.
        options: of the run.

    Raises:
        UsageError: no engine has that name, or it shares no models.
    """
    if name not in ENGINES:
        raise UsageError(f"no such engine: {name}", remedy=f"choose among {', '.join(ENGINES)}")
    if name == "ray" and options.shared_models:
        raise UsageError("workers on a Ray cluster share no models", remedy="give each a share of a GPU: --gpus 0.25")
    return _ray(readers, options) if name == "ray" else _local(readers, options)


def _local(readers: Readers, options: BatchOptions) -> EngineFactory:
    def start(order: WorkOrder, outputs: Outputs) -> Engine:
        from ocr_pipeline.batch.engines.local import LocalEngine
        from ocr_pipeline.batch.worker import WorkerPlan

        limits = _limits(options, options.worker_count(), options.thread_count())
        return LocalEngine(
            WorkerPlan(readers, order, options.page_seconds, outputs.traces, _rooms(readers, options, outputs)), limits
        )

    return start


def _rooms(readers: Readers, options: BatchOptions, outputs: Outputs) -> tuple[RoomPlan, ...]:
    """One for each GPU."""
    if not options.shared_models:
        return ()
    room = RoomPlan(
        models=readers.models,
        address="",
        traces=outputs.traces,
        # A document may wait for two of these and the start of two rooms without being taken to hang itself.
        batch_seconds=options.page_seconds / 6,
        memory_mb=options.memory_mb,
    )
    gpus = range(int(options.gpus)) if options.gpus >= 2 else [None]
    return tuple(replace(room, address=room_address(), gpu=gpu) for gpu in gpus)


def _ray(readers: Readers, options: BatchOptions) -> EngineFactory:
    def start(order: WorkOrder, outputs: Outputs) -> Engine:
        from ocr_pipeline.batch.engines.ray_cluster import RayEngine
        from ocr_pipeline.batch.worker import WorkerPlan

        # Workers of a cluster do not know where this process stands.
        order = replace(order, out=order.out.resolve())
        limits = _limits(options, options.workers or _ANY_NUMBER, options.threads or 1)
        plan = WorkerPlan(readers, order, options.page_seconds, outputs.traces.resolve())
        return RayEngine(plan, limits, options.address, options.gpus)

    return start


def _limits(options: BatchOptions, workers: int, threads: int) -> Limits:
    return Limits(
        workers=workers,
        threads=threads,
        document_seconds=options.document_seconds,
        memory_mb=options.memory_mb,
        recycle=options.recycle,
    )
