"""What the index keeps of a report: enough for the list and for the queue, so that neither opens a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from ocr_pipeline.dataset.identity import identify
from ocr_pipeline.dataset.saved import SavedReport, SavedValue
from ocr_pipeline.document import Status
from ocr_pipeline.report.urgency import urgency_of
from ocr_pipeline.review.folder import FoundFile, document_name

__all__ = ["Entry", "Flag", "broken_entry", "entry_of"]


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
        return document_name(self.source_name) or self.path

    @property
    def progress(self) -> float:
        """The share of what was flagged that waits no longer, 0..1; 1 where nothing waits."""
        return 1.0 if not self.waiting else max(0.0, 1 - self.waiting / max(self.flagged, self.waiting, 1))


def entry_of(found: FoundFile, saved: SavedReport, *, flagged: int | None = None, log_stamp: str = "") -> Entry:
    """What to keep of a report.

    Args:
        found: its file.
        saved: as it is now, corrections on top.
        flagged: values that the program itself flagged; those that wait when None, as nobody corrected anything.
        log_stamp: of the log of corrections that was applied.
    """
    prose = "\n".join(f"{section.title}\n{section.text}" for top in saved.sections for section in top.walk())
    identity = identify(saved.title, saved.source.name, prose)
    counts = dict.fromkeys(Status, 0)
    for value in saved.values:
        counts[value.status] += 1
    flags = tuple(_flags(saved.values))
    return Entry(
        key=found.key,
        path=found.path,
        stamp=found.stamp,
        log_stamp=log_stamp,
        source_name=saved.source.name,
        source_kind=saved.source.kind,
        source_sha256=saved.source.sha256,
        title=saved.title or "",
        body=identity.body or "",
        year=identity.year,
        forms=tuple(dict.fromkeys(match.form for match in saved.matches)),
        pages=saved.source.page_count,
        counts=counts,
        flagged=len(flags) if flagged is None else flagged,
        waiting=len(flags),
        settled=sum(value.settled for value in saved.values),
        failures=len(saved.errors),
        flags=flags,
    )


def broken_entry(found: FoundFile, problem: str) -> Entry:
    """For a file that looks like a report and cannot be opened."""
    return Entry(key=found.key, path=found.path, stamp=found.stamp, problem=problem)


def _flags(values: Iterable[SavedValue]) -> Iterator[Flag]:
    for position, value in enumerate(values):
        if value.settled or value.status.is_good:
            continue
        yield Flag(value.id, position, value.status, urgency_of(value))
