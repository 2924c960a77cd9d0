"""``ocr-pipeline bench``: how long reading a report takes, as a share of PaddleOCR's own ``predict`` for OCR alone.

Both sides run the same weights on the same pages, models loaded and after one run that is not counted, in turns, each
in a process of its own: PaddleOCR with its defaults on the pages rendered beforehand, and the whole of ``Reader.read``,
from opening the file to the report. The share is of the medians; its range is that of the single pairs.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

from pydantic import Field, computed_field

from ocr_pipeline.errors import OcrPipelineError, SourceNotFoundError
from ocr_pipeline.frozen import FrozenModel

__all__ = [
    "BASELINE",
    "READER",
    "BenchJob",
    "BenchOptions",
    "BenchResult",
    "SideTiming",
    "bench",
    "format_bench",
]

READER: Literal["reader"] = "reader"
BASELINE: Literal["paddle"] = "paddle"
_WORKER = (sys.executable, "-m", "ocr_pipeline.evaluation.bench_worker")


class BenchOptions(FrozenModel):
    """How the comparison is made."""

    repetitions: int = Field(default=5, ge=1, le=100, description="measured runs of each side")
    dpi: float = Field(default=200.0, gt=0, le=1200, description="resolution of the pages that PaddleOCR gets")
    models_folder: Path | None = Field(default=None, description="where weights are looked for first")
    settings: dict[str, Any] | None = Field(
        default=None, description="settings of the reader as JSON, which also name the weights; None for the defaults"
    )


class BenchJob(FrozenModel):
    """What a worker is told: the side it plays and on what."""

    side: Literal["reader", "paddle"]
    source: Path
    dpi: float
    models_folder: Path | None = None
    settings: dict[str, Any] | None = None


class SideTiming(FrozenModel):
    """One side.

    Attributes:
        seconds: of each measured run, in order.
        load_seconds: loading the models, not part of a run.
        peak_memory_mb: most memory of its process, in 10^6 bytes; None where the system does not tell.
    """

    seconds: tuple[float, ...] = Field(min_length=1)
    load_seconds: float
    peak_memory_mb: float | None

    @computed_field  # type: ignore[prop-decorator]
    @property
    def median(self) -> float:
        """Median of the runs in seconds."""
        return statistics.median(self.seconds)


class BenchResult(FrozenModel):
    """The comparison on one document."""

    source: str
    pages: int = Field(ge=1)
    dpi: float
    reader: SideTiming
    baseline: SideTiming

    @computed_field  # type: ignore[prop-decorator]
    @property
    def ratio(self) -> float:
        """Time of the reader over time of the baseline, by medians; below 1 when the reader is faster."""
        return self.reader.median / self.baseline.median

    @computed_field  # type: ignore[prop-decorator]
    @property
    def ratio_range(self) -> tuple[float, float]:
        """Lowest and highest ratio of runs made one after the other."""
        pairs = [ours / theirs for ours, theirs in zip(self.reader.seconds, self.baseline.seconds, strict=True)]
        return min(pairs), max(pairs)


def bench(
    source: Path,
    options: BenchOptions | None = None,
    *,
    progress: Callable[[int, int], None] | None = None,
    worker: Sequence[str] = _WORKER,
) -> BenchResult:
    """Compare both sides on one document.

    Args:
        source: the document.
        options: how often, at which resolution.
        progress: called with the number of measured runs done and of all.
        worker: command that starts a side; see ``evaluation.bench_worker``.

    Raises:
        SourceNotFoundError: no such document.
        OcrPipelineError: a side could not be run.
    """
    chosen = options or BenchOptions()
    if not source.is_file():
        raise SourceNotFoundError("no such file", source=source)
    with ExitStack() as stack:
        sides = [stack.enter_context(_Side(_job(side, source, chosen), worker)) for side in (READER, BASELINE)]
        for repetition in range(chosen.repetitions):
            # Who goes first changes, so that neither always finds the machine warm.
            for number, side in enumerate(sides if repetition % 2 == 0 else sides[::-1]):
                side.measure()
                if progress is not None:
                    progress(2 * repetition + number + 1, 2 * chosen.repetitions)
        reader, baseline = (side.finish() for side in sides)
        return BenchResult(source=source.name, pages=sides[1].pages, dpi=chosen.dpi, reader=reader, baseline=baseline)


def format_bench(result: BenchResult) -> str:
    """The comparison as a table with the ratio below."""
    lines = [
        f"{result.source}: {result.pages} pages, {len(result.reader.seconds)} runs of each, models loaded",
        f"{'':28}{'median s':>10}{'min s':>10}{'max s':>10}{'s/page':>10}{'peak MB':>10}{'load s':>10}",
    ]
    names = ("read, file to report", f"PaddleOCR predict, {result.dpi:g} dpi")
    for name, side in zip(names, (result.reader, result.baseline), strict=True):
        memory = "-" if side.peak_memory_mb is None else f"{side.peak_memory_mb:.0f}"
        lines.append(
            f"{name:28}{side.median:10.2f}{min(side.seconds):10.2f}{max(side.seconds):10.2f}"
            f"{side.median / result.pages:10.2f}{memory:>10}{side.load_seconds:10.2f}"
        )
    low, high = result.ratio_range
    lines.append(f"ratio {result.ratio:.2f} (single pairs {low:.2f} to {high:.2f})")
    return "\n".join(lines)


def _job(side: Literal["reader", "paddle"], source: Path, options: BenchOptions) -> BenchJob:
    return BenchJob(
        side=side,
        source=source.resolve(),
        dpi=options.dpi,
        models_folder=None if options.models_folder is None else options.models_folder.resolve(),
        settings=options.settings,
    )


class _Side:
    """A worker process, from its first line to its last."""

    def __init__(self, job: BenchJob, command: Sequence[str]) -> None:
        self._job = job
        self._command = tuple(command)
        self._seconds: list[float] = []
        self._load_seconds = 0.0
        self.pages = 0

    def __enter__(self) -> _Side:
        self._messages = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")
        self._process = subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._messages,
            text=True,
            encoding="utf-8",
        )
        try:
            self._send(self._job.model_dump_json())
            answer = self._receive()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        self.pages = int(answer["pages"])
        self._load_seconds = float(answer["load_seconds"])
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.communicate()
        self._messages.close()

    def measure(self) -> None:
        self._send("run")
        self._seconds.append(float(self._receive()["seconds"]))

    def finish(self) -> SideTiming:
        assert self._process.stdin is not None  # noqa: S101 - opened as a pipe
        self._process.stdin.close()
        peak = self._receive()["peak_memory_mb"]
        # communicate() would flush the closed pipe.
        self._process.stdin = None
        return SideTiming(seconds=tuple(self._seconds), load_seconds=self._load_seconds, peak_memory_mb=peak)

    def _send(self, line: str) -> None:
        assert self._process.stdin is not None  # noqa: S101 - opened as a pipe
        try:
            self._process.stdin.write(line + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            raise self._died() from None

    def _receive(self) -> dict[str, Any]:
        assert self._process.stdout is not None  # noqa: S101 - opened as a pipe
        line = self._process.stdout.readline()
        if not line:
            raise self._died()
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            raise OcrPipelineError(
                f"the {self._job.side} side: {answer['error']}", remedy=answer["remedy"], source=self._job.source
            )
        return answer

    def _died(self) -> OcrPipelineError:
        code = self._process.wait()
        self._messages.seek(0)
        last = self._messages.read().strip().rsplit("\n", 1)[-1]
        return OcrPipelineError(
            f"the {self._job.side} side ended with code {code}: {last or 'no message'}",
            remedy="run ocr-pipeline doctor",
            source=self._job.source,
        )
