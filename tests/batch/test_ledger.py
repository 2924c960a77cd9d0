"""The ledger: states, attempts, order; and what it says after any history."""

from __future__ import annotations

import contextlib
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from ocr_pipeline.batch.finding import Found, Place
from ocr_pipeline.batch.ledger import Ledger
from ocr_pipeline.batch.task import Failure, Measures, Outcome, State, Task
from ocr_pipeline.errors import DamagedSourceError, OutputError

CRASH = Failure("Crash", "its worker crashed")


def sha(number: int) -> str:
    return f"{number:064x}"


def document(name: str, number: int) -> Found:
    return Found(name, Place("file", name), "token", sha(number), 10)


def measured(number: int, fingerprint: str = "f", errors: int = 0) -> Measures:
    return Measures(
        sha256=sha(number), name=f"{number}.pdf", fingerprint=fingerprint, formats=("json",), pages=2, errors=errors
    )


def task(number: int) -> Task:
    return Task(sha(number), f"{number}.pdf", Path(f"{number}.pdf"), f"folder-{number}")


def record(ledger: Ledger, run: int, outcome: Outcome, attempts: int = 2) -> State:
    return ledger.record(run, outcome, fingerprint="f", attempts=attempts)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "ledger.sqlite") as opened:
        yield opened


def begin(ledger: Ledger, *found: Found) -> int:
    run = ledger.begin_run("f", 1)
    with ledger.transaction():
        for seq, item in enumerate(found):
            ledger.note(item, run, seq)
    return run


def waiting(ledger: Ledger, run: int) -> list[str]:
    return [document.name for document in ledger.waiting(run)]


def test_one_content_is_read_once_under_its_first_name(ledger: Ledger, tmp_path: Path) -> None:
    run = begin(ledger, document("b.pdf", 1), document("a.pdf", 1), document("c.pdf", 2))
    assert waiting(ledger, run) == ["b.pdf", "c.pdf"]
    with closing(sqlite3.connect(tmp_path / "ledger.sqlite")) as anybody:
        names = anybody.execute("SELECT name FROM names WHERE sha256 = ? ORDER BY seq", (sha(1),)).fetchall()
    assert names == [("b.pdf",), ("a.pdf",)]
    assert [entry.name for entry in ledger.of_run(run)] == ["b.pdf", "c.pdf"]


def test_a_name_given_twice_counts_once(ledger: Ledger) -> None:
    run = ledger.begin_run("f", 1)
    assert ledger.note(document("a.pdf", 1), run, 0)
    assert not ledger.note(document("a.pdf", 1), run, 1)
    assert waiting(ledger, run) == ["a.pdf"]


def test_two_contents_of_one_stem_and_one_beginning_of_the_hash_have_a_folder_each(ledger: Ledger) -> None:
    first = Found("x/a.pdf", Place("file", "x/a.pdf"), "", "c" * 63 + "1", 1)
    second = Found("y/a.pdf", Place("file", "y/a.pdf"), "", "c" * 63 + "2", 1)
    run = begin(ledger, first, second)
    assert len({document.folder for document in ledger.waiting(run)}) == 2


def test_names_without_content_are_failures_of_the_run(ledger: Ledger) -> None:
    broken = Found("x.zip", Place("file", "x.zip"), failure=Failure("DamagedSourceError", "cut off", "fetch it again"))
    run = begin(ledger, broken, document("a.pdf", 1))
    entry = next(iter(ledger.of_run(run)))
    assert (entry.state, entry.sha256, entry.failure) == (State.FAILED, "", broken.failure)
    assert waiting(ledger, run) == ["a.pdf"]


def test_a_document_that_ends_its_worker_waits_again_until_it_is_quarantined(ledger: Ledger) -> None:
    run = begin(ledger, document("a.pdf", 1))
    lost = Outcome(task(1), failure=CRASH, lost=True)
    assert record(ledger, run, lost) is State.PENDING
    assert waiting(ledger, run) == ["a.pdf"]
    assert record(ledger, run, lost) is State.QUARANTINED
    assert waiting(ledger, run) == []
    (entry,) = ledger.of_run(run)
    assert (entry.attempts, entry.failure) == (2, CRASH)


