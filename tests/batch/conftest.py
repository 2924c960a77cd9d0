from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from ocr_pipeline.batch.options import BatchOptions
from ocr_pipeline.batch.run import Batch, BatchResult, run_batch
from ocr_pipeline.batch.task import Failure, Outcome, State
from tests.fakes.inline_engine import inline
from tests.fakes.named_reader import NamedReaders

Write = Callable[..., Path]
Run = Callable[..., BatchResult]


class Recorder:
    """Remembers what became of each attempt."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.states: dict[str, State] = {}
        self.categories: dict[str, str] = {}

    def found(self, names: int, size: int) -> None:
        pass

    def unreadable(self, name: str, failure: Failure) -> None:
        self.states[Path(name).name] = State.FAILED

    def scheduled(self, counts: object) -> None:
        pass

    def finished(self, outcome: Outcome, state: State) -> None:
        name = Path(outcome.task.name).name
        self.names.append(name)
        self.states[name] = state
        if outcome.failure is not None:
            self.categories[name] = outcome.failure.category


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes documents: names to contents, below a folder."""

    def write(documents: dict[str, str], folder: str = "in") -> Path:
        for name, content in documents.items():
            path = tmp_path / folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        return tmp_path / folder

    return write


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def run(out: Path, recorder: Recorder) -> Run:
    """Runs a batch with the inline engine; keywords are options of the batch."""

    def run(
        *inputs: str | Path, version: str = "first", ahead: int = 1, stop: Any = None, **options: Any
    ) -> BatchResult:
        readers = NamedReaders(version=version)
        engine = inline(readers, ahead=ahead)
        batch = Batch([str(given) for given in inputs], out, readers, engine, BatchOptions(**options))
        recorder.names.clear()
        return run_batch(batch, observer=recorder, stop=stop)

    return run


def rows(out: Path, query: str) -> Sequence[tuple[Any, ...]]:
    """What the ledger answers."""
    with closing(sqlite3.connect(out / "ledger.sqlite")) as database:
        return database.execute(query).fetchall()


def files(out: Path) -> list[str]:
    """Everything below the folder, the folders of documents by their stems."""
    return sorted(str(path.relative_to(out)) for path in out.rglob("*") if path.is_file() and path.name != ".lock")
