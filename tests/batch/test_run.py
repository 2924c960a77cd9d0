"""A batch from its inputs to its last result, with an engine that has no workers."""

from __future__ import annotations

import io
import os
import shutil
import sqlite3
import sys
import threading
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import fsspec
import pytest
from filelock import FileLock

from ocr_pipeline.batch.engine import Engine
from ocr_pipeline.batch.options import BatchOptions
from ocr_pipeline.batch.outputs import Outputs
from ocr_pipeline.batch.run import Batch, run_batch
from ocr_pipeline.batch.task import Outcome, State, Task
from ocr_pipeline.batch.work import WorkOrder
from ocr_pipeline.errors import OutputError
from ocr_pipeline.report import load_report
from tests.batch.conftest import Recorder, Run, Write, files, rows
from tests.fakes.inline_engine import InlineEngine, inline
from tests.fakes.named_reader import NamedReaders


def states(out: Path) -> dict[str, int]:
    return dict(rows(out, "SELECT state, count(*) FROM documents GROUP BY state"))


def zipped(documents: dict[str, str | bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in documents.items():
            archive.writestr(name, content)
    return stream.getvalue()


def test_each_document_gets_a_folder_and_the_ledger_says_so(run: Run, write: Write, out: Path) -> None:
    result = run(write({"a.pdf": "1", "b.pdf": "2"}))
    assert result.states[State.DONE] == result.documents == 2
    assert (result.pages, result.failures, result.stopped) == (5, 0, None)
    assert sorted(name.split("-")[1] for name in files(out) if name.startswith("documents")) == [
        "a/outcome.json",
        "a/report.json",
        "b/outcome.json",
        "b/report.json",
    ]
    assert not (out / "work").exists()


def test_the_same_content_is_read_once_and_both_names_are_kept(
    run: Run, write: Write, out: Path, recorder: Recorder
) -> None:
    result = run(write({"a.pdf": "1", "copy/b.pdf": "1"}))
    assert recorder.names == ["a.pdf"]
    assert (result.names, result.documents) == (2, 1)
    assert [Path(name).name for (name,) in rows(out, "SELECT name FROM names ORDER BY seq")] == ["a.pdf", "b.pdf"]


def test_members_of_nested_archives_are_read_from_the_spool(
    run: Run, tmp_path: Path, out: Path, recorder: Recorder
) -> None:
    inner = zipped({"c.pdf": "3", "d.pdf": "1"})
    (tmp_path / "all.zip").write_bytes(zipped({"a.pdf": "1", "deep/inner.zip": inner, "e.pdf": "5"}))
    result = run(tmp_path / "all.zip", ahead=3)
    assert (result.states[State.DONE], result.names) == (3, 4)
    (report,) = (load_report(path) for path in out.glob("documents/*-c/report.json"))
    assert report.source.name == f"{tmp_path}/all.zip!/deep/inner.zip!/c.pdf"
    assert sorted(recorder.names) == ["a.pdf", "c.pdf", "e.pdf"]


def test_two_members_of_one_name_are_two_documents(run: Run, tmp_path: Path, out: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.pdf", "1")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("a.pdf", "2")
    (tmp_path / "all.zip").write_bytes(stream.getvalue())
    assert run(tmp_path / "all.zip").states[State.DONE] == 2
    names = {load_report(path).source.name.partition("!/")[2] for path in out.glob("documents/*/report.json")}
    assert names == {"a.pdf", "a.pdf (2)"}


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no names in other encodings")
@pytest.mark.parametrize("packed", [False, True])
def test_names_in_an_encoding_of_their_own_are_decoded(run: Run, tmp_path: Path, out: Path, packed: bool) -> None:
    (tmp_path / "in").mkdir()
    name = "年报.zip" if packed else "年报.pdf"
    content = zipped({"a.pdf": "1"}) if packed else b"1"
    (tmp_path / "in" / os.fsdecode(name.encode("gb18030"))).write_bytes(content)
    assert run(tmp_path / "in").states[State.DONE] == 1
    (report,) = (load_report(path) for path in out.glob("documents/*/report.json"))
    assert report.source.name == f"{tmp_path}/in/{name}" + ("!/a.pdf" if packed else "")


def test_addresses_are_read(run: Run, out: Path) -> None:
    system = fsspec.filesystem("memory")
    system.store.clear()
    system.pipe("/r/a.pdf", b"1")
    system.pipe("/r/b.zip", zipped({"c.pdf": "3", "d.pdf": "4"}))
    assert run("memory://r").states[State.DONE] == 3
    assert run("memory://r").done == 0


def test_failures_have_their_reasons_and_cost_nobody_else(
    run: Run, write: Write, out: Path, recorder: Recorder
) -> None:
    folder = write({f"{name}.pdf": f"{name} 1" for name in ("good", "damaged", "bug", "torn", "lost")})
    result = run(folder, folder / "missing.pdf")
    assert {state: count for state, count in result.states.items() if count} == {
        State.DONE: 1,
        State.FAILED: 3,
        State.PARTIAL: 1,
        State.QUARANTINED: 1,
    }
    assert result.failures == 5
    assert recorder.names.count("lost.pdf") == 2
    assert recorder.names[-1] == "lost.pdf"  # its second attempt comes when all others had their first
    assert rows(out, "SELECT category FROM names WHERE name LIKE '%missing.pdf'") == [("SourceNotFoundError",)]


def test_what_is_done_is_not_done_again(run: Run, write: Write, recorder: Recorder) -> None:
    folder = write({"a.pdf": "1", "damaged.pdf": "2", "lost.pdf": "3", "torn.pdf": "4"})
    run(folder)
    write({"b.pdf": "5"})
    result = run(folder)
    assert recorder.names == ["b.pdf"]
    assert (result.scheduled.kept, result.scheduled.failed) == (1, 3)
    assert result.failures == 3


def test_failed_documents_are_tried_again_on_request(run: Run, write: Write, recorder: Recorder) -> None:
    folder = write({"a.pdf": "1", "damaged.pdf": "2", "lost.pdf": "3", "torn.pdf": "4"})
    run(folder)
    result = run(folder, retry_failed=True)
    assert sorted(recorder.names) == ["damaged.pdf", "lost.pdf", "lost.pdf", "torn.pdf"]
    assert result.states[State.QUARANTINED] == 1


def test_another_version_reads_again_on_request_only(run: Run, write: Write, out: Path, recorder: Recorder) -> None:
    folder = write({"a.pdf": "1", "damaged.pdf": "2"})
    run(folder)
    result = run(folder, version="second")
    assert recorder.names == []
    assert result.scheduled.outdated == 2
    run(folder, version="second", refresh=True)
    assert sorted(recorder.names) == ["a.pdf", "damaged.pdf"]
    assert rows(out, "SELECT DISTINCT tried FROM documents") == [("second",)]
    run(folder, version="second", refresh=True)
    assert recorder.names == []


def test_results_that_were_removed_are_made_again(run: Run, write: Write, out: Path, recorder: Recorder) -> None:
    folder = write({"a.pdf": "1", "b.pdf": "2"})
    run(folder)
    (removed,) = out.glob("documents/*-a")
    shutil.rmtree(removed)
    run(folder)
    assert recorder.names == ["a.pdf"]


def test_a_further_format_is_made_by_reading_again(run: Run, write: Write, out: Path, recorder: Recorder) -> None:
    folder = write({"a.pdf": "1"})
    run(folder)
    run(folder, formats=("json", "csv"))
    assert recorder.names == ["a.pdf"]
    run(folder, formats=("csv",))
    assert recorder.names == []
    assert len(list(out.glob("documents/*/report.*"))) == 2


def test_a_changed_file_is_another_document_and_the_old_one_is_put_aside(
    run: Run, write: Write, recorder: Recorder, out: Path
) -> None:
    folder = write({"a.pdf": "1", "b.pdf": "2", "copy-of-b.pdf": "2"})
    run(folder)
    write({"a.pdf": "12", "b.pdf": "22"})
    result = run(folder)
    assert recorder.names == ["a.pdf", "b.pdf"]
    assert result.states[State.DONE] == 3
    assert len(list((out / "documents").iterdir())) == 3
    assert len(list((out / ".superseded").iterdir())) == 1
    write({"a.pdf": "1"})
    run(folder)
    assert recorder.names == ["a.pdf"]


def test_a_lost_ledger_is_no_lost_work(run: Run, write: Write, out: Path, recorder: Recorder) -> None:
    folder = write({"a.pdf": "1", "torn.pdf": "2"})
    run(folder)
    for file in out.glob("ledger.sqlite*"):
        file.unlink()
    result = run(folder)
    assert recorder.names == []
    assert (result.states[State.DONE], result.states[State.PARTIAL]) == (1, 1)


def test_the_order_in_which_workers_finish_changes_nothing(write: Write, tmp_path: Path) -> None:
    folder = write({f"{n}.pdf": str(n % 7) for n in range(30)})
    found = []
    for seed in (1, 2):
        out = tmp_path / f"out{seed}"
        readers = NamedReaders()
        run_batch(Batch([str(folder)], out, readers, inline(readers, ahead=5, seed=seed)))
        reports = {path.parent.name: load_report(path) for path in sorted(out.glob("documents/*/report.json"))}
        found.append((reports, rows(out, "SELECT sha256, folder, state, attempts FROM documents ORDER BY 1")))
    assert found[0] == found[1]
    assert len(found[0][0]) == 7


def test_asked_to_stop_it_begins_no_further_document(run: Run, write: Write, recorder: Recorder, out: Path) -> None:
    folder = write({f"{n}.pdf": str(n) for n in range(9)})
    stop = threading.Event()

    def finished(outcome: Outcome, state: State, tell: object = recorder.finished) -> None:
        recorder.names.append(Path(outcome.task.name).name)
        if len(recorder.names) == 3:
            stop.set()

    recorder.finished = finished  # type: ignore[method-assign]
    result = run(folder, stop=stop)
    assert result.stopped is not None
    assert (len(recorder.names), result.states[State.PENDING]) == (3, 6)
    assert rows(out, "SELECT outcome FROM runs") == [("stopped",)]
    stop.clear()
    assert run(folder).states[State.DONE] == 9


def test_stopped_while_it_looks_for_documents_it_is_not_done(run: Run, write: Write) -> None:
    folder = write({f"{n}.pdf": str(n) for n in range(9)})
    stop = threading.Event()
    stop.set()
    result = run(folder, stop=stop)
    assert result.stopped is not None
    assert result.done == 0


class _Failing:
    """An engine that a full disk or Ctrl-C befalls after some outcomes."""

    def __init__(self, order: WorkOrder, error: BaseException | None) -> None:
        self._inner = InlineEngine(NamedReaders(), order, ahead=4)
        self._error = error

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *arguments: object) -> None:
        pass

    def run(self, tasks: Iterator[Task]) -> Iterator[Outcome]:
        for number, outcome in enumerate(self._inner.run(tasks)):
            if number == 2 and self._error is not None:
                raise self._error
            yield outcome


def test_interrupted_at_once_it_leaves_the_ledger_in_order(write: Write, out: Path, run: Run) -> None:
    folder = write({f"{n}.pdf": str(n) for n in range(9)})
    batch = Batch([str(folder)], out, NamedReaders(), lambda order, outputs: _Failing(order, KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        run_batch(batch)
    assert states(out) == {"done": 2, "pending": 7}
    assert rows(out, "SELECT outcome FROM runs") == [("interrupted",)]
    assert not (out / "work").exists()
    assert run(folder).states[State.DONE] == 9


def test_a_full_disk_stops_the_batch_and_costs_no_document_an_attempt(
    write: Write, out: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write({f"{n}.pdf": str(n) for n in range(9)})
    published: list[int] = []
    publish = Outputs.publish

    def full(self: Outputs, *arguments: object) -> None:
        published.append(1)
        if len(published) > 2:
            raise OutputError("cannot write: No space left on device")
        publish(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Outputs, "publish", full)
    result = run(folder)
    monkeypatch.undo()
    assert result.stopped is not None
    assert result.stopped.category == "OutputError"
    assert states(out) == {"done": 2, "pending": 7}
    assert rows(out, "SELECT max(attempts) FROM documents") == [(0,)]
    assert run(folder).states[State.DONE] == 9


def test_an_archive_that_vanishes_fails_its_documents(write: Write, tmp_path: Path, out: Path) -> None:
    archive = tmp_path / "all.zip"
    archive.write_bytes(zipped({"a.pdf": "1", "b.pdf": "2"}))
    readers = NamedReaders()

    def start(order: WorkOrder, outputs: Outputs) -> Engine:
        archive.write_bytes(zipped({"a.pdf": "1"}))
        return InlineEngine(readers, order)

    result = run_batch(Batch([str(archive)], out, readers, start))
    assert (result.states[State.DONE], result.states[State.FAILED]) == (1, 1)
    ((message,),) = rows(out, "SELECT message FROM documents WHERE state = 'failed'")
    assert "gone" in message


def test_two_batches_in_one_folder_are_one_too_many(run: Run, write: Write, out: Path) -> None:
    out.mkdir()
    with FileLock(out / ".lock"), pytest.raises(OutputError, match="another batch"):
        run(write({"a.pdf": "1"}))


def test_nothing_found_is_no_error(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    result = run(tmp_path / "empty")
    assert (result.documents, result.failures) == (1, 1)


def test_the_ledger_can_be_queried_with_the_reasons(run: Run, write: Write, out: Path) -> None:
    run(write({"damaged.pdf": "1", "lost.pdf": "2"}))
    with closing(sqlite3.connect(out / "ledger.sqlite")) as database:
        found = database.execute(
            "SELECT n.name, d.state, d.attempts, d.category, d.message FROM documents d JOIN names n USING (sha256) "
            "ORDER BY n.seq"
        ).fetchall()
    assert [(Path(name).name, *rest) for name, *rest in found] == [
        ("damaged.pdf", "failed", 0, "DamagedSourceError", "cut off"),
        ("lost.pdf", "quarantined", 2, "Crash", "its worker crashed"),
    ]


def test_options_that_make_no_sense_are_refused() -> None:
    for wrong in ({"attempts": 0}, {"page_seconds": 0}, {"memory_mb": 1}, {"no_such": 1}):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            BatchOptions(**wrong)  # type: ignore[arg-type]
