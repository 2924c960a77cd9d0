"""What reads the documents that are uploaded: handed to the server by whoever starts it, so that nothing here reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Protocol

__all__ = ["Job", "JobRunner", "JobState"]


class JobState(str, Enum):
    """How far it is."""

    WAITING = "waiting"
    READING = "reading"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Job:
    """One uploaded document on its way to a report.

    Attributes:
        id: its name in addresses: letters, digits and hyphens.
        name: of the document, as it was uploaded.
        state: how far it is.
        submitted: when it came, in UTC.
        pages_done, pages: progress, as far as known; 0 pages when it is not.
        message: why it failed, with the remedy; or what is missing of a report that is not complete.
        report: path of the report's file below the folder of reports, once there is one.
    """

    id: str
    name: str
    state: JobState
    submitted: datetime
    pages_done: int = 0
    pages: int = 0
    message: str = ""
    report: str | None = None


class JobRunner(Protocol):
    """Reads documents in other processes. Every method may be called from any thread, and returns at once."""

    def submit(self, file: Path, name: str, sha256: str) -> Job:
        """Read a document, after those that came before it.

        Args:
            file: the document, which stays where it is.
            name: what to call it.
            sha256: of its content; what is being read already is not read a second time.

        Raises:
            OcrPipelineError: it cannot be taken on.
        """

    def job(self, job_id: str) -> Job | None:
        """A job by its id; None when there is none."""

    def jobs(self) -> Sequence[Job]:
        """All that are remembered, the latest first."""

    def close(self) -> None:
        """Stop reading; what waits is forgotten."""
