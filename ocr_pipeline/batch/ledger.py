"""The ledger of a batch: it says of each document what has become of it, whenever the process ended."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from types import TracebackType
from typing import Any

from ocr_pipeline.batch.finding import Found, Place
from ocr_pipeline.batch.ledger_file import LedgerFile
from ocr_pipeline.batch.outputs import Outputs
from ocr_pipeline.batch.task import Failure, Measures, Outcome, State

__all__ = ["Entry", "Ledger", "Waiting"]

_PAGE = 256  # rows fetched at once, so that memory does not grow with the archive


@dataclass(frozen=True, slots=True)
class Waiting:
    """A document that is to be read, under the first of its names."""

    seq: int
    name: str
    place: Place
    sha256: str
    folder: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What the ledger says of one document of a run; of one without content, ``sha256`` is empty.

    ``measures`` are those of the results in its folder, which an earlier run may have written; ``tried`` is the
    fingerprint of the last attempt, None where there was none.
    """

    name: str
    sha256: str
    state: State
    attempts: int
    failure: Failure | None
    measures: Measures | None
    folder: str
    tried: str | None = None


class Ledger:
    """A ledger on disk; a context manager that closes it.

    Args:
        path: of the file, made when it does not exist.

    Raises:
        OutputError: it cannot be written.
        DamagedSourceError: the file is no ledger, or of another version of this program.
    """

    def __init__(self, path: Path) -> None:
        self._file = LedgerFile(path)

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def transaction(self) -> AbstractContextManager[None]:
        """All changes within are made together, or none of them.

        Raises:
            OutputError: the disk is full.
        """
        return self._file.transaction()

    def begin_run(self, fingerprint: str, workers: int) -> int:
        """Note a new run; documents that an interrupted one was reading wait again."""
        with self.transaction():
            self._file.write("UPDATE documents SET state = ? WHERE state = ?", State.PENDING.value, State.RUNNING.value)
            return self._file.write(
                "INSERT INTO runs (started, fingerprint, workers) VALUES (?, ?, ?)", _now(), fingerprint, workers
            )

    def end_run(self, run: int, outcome: str) -> None:
        """Note the end of a run, in a word; documents in work wait again."""
        with self.transaction():
            self._file.write("UPDATE documents SET state = ? WHERE state = ?", State.PENDING.value, State.RUNNING.value)
            self._file.write("UPDATE runs SET finished = ?, outcome = ? WHERE id = ?", _now(), outcome, run)

    def last_run(self) -> int:
        """The number of the run that began last; 0 where there was none."""
        row = self._file.one("SELECT max(id) FROM runs")
        return int(row[0] or 0) if row else 0

    def known(self, name: str, token: str) -> str | None:
        """The hash of a file that has not changed since an earlier run."""
        row = self._file.one("SELECT sha256 FROM names WHERE name = ? AND token = ?", name, token)
        return None if row is None else row[0]

    def note(self, found: Found, run: int, seq: int) -> bool:
        """Note a name and its document; False when this run has met the name before."""
        if self._file.one("SELECT 1 FROM names WHERE name = ? AND run = ?", found.name, run):
            return False
        failure = found.failure
        same = self._file.one("SELECT 1 FROM names WHERE sha256 = ? AND run = ?", found.sha256, run)
        self._file.write(
            "INSERT OR REPLACE INTO names VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            *(found.name, run, seq, int(not same and failure is None)),
            *(found.place.kind, os.fsencode(found.place.container), found.token, found.size, found.sha256 or None),
            *((failure.category, failure.message, failure.remedy) if failure else (None, None, None)),
        )
        if failure is None and not self._file.one("SELECT 1 FROM documents WHERE sha256 = ?", found.sha256):
            folder = Outputs.folder_name(found.sha256, found.name)
            if self._file.one("SELECT 1 FROM documents WHERE folder = ?", folder):
                folder = Outputs.folder_name(found.sha256, found.name, digits=64)
            self._file.write(
                "INSERT INTO documents (sha256, folder, state) VALUES (?, ?, ?)",
                *(found.sha256, folder, State.PENDING.value),
            )
        return True

    def of_run(self, run: int) -> Iterator[Entry]:
        """Every document of a run in its order, each once, and the names without content."""
        after = -1
        while rows := self._file.all(_ENTRIES, run, after, _PAGE):
            after = rows[-1][0]
            for row in rows:
                yield _entry(row)

    def waiting(self, run: int) -> Iterator[Waiting]:
        """The documents of a run that are to be read, in its order; each is given once, whatever becomes of it."""
        after = -1
        while rows := self._file.all(_WAITING, run, State.PENDING.value, after, _PAGE):
            for seq, name, place, container, sha256, folder in rows:
                after = seq
                # It may be done by now: rows are fetched ahead.
                if self._state(sha256) is State.PENDING:
                    yield Waiting(seq, name, Place(place, os.fsdecode(container)), sha256, folder)

    def has_waiting(self, run: int) -> bool:
        """Whether any document of a run is to be read."""
        return bool(self._file.all(_WAITING, run, State.PENDING.value, -1, 1))

    def finished_in(self, run: int) -> Iterator[tuple[datetime, float, int]]:
        """The attempts of a run that gave results, in order: when each ended, its seconds, its pages."""
        after = 0
        while rows := self._file.all(_FINISHED, run, after, _PAGE):
            after = rows[-1][0]
            for _, finished, seconds, pages in rows:
                yield datetime.fromisoformat(finished), seconds, pages

    def superseded(self) -> list[tuple[str, str]]:
        """Hash and folder of the documents that no name stands for any more, since its file has changed."""
        return [(sha256, folder) for sha256, folder in self._file.all(_SUPERSEDED)]

    def forget(self, sha256: str) -> None:
        """A document is no longer part of the archive."""
        with self.transaction():
            self._file.write("DELETE FROM documents WHERE sha256 = ?", sha256)

    def set_waiting(self, sha256: str) -> None:
        """A document is to be read anew, its attempts forgotten."""
        self._file.write("UPDATE documents SET state = ?, attempts = 0 WHERE sha256 = ?", State.PENDING.value, sha256)

    def set_running(self, sha256: str) -> None:
        """A worker has a document, or will have it soon."""
        with self.transaction():
            self._file.write(
                "UPDATE documents SET state = ?, started = ? WHERE sha256 = ?", State.RUNNING.value, _now(), sha256
            )

    def adopt(self, measures: Measures) -> State:
        """Note results that are in place already; the document's state from now on."""
        state = State.PARTIAL if measures.errors else State.DONE
        self._note_result(measures, state)
        # The worker that made them may have been lost afterwards, on its way back with them.
        self._file.write(
            "UPDATE documents SET category = ?, message = ?, remedy = '', detail = '' WHERE sha256 = ?",
            *(measures.missing or (None, None)),
            measures.sha256,
        )
        return state

    def record(self, run: int, outcome: Outcome, *, fingerprint: str, attempts: int) -> State:
        """Note what became of an attempt.

        Args:
            run: the current one.
            outcome: of the attempt; one that stops the run leaves the document waiting.
            fingerprint: with which it was read.
            attempts: so many losses of a worker are allowed before a document is quarantined.

        Returns:
            The document's state from now on.
        """
        sha256, failure = outcome.task.sha256, outcome.failure
        with self.transaction():
            if outcome.lost:
                self._file.write("UPDATE documents SET attempts = attempts + 1 WHERE sha256 = ?", sha256)
            state = self._after(outcome, attempts)
            if outcome.measures is not None:
                self._note_result(outcome.measures, state)
            self._file.write(
                "UPDATE documents SET state = ?, tried = ?, category = ?, message = ?, remedy = ?, detail = ?, "
                "finished = ? WHERE sha256 = ?",
                *(state.value, None if outcome.stop else fingerprint),
                *((failure.category, failure.message, failure.remedy, failure.detail) if failure else [None] * 4),
                *(_now(), sha256),
            )
            self._file.write(
                "INSERT INTO attempts VALUES (?, ?, ?, ?, ?, ?, ?)",
                *(sha256, run, _now(), outcome.seconds, state.value),
                *((failure.category, failure.message) if failure else (None, None)),
            )
        return state

    def _after(self, outcome: Outcome, attempts: int) -> State:
        if outcome.stop:
            return State.PENDING
        if outcome.lost:
            row = self._file.one("SELECT attempts FROM documents WHERE sha256 = ?", outcome.task.sha256)
            return State.QUARANTINED if row is not None and row[0] >= attempts else State.PENDING
        if outcome.measures is None:
            return State.FAILED
        return State.DONE if outcome.failure is None else State.PARTIAL

    def _note_result(self, measures: Measures, state: State) -> None:
        self._file.write(
            "UPDATE documents SET state = ?, fingerprint = ?, pages = ?, seconds = ?, measures = ? WHERE sha256 = ?",
            *(state.value, measures.fingerprint, measures.pages, measures.seconds),
            *(measures.model_dump_json(), measures.sha256),
        )

    def _state(self, sha256: str) -> State:
        row = self._file.one("SELECT state FROM documents WHERE sha256 = ?", sha256)
        return State.FAILED if row is None else State(row[0])


