"""Workers that share one process of models: what a document does to it costs that document an attempt, and no other."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from ocr_pipeline.batch.engines.choice import engine_of
from ocr_pipeline.batch.engines.room_keeper import RoomKeeper, room_address
from ocr_pipeline.batch.options import BatchOptions
from ocr_pipeline.batch.room import RoomPlan
from ocr_pipeline.batch.room_client import InTurn, RoomClient
from ocr_pipeline.batch.run import Batch, BatchResult, run_batch
from ocr_pipeline.batch.task import State
from ocr_pipeline.errors import OcrPipelineError, UsageError, WeightsError
from tests.batch.conftest import Recorder, Write, rows
from tests.fakes.named_models import NamedModels
from tests.fakes.named_reader import NamedReaders


def run(
    folder: Path, out: Path, recorder: Recorder, readers: NamedReaders | None = None, **options: object
) -> BatchResult:
    chosen = BatchOptions(**{"workers": 3, "shared_models": True, **options})  # type: ignore[arg-type]
    readers = readers or NamedReaders()
    return run_batch(Batch([str(folder)], out, readers, engine_of("local", readers, chosen), chosen), observer=recorder)


def attempts(out: Path) -> dict[str, list[str]]:
    """Names of documents that lost an attempt, and what for."""
    lost: dict[str, list[str]] = {}
    query = (
        "SELECT n.name, a.category FROM attempts a JOIN names n USING (sha256)"
        " WHERE a.category IS NOT NULL ORDER BY a.rowid"
    )
    for name, category in rows(out, query):
        lost.setdefault(Path(name).stem, []).append(category)
    return lost


def test_what_a_document_does_to_the_models_costs_only_itself(write: Write, out: Path, recorder: Recorder) -> None:
    fakes = ("models-hang", "models-crash", "models-segfault", "crash", "hang", "models-error", "models-odd")
    good = [f"{n:02d}.pdf" for n in range(12)]
    folder = write({name: f"{name} 2" for name in good} | {f"{name}.pdf": f"{name} 2" for name in fakes})
    result = run(folder, out, recorder, page_seconds=6.0, attempts=1)
    assert attempts(out) == {
        "models-hang": ["Stalled"],
        "models-crash": ["Crash"],
        "models-segfault": ["Crash"],
        "crash": ["Crash"],
        "hang": ["Stalled"],
        "models-error": ["ZeroDivisionError"],
        "models-odd": ["RuntimeError"],
    }
    assert {name for name, state in recorder.states.items() if state is State.DONE} == set(good)
    assert result.states[State.QUARANTINED] == 5
    told = dict(rows(out, "SELECT category, message || detail FROM documents WHERE message LIKE '%models%'"))
    assert "named_models.py" in told["Stalled"]
    assert "the models read it alone" in told["Crash"]


@contextmanager
def rooms(traces: Path, count: int = 1, memory_mb: float = 1000.0) -> Iterator[InTurn]:
    """Open rooms with fakes, asked in turn."""
    plans = [RoomPlan(NamedModels, room_address(), traces, 60.0, memory_mb, gpu) for gpu in range(count)]
    keepers = [RoomKeeper(plan) for plan in plans]
    try:
        for keeper in keepers:
            keeper.open()
        yield InTurn([RoomClient(plan) for plan in plans])
    finally:
        for keeper in keepers:
            keeper.close()


def test_models_that_take_ever_more_memory_are_replaced_at_nobodys_cost(tmp_path: Path) -> None:
    with rooms(tmp_path, memory_mb=100.0) as ask:
        [first] = ask(["which-process"])
        for number in range(5):
            assert ask([f"models-grow {number}"]) == [f"read models-grow {number}"]
        assert ask(["which-process"]) != [first]


def test_each_gpu_has_models_of_its_own_and_all_are_asked_in_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "5,7")
    with rooms(tmp_path, count=2) as ask:
        assert [ask(["which-gpu"]) for _ in range(4)] == [["gpu 5"], ["gpu 7"]] * 2


def test_several_rooms_lose_no_document_that_one_of_them_loses(write: Write, out: Path, recorder: Recorder) -> None:
    folder = write({f"{n:02d}.pdf": f"{n} 2" for n in range(8)} | {"models-crash.pdf": "2"})
    assert run(folder, out, recorder, gpus=2, attempts=1).states[State.DONE] == 8
    assert attempts(out) == {"models-crash": ["Crash"]}


class _Unloadable(NamedReaders):
    def models(self) -> NamedModels:
        raise WeightsError("weights are missing")


class _Deadly(NamedReaders):
    def models(self) -> NamedModels:
        os._exit(9)


@pytest.mark.parametrize(
    ("readers", "error", "message"),
    [(_Unloadable(), WeightsError, "weights are missing"), (_Deadly(), OcrPipelineError, r"exit code 9")],
)
def test_models_that_cannot_be_loaded_stop_the_batch(
    readers: NamedReaders,
    error: type[OcrPipelineError],
    message: str,
    write: Write,
    out: Path,
    recorder: Recorder,
) -> None:
    before = os.environ.get("OMP_NUM_THREADS")
    with pytest.raises(error, match=message):
        run(write({"a.pdf": "1"}), out, recorder, readers)
    assert rows(out, "SELECT state, attempts FROM documents") == [("pending", 0)]
    assert os.environ.get("OMP_NUM_THREADS") == before
    assert [child for child in psutil.Process().children() if "spawn_main" in " ".join(child.cmdline())] == []


def test_models_are_shared_on_a_gpu_or_on_request_but_not_by_a_cluster() -> None:
    assert BatchOptions(workers=64, shared_models=True).thread_count() == 2
    assert BatchOptions(workers=64).thread_count() == 1
    with pytest.raises(UsageError, match="share no models"):
        engine_of("ray", NamedReaders(), BatchOptions(shared_models=True))
