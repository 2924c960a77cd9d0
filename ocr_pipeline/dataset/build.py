"""Makes the dataset of a folder of saved reports, or brings it up to date.

Reports are gone through one at a time in the order of their names; rows of those that have not changed are copied from
the files of the run before. Everything is written beside its place and appears at once, so that a run that is killed
leaves the dataset of the run before.
"""

from __future__ import annotations

import secrets
import shutil
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from ocr_pipeline.dataset.archive import ARCHIVE_FILE, archive_id, write_archive
from ocr_pipeline.dataset.collecting import Collector, is_unchanged
from ocr_pipeline.dataset.index import INDEX_FILE, Index, IndexEntry, load_index, maker
from ocr_pipeline.dataset.options import DatasetOptions
from ocr_pipeline.dataset.panel import load_rules, write_panel
from ocr_pipeline.dataset.parquet import TableWriter
from ocr_pipeline.dataset.saved import find_reports
from ocr_pipeline.dataset.schema import TABLES, TableName
from ocr_pipeline.errors import OutputError, SourceNotFoundError

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
            # Whoever held the lock before may have made what is wanted here.
            current = run.current()
            return run.renew() if current is None else run.summary(current, read=0)
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
        files = list(find_reports(self.folder))
        if [file.name for file in files] != list(entries):
            return None
        unchanged = all(is_unchanged(self.folder, file, entries[file.name], index.started) for file in files)
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
        try:
            entries = self._collect(work, old)
        except EOFError:
            # The files of the run before are damaged; the reports are not.
            entries = self._collect(work, None)
        panel = write_panel(work, self.rules, self.options)
        index = Index(made_by=self.made_by, started=started, entries=entries, panel_findings=panel)
        (work / INDEX_FILE).write_text(index.model_dump_json(indent=1) + "\n", encoding="utf-8")
        return index

    def _collect(self, work: Path, old: Index | None) -> tuple[IndexEntry, ...]:
        with ExitStack() as stack:
            writers = {table: stack.enter_context(TableWriter(work / table, table, self.options)) for table in TABLES}
            collector = Collector(self.folder, self.dataset, old, writers)
            files = list(find_reports(self.folder))
            entries: list[IndexEntry] = []
            for number, file in enumerate(files, start=1):
                entries.append(collector.add(file))
                if self.progress is not None:
                    self.progress(number, len(files))
        self.read = collector.read
        return tuple(entries)


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
    for left in (*folder.glob(".dataset-new-*"), *folder.glob(".archive-new-*")):
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)
        else:
            left.unlink(missing_ok=True)
