"""Killed at any moment and run again, a batch comes to the same as an undisturbed one."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import psutil
import pytest

from ocr_pipeline.batch.outputs import Outputs
from ocr_pipeline.dataset import build_dataset
from ocr_pipeline.report import load_report
from tests.batch.conftest import Write, rows

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs signals")


def start(seconds: float, *arguments: str | Path) -> subprocess.Popen[bytes]:
    """The program in a process of its own, each page taking so many seconds."""
    command = [sys.executable, "-m", "tests.fakes.batch_program", str(seconds), "batch", *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def workers(process: subprocess.Popen[bytes]) -> list[psutil.Process]:
    with contextlib.suppress(psutil.Error):
        return [child for child in psutil.Process(process.pid).children() if "spawn_main" in " ".join(child.cmdline())]
    return []


def sound(out: Path) -> None:
    """Whatever stands in its place is whole, and what the ledger calls done is there."""
    if not (out / "documents").is_dir():
        return
    for folder in (out / "documents").iterdir():
        measures = Outputs(out).finished(folder.name)
        assert measures is not None
        assert load_report(folder / "report.json").source.sha256 == measures.sha256
    if (out / "ledger.sqlite").is_file() and rows(out, "SELECT name FROM sqlite_master WHERE name = 'documents'"):
        for (folder_name,) in rows(out, "SELECT folder FROM documents WHERE state IN ('done', 'partial')"):
            # A replacement may have been interrupted; it is undone when the next run begins.
            assert (out / "documents" / folder_name).is_dir() or (out / "work" / "replaced" / folder_name).is_dir()


def dataset(out: Path) -> dict[str, list[Any]]:
    """The sorted rows of every table of the dataset."""
    import pyarrow.parquet as pq

    made = build_dataset(out)
    return {
        table: sorted(map(repr, pq.read_table(made.dataset / table).to_pylist()))
        for table in ("values", "findings", "documents", "sections")
    }


def ends(processes: Sequence[psutil.Process]) -> bool:
    _, alive = psutil.wait_procs(processes, timeout=10)
    return not alive


def test_killed_twenty_times_and_resumed_it_equals_an_undisturbed_run(write: Write, tmp_path: Path) -> None:
    folder = write({f"{n:02d}.pdf": f"{n}" for n in range(198)} | {"torn.pdf": "torn 1", "damaged.pdf": "damaged 2"})
    chance = random.Random(6)
    options = ("--no-dataset", "-q")
    undisturbed, killed = tmp_path / "undisturbed", tmp_path / "killed"
    assert start(0.0, folder, "--out", undisturbed, *options).wait(120) == 7
    finished = 0
    for kill in range(20):
        crew_size = "2" if kill % 4 == 3 else "1"
        models = ("--shared-models",) if kill % 5 == 2 else ()
        process = start(0.03, folder, "--out", killed, *options, "--workers", crew_size, *models)
        if kill % 5 == 0:
            time.sleep(chance.uniform(0.0, 0.8))  # before the first worker is ready, or not long after
        else:
            _wait_for(killed, process, finished + chance.randint(1, 5))
            time.sleep(chance.uniform(0.0, 0.1))
        crew = workers(process)
        if kill % 4 == 3 and crew:
            crew[0].send_signal(signal.SIGKILL)
            time.sleep(chance.uniform(0.0, 0.3))
        process.send_signal(signal.SIGKILL)
        assert process.wait(20) == -signal.SIGKILL
        assert ends(crew)
        sound(killed)
        before, finished = finished, _finished(killed)
        assert finished >= before
    assert 20 < finished < 198
    assert start(0.0, folder, "--out", killed, *options).wait(120) == 7
    query = "SELECT sha256, folder, state, category, message FROM documents ORDER BY 1"
    assert rows(killed, query) == rows(undisturbed, query)
    assert dataset(killed) == dataset(undisturbed)
    assert len(dataset(killed)["documents"]) == 199


def test_interrupted_from_the_keyboard_it_finishes_what_it_has_begun(write: Write, out: Path) -> None:
    folder = write({f"{n}.pdf": f"{n}" for n in range(40)})
    process = start(0.1, folder, "--out", out, "--workers", "2")
    _wait_for(out, process)
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 130
    sound(out)
    done = rows(out, "SELECT count(*) FROM documents WHERE state = 'done'")[0][0]
    assert 0 < done < 40
    assert rows(out, "SELECT count(*) FROM documents WHERE state NOT IN ('done', 'pending')") == [(0,)]
    assert rows(out, "SELECT outcome FROM runs") == [("stopped",)]
    assert (out / "summary.html").is_file()
    assert not (out / "work").exists()


def test_interrupted_twice_it_stops_at_once(write: Write, out: Path) -> None:
    folder = write({f"slow{n}.pdf": f"{n}2" for n in range(9)} | {"a.pdf": "1"})
    process = start(0.0, folder, "--out", out, "--workers", "2", "--document-seconds", "600")
    _wait_for(out, process)
    process.send_signal(signal.SIGINT)
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 130
    assert rows(out, "SELECT DISTINCT state FROM documents ORDER BY 1") == [("done",), ("pending",)]
    assert rows(out, "SELECT max(attempts) FROM documents") == [(0,)]
    assert (out / "summary.html").is_file()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 600 KB."""
    place = tmp_path / "small"
    place.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", place], capture_output=True, check=False)
    if made.returncode:
        pytest.skip("needs the right to mount a file system")
    yield place
    subprocess.run(["umount", place], check=True)


@pytest.mark.skipif(shutil.which("mount") is None, reason="needs mount")
def test_a_full_disk_stops_it_and_more_room_lets_it_go_on(write: Write, small_disk: Path) -> None:
    folder = write({f"{n:03d}.pdf": f"{n}" for n in range(150)})
    out = small_disk / "out"
    assert start(0.0, folder, "--out", out, "--workers", "1", "--no-dataset").wait(60) == 6
    sound(out)
    done = _finished(out)
    assert done < 150
    subprocess.run(["mount", "-o", "remount,size=20m", small_disk], check=True)
    assert start(0.0, folder, "--out", out, "--workers", "1", "--no-dataset").wait(60) == 0
    assert rows(out, "SELECT state, count(*), max(attempts) FROM documents GROUP BY 1") == [("done", 150, 0)]
    assert rows(out, "SELECT count(*) FROM attempts WHERE run = 2 AND state = 'done'")[0][0] <= 150 - done + 1


def _finished(out: Path) -> int:
    return len(list((out / "documents").iterdir())) if (out / "documents").is_dir() else 0


def _wait_for(out: Path, process: subprocess.Popen[bytes], count: int = 1) -> None:
    """Until so many documents are done."""
    for _ in range(3000):
        if _finished(out) >= count:
            return
        assert process.poll() is None
        time.sleep(0.02)
    raise AssertionError(f"no {count} documents were done within a minute")
