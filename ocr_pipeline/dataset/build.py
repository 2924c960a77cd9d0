"""Makes the dataset of a folder of saved reports, or brings it up to date.

Reports are gone through one at a time in the order of their names; rows of those that have not changed are copied from
the files of the run before. Everything is written beside its place and appears at once, so that a run that is killed
leaves the dataset of the run before.
"""

from __future__ import annotations

import secrets
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from filelock import FileLock, Timeout

from ocr_pipeline.dataset.archive import ARCHIVE_FILE, archive_id, write_archive
from ocr_pipeline.dataset.forms import known_forms
from ocr_pipeline.dataset.index import INDEX_FILE, Index, IndexEntry, load_index, maker, stamp_of
from ocr_pipeline.dataset.options import DatasetOptions
from ocr_pipeline.dataset.panel import load_rules, write_panel
from ocr_pipeline.dataset.parquet import TableReader, TableWriter
from ocr_pipeline.dataset.rows import report_rows
from ocr_pipeline.dataset.saved import ReportFile, SavedReport, digest, find_reports, load_saved
from ocr_pipeline.dataset.schema import TABLES, TableName
from ocr_pipeline.errors import OcrPipelineError, OutputError, SourceNotFoundError, UnknownFormatError
from ocr_pipeline.report import from_json
from ocr_pipeline.report.corrections import CorrectionLog, apply
from ocr_pipeline.templates import recheck

__all__ = ["DATASET_FOLDER", "DatasetSummary", "Progress", "build_dataset"]

DATASET_FOLDER = "dataset"
_LOCK_FILE = ".dataset.lock"
_LOCK_SECONDS = 600.0

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class DatasetSummary:
    """What a run made of a folder.

    Attributes:
        dataset: the folder of the Parquet files.
        archive: the DuckDB file.
        reports: reports in it.
        rows: rows of each table.
        panel_findings: findings of the checks over years and bodies, among the rows of ``findings``.
        read: reports read in this run; the rows of the others were kept.
        problems: name of each file that is no readable report to what is wrong with it.
        ignored: JSON files that are no reports.
    """

    dataset: Path
    archive: Path
    reports: int
    rows: Mapping[TableName, int]
    panel_findings: int
    read: int
    problems: Mapping[str, str]
    ignored: int


def build_dataset(
    folder: Path,
    *,
    options: DatasetOptions | None = None,
    progress: Progress | None = None,
) -> DatasetSummary:
    """Make or update ``folder/dataset/`` and ``folder/archive.duckdb`` from the reports saved below the folder.

    Corrections in ``folder/corrections/`` are applied, and equations evaluated anew where there are any. Two runs over
    the same reports give the same files byte for byte, however many runs there were in between. Nothing is written
    where nothing has changed.

    Args:
        folder: what ``read --out`` or ``batch --out`` wrote.
        options: sizes and limits.
        progress: called with the number of reports done and the number of all.

    Raises:
        SourceNotFoundError: no such folder.
        OutputError: the dataset cannot be written, or another run holds it for more than ten minutes.
        DamagedSourceError: a log of corrections is damaged.
    """
    options = options or DatasetOptions()
    if not folder.is_dir():
        raise SourceNotFoundError("no such folder", source=folder)
    run = _Run(folder, options, progress)
    current = run.current()
    if current is not None:
        return run.summary(current, read=0)
    try:
        with FileLock(folder / _LOCK_FILE, timeout=_LOCK_SECONDS):
            return run.renew()
    except Timeout as error:
        raise OutputError(
            "another program is making this dataset", source=folder, remedy="wait for it to end, then try again"
        ) from error
    except OSError as error:
        raise OutputError(f"the dataset cannot be written: {error.strerror or error}", source=folder) from error


