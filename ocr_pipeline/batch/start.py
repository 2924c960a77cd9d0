"""A batch that reads with the pipeline, from its settings."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ocr_pipeline.batch.engines.choice import engine_of
from ocr_pipeline.batch.options import BatchOptions
from ocr_pipeline.batch.readers import PipelineReaders
from ocr_pipeline.batch.run import Batch
from ocr_pipeline.settings import Settings

__all__ = ["pipeline_batch"]


def pipeline_batch(
    inputs: Sequence[str],
    out: str | Path,
    *,
    settings: Settings | None = None,
    models_folder: Path | None = None,
    options: BatchOptions | None = None,
    engine: str = "local",
) -> Batch:
    """What ``run_batch`` takes.

    Args:
        inputs: see ``inputs.expand``.
        out: folder of the results.
        settings: of every stage; the defaults when left out.
        models_folder: searched before the installed packages.
        options: of the run.
        engine: one of ``engines.choice.ENGINES``.

    Raises:
        UsageError: no engine has that name, or it shares no models.
    """
    settings, options = settings or Settings(), options or BatchOptions()
    if options.shared_models is None and settings.text.device == "gpu" and engine == "local":
        options = options.model_copy(update={"shared_models": True})
    readers = PipelineReaders(settings, models_folder, options.thread_count())
    start = engine_of(engine, readers, options)
    return Batch(inputs, Path(out), readers, start, options, settings.source, settings.report)
