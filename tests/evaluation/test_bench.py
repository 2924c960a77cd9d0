from __future__ import annotations

import io
import json
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ocr_pipeline.errors import DependencyError, OcrPipelineError, SourceNotFoundError
from ocr_pipeline.evaluation.bench import (
    BASELINE,
    READER,
    BenchJob,
    BenchOptions,
    BenchResult,
    SideTiming,
    bench,
    format_bench,
)
from ocr_pipeline.evaluation.bench_worker import serve


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "report.pdf"
    path.write_bytes(b"%PDF")
    return path


@pytest.fixture
def worker(tmp_path: Path) -> Callable[[str], tuple[str, ...]]:
    """A command that plays both sides: the reader takes 1, 2, 3 ... seconds, PaddleOCR four times as long."""

    def make(before_run: str = "") -> tuple[str, ...]:
        script = tmp_path / "worker.py"
        script.write_text(
            textwrap.dedent(
                """
                import json, pathlib, sys
                def answer(**content): print(json.dumps(content), flush=True)
                job = json.loads(sys.stdin.readline())
                log = pathlib.Path(__file__).with_name("order.txt")
                print("library noise", file=sys.stderr)
                answer(load_seconds=0.5, pages=5)
                for number, _ in enumerate(sys.stdin, start=1):
                    BEFORE_RUN
                    with log.open("a") as file: file.write(job["side"] + "\\n")
                    answer(seconds=number * (1.0 if job["side"] == "reader" else 4.0))
                answer(peak_memory_mb=1234.0)
                """
            ).replace("BEFORE_RUN", before_run or "pass")
        )
        return (sys.executable, str(script))

    return make


def test_runs_alternate_and_the_ratio_is_of_medians(
    document: Path, tmp_path: Path, worker: Callable[..., tuple[str, ...]]
) -> None:
    told: list[tuple[int, int]] = []
    result = bench(
        document, BenchOptions(repetitions=3), worker=worker(), progress=lambda done, all_: told.append((done, all_))
    )
    assert result.reader == SideTiming(seconds=(1.0, 2.0, 3.0), load_seconds=0.5, peak_memory_mb=1234.0)
    assert result.baseline.seconds == (4.0, 8.0, 12.0)
    assert (result.pages, result.ratio, result.ratio_range) == (5, 0.25, (0.25, 0.25))
    order = (tmp_path / "order.txt").read_text().split()
    assert order == [READER, BASELINE, BASELINE, READER, READER, BASELINE]
    assert told == [(number, 6) for number in range(1, 7)]


def test_a_side_that_dies_is_named_with_its_last_words(document: Path, worker: Callable[..., tuple[str, ...]]) -> None:
    command = worker("sys.exit('out of memory')")
    with pytest.raises(OcrPipelineError, match="the reader side ended with code 1: out of memory"):
        bench(document, worker=command)


def test_a_side_that_dies_at_once_is_named(document: Path) -> None:
    with pytest.raises(OcrPipelineError, match="the reader side ended with code 3: no message"):
        bench(document, worker=(sys.executable, "-c", "raise SystemExit(3)"))


def test_an_error_of_a_side_keeps_its_remedy(document: Path, worker: Callable[..., tuple[str, ...]]) -> None:
    command = worker("answer(error='no weights', remedy='install them'); break")
    with pytest.raises(OcrPipelineError, match=r"the reader side: no weights \(install them\)"):
        bench(document, worker=command)


def test_a_document_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SourceNotFoundError):
        bench(tmp_path / "none.pdf")


def test_ratio_range_is_of_single_pairs() -> None:
    def side(*seconds: float) -> SideTiming:
        return SideTiming(seconds=seconds, load_seconds=0, peak_memory_mb=None)

    result = BenchResult(source="r.pdf", pages=2, dpi=200, reader=side(1, 3, 2), baseline=side(4, 4, 8))
    assert result.ratio == 0.5
    assert result.ratio_range == (0.25, 0.75)
    written = result.model_dump(mode="json")
    assert (written["ratio"], written["reader"]["median"]) == (0.5, 2.0)
    shown = format_bench(result)
    assert shown.splitlines()[0] == "r.pdf: 2 pages, 3 runs of each, models loaded"
    assert shown.splitlines()[-1] == "ratio 0.50 (single pairs 0.25 to 0.75)"
    assert shown.splitlines()[2].split()[-6:] == ["2.00", "1.00", "3.00", "1.00", "-", "0.00"]


def _serve(lines: list[str], prepare: Callable[[BenchJob], Callable[[], int]]) -> list[dict[str, Any]]:
    answers = io.StringIO()
    job = BenchJob(side=READER, source=Path("r.pdf"), dpi=200).model_dump_json()
    serve(io.StringIO("\n".join([job, *lines]) + "\n"), answers, prepare)
    return [json.loads(line) for line in answers.getvalue().splitlines()]


def test_worker_runs_once_before_it_measures_and_once_for_each_request() -> None:
    runs: list[None] = []

    def run() -> int:
        runs.append(None)
        return 7

    ready, first, second, last = _serve(["run", "run"], lambda job: run)
    assert ready["pages"] == 7
    assert first.keys() == second.keys() == {"seconds"}
    assert last.keys() == {"peak_memory_mb"}
    assert len(runs) == 3


def test_worker_answers_an_error_with_its_remedy() -> None:
    def fail(job: BenchJob) -> Callable[[], int]:
        raise DependencyError("no paddleocr", remedy="install it")

    assert _serve(["run"], fail) == [{"error": "no paddleocr", "remedy": "install it"}]
