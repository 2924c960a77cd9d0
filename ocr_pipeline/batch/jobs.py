"""Uploads of the review server as a batch: what waits is given to ``ocr-pipeline batch`` in a process of its own.

So an upload is read like any document of the folder: isolated, with an entry in the ledger, not read again when it has
a report already, and gone on with by the next batch after the server was killed.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timezone
from functools import partial
from pathlib import Path

from ocr_pipeline.batch.ledger import Entry, Ledger
from ocr_pipeline.batch.outputs import Outputs
from ocr_pipeline.batch.page_progress import pages_done
from ocr_pipeline.batch.task import State
from ocr_pipeline.batch.work import REPORT_STEM
from ocr_pipeline.errors import OcrPipelineError, OutputError
from ocr_pipeline.review.jobs import Job, JobState

__all__ = ["BatchJobs"]

_REMEMBERED = 1000
_LOOK_EVERY = 0.5
_BUSY_PAUSE = 5.0
_STATES = {
    State.PENDING: JobState.WAITING,
    State.RUNNING: JobState.READING,
    State.DONE: JobState.DONE,
    State.PARTIAL: JobState.DONE,
    State.FAILED: JobState.FAILED,
    State.QUARANTINED: JobState.FAILED,
}


class BatchJobs:
    """Reads uploads, a batch at a time; a ``review.jobs.JobRunner``.

    Args:
        root: the folder of the reports, which is the batch's too.
        arguments: further arguments of the command, such as ``--workers 2``.
        command: what runs a batch; this program when left out.
    """

    def __init__(self, root: Path, arguments: Sequence[str] = (), command: Sequence[str] = ()) -> None:
        self._root = root.resolve()
        self._arguments = tuple(arguments)
        self._command = tuple(command) or (sys.executable, "-m", "ocr_pipeline")
        self._jobs: dict[str, tuple[Job, Path, str]] = {}
        self._lock = threading.Lock()
        self._news = threading.Event()
        self._closed = False
        self._process: subprocess.Popen[str] | None = None
        self._thread: threading.Thread | None = None

    def submit(self, file: Path, name: str, sha256: str) -> Job:
        """See ``JobRunner.submit``."""
        job_id = sha256[:16]
        with self._lock:
            known = self._jobs.get(job_id)
            if known is not None and known[0].state is not JobState.FAILED:
                return known[0]
            job = Job(job_id, name, JobState.WAITING, datetime.now(timezone.utc))
            self._jobs.pop(job_id, None)
            self._jobs[job_id] = (job, file.resolve(), sha256)
            while len(self._jobs) > _REMEMBERED:
                self._jobs.pop(next(iter(self._jobs)))
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="uploads", daemon=True)
                self._thread.start()
        self._news.set()
        return job

    def job(self, job_id: str) -> Job | None:
        """See ``JobRunner.job``."""
        with self._lock:
            known = self._jobs.get(job_id)
        return None if known is None else known[0]

    def jobs(self) -> Sequence[Job]:
        """See ``JobRunner.jobs``."""
        with self._lock:
            return [job for job, _, _ in reversed(self._jobs.values())]

    def close(self) -> None:
        """See ``JobRunner.close``; what was being read is read again by the next batch of the folder."""
        self._closed = True
        self._news.set()
        process = self._process
        if process is not None:
            with contextlib.suppress(OSError):
                process.terminate()
        if self._thread is not None:
            self._thread.join(timeout=10)

    def _work(self) -> None:
        while not self._closed:
            self._news.wait()
            self._news.clear()
            while not self._closed:
                with self._lock:
                    waiting = {
                        sha256: file for job, file, sha256 in self._jobs.values() if job.state is JobState.WAITING
                    }
                if not waiting:
                    break
                self._read(waiting)

    def _read(self, waiting: dict[str, Path]) -> None:
        """One batch over the files that wait."""
        inputs = [str(file) for file in waiting.values()]
        command = [*self._command, "batch", "--out", str(self._root), *self._arguments, "--no-dataset", "--quiet"]
        before = self._last_run()
        try:
            self._process = subprocess.Popen(
                [*command, "--retry-failed", "--", *inputs],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
                errors="replace",
            )
        except OSError as error:
            self._fail(waiting, f"reading cannot be started: {error.strerror or error}")
            return
        while True:
            try:
                _, said = self._process.communicate(timeout=_LOOK_EVERY)
                break
            except subprocess.TimeoutExpired:
                self._look(waiting, before)
        code, self._process = self._process.returncode, None
        if self._closed:
            return
        if code == OutputError.exit_code and "another batch" in said:
            self._news.wait(_BUSY_PAUSE)
            return
        self._look(waiting, before)
        lines = said.strip().splitlines()
        message = lines[-1].removeprefix("ocr-pipeline: ") if lines else f"reading ended with code {code}"
        self._fail(waiting, message)

    def _last_run(self) -> int:
        ledger = Outputs(self._root).ledger
        try:
            if ledger.is_file():
                with Ledger(ledger) as opened:
                    return opened.last_run()
        except OcrPipelineError:
            pass
        return 0

    def _look(self, waiting: dict[str, Path], before: int) -> None:
        """Take over what the ledger says by now; runs up to ``before`` were others, and so may be later ones."""
        ledger = Outputs(self._root).ledger
        try:
            if not ledger.is_file():
                return
            with Ledger(ledger) as opened:
                runs = range(before + 1, opened.last_run() + 1)
                entries = [entry for run in runs for entry in opened.of_run(run) if entry.sha256 in waiting]
        except OcrPipelineError:
            return
        for entry in entries:
            self._change(entry.sha256, partial(self._told, entry))

    def _told(self, entry: Entry, job: Job) -> Job:
        failure = entry.failure
        message = "" if failure is None else ": ".join(filter(None, (failure.message, failure.remedy)))
        report = f"documents/{entry.folder}/{REPORT_STEM}.json"
        done = _STATES[entry.state] is JobState.DONE and (self._root / report).is_file()
        if done and entry.measures is not None:
            pages_read = pages = entry.measures.pages
        else:
            pages_read, pages = pages_done(Outputs(self._root).progress, entry.sha256)
        return replace(
            job,
            state=_STATES[entry.state],
            message=message,
            pages=pages,
            pages_done=pages_read,
            report=report if done else None,
        )

    def _fail(self, waiting: dict[str, Path], message: str) -> None:
        """What has no outcome now will have none."""
        for sha256 in waiting:
            self._change(sha256, partial(_failed, message))

    def _change(self, sha256: str, change: Callable[[Job], Job]) -> None:
        with self._lock:
            job, file, _ = self._jobs[sha256[:16]]
            self._jobs[sha256[:16]] = (change(job), file, sha256)


def _failed(message: str, job: Job) -> Job:
    over = job.state in (JobState.DONE, JobState.FAILED)
    return job if over else replace(job, state=JobState.FAILED, message=message)
