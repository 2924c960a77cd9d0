from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from ocr_pipeline.document import Status
from ocr_pipeline.errors import DamagedSourceError, SourceNotFoundError
from ocr_pipeline.report.corrections import Correction, CorrectionLog, Seen, Settled
from ocr_pipeline.review.choice import Choice
from ocr_pipeline.review.desk import Desk
from ocr_pipeline.review.entry import Entry
from ocr_pipeline.review.folder import FoundFile, report_key
from ocr_pipeline.review.options import ReviewOptions
from ocr_pipeline.review.store import Store
from tests.review.true_reports import MISREAD, UNREAD


def _typed(desk: Desk, key: str, field: str) -> Correction:
    opened = desk.store.open(key)
    return Correction(
        who="somebody else",
        action="value",
        new=Settled(value=int(opened.as_read[field].raw)),
        field=field,
        old=Seen.of(opened.as_read[field]),
        source_sha256=opened.report.source.sha256,
        report_sha256=opened.sha256,
    )


def test_the_index_knows_body_year_counts_and_what_waits(desk: Desk, key: str, clean_key: str) -> None:
    entry = desk.store.entry(key)
    assert (entry.body, entry.year, entry.forms, entry.pages) == ("泽崖县人民政府", 2023, ("gov-disclosure-b",), 3)
    assert entry.values == 200
    assert entry.flagged == entry.waiting == len(desk.store.open(key).report.flagged)
    assert entry.counts[Status.BLANK] == 1
    assert desk.store.entry(clean_key).waiting == 0
    assert desk.store.entry(clean_key).progress == 1.0


def test_the_misread_figure_comes_first_and_the_blank_cell_last(desk: Desk) -> None:
    queue = desk.store.index.queue(Choice(), 100)
    assert queue[0].field == MISREAD
    assert queue[-1].status is Status.BLANK


def test_reports_that_come_change_or_go_are_seen(desk: Desk, folder: Path, key: str, clean_key: str) -> None:
    copy = folder / "documents" / "abc-copy" / "report.json"
    copy.parent.mkdir(parents=True)
    copy.write_bytes((folder / "report_b_scan.json").read_bytes())
    desk.store.refresh()
    assert desk.store.entry(report_key("documents/abc-copy/report.json")).waiting
    data = json.loads((folder / "report_a_clean.json").read_bytes())
    data["title"] = "另一个县2019年政府信息公开工作年度报告"
    (folder / "report_a_clean.json").write_text(json.dumps(data), encoding="utf-8")
    (folder / "report_b_scan.json").unlink()
    desk.store.refresh()
    assert desk.store.entry(clean_key).year == 2019
    assert desk.store.open(clean_key).report.title == data["title"]
    with pytest.raises(SourceNotFoundError):
        desk.store.entry(key)
    with pytest.raises(SourceNotFoundError):
        desk.store.open(key)