def test_an_outcome_that_stops_the_run_costs_no_attempt(ledger: Ledger) -> None:
    run = begin(ledger, document("a.pdf", 1))
    stopped = Outcome(task(1), failure=Failure("OutputError", "disk full"), stop=True)
    assert record(ledger, run, stopped, attempts=1) is State.PENDING
    (entry,) = ledger.of_run(run)
    assert (entry.attempts, entry.tried) == (0, None)


def test_an_earlier_result_outlives_a_later_failure(ledger: Ledger) -> None:
    run = begin(ledger, document("a.pdf", 1))
    record(ledger, run, Outcome(task(1), measures=measured(1)))
    with ledger.transaction():
        ledger.set_waiting(sha(1))
    record(ledger, run, Outcome(task(1), failure=Failure("DamagedSourceError", "cut off")))
    (entry,) = ledger.of_run(run)
    assert entry.state is State.FAILED
    assert entry.measures == measured(1)


def test_results_whose_worker_was_lost_on_its_way_back_are_as_good_as_others(ledger: Ledger) -> None:
    run = begin(ledger, document("a.pdf", 1))
    record(ledger, run, Outcome(task(1), failure=CRASH, lost=True))
    ledger.adopt(measured(1))
    (entry,) = ledger.of_run(run)
    assert (entry.state, entry.failure, entry.measures) == (State.DONE, None, measured(1))


def test_documents_in_work_when_a_run_was_killed_wait_again(ledger: Ledger) -> None:
    run = begin(ledger, document("a.pdf", 1), document("b.pdf", 2))
    ledger.set_running(sha(1))
    assert waiting(ledger, run) == ["b.pdf"]
    again = begin(ledger, document("a.pdf", 1), document("b.pdf", 2))
    assert waiting(ledger, again) == ["a.pdf", "b.pdf"]


def test_a_later_run_sees_only_its_own_inputs(ledger: Ledger) -> None:
    begin(ledger, document("a.pdf", 1), document("b.pdf", 2))
    run = begin(ledger, document("b.pdf", 2), document("c.pdf", 3))
    assert waiting(ledger, run) == ["b.pdf", "c.pdf"]


def test_a_file_is_known_while_it_does_not_change(ledger: Ledger) -> None:
    begin(ledger, document("a.pdf", 1))
    assert ledger.known("a.pdf", "token") == sha(1)
    assert ledger.known("a.pdf", "other") is None
    assert ledger.known("b.pdf", "token") is None


def test_thousands_of_documents_come_in_order_each_once(ledger: Ledger) -> None:
    run = begin(ledger, *(document(f"{n}.pdf", n) for n in range(1000)))
    seen = []
    for item in ledger.waiting(run):
        seen.append(item.seq)
        ledger.set_running(item.sha256)
    assert seen == list(range(1000))


def test_a_transaction_that_fails_changes_nothing(ledger: Ledger) -> None:
    run = ledger.begin_run("f", 1)
    with contextlib.suppress(ZeroDivisionError), ledger.transaction():
        ledger.note(document("a.pdf", 1), run, 0)
        raise ZeroDivisionError
    assert waiting(ledger, run) == []


def test_another_process_may_look_on(ledger: Ledger, tmp_path: Path) -> None:
    begin(ledger, document("a.pdf", 1))
    with closing(sqlite3.connect(tmp_path / "ledger.sqlite")) as other:
        assert other.execute("SELECT state FROM documents").fetchall() == [("pending",)]
        assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_file_that_is_no_ledger_is_refused(tmp_path: Path) -> None:
    (tmp_path / "ledger.sqlite").write_bytes(b"this is no database, but a text of some length" * 99)
    with pytest.raises(DamagedSourceError, match="damaged"):
        Ledger(tmp_path / "ledger.sqlite")


def test_a_ledger_of_a_later_version_is_refused(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "ledger.sqlite")) as database:
        database.execute("PRAGMA user_version = 99")
    with pytest.raises(DamagedSourceError, match="version 99"):
        Ledger(tmp_path / "ledger.sqlite")


