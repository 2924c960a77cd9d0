"""Uploads as a batch: the real command in its own process, with a reader that does what a document's name says."""

from __future__ import annotations

import hashlib
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ocr_pipeline.batch.jobs import BatchJobs
from ocr_pipeline.report import load_report
from ocr_pipeline.review.jobs import Job, JobState

COMMAND = (sys.executable, "-m", "tests.fakes.batch_program", "0.05")
ARGUMENTS = ("--workers", "1", "--format", "json")


@pytest.fixture
def jobs(tmp_path: Path) -> Iterator[BatchJobs]:
    made = BatchJobs(tmp_path / "out", ARGUMENTS, COMMAND)
    yield made
    made.close()


def _submit(jobs: BatchJobs, folder: Path, name: str, content: str) -> Job:
    file = folder / "uploads" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content, encoding="utf-8")
    return jobs.submit(file, name, hashlib.sha256(content.encode()).hexdigest())


def _wait(until: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < end, "not done in time"
        time.sleep(0.05)


def test_another_batch_right_after_takes_no_outcome_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ocr_pipeline.batch.jobs._LOOK_EVERY", 60.0)
    (tmp_path / "out").mkdir()
    other = tmp_path / "other.pdf"
    other.write_text("15", encoding="utf-8")
    # What somebody else does as soon as the folder is free, and before anybody has looked at what was read.
    both = (
        "import subprocess, sys\n"
        f"command, (*arguments, file) = {list(COMMAND)!r}, sys.argv[1:]\n"
        "code = subprocess.call([*command, *arguments, file])\n"
        f"subprocess.call([*command, *arguments, {str(other)!r}])\n"
        "sys.exit(code)\n"
    )
    jobs = BatchJobs(tmp_path / "out", ARGUMENTS, [sys.executable, "-c", both])
    try:
        _submit(jobs, tmp_path, "泽崖 [1].pdf", "12")
        _wait(lambda: jobs.jobs()[0].state in (JobState.DONE, JobState.FAILED))
        assert (jobs.jobs()[0].state, jobs.jobs()[0].message) == (JobState.DONE, "")
    finally:
        jobs.close()


def test_what_is_uploaded_is_read_or_fails_with_the_reason(jobs: BatchJobs, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    sent = [
        _submit(jobs, tmp_path, "泽崖 [1].pdf", "12"),
        _submit(jobs, tmp_path, "damaged.pdf", "13"),
        _submit(jobs, tmp_path, "torn.pdf", "14"),
    ]
    assert [job.state for job in sent] == [JobState.WAITING] * 3
    assert _submit(jobs, tmp_path, "again.pdf", "12").id == sent[0].id
    _wait(lambda: all(job.state in (JobState.DONE, JobState.FAILED) for job in jobs.jobs()))
    good, damaged, torn = (jobs.job(job.id) for job in sent)
    assert good is not None
    assert damaged is not None
    assert torn is not None
    assert (good.state, good.message) == (JobState.DONE, "")
    assert good.report is not None
    assert load_report(tmp_path / "out" / good.report).values[0].value == 12
    assert (damaged.state, damaged.report) == (JobState.FAILED, None)
    assert "cut off" in damaged.message
    assert torn.state is JobState.DONE
    assert "page is torn" in torn.message
    assert [job.name for job in jobs.jobs()] == ["torn.pdf", "damaged.pdf", "泽崖 [1].pdf"]

    # What has failed may be sent again, and so may what a later server knows nothing of.
    assert _submit(jobs, tmp_path, "damaged.pdf", "13").state is JobState.WAITING
    later = BatchJobs(tmp_path / "out", ARGUMENTS, COMMAND)
    try:
        assert _submit(later, tmp_path, "泽崖 [1].pdf", "12").state is JobState.WAITING
        _wait(lambda: later.jobs()[0].state is JobState.DONE)
        assert later.jobs()[0].report == good.report
    finally:
        later.close()


def test_the_pages_that_are_read_are_told(jobs: BatchJobs, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    job = _submit(jobs, tmp_path, "slow.pdf", "2")  # a second a page, and three of them
    told: set[tuple[int, int]] = set()

    def is_done() -> bool:
        now = jobs.job(job.id)
        told.add((now.pages_done, now.pages) if now.state is JobState.READING else (-1, -1))
        return now.state is JobState.DONE

    _wait(is_done)
    assert (1, 3) in told
    assert (jobs.job(job.id).pages_done, jobs.job(job.id).pages) == (3, 3)
    # The batch says that a document is done, and clears up when all are.
    _wait(lambda: not (tmp_path / "out" / "work").exists())
    assert not (tmp_path / "out" / "work").exists()


def test_closing_ends_what_is_being_read(jobs: BatchJobs, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    job = _submit(jobs, tmp_path, "hang.pdf", "1")
    _wait(lambda: jobs.job(job.id).state is JobState.READING)
    begin = time.monotonic()
    jobs.close()
    assert time.monotonic() - begin < 10


def test_a_command_that_cannot_be_started_fails_the_job(tmp_path: Path) -> None:
    jobs = BatchJobs(tmp_path, (), (str(tmp_path / "nothing"),))
    job = _submit(jobs, tmp_path, "a.pdf", "1")
    _wait(lambda: jobs.job(job.id).state is JobState.FAILED)
    assert "cannot be started" in jobs.job(job.id).message
    jobs.close()


def test_a_command_that_ends_without_a_word_fails_the_job(tmp_path: Path) -> None:
    jobs = BatchJobs(tmp_path, (), (sys.executable, "-c", "import sys; sys.exit(9)"))
    job = _submit(jobs, tmp_path, "a.pdf", "1")
    _wait(lambda: jobs.job(job.id).state is JobState.FAILED)
    assert "code 9" in jobs.job(job.id).message
    assert jobs.job("nothing") is None
    jobs.close()