_ENTRIES = """
SELECT n.seq, n.name, n.sha256, n.category, n.message, n.remedy,
       d.state, d.attempts, d.category, d.message, d.remedy, d.detail, d.measures, d.folder, d.tried
FROM names n LEFT JOIN documents d ON d.sha256 = n.sha256
WHERE n.run = ? AND (n.first OR n.sha256 IS NULL) AND n.seq > ? ORDER BY n.seq LIMIT ?
"""
_SUPERSEDED = """
SELECT d.sha256, d.folder FROM documents d WHERE NOT EXISTS (SELECT 1 FROM names n WHERE n.sha256 = d.sha256)
"""
_FINISHED = """
SELECT a.rowid, a.finished, a.seconds, d.pages FROM attempts a JOIN documents d ON d.sha256 = a.sha256
WHERE a.run = ? AND a.state IN ('done', 'partial') AND a.rowid > ? ORDER BY a.rowid LIMIT ?
"""
_WAITING = """
SELECT n.seq, n.name, n.place, n.container, n.sha256, d.folder FROM names n JOIN documents d ON d.sha256 = n.sha256
WHERE n.run = ? AND n.first AND d.state = ? AND n.seq > ? ORDER BY n.seq LIMIT ?
"""


def _entry(row: tuple[Any, ...]) -> Entry:
    _, name, sha256, category, message, remedy, state, attempts, *rest = row
    if sha256 is None:
        return Entry(name, "", State.FAILED, 0, Failure(category, message, remedy or ""), None, "")
    own_category, own_message, own_remedy, detail, measures, folder, tried = rest
    failure = Failure(own_category, own_message, own_remedy or "", detail or "") if own_category else None
    return Entry(
        name=name,
        sha256=sha256,
        state=State(state),
        attempts=attempts,
        failure=failure,
        measures=None if measures is None else Measures.model_validate(json.loads(measures)),
        folder=folder,
        tried=tried,
    )


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds")