def test_a_full_disk_is_an_output_error(ledger: Ledger) -> None:
    (pages,) = ledger._file.one("PRAGMA page_count")
    ledger._file.write(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(OutputError, match="full"):
        begin(ledger, *(document(f"{'x' * 200}{n}.pdf", n) for n in range(500)))
    ledger._file.write("PRAGMA max_page_count = 100000")
    run = begin(ledger, document("a.pdf", 1))
    assert waiting(ledger, run) == ["a.pdf"]


class LedgerMachine(RuleBasedStateMachine):
    """Any history of runs, outcomes and kills, against a model of what each document must be."""

    DOCUMENTS = 5
    ATTEMPTS = 2

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self.path = Path(self._folder.name) / "ledger.sqlite"
        self.ledger = Ledger(self.path)
        self.run = 0
        self.inputs: list[int] = []
        self.states: dict[int, State] = {}
        self.attempts: dict[int, int] = {}
        self.results: dict[int, Measures] = {}

    def teardown(self) -> None:
        self.ledger.__exit__(None, None, None)
        self._folder.cleanup()

    @rule(inputs=st.lists(st.integers(0, DOCUMENTS - 1), min_size=1, max_size=5))
    def begin(self, inputs: list[int]) -> None:
        """A new run, whether the last one ended or was killed."""
        self.inputs = list(dict.fromkeys(inputs))
        self.run = begin(self.ledger, *(document(f"{n}.pdf", n) for n in inputs))
        for number in self.inputs:
            self.states.setdefault(number, State.PENDING)
            self.attempts.setdefault(number, 0)
        for number, state in self.states.items():
            if state is State.RUNNING:
                self.states[number] = State.PENDING

    @rule()
    def kill(self) -> None:
        """The process ends without a word; what it had committed stays."""
        self.ledger.__exit__(None, None, None)
        self.ledger = Ledger(self.path)

    def _some(self, state: State) -> list[int]:
        return [number for number in self.inputs if self.states[number] is state]

    @precondition(lambda self: self._some(State.PENDING))
    @rule(data=st.data())
    def start(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(self._some(State.PENDING)))
        self.ledger.set_running(sha(number))
        self.states[number] = State.RUNNING

    @precondition(lambda self: self._some(State.RUNNING))
    @rule(data=st.data(), kind=st.sampled_from(["done", "partial", "failed", "lost", "stop"]))
    def finish(self, data: st.DataObject, kind: str) -> None:
        number = data.draw(st.sampled_from(self._some(State.RUNNING)))
        result = measured(number, errors=int(kind == "partial")) if kind in ("done", "partial") else None
        failure = None if kind == "done" else CRASH
        outcome = Outcome(task(number), result, failure, lost=kind == "lost", stop=kind == "stop")
        self.attempts[number] += kind == "lost"
        exhausted = self.attempts[number] >= self.ATTEMPTS
        expected = {
            "done": State.DONE,
            "partial": State.PARTIAL,
            "failed": State.FAILED,
            "lost": State.QUARANTINED if exhausted else State.PENDING,
            "stop": State.PENDING,
        }[kind]
        assert record(self.ledger, self.run, outcome, self.ATTEMPTS) is expected
        self.states[number] = expected
        if result is not None:
            self.results[number] = result

    @precondition(lambda self: self.inputs)
    @rule(data=st.data())
    def again(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(self.inputs))
        with self.ledger.transaction():
            self.ledger.set_waiting(sha(number))
        self.states[number], self.attempts[number] = State.PENDING, 0

    @invariant()
    def the_ledger_says_what_happened(self) -> None:
        entries = list(self.ledger.of_run(self.run))
        assert [entry.sha256 for entry in entries] == [sha(number) for number in self.inputs]
        for number, entry in zip(self.inputs, entries, strict=True):
            assert entry.state is self.states[number]
            assert entry.attempts == self.attempts[number]
            assert entry.measures == self.results.get(number)
        assert [item.sha256 for item in self.ledger.waiting(self.run)] == [sha(n) for n in self._some(State.PENDING)]
        assert self.ledger.has_waiting(self.run) == bool(self._some(State.PENDING))


LedgerMachine.TestCase.settings = settings(max_examples=25, stateful_step_count=25)
TestLedgerMachine = LedgerMachine.TestCase
