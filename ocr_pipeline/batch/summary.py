"""What a batch came to, gathered from its ledger without holding more than the figures."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from ocr_pipeline.batch.ledger import Entry, Ledger
from ocr_pipeline.batch.task import ByState, Failure, Measures, State

__all__ = ["FailedDocument", "SlowDocument", "Summary", "summarize"]

_SLOWEST = 15
_FAILURES = 1_000


@dataclass(frozen=True, order=True)
class SlowDocument:
    """A document by the time it took in seconds, with its worker's memory in 10^6 bytes."""

    seconds: float
    name: str
    pages: int
    folder: str
    memory_mb: float


@dataclass(frozen=True)
class FailedDocument:
    """A document without a complete report; ``folder`` is that of a partial or an earlier one, or empty."""

    name: str
    state: State
    attempts: int
    failure: Failure
    folder: str


@dataclass
class Summary(ByState):
    """All documents of the inputs of a run, and the time of that run.

    Attributes:
        states: documents by state, names without content among the failed.
        pages: of all documents with results.
        statuses: values by status.
        findings: remarks in all reports.
        kinds: documents with results by format.
        stages: seconds by stage, summed over documents.
        categories: failures by class.
        seconds_per_page: of each document with pages, in seconds.
        slowest: the slowest documents, slowest first.
        failed: the first thousand failures, in order.
        rates: pages a minute, in equal parts of the run's time.
        minutes: length of the run in minutes, from its first finished document to its last.
    """

    states: Counter[State] = field(default_factory=Counter)
    pages: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    findings: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    stages: dict[str, float] = field(default_factory=dict)
    categories: Counter[str] = field(default_factory=Counter)
    seconds_per_page: list[float] = field(default_factory=list)
    slowest: list[SlowDocument] = field(default_factory=list)
    failed: list[FailedDocument] = field(default_factory=list)
    rates: Sequence[float] = ()
    minutes: float = 0.0


def summarize(ledger: Ledger, run: int) -> Summary:
    """The documents of a run's inputs as they are now.

    Args:
        ledger: of the batch.
        run: number of the run.
    """
    summary = Summary()
    for entry in ledger.of_run(run):
        summary.states[entry.state] += 1
        if entry.measures is not None:
            _add_measures(summary, entry, entry.measures)
        if entry.state.is_failure:
            _add_failure(summary, entry)
    summary.slowest.sort(reverse=True)
    summary.rates, summary.minutes = _rates(ledger, run)
    return summary


def _add_measures(summary: Summary, entry: Entry, measures: Measures) -> None:
    summary.pages += measures.pages
    summary.findings += measures.findings
    summary.statuses.update(measures.statuses)
    summary.kinds[measures.kind] += 1
    for stage, seconds in measures.stages.items():
        summary.stages[stage] = summary.stages.get(stage, 0.0) + seconds
    if measures.pages:
        summary.seconds_per_page.append(measures.seconds / measures.pages)
    slow = SlowDocument(measures.seconds, entry.name, measures.pages, entry.folder, measures.memory_mb)
    if len(summary.slowest) < _SLOWEST:
        heapq.heappush(summary.slowest, slow)
    else:
        heapq.heappushpop(summary.slowest, slow)


def _add_failure(summary: Summary, entry: Entry) -> None:
    failure = entry.failure or Failure("Incomplete", "a part of the report is missing; its errors say which")
    summary.categories[failure.category] += 1
    if len(summary.failed) < _FAILURES:
        folder = entry.folder if entry.measures is not None else ""
        summary.failed.append(FailedDocument(entry.name, entry.state, entry.attempts, failure, folder))


def _rates(ledger: Ledger, run: int, parts: int = 60) -> tuple[tuple[float, ...], float]:
    """Pages a minute over time; the pages of a document are spread over the time it took."""
    first = last = None
    for finished, seconds, _ in ledger.finished_in(run):
        begin = finished.timestamp() - seconds
        first = begin if first is None else min(first, begin)
        last = finished.timestamp()
    if first is None or last is None or last <= first:
        return (), 0.0
    width = (last - first) / parts
    pages = [0.0] * parts
    for finished, seconds, count in ledger.finished_in(run):
        end = min(parts - 1e-9, (finished.timestamp() - first) / width)
        begin = min(end, max(0.0, end - seconds / width))
        for part in range(int(begin), int(end) + 1):
            inside = min(end, part + 1) - max(begin, part)
            pages[part] += count * (inside / (end - begin) if end > begin else 1.0)
    return tuple(count * 60.0 / width for count in pages), (last - first) / 60.0
