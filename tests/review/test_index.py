from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.document import Status
from ocr_pipeline.review.choice import Choice
from ocr_pipeline.review.entry import Entry, Flag
from ocr_pipeline.review.index import Index


def _entry(key: str, *flags: tuple[Status, int], **changes: object) -> Entry:
    counts = dict.fromkeys(Status, 0) | {Status.VERIFIED: 10}
    for status, _ in flags:
        counts[status] += 1
    values = {
        "key": key,
        "path": f"{key}.json",
        "stamp": "1",
        "source_name": f"/scans/{key}.pdf",
        "source_sha256": key * 4,
        "counts": counts,
        "flagged": len(flags),
        "waiting": len(flags),
        "flags": tuple(Flag(f"f/{n}", n, status, level) for n, (status, level) in enumerate(flags)),
    }
    return Entry(**{**values, **changes})


@pytest.fixture
def index() -> Index:
    found = Index(None)
    found.put(
        [
            _entry(
                "a", (Status.MISSING, 300), (Status.CONFLICT, 420), body="云岭县财政局", year=2021, title="年度报告"
            ),
            _entry("b", (Status.CONFLICT, 470), body="100%_县", year=2022, forms=("form-b",)),
            _entry("c", body="云岭县", year=2021, forms=("form-a", "form-b"), flagged=3, settled=3),
            _entry("d", problem="damaged"),
        ]
    )
    return found


def _keys(index: Index, **conditions: object) -> list[str]:
    return [entry.key for entry in index.reports(Choice(**conditions), "name", 10)]


def test_what_is_put_in_comes_out(index: Index) -> None:
    entry = _entry("a", (Status.MISSING, 300), (Status.CONFLICT, 420), body="云岭县财政局", year=2021, title="年度报告")
    found = index.entry("a")
    assert found is not None
    assert found.counts == entry.counts
    assert (found.body, found.year, found.forms, found.waiting) == ("云岭县财政局", 2021, (), 2)
    assert index.entry("zz") is None


@pytest.mark.parametrize(
    ("conditions", "keys"),
    [
        ({"text": "云岭 2021"}, ["a", "c"]),
        ({"text": "云岭 财政"}, ["a"]),
        ({"text": "100%_"}, ["b"]),
        ({"text": "%"}, ["b"]),
        ({"text": "!"}, []),
        ({"text": "B.PDF"}, ["b"]),
        ({"year": 2022}, ["b"]),
        ({"body": "云岭县"}, ["c"]),
        ({"form": "form-b"}, ["b", "c"]),
        ({"form": "form"}, []),
        ({"status": Status.MISSING}, ["a"]),
        ({"state": "waiting"}, ["a", "b"]),
        ({"state": "done"}, ["c"]),
        ({"state": "clean"}, []),
        ({"state": "failed"}, ["d"]),
        ({"report": "c"}, ["c"]),
    ],
)
def test_reports_are_chosen(index: Index, conditions: dict[str, object], keys: list[str]) -> None:
    assert _keys(index, **conditions) == keys


def test_the_list_is_ordered_and_cut_into_pages(index: Index) -> None:
    assert [entry.key for entry in index.reports(Choice(), "urgency", 4)][:2] == ["b", "a"]
    assert [entry.key for entry in index.reports(Choice(), "waiting", 4)][:2] == ["a", "b"]
    assert [entry.key for entry in index.reports(Choice(), "year", 1)] == ["b"]
    assert [entry.key for entry in index.reports(Choice(), "name", 2, 2)] == ["c", "d"]


def test_sums_and_facets(index: Index) -> None:
    totals = index.totals(Choice())
    assert (totals.reports, totals.values, totals.flagged, totals.waiting, totals.settled) == (4, 43, 6, 3, 3)
    facets = index.facets()
    assert facets["year"] == [("2022", 1), ("2021", 2)]
    assert facets["form"] == [("form-a", 1), ("form-b", 2)]
    assert dict(facets["body"])["云岭县"] == 1


def test_the_queue_is_worst_first_and_goes_on_behind_any_of_its_values(index: Index) -> None:
    queue = index.queue(Choice(), 10)
    assert [(item.report, item.mark.urgency) for item in queue] == [("b", 470), ("a", 420), ("a", 300)]
    assert index.queue(Choice(), 10, queue[0].mark) == queue[1:]
    assert index.queue(Choice(), 10, queue[-1].mark) == []
    assert [item.field for item in index.queue(Choice(status=Status.MISSING), 10)] == ["f/0"]
    assert index.waiting(Choice(status=Status.MISSING)) == 1
    assert index.waiting(Choice()) == 3


@given(
    st.lists(st.lists(st.integers(1, 5), max_size=6), max_size=6),
    st.integers(1, 4),
)
def test_going_through_the_queue_in_steps_shows_each_value_once(levels: list[list[int]], step: int) -> None:
    index = Index(None)
    index.put(_entry(f"k{n}", *[(Status.MISSING, level) for level in found]) for n, found in enumerate(levels))
    whole = index.queue(Choice(), 1000)
    assert len(whole) == sum(map(len, levels))
    assert [item.mark.urgency for item in whole] == sorted((item.mark.urgency for item in whole), reverse=True)
    walked, mark = [], None
    while part := index.queue(Choice(), step, mark):
        walked += part
        mark = part[-1].mark
    assert walked == whole
    index.close()


def test_a_report_that_is_put_in_again_replaces_itself_and_one_removed_is_gone(index: Index) -> None:
    index.put([_entry("a")])
    assert [item.report for item in index.queue(Choice(), 10)] == ["b"]
    index.remove(["b"])
    assert index.queue(Choice(), 10) == []
    assert index.entry("b") is None


def test_what_is_no_report_is_remembered_as_such(index: Index) -> None:
    index.put_other("x", "7")
    assert index.stamps()[1] == {"x": "7"}
    index.remove(["x"])
    assert index.stamps()[1] == {}


def test_the_index_outlives_its_process_and_a_damaged_one_is_made_anew(tmp_path: Path) -> None:
    file = tmp_path / "own" / "index.sqlite"
    first = Index(file)
    first.put([_entry("a")])
    first.close()
    second = Index(file)
    assert second.entry("a") is not None
    second.close()
    for rest in file.parent.iterdir():
        rest.unlink()
    file.write_bytes(b"this is no database" * 1000)
    third = Index(file)
    assert third.entry("a") is None
    third.put([_entry("b")])
    third.close()
    fourth = Index(file)
    assert fourth.entry("b") is not None
    fourth.close()


def test_a_folder_that_cannot_be_written_gets_an_index_in_memory(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    index = Index(tmp_path / "file" / "index.sqlite")
    index.put([_entry("a")])
    assert index.entry("a") is not None
    index.close()
