"""``ocr-pipeline bench FOLDER``: what further workers bring to a batch, and whether its parent's memory stays flat.

The same documents are read twice, by one worker and by several, each worker with the same number of threads. Pages a
second are counted from the moment when every worker has its models loaded and its first document done.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import psutil
from pydantic import Field, computed_field

from ocr_pipeline.batch.engines.choice import engine_of
from ocr_pipeline.batch.options import BatchOptions
from ocr_pipeline.batch.readers import Readers
from ocr_pipeline.batch.run import Batch, Silent, run_batch
from ocr_pipeline.batch.scheduling import Scheduled
from ocr_pipeline.batch.task import Outcome, State
from ocr_pipeline.errors import OcrPipelineError
from ocr_pipeline.frozen import FrozenModel
from ocr_pipeline.source.options import SourceOptions

__all__ = ["BatchBenchOptions", "BatchBenchResult", "BatchTiming", "bench_batch", "format_batch_bench"]

Progress = Callable[[int, int], None]


class _ReadersOf(Protocol):
    def __call__(self, threads: int) -> Readers:
        """What a worker with so many threads reads with."""


class BatchBenchOptions(FrozenModel):
    """How it is measured."""

    workers: int = Field(default=2, ge=2, le=256, description="workers of the second run; the first has one")
    threads: int = Field(default=1, ge=1, le=64, description="threads of each worker, in both runs")
    shared_models: bool = Field(default=False, description="one process holds the models that read text, in both runs")
    settled: int = Field(default=50, ge=1, description="documents after which the parent's memory has to be flat")


class BatchTiming(FrozenModel):
    """One run.

    Attributes:
        workers: processes.
        documents: at rest at the end.
        pages: counted, without those of the documents that came while workers started.
        seconds: in which they were read.
        total_seconds: of the whole run.
        failed: documents without a complete report.
        parent_mb: resident memory of the parent after each document, in 10^6 bytes.
    """

    workers: int
    documents: int
    pages: int
    seconds: float
    total_seconds: float
    failed: int
    parent_mb: tuple[float, ...]

    @computed_field  # type: ignore[prop-decorator]
    @property
    def pages_per_second(self) -> float:
        """Pages counted over their seconds."""
        return self.pages / max(self.seconds, 1e-9)

    def memory_drift(self, settled: int) -> float | None:
        """Largest difference of the parent's memory from that after ``settled`` documents, as a share of it.

        None where there are no more documents than that.
        """
        if len(self.parent_mb) <= settled:
            return None
        base = self.parent_mb[settled - 1]
        return max(abs(value - base) for value in self.parent_mb[settled:]) / base


class BatchBenchResult(FrozenModel):
    """Both runs."""

    folder: str
    options: BatchBenchOptions
    one: BatchTiming
    several: BatchTiming

    @computed_field  # type: ignore[prop-decorator]
    @property
    def gain(self) -> float:
        """Pages a second of several workers over those of one."""
        return self.several.pages_per_second / self.one.pages_per_second


@dataclass
class _Clock(Silent):
    """Notes when each document came to rest, with its pages, and the parent's memory then."""

    progress: Progress | None
    total: int = 0
    moments: list[tuple[float, int]] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)

    def scheduled(self, counts: Scheduled) -> None:
        """See ``Observer``."""
        self.total = counts.waiting

    def finished(self, outcome: Outcome, state: State) -> None:
        """See ``Observer``."""
        if state is State.PENDING:
            return
        pages = 0 if outcome.measures is None else outcome.measures.pages
        self.moments.append((time.perf_counter(), pages))
        self.memory.append(psutil.Process().memory_info().rss / 1e6)
        if self.progress is not None:
            self.progress(len(self.moments), self.total)


def bench_batch(
    folder: Path,
    readers: _ReadersOf,
    options: BatchBenchOptions | None = None,
    *,
    source: SourceOptions | None = None,
    progress: Progress | None = None,
) -> BatchBenchResult:
    """Read a folder with one worker, then with several.

    Args:
        folder: of documents; enough of them that every worker has many.
        readers: what the workers read with.
        options: how it is measured.
        source: limits of what is opened.
        progress: called with the number of documents done and of all, in one run after the other.

    Raises:
        OcrPipelineError: there are too few documents to tell, or the batch cannot be run.
    """
    chosen = options or BatchBenchOptions()
    timings = []
    for workers in (1, chosen.workers):
        batch_options = BatchOptions(workers=workers, threads=chosen.threads, shared_models=chosen.shared_models)
        made = readers(chosen.threads)
        with tempfile.TemporaryDirectory(prefix="ocr-pipeline-") as out:
            batch = Batch(
                [str(folder)],
                Path(out),
                made,
                engine_of("local", made, batch_options),
                batch_options,
                source or SourceOptions(),
            )
            timings.append(_timed(batch, workers, progress))
    return BatchBenchResult(folder=folder.name, options=chosen, one=timings[0], several=timings[1])


def format_batch_bench(result: BatchBenchResult) -> str:
    """The comparison as a table with the gain below."""
    lines = [
        f"{result.folder}: {result.one.documents} documents, {result.options.threads} threads a worker",
        f"{'workers':>8}{'pages':>8}{'seconds':>10}{'pages/s':>10}{'failed':>8}{'parent MB':>12}{'drift':>8}",
    ]
    for run in (result.one, result.several):
        drift = run.memory_drift(result.options.settled)
        lines.append(
            f"{run.workers:8}{run.pages:8}{run.seconds:10.1f}{run.pages_per_second:10.2f}{run.failed:8}"
            f"{max(run.parent_mb):12.1f}{'-' if drift is None else f'{drift:.1%}':>8}"
        )
    lines.append(f"gain {result.gain:.2f}")
    return "\n".join(lines)


def _timed(batch: Batch, workers: int, progress: Progress | None) -> BatchTiming:
    clock = _Clock(progress)
    begin = time.perf_counter()
    result = run_batch(batch, observer=clock)
    warm = 2 * workers
    if len(clock.moments) <= warm:
        raise OcrPipelineError(
            f"{len(clock.moments)} documents are too few to measure {workers} workers", remedy="give more documents"
        )
    first, last = clock.moments[warm - 1][0], clock.moments[-1][0]
    return BatchTiming(
        workers=workers,
        documents=result.documents,
        pages=sum(pages for _, pages in clock.moments[warm:]),
        seconds=last - first,
        total_seconds=time.perf_counter() - begin,
        failed=result.failures,
        parent_mb=tuple(round(value, 2) for value in clock.memory),
    )
