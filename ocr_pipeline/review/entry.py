"""What the index keeps of a report: enough for the list and for the queue, so that neither opens a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ocr_pipeline.document import Status, Value
from ocr_pipeline.report import Report
from ocr_pipeline.review.folder import FoundFile
from ocr_pipeline.review.identity import identify
from ocr_pipeline.review.urgency import urgency

__all__ = ["Entry", "Flag", "broken_entry", "entry_of", "raw_entry"]


@dataclass(frozen=True, slots=True)
class Flag:
    """A value that waits for a person: its place in the report's order, and how urgent it is."""

    field: str
    position: int
    status: Status
    urgency: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One report in the list.

    Attributes:
        key: its name in addresses.
        path: of its file, below the folder.
        stamp: changes with the file; ``log_stamp`` with the log of its corrections.
        source_name, source_kind, source_sha256: of the document.
        title, body, year: as far as known.
        forms: ids of the forms that its tables match.
        pages: of the document.
        counts: how many values have each status now, every status present.
        flagged: values that the program flagged when it read the document.
        waiting: values that wait for a person now.
        settled: values that a person has settled.
        failures: stages or pages that failed when it was read.
        problem: why it cannot be opened; empty when it can.
        flags: the values that wait.
    """

    key: str
    path: str
    stamp: str
    log_stamp: str = ""
    source_name: str = ""
    source_kind: str = ""
    source_sha256: str = ""
    title: str = ""
    body: str = ""
    year: int | None = None
    forms: tuple[str, ...] = ()
    pages: int = 0
    counts: Mapping[Status, int] = field(default_factory=lambda: dict.fromkeys(Status, 0))
    flagged: int = 0
    waiting: int = 0
    settled: int = 0
    failures: int = 0
    problem: str = ""
    flags: tuple[Flag, ...] = ()

    @property
    def values(self) -> int:
        """How many values it has."""
        return sum(self.counts.values())

    @property
    def name(self) -> str:
        """The source's file name without its folders."""
        return self.source_name.replace("\\", "/").rsplit("/", 1)[-1] or self.path

    @property
    def progress(self) -> float:
        """The share of what was flagged that waits no longer, 0..1; 1 where nothing waits."""
        return 1.0 if not self.waiting else max(0.0, 1 - self.waiting / max(self.flagged, self.waiting, 1))


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the index looks at in a value."""

    field: str
    status: Status
    confidence: float
    readable: bool
    broken: int
    closed: int
    settled: bool


def raw_entry(found: FoundFile, data: Mapping[str, Any]) -> Entry:
    """From the JSON of a report that nobody has corrected; nothing in it is checked, so it is quick.

    Raises:
        KeyError, TypeError, ValueError, AttributeError: the JSON is no report.
    """
    source = data["source"]
    title, name = data.get("title") or "", source["name"]
    identity = identify(title, name)
    values = tuple(_raw_values(data["values"]))
    flags = tuple(_flags(values))
    return Entry(
        key=found.key,
        path=found.path,
        stamp=found.stamp,
        source_name=name,
        source_kind=source["kind"],
        source_sha256=source["sha256"],
        title=title,
        body=identity.body,
        year=identity.year,
        forms=tuple(dict.fromkeys(match["form"] for match in data["matches"])),
        pages=int(source["page_count"]),
        counts=_counts(values),
        flagged=len(flags),
        waiting=len(flags),
        failures=len(data["errors"]),
        flags=flags,
    )


def entry_of(found: FoundFile, report: Report, *, flagged: int, log_stamp: str) -> Entry:
    """From a report with its corrections applied.

    Args:
        found: its file.
        report: as it is now.
        flagged: values that the program itself flagged.
        log_stamp: of the log that was applied.
    """
    identity = identify(report.title, report.source.name)
    values = tuple(_seen(value) for value in report.values)
    flags = tuple(_flags(values))
    return Entry(
        key=found.key,
        path=found.path,
        stamp=found.stamp,
        log_stamp=log_stamp,
        source_name=report.source.name,
        source_kind=report.source.kind,
        source_sha256=report.source.sha256,
        title=report.title or "",
        body=identity.body,
        year=identity.year,
        forms=tuple(dict.fromkeys(match.form for match in report.matches)),
        pages=report.source.page_count,
        counts=_counts(values),
        flagged=flagged,
        waiting=len(flags),
        settled=sum(value.settled for value in values),
        failures=len(report.errors),
        flags=flags,
    )


def broken_entry(found: FoundFile) -> Entry:
    """For a file that looks like a report and holds nothing that can be shown."""
    return Entry(key=found.key, path=found.path, stamp=found.stamp)


def _raw_values(values: Iterable[Mapping[str, Any]]) -> Iterator[_Seen]:
    for value in values:
        checks = [check["agrees"] for check in value["evidence"] if check["kind"] == "equation"]
        yield _Seen(
            field=value["id"],
            status=Status(value["status"]),
            confidence=float(value["confidence"]),
            readable=bool(value["alternatives"] or value["raw"].strip()),
            broken=checks.count(False),
            closed=checks.count(True),
            settled=any(check["kind"] == "person" for check in value["evidence"]),
        )


def _seen(value: Value) -> _Seen:
    checks = [check.agrees for check in value.evidence if check.kind == "equation"]
    return _Seen(
        field=value.id,
        status=value.status,
        confidence=value.confidence,
        readable=bool(value.alternatives or value.raw.strip()),
        broken=checks.count(False),
        closed=checks.count(True),
        settled=value.settled,
    )


def _counts(values: Iterable[_Seen]) -> dict[Status, int]:
    counts = dict.fromkeys(Status, 0)
    for value in values:
        counts[value.status] += 1
    return counts


def _flags(values: Iterable[_Seen]) -> Iterator[Flag]:
    for position, value in enumerate(values):
        if value.settled or value.status.is_good:
            continue
        level = urgency(
            value.status, value.confidence, readable=value.readable, broken=value.broken, closed=value.closed
        )
        yield Flag(value.field, position, value.status, level)
