"""The log on disk: what was acknowledged stays, whatever happens to the process or beside it."""

from __future__ import annotations

import errno
import json
import os
import tempfile
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from ocr_pipeline.document import Status
from ocr_pipeline.errors import DamagedSourceError, OutputError
from ocr_pipeline.report.corrections import Correction, CorrectionLog, Seen, Settled


def _typed(number: int, *, who: str = "王芳", reason: str = "") -> Correction:
    return Correction(
        who=who,
        action="value",
        field="applications/1/natural",
        old=Seen(value=91, raw="91", status=Status.READ),
        new=Settled(value=number),
        reason=reason,
        source_sha256="ab" * 32,
        report_sha256="cd" * 32,
    )


def test_what_was_appended_is_read_back_in_order(tmp_path: Path) -> None:
    log = CorrectionLog.of(tmp_path, "ab" * 32)
    assert log.entries() == ()
    made = [_typed(1), _typed(2, reason="两行\n\u2028字")]
    for correction in made:
        log.append(correction)
    assert CorrectionLog(log.path).entries() == tuple(made)
    assert log.path == tmp_path / "corrections" / f"{'ab' * 32}.jsonl"
    lines = log.path.read_text(encoding="utf-8").splitlines()
    assert json.loads(lines[0])["who"] == "王芳"


def test_moments_are_kept_in_utc(tmp_path: Path) -> None:
    log = CorrectionLog(tmp_path / "log.jsonl")
    log.append(Correction.model_validate({**_typed(1).model_dump(), "when": "2026-03-01T08:00:00+08:00"}))
    assert json.loads(log.path.read_bytes())["when"] == "2026-03-01T00:00:00Z"
    assert log.entries()[0].when.isoformat() == "2026-03-01T00:00:00+00:00"


@settings(max_examples=60)
@given(kept=st.integers(0, 3), cut=st.integers(1, 10_000), more=st.integers(0, 2))
def test_a_torn_last_line_costs_that_line_alone(kept: int, cut: int, more: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        log = CorrectionLog(Path(folder) / "log.jsonl")
        made = [_typed(number, reason="理由") for number in range(kept)]
        for correction in made:
            log.append(correction)
        torn = _typed(99, reason="理由").model_dump_json().encode()
        with log.path.open("ab") as file:
            file.write(torn[: min(cut, len(torn))])
        assert log.entries() == tuple(made)
        for number in range(more):
            made.append(_typed(100 + number))
            log.append(made[-1])
        assert log.entries() == tuple(made)


def test_a_disk_that_fills_up_leaves_the_log_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = CorrectionLog(tmp_path / "log.jsonl")
    log.append(_typed(1))
    before = log.path.read_bytes()

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="No space"):
        log.append(_typed(2))
    assert log.path.read_bytes() == before


def test_damage_before_the_end_is_not_passed_over(tmp_path: Path) -> None:
    log = CorrectionLog(tmp_path / "log.jsonl")
    for number in range(3):
        log.append(_typed(number))
    lines = log.path.read_bytes().split(b"\n")
    log.path.write_bytes(b"\n".join([lines[0], lines[1][:-9], lines[2], b""]))
    with pytest.raises(DamagedSourceError, match="line 2"):
        log.entries()


def test_an_entry_that_was_sent_twice_counts_once(tmp_path: Path) -> None:
    log, correction = CorrectionLog(tmp_path / "log.jsonl"), _typed(1)
    log.append(correction)
    log.append(correction)
    assert log.entries() == (correction,)


def test_a_folder_where_the_log_should_be(tmp_path: Path) -> None:
    (tmp_path / "log.jsonl").mkdir()
    log = CorrectionLog(tmp_path / "log.jsonl")
    with pytest.raises(OutputError):
        log.append(_typed(1))
    with pytest.raises(DamagedSourceError):
        log.entries()


def test_a_log_that_another_holds(tmp_path: Path) -> None:
    log = CorrectionLog(tmp_path / "log.jsonl", lock_seconds=0.05)
    with log._lock, ThreadPoolExecutor() as pool, pytest.raises(OutputError, match="another program"):
        pool.submit(CorrectionLog(log.path, lock_seconds=0.05).append, _typed(1)).result()


def _append_many(path: Path, who: str) -> None:
    log = CorrectionLog(path)
    for number in range(25):
        log.append(_typed(number, who=who))


def test_people_who_write_at_once_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    with ProcessPoolExecutor(2, get_context("spawn")) as processes, ThreadPoolExecutor(2) as threads:
        done = [
            pool.submit(_append_many, path, f"{pool is threads}{n}") for pool in (processes, threads) for n in (0, 1)
        ]
        for future in done:
            future.result()
    entries = CorrectionLog(path).entries()
    assert len(entries) == 100
    for who in {entry.who for entry in entries}:
        assert [e.new.value for e in entries if e.who == who and e.new] == list(range(25))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"new": None}, "needs the new figure"),
        ({"action": "accept"}, "has no new figure"),
        ({"action": "undo", "new": None}, "names the entry"),
        ({"undoes": "0" * 32}, "names the entry"),
        ({"who": ""}, "who"),
        ({"when": "2026-03-01T08:00:00"}, "timezone"),
        ({"new": {"value": float("nan")}}, "finite"),
        ({"source_sha256": "x"}, "source_sha256"),
        ({"action": "accept", "new": None, "old": {"value": None, "status": "missing"}}, "nothing was read"),
        ({"action": "issuer-error", "new": None, "old": {"value": None, "status": "missing"}}, "nothing was read"),
    ],
)
def test_impossible_entries(changes: dict[str, object], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        Correction.model_validate({**_typed(1).model_dump(), **changes})
