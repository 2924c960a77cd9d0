"""Several workers against one, and the memory of the parent, measured with a reader that only waits."""

from __future__ import annotations

from pathlib import Path

import pytest

from ocr_pipeline.errors import OcrPipelineError
from ocr_pipeline.evaluation.batch_bench import BatchBenchOptions, BatchTiming, bench_batch, format_batch_bench
from tests.fakes.named_reader import NamedReaders


def folder(tmp_path: Path, count: int) -> Path:
    for number in range(count):
        (tmp_path / "in").mkdir(exist_ok=True)
        (tmp_path / "in" / f"{number:03d}.pdf").write_text(f"{number}1", encoding="utf-8")
    return tmp_path / "in"


def test_two_workers_wait_twice_as_fast_as_one_and_the_parent_does_not_grow(tmp_path: Path) -> None:
    shown: list[tuple[int, int]] = []
    result = bench_batch(
        folder(tmp_path, 100),
        lambda threads: NamedReaders(0.02 * threads),
        BatchBenchOptions(settled=30),
        progress=lambda done, total: shown.append((done, total)),
    )
    assert result.gain > 1.2  # waiting is not all that a worker does
    drift = result.several.memory_drift(30)
    assert drift is not None
    assert drift < 0.05
    assert shown[99] == shown[-1] == (100, 100)
    assert f"gain {result.gain:.2f}" in format_batch_bench(result)


def test_too_few_documents_tell_nothing(tmp_path: Path) -> None:
    with pytest.raises(OcrPipelineError, match="too few"):
        bench_batch(folder(tmp_path, 2), lambda threads: NamedReaders())


def test_the_drift_is_the_largest_way_from_where_memory_settled() -> None:
    run = BatchTiming(
        workers=1, documents=4, pages=4, seconds=2, total_seconds=3, failed=0, parent_mb=(50, 100, 101, 96)
    )
    assert run.memory_drift(2) == pytest.approx(0.04)
    assert run.memory_drift(4) is None
    assert run.pages_per_second == 2
