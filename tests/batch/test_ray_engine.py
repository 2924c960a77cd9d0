"""The engine on a Ray cluster: two nodes on this machine, the same results, whatever dies."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ocr_pipeline.batch.engines.choice import engine_of
from ocr_pipeline.batch.options import BatchOptions
from ocr_pipeline.batch.run import Batch, BatchResult, run_batch
from ocr_pipeline.batch.task import State
from ocr_pipeline.errors import MissingExtraError, OcrPipelineError
from tests.batch.conftest import Recorder, Write, rows
from tests.fakes.named_reader import NamedReaders

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::FutureWarning")]


@pytest.fixture
def ray() -> Any:
    return pytest.importorskip("ray", reason="needs Ray: pip install 'ocr-pipeline[ray]'")


@pytest.fixture
def cluster(ray: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Two nodes of two workers each; the second may be taken away."""
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    from ray.cluster_utils import Cluster

    # The head only keeps the books, so that the documents are on nodes that can be lost.
    made = Cluster(initialize_head=True, head_node_args={"num_cpus": 2, "include_dashboard": False})
    made.second = made.add_node(num_cpus=2)
    made.wait_for_nodes()
    yield made
    ray.shutdown()
    made.shutdown()


def run(folder: Path, out: Path, recorder: Recorder, address: str | None, **options: Any) -> BatchResult:
    seconds = options.pop("seconds", 0.0)
    chosen = BatchOptions(address=address, **options)
    readers = NamedReaders(seconds)
    return run_batch(Batch([str(folder)], out, readers, engine_of("ray", readers, chosen), chosen), observer=recorder)


def reports(out: Path) -> dict[str, Any]:
    """What was read of each document, by its folder."""
    found = {}
    for path in sorted((out / "documents").glob("*/report.json")):
        found[path.parent.name] = json.loads(path.read_text(encoding="utf-8"))["values"]
    return found


def test_it_gives_what_the_local_engine_gives(cluster: Any, write: Write, tmp_path: Path) -> None:
    folder = write({f"{n}.pdf": f"{n}" for n in range(12)} | {"damaged.pdf": "1", "torn.pdf": "2"})
    here, there = Recorder(), Recorder()
    readers, options = NamedReaders(), BatchOptions(workers=2)
    local = Batch([str(folder)], tmp_path / "local", readers, engine_of("local", readers, options), options)
    run_batch(local, observer=here)
    result = run(folder, tmp_path / "ray", there, cluster.address)
    assert result.states[State.DONE] == 12
    assert there.states == here.states
    assert there.categories == here.categories
    assert reports(tmp_path / "ray") == reports(tmp_path / "local")


def test_fakes_cost_only_themselves(cluster: Any, write: Write, out: Path, recorder: Recorder) -> None:
    fakes = ("hang", "crash", "segfault", "eat-memory")
    good = [f"{n}.pdf" for n in range(6)]
    folder = write({name: name for name in good} | {f"{name}.pdf": f"{name} 0" for name in fakes} | {"slow.pdf": "2"})
    options = {"page_seconds": 4.0, "document_seconds": 20.0, "memory_mb": 700, "attempts": 1}
    result = run(folder, out, recorder, cluster.address, **options)
    assert recorder.categories == {
        "hang.pdf": "Stalled",
        "crash.pdf": "Crash",
        "segfault.pdf": "Crash",
        "eat-memory.pdf": "MemoryLimit",
    }
    assert result.states[State.DONE] == len(good) + 1
    assert result.states[State.QUARANTINED] == 4


def test_a_document_that_takes_too_long_in_all_is_ended(
    cluster: Any, write: Write, out: Path, recorder: Recorder
) -> None:
    folder = write({"slow.pdf": "2", "a.pdf": "1"})
    run(folder, out, recorder, cluster.address, document_seconds=1.5, attempts=1)
    assert recorder.categories == {"slow.pdf": "TimeLimit"}
    assert recorder.states["a.pdf"] is State.DONE


def test_a_node_that_goes_away_costs_no_document_an_attempt(
    cluster: Any, write: Write, out: Path, recorder: Recorder
) -> None:
    folder = write({f"{n}.pdf": f"{n}" for n in range(40)})

    def lose() -> None:
        while not recorder.states:
            time.sleep(0.05)
        cluster.remove_node(cluster.second, allow_graceful=False)

    losing = threading.Thread(target=lose)
    losing.start()
    result = run(folder, out, recorder, cluster.address, seconds=0.3, attempts=1, recycle=8)
    losing.join()
    assert result.states[State.DONE] == 40
    assert sorted(recorder.names) == sorted(f"{n}.pdf" for n in range(40))
    assert set(rows(out, "SELECT state FROM documents")) == {("done",)}
    values = [value["value"] for found in reports(out).values() for value in found]
    assert sorted(values) == list(range(40))


def test_a_worker_that_needs_more_than_any_machine_has_is_refused(
    cluster: Any, write: Write, out: Path, recorder: Recorder
) -> None:
    with pytest.raises(OcrPipelineError, match="no machine of the cluster has 64 cores"):
        run(write({"a.pdf": "1"}), out, recorder, cluster.address, threads=64)


def test_without_ray_the_extra_is_named(
    write: Write, out: Path, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "ray", None)
    with pytest.raises(MissingExtraError, match=r"ocr-pipeline\[ray\]"):
        run(write({"a.pdf": "1"}), out, recorder, None)
