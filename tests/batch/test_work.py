"""The work on one document: results in place, or the reason why there are none."""

from __future__ import annotations

import errno
import hashlib
import pickle
from pathlib import Path

import pytest

from ocr_pipeline.batch.outputs import Outputs
from ocr_pipeline.batch.task import Task
from ocr_pipeline.batch.work import WorkOrder, failure_of, is_everybodys, read_document
from ocr_pipeline.errors import DamagedSourceError, OutputError
from ocr_pipeline.report import load_report
from tests.batch.conftest import Write
from tests.fakes.named_reader import NamedReader


@pytest.fixture
def order(out: Path) -> WorkOrder:
    Outputs(out).prepare()
    return WorkOrder(out, fingerprint="f", formats=("json", "csv"))


def task(write: Write, name: str, content: str = "12") -> Task:
    folder = write({name: content})
    return Task(hashlib.sha256(content.encode()).hexdigest(), name, folder / name, "folder")


def test_results_are_in_place_with_their_measures(order: WorkOrder, write: Write) -> None:
    told: list[tuple[int, int]] = []

    def page_done(done: int, total: int) -> None:
        told.append((done, total))

    outcome = read_document(task(write, "a.pdf"), NamedReader(0.0), order, page_done=page_done)
    folder = order.out / "documents" / "folder"
    assert sorted(path.name for path in folder.iterdir()) == ["outcome.json", "report.csv", "report.json"]
    report = load_report(folder / "report.json")
    assert report.source.name == "a.pdf"
    assert outcome.measures == Outputs(order.out).finished("folder")
    assert outcome.measures is not None
    assert (outcome.measures.pages, outcome.measures.statuses) == (1, {"read": 1})
    assert outcome.measures.memory_mb > 1
    assert told == [(1, 1)]
    assert outcome.failure is None


def test_page_pictures_stand_in_a_folder_of_their_own(out: Path, write: Write) -> None:
    order = WorkOrder(out, "f", formats=("json", "pages"))
    assert read_document(task(write, "a.pdf", "2"), NamedReader(0.0), order).failure is None
    assert len(list((out / "documents" / "folder" / "pages").glob("*.webp"))) == 3


def test_a_report_that_lacks_a_page_is_kept_and_says_so(order: WorkOrder, write: Write) -> None:
    outcome = read_document(task(write, "torn.pdf"), NamedReader(0.0), order)
    assert outcome.measures is not None
    assert outcome.measures.errors == 1
    assert outcome.failure is not None
    assert outcome.failure.message == "text of page 2 failed: page is torn"


def test_an_error_of_the_document_is_data(order: WorkOrder, write: Write) -> None:
    outcome = read_document(task(write, "damaged.pdf"), NamedReader(0.0), order)
    assert outcome.failure is not None
    assert (outcome.failure.category, outcome.failure.message) == ("DamagedSourceError", "cut off")
    assert outcome.failure.remedy == DamagedSourceError.remedy
    assert not outcome.lost
    assert not outcome.stop
    assert list((order.out / "documents").iterdir()) == []


def test_an_oversight_of_the_authors_is_data_with_its_place(order: WorkOrder, write: Write) -> None:
    outcome = read_document(task(write, "bug.pdf"), NamedReader(0.0), order)
    assert outcome.failure is not None
    assert outcome.failure.category == "ZeroDivisionError"
    assert "named_reader.py" in outcome.failure.detail


def test_a_document_that_has_changed_since_it_was_found_is_not_taken_for_what_it_was(
    order: WorkOrder, write: Write
) -> None:
    given = task(write, "a.pdf")
    given.path.write_text("other", encoding="utf-8")
    outcome = read_document(given, NamedReader(0.0), order)
    assert outcome.failure is not None
    assert "changed" in outcome.failure.message
    assert list((order.out / "documents").iterdir()) == []


def test_a_document_without_a_form_fails_where_one_is_required(out: Path, write: Write) -> None:
    order = WorkOrder(out, "f", require_form=True)
    assert read_document(task(write, "a.pdf"), NamedReader(0.0), order).failure is None
    outcome = read_document(task(write, "formless.pdf"), NamedReader(0.0), order)
    assert outcome.failure is not None
    assert outcome.failure.category == "NoKnownTableError"


def test_no_memory_left_is_worth_another_attempt(order: WorkOrder, write: Write) -> None:
    class Greedy(NamedReader):
        def read(self, *arguments: object, **keywords: object) -> None:  # type: ignore[override]
            raise MemoryError

    assert read_document(task(write, "a.pdf"), Greedy(0.0), order).lost


def test_a_full_disk_is_everybodys(order: WorkOrder, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Outputs, *arguments: object) -> None:
        raise OutputError("cannot write: No space left on device")

    monkeypatch.setattr(Outputs, "publish", full)
    outcome = read_document(task(write, "a.pdf"), NamedReader(0.0), order)
    assert outcome.stop
    assert outcome.failure is not None
    assert outcome.failure.category == "OutputError"


def test_a_full_disk_is_recognised_behind_other_errors() -> None:
    error = DamagedSourceError("LibreOffice cannot read it")
    error.__cause__ = OSError(errno.ENOSPC, "No space left on device")
    assert is_everybodys(error)
    assert not is_everybodys(DamagedSourceError("cut off"))
    assert not is_everybodys(FileNotFoundError(2, "No such file"))


def test_orders_outcomes_and_failures_travel(order: WorkOrder, write: Write) -> None:
    outcome = read_document(task(write, "bug.pdf"), NamedReader(0.0), order)
    assert pickle.loads(pickle.dumps((order, outcome))) == (order, outcome)
    assert failure_of(DamagedSourceError("cut off", page=2)).message == "page 3: cut off"


def test_the_password_is_in_no_message(out: Path) -> None:
    assert "secret" not in repr(WorkOrder(out, "f", password="secret"))  # noqa: S106
