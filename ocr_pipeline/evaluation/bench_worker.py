"""One side of the speed comparison, in a process of its own so that its memory is its own.

The first line on standard input is the job; the answer says that models are loaded and one run is done. Every further
line asks for one run and is answered by its seconds; the end of the input by the peak memory. Lines are JSON. Whatever
libraries print goes to standard error.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TextIO

from ocr_pipeline.errors import OcrPipelineError
from ocr_pipeline.evaluation.bench import BASELINE, READER, BenchJob
from ocr_pipeline.evaluation.memory import peak_memory_mb

if TYPE_CHECKING:
    from ocr_pipeline.settings import Settings

__all__ = ["prepare", "serve"]

Run = Callable[[], int]
"""Does the work once and returns the number of pages."""


def prepare(job: BenchJob) -> Run:
    """Load the models of a side.

    Raises:
        OcrPipelineError: the source or the models cannot be opened.
        KeyError: no such side.
    """
    return {READER: _reader, BASELINE: _baseline}[job.side](job)


def serve(requests: TextIO, answers: TextIO, prepare: Callable[[BenchJob], Run] = prepare) -> None:
    """Answer until the requests end."""

    def answer(**content: Any) -> None:
        answers.write(json.dumps(content) + "\n")
        answers.flush()

    job = BenchJob.model_validate_json(requests.readline())
    try:
        begin = time.perf_counter()
        run = prepare(job)
        loaded = time.perf_counter() - begin
        answer(load_seconds=loaded, pages=run())
        for _ in requests:
            begin = time.perf_counter()
            run()
            answer(seconds=time.perf_counter() - begin)
        answer(peak_memory_mb=peak_memory_mb())
    except OcrPipelineError as error:
        answer(error=error.message, remedy=error.remedy)


def _reader(job: BenchJob) -> Run:
    from ocr_pipeline.pipeline import Reader

    reader = Reader(_settings(job), models_folder=job.models_folder)
    return lambda: reader.read(job.source).source.page_count


def _baseline(job: BenchJob) -> Run:
    from ocr_pipeline.evaluation.engines.paddle_baseline import PaddleBaseline
    from ocr_pipeline.source import open_source

    with open_source(job.source) as source:
        pages = [page.render(job.dpi) for page in source.pages]
    text = _settings(job).text
    baseline = PaddleBaseline(text.detector, text.recognizer, models_folder=job.models_folder)
    return lambda: baseline.predict(pages)


def _settings(job: BenchJob) -> Settings:
    from ocr_pipeline.settings import Settings

    return Settings() if job.settings is None else Settings.model_validate(job.settings)


def main() -> None:
    """Serve on standard input and output."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    # Both Python's and native libraries' prints have to stay out of the answers.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    serve(sys.stdin, answers)


if __name__ == "__main__":
    main()
