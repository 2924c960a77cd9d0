"""Uploads on their way from a request to the one who reads them."""

from __future__ import annotations

from dataclasses import asdict
from typing import BinaryIO

from fastapi import Request

from ocr_pipeline.errors import DependencyError, LimitExceededError
from ocr_pipeline.review.contract import JobStatus
from ocr_pipeline.review.desk import Desk
from ocr_pipeline.review.folder import report_key
from ocr_pipeline.review.guard import address_of
from ocr_pipeline.review.jobs import Job, JobRunner, JobState
from ocr_pipeline.review.problems import TooManyError
from ocr_pipeline.review.requests import desk_of
from ocr_pipeline.review.uploads import keep_upload, kept_uploads

__all__ = ["Receiver", "resume_uploads"]


def resume_uploads(desk: Desk) -> None:
    """Have read what was uploaded before the server was stopped and has no report yet."""
    if desk.jobs is None:
        return
    for upload in kept_uploads(desk.root):
        if not desk.store.index.of_source(upload.sha256):
            desk.jobs.submit(upload.file, upload.name, upload.sha256)


class Receiver:
    """Takes documents of one sender.

    Args:
        desk: where they go.
        rate: how often somebody may send one.
        address: of the sender.
    """

    def __init__(self, desk: Desk, request: Request) -> None:
        self._desk = desk
        self._rate = request.app.state.upload_rate
        self._address = address_of(request.scope)

    @classmethod
    def of(cls, request: Request) -> Receiver:
        """For a request."""
        return cls(desk_of(request), request)

    def take(self, name: str, stream: BinaryIO) -> JobStatus:
        """Keep a document and have it read.

        Raises:
            DependencyError: this server reads nothing.
            TooManyError: too many documents came from there, or too many wait.
            LimitExceededError: it is too large.
            OcrPipelineError: see ``keep_upload`` and ``JobRunner.submit``.
        """
        runner = self._runner()
        wait = self._rate.take(self._address)
        if wait:
            raise TooManyError("too many documents from this address", wait)
        if sum(job.state is JobState.WAITING for job in runner.jobs()) >= self._desk.options.max_waiting:
            raise TooManyError("too many documents wait to be read", 60)
        limit = self._desk.options.max_upload_bytes
        content = stream.read(limit + 1)
        if len(content) > limit:
            raise LimitExceededError(f"more than {limit:,} bytes", remedy="send a smaller document", source=name)
        upload = keep_upload(self._desk.root, name, content)
        return self._status(runner.submit(upload.file, upload.name, upload.sha256))

    def jobs(self) -> list[JobStatus]:
        """All jobs, the latest first."""
        return [] if self._desk.jobs is None else [self._status(job) for job in self._desk.jobs.jobs()]

    def job(self, job_id: str) -> JobStatus | None:
        """One of them."""
        job = None if self._desk.jobs is None else self._desk.jobs.job(job_id)
        return None if job is None else self._status(job)

    def _runner(self) -> JobRunner:
        if self._desk.jobs is None:
            raise DependencyError("this server reads no documents", remedy="start it with ocr-pipeline review")
        return self._desk.jobs

    def _status(self, job: Job) -> JobStatus:
        key = None
        if job.report is not None:
            key = report_key(job.report)
            if self._desk.store.index.entry(key) is None:
                self._desk.store.refresh(wait=True)
        return JobStatus(**{**asdict(job), "report": key})