def test_other_json_is_no_report_and_is_looked_at_once(
    desk: Desk, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, content in (("a.json", b"[1]"), ("b.json", b"no json"), ("c.json", b'{"x": 1}')):
        (folder / name).write_bytes(content)
    desk.store.refresh()
    assert desk.store.index.totals(Choice()).reports == 2
    looked: list[str] = []
    monkeypatch.setattr(Store, "_look", lambda self, file: looked.append(file.path))
    desk.store.refresh()
    assert looked == []


@pytest.mark.parametrize(
    "content", [b'{"schema_version": "9"}', b'{"schema_version": "1", "values": 7}', b'{"schema_version"']
)
def test_a_report_that_cannot_be_opened_stands_in_the_list_with_the_reason(
    desk: Desk, folder: Path, content: bytes
) -> None:
    (folder / "broken.json").write_bytes(content)
    desk.store.refresh()
    entry = desk.store.entry(report_key("broken.json"))
    assert entry.problem
    assert [e.key for e in desk.store.index.reports(Choice(state="failed"), "name", 5)] == [entry.key]


def test_what_somebody_else_settles_is_seen(desk: Desk, folder: Path, key: str) -> None:
    before = desk.store.entry(key)
    correction = _typed(desk, key, UNREAD[0])
    CorrectionLog.of(folder, correction.source_sha256).append(correction)
    desk.store.refresh()
    after = desk.store.entry(key)
    assert (after.waiting, after.settled, after.flagged) == (before.waiting - 1, 1, before.flagged)
    assert desk.store.open(key).values[UNREAD[0]].status is Status.VERIFIED


def test_a_damaged_log_is_told_and_nothing_is_overlooked(desk: Desk, folder: Path, key: str) -> None:
    correction = _typed(desk, key, UNREAD[0])
    log = CorrectionLog.of(folder, correction.source_sha256)
    log.append(correction)
    good = log.path.read_bytes()
    log.path.write_bytes(b"{}\n" + good)
    desk.store.refresh()
    assert "no correction" in desk.store.entry(key).problem
    with pytest.raises(DamagedSourceError):
        desk.store.open(key)
    log.path.write_bytes(good)
    desk.store.refresh()
    assert desk.store.entry(key).problem == ""
    assert desk.store.entry(key).settled == 1


def test_a_report_with_a_log_is_indexed_with_its_corrections(
    make_desk: Callable[..., Desk], folder: Path, key: str
) -> None:
    first = make_desk()
    correction = _typed(first, key, UNREAD[0])
    CorrectionLog.of(folder, correction.source_sha256).append(correction)
    first.close()
    for file in (folder / ".review").glob("index*"):
        file.unlink()
    entry = make_desk().store.entry(key)
    assert (entry.settled, entry.waiting) == (1, entry.flagged - 1)


def test_an_open_report_is_kept_until_its_file_changes(desk: Desk, folder: Path, key: str) -> None:
    first = desk.store.open(key)
    assert desk.store.open(key) is first
    os.utime(folder / "report_b_scan.json", ns=(1, 1))
    assert desk.store.open(key) is not first


def test_only_so_many_reports_are_kept_open(make_desk: Callable[..., Desk], key: str, clean_key: str) -> None:
    desk = make_desk(options={"open_reports": 1})
    first = desk.store.open(key)
    desk.store.open(clean_key)
    assert desk.store.open(key) is not first


def test_many_changed_files_are_left_to_the_background(make_desk: Callable[..., Desk], folder: Path) -> None:
    desk = make_desk()
    content = (folder / "report_a_clean.json").read_bytes()
    for number in range(60):
        (folder / f"more{number:02d}.json").write_bytes(content)
    desk.store.refresh()
    assert desk.store._background is not None
    desk.store._background.join()
    assert desk.store.pending == 0
    assert desk.store.index.totals(Choice()).reports == 62


def test_somebody_who_asks_while_the_folder_is_looked_through_is_answered(
    folder: Path, key: str, clean_key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(folder, ReviewOptions(), None)
    begun, go_on = threading.Event(), threading.Event()
    look = Store._look

    def looked(of: Store, file: FoundFile) -> Entry | None:
        if threading.current_thread() is first:
            begun.set()
            assert go_on.wait(20)
        return look(of, file)

    monkeypatch.setattr(Store, "_look", looked)
    first = threading.Thread(target=store.refresh)
    first.start()
    try:
        assert begun.wait(20)
        assert [store.entry(asked).values for asked in (key, clean_key)] == [200, 198]
    finally:
        go_on.set()
        first.join()
        store.close()


def test_a_closed_store_looks_at_nothing_more(folder: Path) -> None:
    store = Store(folder, ReviewOptions(), None)
    store.close()
    store.refresh(wait=True)
    assert store.closed


def test_no_folder_no_store(tmp_path: Path) -> None:
    with pytest.raises(SourceNotFoundError):
        Store(tmp_path / "nowhere", ReviewOptions(), None)
