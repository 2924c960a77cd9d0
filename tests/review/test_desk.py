from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ocr_pipeline.document import Status
from ocr_pipeline.errors import SourceNotFoundError, UsageError
from ocr_pipeline.report import load_report
from ocr_pipeline.report.corrections import CorrectionLog
from ocr_pipeline.review.contract import CorrectionRequest, Settlement
from ocr_pipeline.review.desk import Desk, SettledMeanwhileError
from tests.review.conftest import FLAGGED
from tests.review.true_reports import EMPTY, MISREAD, NOT_FOUND, UNREAD


def _settle(desk: Desk, key: str, field: str, action: str, who: str = "li", **more: Any) -> Settlement:
    return desk.settle(key, CorrectionRequest(field=field, action=action, **more), who)


def _printed(desk: Desk, key: str, field: str) -> int:
    raw = int(desk.store.open(key).as_read[field].raw)
    return raw - 1 if field == MISREAD else raw


def test_the_card_says_all_about_a_value(desk: Desk, key: str) -> None:
    card = desk.card(key, MISREAD)
    assert card.row_labels[-1] == "（一）予以公开"
    assert card.column_labels[-1] == "自然人"
    assert card.part.startswith("三、")
    assert card.now.status is Status.CONFLICT
    assert card.flagged
    assert [reading.number for reading in card.readings] == [1, 2]
    assert card.readings[1].value == _printed(desk, key, MISREAD)
    assert card.readings[1].probability == pytest.approx(0.2)
    assert (card.readings[0].closes, card.readings[1].closes, card.readings[1].sums) == (0, 1, 1)
    assert card.accept == str(card.now.value)
    assert card.remarks[0] == "1 of its 2 sums does not close"
    assert [view.kind for view in card.views] == ["cell", "head", "row"]
    assert card.picture_problem == ""
    assert card.seen == ""


def test_what_no_field_can_hold_is_no_reading(desk: Desk, key: str) -> None:
    card = desk.card(key, UNREAD[0])
    assert "." not in [reading.text for reading in card.readings]
    assert card.accept == str(_printed(desk, key, UNREAD[0]))


def test_picking_the_right_reading_brings_the_neighbours_in_order(desk: Desk, folder: Path, key: str) -> None:
    before = (folder / f"{FLAGGED}.json").read_bytes()
    right = str(_printed(desk, key, MISREAD))
    result = _settle(desk, key, MISREAD, "alternative", text=right, seen="")
    changed = {value.field: value for value in result.changed}
    assert changed[MISREAD].status is Status.VERIFIED
    assert changed[MISREAD].settled
    total = "applications/3.1/total"
    assert desk.store.open(key).values[total].status is Status.VERIFIED
    # The total stood in the same broken sum, and needs nobody now.
    assert changed[total].status is Status.VERIFIED
    assert result.report.waiting == len(desk.store.open(key).original.flagged) - 2
    assert result.entry.text == f"picked {right}"
    assert (folder / f"{FLAGGED}.json").read_bytes() == before


def test_accepting_blank_typing_and_the_issuers_error(desk: Desk, key: str) -> None:
    accepted = _settle(desk, key, EMPTY, "accept")
    assert accepted.entry.text == "accepted that it is blank"
    typed = _settle(desk, key, NOT_FOUND, "value", text="0")
    assert typed.entry.text == "typed 0"
    kept = _settle(desk, key, MISREAD, "issuer-error", reason="same in the archive's copy")
    assert kept.entry.text.endswith("the issuer's error")
    values = desk.store.open(key).values
    assert values[EMPTY].settled
    assert (values[NOT_FOUND].value, values[NOT_FOUND].status) == (0, Status.VERIFIED)
    assert values[MISREAD].status is Status.CONFLICT
    assert values[MISREAD].value == _printed(desk, key, MISREAD) + 1
    assert not {EMPTY, NOT_FOUND, MISREAD} & {item.field for item in _waiting(desk)}


def _waiting(desk: Desk) -> list[Any]:
    from ocr_pipeline.review.choice import Choice

    return desk.store.index.queue(Choice(), 100)


def test_what_is_accepted_after_a_correction_is_the_corrected_figure(desk: Desk, key: str) -> None:
    _settle(desk, key, UNREAD[0], "value", text="7")
    again = _settle(desk, key, UNREAD[0], "accept", who="wang")
    value = desk.store.open(key).values[UNREAD[0]]
    assert (value.value, again.entry.who) == (7, "wang")
    _settle(desk, key, UNREAD[0], "issuer-error")
    assert desk.store.open(key).values[UNREAD[0]].value == 7
    _settle(desk, key, UNREAD[0], "blank")
    assert _settle(desk, key, UNREAD[0], "accept").changed == []
    assert desk.store.open(key).values[UNREAD[0]].status is Status.BLANK