class _Run:
    def __init__(self, folder: Path, options: DatasetOptions, progress: Progress | None) -> None:
        self.folder, self.options, self.progress = folder, options, progress
        self.dataset, self.archive = folder / DATASET_FOLDER, folder / ARCHIVE_FILE
        self.rules = load_rules()
        self.made_by = maker(options.model_dump_json(), self.rules.model_dump_json())
        self.read = 0

    def current(self) -> Index | None:
        """The index of what is there, if that is all there is to be made."""
        index = load_index(self.dataset)
        if index is None or index.made_by != self.made_by or archive_id(self.archive) != index.id:
            return None
        entries = index.by_name()
        names = [file.name for file in find_reports(self.folder)]
        if names != list(entries):
            return None
        unchanged = all(self._unchanged(ReportFile(n, self.folder / n), entries[n], index.started) for n in names)
        return index if unchanged else None

    def renew(self) -> DatasetSummary:
        """Write everything beside its place, then put it there."""
        _clear(self.folder, self.dataset)
        token = secrets.token_hex(4)
        work, archive = self.folder / f".dataset-new-{token}", self.folder / f".archive-new-{token}.duckdb"
        try:
            index = self._write(work)
            write_archive(archive, work, index.id, self.options)
            _swap(work, self.dataset, self.folder / f".dataset-old-{token}")
            archive.replace(self.archive)
        finally:
            shutil.rmtree(work, ignore_errors=True)
            archive.unlink(missing_ok=True)
        return self.summary(index, read=self.read)

    def summary(self, index: Index, read: int) -> DatasetSummary:
        reports = [entry for entry in index.entries if entry.rows]
        rows = {table: sum(entry.rows[table] for entry in reports) for table in TABLES}
        rows["findings"] += index.panel_findings
        return DatasetSummary(
            dataset=self.dataset,
            archive=self.archive,
            reports=len(reports),
            rows=rows,
            panel_findings=index.panel_findings,
            read=read,
            problems={entry.name: entry.problem for entry in index.entries if entry.problem and entry.is_report},
            ignored=sum(not entry.is_report for entry in index.entries),
        )

    def _write(self, work: Path) -> Index:
        started = time.time_ns()
        old = load_index(self.dataset)
        if old is not None and old.made_by != self.made_by:
            old = None
        with ExitStack() as stack:
            writers = {table: stack.enter_context(TableWriter(work / table, table, self.options)) for table in TABLES}
            entries = tuple(self._entries(old, writers))
        panel = write_panel(work, self.rules, self.options)
        index = Index(made_by=self.made_by, started=started, entries=entries, panel_findings=panel)
        (work / INDEX_FILE).write_text(index.model_dump_json(indent=1) + "\n", encoding="utf-8")
        return index

    def _entries(self, old: Index | None, writers: Mapping[TableName, TableWriter]) -> Iterator[IndexEntry]:
        kept = _Kept(self.dataset, old)
        files = list(find_reports(self.folder))
        for number, file in enumerate(files, start=1):
            before = kept.entry(file.name)
            if before is not None and old is not None and self._unchanged(file, before, old.started):
                kept.copy(before, writers)
                yield before
            else:
                yield self._entry(file, before, kept, writers)
            if self.progress is not None:
                self.progress(number, len(files))

    def _unchanged(self, file: ReportFile, before: IndexEntry, started: int) -> bool:
        log = self._log(before.source_sha256)
        stamps = (stamp_of(file.path), stamp_of(log))
        return stamps == (before.report, before.corrections) and all(stamp.older_than(started) for stamp in stamps)

    def _entry(
        self, file: ReportFile, before: IndexEntry | None, kept: _Kept, writers: Mapping[TableName, TableWriter]
    ) -> IndexEntry:
        """Rows of a report that is new or may have changed."""
        stamp = stamp_of(file.path)
        try:
            content = file.content()
            saved = load_saved(content, file.name)
        except OcrPipelineError as error:
            mine = not isinstance(error, UnknownFormatError)
            content_id = digest(b"", error.message.encode())
            return IndexEntry(name=file.name, report=stamp, problem=error.message, is_report=mine, content=content_id)
        log = self._log(saved.source.sha256)
        log_stamp = stamp_of(log)
        corrections = log.read_bytes() if log_stamp.size else b""
        entry = IndexEntry(
            name=file.name,
            report=stamp,
            corrections=log_stamp,
            content=digest(content, corrections),
            source_sha256=saved.source.sha256,
        )
        if before is not None and before.content == entry.content:
            kept.copy(before, writers)
            return entry.model_copy(update={"rows": before.rows})
        if corrections:
            saved = self._corrected(content, file.name)
        self.read += 1
        columns = report_rows(saved, file.name)
        return entry.model_copy(update={"rows": {table: writers[table].add(columns[table]) for table in TABLES}})

    def _corrected(self, content: bytes, name: str) -> SavedReport:
        report = from_json(content, name=name)
        entries = CorrectionLog.of(self.folder, report.source.sha256).entries()
        return SavedReport.of(apply(report, entries, recheck=partial(recheck, templates=known_forms())).report)

    def _log(self, source_sha256: str) -> Path:
        return CorrectionLog.of(self.folder, source_sha256).path


class _Kept:
    """The rows of the run before, in the order in which its reports stand in its files."""

    def __init__(self, dataset: Path, index: Index | None) -> None:
        self._entries = dict(index.by_name()) if index else {}
        self._order = iter(list(self._entries.values()))
        self._readers = {table: TableReader(dataset / table) for table in TABLES} if index else {}

    def entry(self, name: str) -> IndexEntry | None:
        return self._entries.get(name)

    def copy(self, entry: IndexEntry, writers: Mapping[TableName, TableWriter]) -> None:
        """Copy the rows of a report, passing over those of reports before it; the names must come in order."""
        for passed in self._order:
            for table, reader in self._readers.items():
                rows = passed.rows.get(table, 0)
                if passed.name != entry.name:
                    reader.skip(rows)
                else:
                    for batch in reader.take(rows):
                        writers[table].add_batch(batch)
            if passed.name == entry.name:
                return
        raise AssertionError(f"rows of {entry.name} were asked for twice or out of order")


def _swap(new: Path, place: Path, aside: Path) -> None:
    """Put a finished folder in the place of an older one."""
    if place.exists():
        place.rename(aside)
    try:
        new.rename(place)
    except OSError:
        if aside.exists():
            aside.rename(place)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _clear(folder: Path, dataset: Path) -> None:
    """Remove what a run that was killed left behind; what it had put aside goes back to its place."""
    for aside in sorted(folder.glob(".dataset-old-*")):
        if dataset.exists():
            shutil.rmtree(aside, ignore_errors=True)
        else:
            aside.rename(dataset)
    for left in folder.glob(".dataset-new-*"):
        shutil.rmtree(left, ignore_errors=True)
    for left in folder.glob(".archive-new-*"):
        left.unlink(missing_ok=True)
