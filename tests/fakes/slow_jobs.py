"""A runner of jobs that reads nothing: a job is done when the test says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

from ocr_pipeline.review.jobs import Job, JobState


class SlowJobs:
    def __init__(self) -> None:
        self.files: dict[str, Path] = {}
        self.closed = False
        self._jobs: dict[str, Job] = {}

    def submit(self, file: Path, name: str, sha256: str) -> Job:
        job = Job(sha256[:16], name, JobState.WAITING, datetime.now(timezone.utc))
        self.files[job.id] = file
        return self._jobs.setdefault(job.id, job)

    def job(self, job_id: str) -> Job | None:
        return self._jobs.get(job_id)

    def jobs(self) -> Sequence[Job]:
        return list(reversed(self._jobs.values()))

    def read_pages(self, job_id: str, done: int, pages: int) -> None:
        self._jobs[job_id] = replace(self._jobs[job_id], state=JobState.READING, pages_done=done, pages=pages)

    def finish(self, job_id: str, report: str | None, message: str = "") -> None:
        state = JobState.FAILED if report is None else JobState.DONE
        self._jobs[job_id] = replace(self._jobs[job_id], state=state, report=report, message=message)

    def close(self) -> None:
        self.closed = True