def test_undo_and_undo_of_the_undo(desk: Desk, key: str) -> None:
    before = desk.store.open(key).report.values
    done = _settle(desk, key, UNREAD[0], "blank")
    undone = _settle(desk, key, UNREAD[0], "undo", undoes=done.entry.id, seen=done.entry.id)
    assert desk.store.open(key).report.values == before
    assert undone.report.waiting == len(desk.store.open(key).original.flagged)
    _settle(desk, key, UNREAD[0], "undo", undoes=undone.entry.id)
    assert desk.store.open(key).values[UNREAD[0]].status is Status.BLANK


def test_whoever_looked_before_somebody_else_settled_is_shown_what_they_did(desk: Desk, key: str) -> None:
    card = desk.card(key, UNREAD[0])
    _settle(desk, key, UNREAD[0], "blank", who="wang", seen=card.seen)
    with pytest.raises(SettledMeanwhileError, match="wang marked it blank") as caught:
        _settle(desk, key, UNREAD[0], "value", text="3", seen=card.seen)
    assert caught.value.deed.who == "wang"
    fresh = desk.card(key, UNREAD[0])
    assert fresh.seen == caught.value.deed.id
    _settle(desk, key, UNREAD[0], "value", text="3", seen=fresh.seen)
    assert desk.store.open(key).values[UNREAD[0]].value == 3


def test_the_same_correction_sent_twice_is_made_once(desk: Desk, key: str) -> None:
    first = _settle(desk, key, UNREAD[0], "blank", id="the-same-id", seen="")
    second = _settle(desk, key, UNREAD[0], "blank", id="the-same-id", seen="")
    assert first.entry == second.entry
    assert second.changed == []
    assert len(desk.store.open(key).log) == 1


@pytest.mark.parametrize(
    ("field", "more"),
    [
        (UNREAD[0], {"action": "value", "text": "-3"}),
        (UNREAD[0], {"action": "value"}),
        (UNREAD[0], {"action": "alternative"}),
        (UNREAD[0], {"action": "accept"}),
        (UNREAD[0], {"action": "issuer-error"}),
        (UNREAD[0], {"action": "blank", "text": "3"}),
        (UNREAD[0], {"action": "undo"}),
        (UNREAD[0], {"action": "undo", "undoes": "nothing-like-that"}),
        (UNREAD[0], {"action": "blank", "undoes": "nothing-like-that"}),
    ],
)
def test_a_correction_that_says_nothing_is_refused_and_not_recorded(
    desk: Desk, key: str, field: str, more: dict[str, Any]
) -> None:
    with pytest.raises(UsageError):
        _settle(desk, key, field, **more)
    assert desk.store.open(key).log == ()


def test_an_undo_belongs_to_its_field(desk: Desk, key: str) -> None:
    done = _settle(desk, key, UNREAD[0], "blank")
    with pytest.raises(UsageError):
        _settle(desk, key, UNREAD[1], "undo", undoes=done.entry.id)


def test_no_such_report_no_such_field(desk: Desk, key: str) -> None:
    with pytest.raises(SourceNotFoundError):
        _settle(desk, key, "applications/9/9", "blank")
    with pytest.raises(SourceNotFoundError):
        _settle(desk, "0" * 16, UNREAD[0], "blank")
    with pytest.raises(SourceNotFoundError):
        desk.card(key, "applications/9/9")


def test_people_who_correct_at_once_lose_nothing(make_desk: Callable[..., Desk], folder: Path, key: str) -> None:
    # Two servers over one folder, four people: as many corrections as can be made, and all are in the log.
    desks = [make_desk(), make_desk()]
    fields = [value.id for value in desks[0].store.open(key).report.values][:12]
    refused: list[str] = []

    def try_it(number: int, field: str) -> None:
        try:
            _settle(desks[number % 2], key, field, "value", who=f"p{number}", text="5", seen="")
        except SettledMeanwhileError:
            refused.append(field)

    def work(number: int) -> None:
        for field in fields[number * 3 :] + fields[: number * 3]:
            try_it(number, field)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    report = load_report(folder / f"{FLAGGED}.json")
    log = CorrectionLog.of(folder, report.source.sha256).entries()
    assert len(log) + len(refused) == 4 * len(fields)
    assert {entry.field for entry in log} == set(fields)
    opened = desks[0].store.open(key)
    assert all(opened.values[field].settled for field in fields)
    assert opened.values == desks[1].store.open(key).values


def test_another_reading_of_the_same_source_is_corrected_too(desk: Desk, folder: Path, key: str) -> None:
    from ocr_pipeline.review.folder import report_key

    (folder / "again").mkdir()
    (folder / "again" / "other.json").write_bytes((folder / f"{FLAGGED}.json").read_bytes())
    desk.store.refresh()
    _settle(desk, key, UNREAD[0], "blank")
    other = report_key("again/other.json")
    assert desk.store.entry(other).settled == 1
    assert desk.store.open(other).values[UNREAD[0]].status is Status.BLANK
