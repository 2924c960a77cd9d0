"""What goes to a worker for one document, and what comes back. Both cross process and machine boundaries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from pydantic import Field

from ocr_pipeline.frozen import FrozenModel

__all__ = ["ByState", "Failure", "Measures", "Outcome", "State", "Task"]


class State(str, Enum):
    """What has become of a document.

    ``PARTIAL`` has a report that lacks a part, because a stage or a page failed. ``QUARANTINED`` has ended its worker
    (crash, hang, memory) as often as is allowed; ``FAILED`` has an error of its own, which a second try would repeat.
    """

    PENDING = "pending"
    RUNNING = "running"
    DONE = "done"
    PARTIAL = "partial"
    FAILED = "failed"
    QUARANTINED = "quarantined"

    @property
    def is_failure(self) -> bool:
        """Whether there is no complete report."""
        return self in (State.PARTIAL, State.FAILED, State.QUARANTINED)


class ByState:
    """Documents that are counted by their state.

    Attributes:
        states: how many documents are in each state, names without content among the failed.
    """

    states: Mapping[State, int]

    @property
    def documents(self) -> int:
        """How many there are, each once, names without content included."""
        return sum(self.states.values())

    @property
    def failures(self) -> int:
        """How many have no complete report, those not tried left aside."""
        return sum(count for state, count in self.states.items() if state.is_failure)


@dataclass(frozen=True, slots=True)
class Task:
    """One document to be read.

    Attributes:
        sha256: of its content, in hexadecimal.
        name: what the report calls it: its path, or that of its archive continued by ``!/`` and the path inside.
        path: a file that holds its content.
        folder: name of its folder of results.
    """

    sha256: str
    name: str
    path: Path
    folder: str


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no report, or no complete one.

    Attributes:
        category: name of the error's class, or what ended the worker: ``Crash``, ``Stalled``, ``TimeLimit``,
            ``MemoryLimit``.
        message: one sentence.
        remedy: what to do about it; empty where nothing is known.
        detail: where it happened, several lines; empty where nothing is known.
    """

    category: str
    message: str
    remedy: str = ""
    detail: str = ""


class Measures(FrozenModel):
    """What a finished document is, in figures, for progress and summary; stands in the folder of its results.

    Attributes:
        fingerprint: of program, models, forms and settings that made the report.
        formats: in which the report was written.
        pages: of the document, pictures read in their place included; 0 where it has none.
        seconds: wall-clock time from opening the document to the last file written.
        stages: seconds of each stage.
        statuses: how many values have each status.
        findings: how many remarks the report holds.
        errors: how many stages or pages failed.
        missing: class and message of the first of these errors.
        memory_mb: resident memory of the worker afterwards, in 10^6 bytes; 0 where unknown.
    """

    sha256: str
    name: str
    fingerprint: str
    formats: tuple[str, ...]
    kind: str = ""
    title: str = ""
    pages: int = Field(default=0, ge=0)
    seconds: float = Field(default=0.0, ge=0)
    stages: dict[str, float] = Field(default_factory=dict)
    statuses: dict[str, int] = Field(default_factory=dict)
    findings: int = Field(default=0, ge=0)
    errors: int = Field(default=0, ge=0)
    missing: tuple[str, str] | None = None
    memory_mb: float = Field(default=0.0, ge=0)

    @property
    def failure(self) -> Failure | None:
        """Why the result is not complete; None when it is."""
        return None if self.missing is None else Failure(*self.missing)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a task: a result, an error of the document's own, or the loss of the worker.

    Attributes:
        measures: of the result, when there is one.
        failure: what went wrong, when something did; with ``measures`` too when a part of the report is missing.
        lost: whether the worker was lost with it, so that another attempt may fare better.
        stop: whether nothing else will fare better either (the disk is full).
        seconds: of the attempt.
    """

    task: Task
    measures: Measures | None = None
    failure: Failure | None = None
    lost: bool = False
    stop: bool = False
    seconds: float = field(default=0.0)
