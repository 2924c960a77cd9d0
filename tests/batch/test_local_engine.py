"""The local engine: what a document does to its worker costs that document an attempt, and nobody else anything."""

from __future__ import annotations

import hashlib
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from ocr_pipeline.batch.engines.choice import engine_of
from ocr_pipeline.batch.engines.limits import Limits
from ocr_pipeline.batch.engines.local import LocalEngine
from ocr_pipeline.batch.options import BatchOptions
from ocr_pipeline.batch.outputs import Outputs
from ocr_pipeline.batch.run import Batch, BatchResult, run_batch
from ocr_pipeline.batch.shared_models import Ask
from ocr_pipeline.batch.task import Outcome, State, Task
from ocr_pipeline.batch.work import WorkOrder
from ocr_pipeline.batch.worker import WorkerPlan
from ocr_pipeline.errors import OcrPipelineError, UsageError, WeightsError
from tests.batch.conftest import Recorder, Write, rows
from tests.fakes.named_reader import NamedReader, NamedReaders


def run(
    folder: Path, out: Path, recorder: Recorder, readers: NamedReaders | None = None, **options: object
) -> BatchResult:
    chosen = BatchOptions(workers=2, **options)  # type: ignore[arg-type]
    readers = readers or NamedReaders()
    return run_batch(Batch([str(folder)], out, readers, engine_of("local", readers, chosen), chosen), observer=recorder)


def test_fakes_cost_only_themselves(write: Write, out: Path, recorder: Recorder) -> None:
    fakes = ("hang", "crash", "segfault", "eat-memory", "damaged", "bug")
    good = [f"{n}.pdf" for n in range(6)]
    folder = write({name: f"{name}" for name in good} | {f"{name}.pdf": f"{name} 0" for name in fakes})
    result = run(folder, out, recorder, page_seconds=2.5, memory_mb=500, attempts=1)
    assert {Path(name).stem: recorder.categories[name] for name in recorder.categories} == {
        "hang": "Stalled",
        "crash": "Crash",
        "segfault": "Crash",
        "eat-memory": "MemoryLimit",
        "damaged": "DamagedSourceError",
        "bug": "ZeroDivisionError",
    }
    assert {name for name, state in recorder.states.items() if state is State.DONE} == set(good)
    assert result.states[State.QUARANTINED] == 4
    details = dict(rows(out, "SELECT category, detail FROM documents WHERE detail != ''"))
    assert "named_reader.py" in details["Stalled"]  # where it hung
    assert "Segmentation fault" in details["Crash"]


def test_a_document_that_takes_too_long_in_all_is_ended(write: Write, out: Path, recorder: Recorder) -> None:
    folder = write({"slow.pdf": "2", "a.pdf": "1"})
    run(folder, out, recorder, document_seconds=1.5, attempts=1)
    assert recorder.categories == {"slow.pdf": "TimeLimit"}
    assert recorder.states["a.pdf"] is State.DONE


def test_workers_are_recycled_and_lose_nothing(write: Write, out: Path, recorder: Recorder) -> None:
    folder = write({f"{n}.pdf": f"{n}" for n in range(6)})
    assert run(folder, out, recorder, recycle=2).states[State.DONE] == 6


def test_a_worker_killed_between_two_documents_costs_nobody_anything(write: Write, out: Path) -> None:
    folder = write({f"{n}.pdf": f"{n}" for n in range(6)})
    outputs = Outputs(out)
    outputs.prepare()
    pids: list[int] = []

    def tasks() -> Iterator[Task]:
        for number, path in enumerate(sorted(folder.iterdir())):
            if number == 3:
                # The worker is at rest, since one task at a time was given out.
                time.sleep(0.3)
                for child in psutil.Process().children():
                    if "spawn_main" in " ".join(child.cmdline()):
                        pids.append(child.pid)
                        os.kill(child.pid, signal.SIGKILL)
            yield Task(_sha256(path), path.name, path, path.stem)

    given = tasks()
    with LocalEngine(plan(outputs, NamedReaders()), Limits(1, 1, 60.0, 2000.0, 100)) as engine:
        outcomes: list[Outcome] = []
        while (task := next(given, None)) is not None:
            outcomes += engine.run(iter([task]))
    assert pids
    assert [outcome.failure for outcome in outcomes] == [None] * 6


def test_tasks_are_taken_only_as_workers_need_them(write: Write, out: Path) -> None:
    folder = write({f"{n:03d}.pdf": f"{n}" for n in range(40)})
    outputs = Outputs(out)
    outputs.prepare()
    taken = []

    def tasks() -> Iterator[Task]:
        for path in sorted(folder.iterdir()):
            taken.append(path.name)
            yield Task(_sha256(path), path.name, path, path.stem)

    most = 0
    with LocalEngine(plan(outputs, NamedReaders()), Limits(2, 1, 60.0, 2000.0, 100)) as engine:
        for done, _ in enumerate(engine.run(tasks())):
            most = max(most, len(taken) - done)
    assert len(taken) == 40
    assert most <= 2 * 2


class _Unmakeable(NamedReaders):
    def make(self, ask: Ask | None = None) -> NamedReader:
        raise WeightsError("weights are missing")


def test_a_reader_that_cannot_be_made_stops_the_batch(write: Write, out: Path, recorder: Recorder) -> None:
    folder = write({f"{n}.pdf": f"{n}" for n in range(9)})
    result = run(folder, out, recorder, _Unmakeable())
    assert result.stopped is not None
    assert result.stopped.category == "WeightsError"
    assert result.states[State.PENDING] == 9


class _Unstartable(NamedReaders):
    def __reduce__(self) -> tuple[object, ...]:
        return (os._exit, (9,))  # played by every worker that unpickles it


def test_workers_that_end_as_soon_as_they_start_stop_the_batch(write: Write, out: Path, recorder: Recorder) -> None:
    with pytest.raises(OcrPipelineError, match="as soon as they are started"):
        run(write({"a.pdf": "1"}), out, recorder, _Unstartable())
    assert rows(out, "SELECT state, attempts FROM documents") == [("pending", 0)]


def test_threads_share_out_the_cores(write: Write, out: Path, recorder: Recorder) -> None:
    before = os.environ.get("OMP_NUM_THREADS")
    options = BatchOptions(workers=3, threads=2)
    assert (options.worker_count(), options.thread_count()) == (3, 2)
    assert BatchOptions().thread_count() == 1
    run(write({"a.pdf": "1"}), out, recorder)
    assert os.environ.get("OMP_NUM_THREADS") == before


def test_the_parent_is_left_with_no_thread_and_no_child(write: Write, out: Path, recorder: Recorder) -> None:
    threads = threading.active_count()
    run(write({"a.pdf": "1", "hang.pdf": "2"}), out, recorder, page_seconds=1.5, attempts=1)
    assert [child for child in psutil.Process().children() if "spawn_main" in " ".join(child.cmdline())] == []
    assert threading.active_count() <= threads


def test_an_engine_that_does_not_exist_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="choose among local"):
        engine_of("teleport", NamedReaders(), BatchOptions())


def plan(outputs: Outputs, readers: NamedReaders) -> WorkerPlan:
    return WorkerPlan(readers, WorkOrder(outputs.out, "f"), 60.0, outputs.traces)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
