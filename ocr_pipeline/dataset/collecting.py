"""Goes through the saved reports one at a time and writes their rows, or copies those of the run before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

from ocr_pipeline.dataset.forms import known_forms
from ocr_pipeline.dataset.index import Index, IndexEntry, stamp_of
from ocr_pipeline.dataset.parquet import TableReader, TableWriter
from ocr_pipeline.dataset.rows import report_rows
from ocr_pipeline.dataset.saved import ReportFile, SavedReport, digest, load_saved
from ocr_pipeline.dataset.schema import TABLES, TableName
from ocr_pipeline.errors import OcrPipelineError, UnknownFormatError
from ocr_pipeline.report import from_json
from ocr_pipeline.report.corrections import CorrectionLog, apply
from ocr_pipeline.templates import recheck

__all__ = ["Collector", "is_unchanged"]

Writers = Mapping[TableName, TableWriter]


def is_unchanged(folder: Path, file: ReportFile, before: IndexEntry, started: int) -> bool:
    """Whether a report and its corrections are surely as they were, by their stamps alone.

    Args:
        folder: that of all reports.
        file: the report.
        before: what it was.
        started: when the run began that found it so, in nanoseconds.
    """
    stamps = (stamp_of(file.path), stamp_of(_log(folder, before.source_sha256)))
    return stamps == (before.report, before.corrections) and all(stamp.older_than(started) for stamp in stamps)


class Collector:
    """Writes the rows of reports, which must come in order of their names.

    Args:
        folder: that of all reports.
        dataset: the files of the run before.
        old: its index; None to read everything.
        writers: one for each table.
    """

    def __init__(self, folder: Path, dataset: Path, old: Index | None, writers: Writers) -> None:
        self.read = 0
        """Reports read so far; the rows of the others were copied."""
        self._folder, self._writers = folder, writers
        self._started = old.started if old else 0
        self._before = _Before(dataset, old)

    def add(self, file: ReportFile) -> IndexEntry:
        """Write the rows of a report; a file that is none gets an entry that says why."""
        before = self._before.entry(file.name)
        if before is not None and is_unchanged(self._folder, file, before, self._started):
            return self._copied(before)
        entry = IndexEntry(name=file.name, report=stamp_of(file.path))
        try:
            content = file.content()
            if before is not None and self._digest(content, before.source_sha256) == before.content:
                log = stamp_of(_log(self._folder, before.source_sha256))
                return self._copied(before).model_copy(update={"report": entry.report, "corrections": log})
            return self._written(content, entry)
        except OcrPipelineError as error:
            ours = not isinstance(error, UnknownFormatError)
            return entry.model_copy(update={"problem": error.message, "is_report": ours})

    def _copied(self, before: IndexEntry) -> IndexEntry:
        self._before.copy(before, self._writers)
        return before

    def _written(self, content: bytes, entry: IndexEntry) -> IndexEntry:
        saved = load_saved(content, entry.name)
        source = saved.source.sha256
        log = stamp_of(_log(self._folder, source))
        made_of = self._digest(content, source)
        if log.size:
            saved = self._corrected(content, entry.name)
        columns = report_rows(saved, entry.name)
        rows = {table: self._writers[table].add(columns[table]) for table in TABLES}
        self.read += 1
        return entry.model_copy(update={"corrections": log, "content": made_of, "source_sha256": source, "rows": rows})

    def _corrected(self, content: bytes, name: str) -> SavedReport:
        report = from_json(content, name=name)
        entries = CorrectionLog.of(self._folder, report.source.sha256).entries()
        return SavedReport.of(apply(report, entries, recheck=partial(recheck, templates=known_forms())).report)

    def _digest(self, content: bytes, source_sha256: str) -> str:
        """Of a report with its corrections."""
        try:
            corrections = _log(self._folder, source_sha256).read_bytes()
        except OSError:
            corrections = b""
        return digest(content, corrections)


class _Before:
    """The rows of the run before, in the order in which its reports stand in its files."""

    def __init__(self, dataset: Path, index: Index | None) -> None:
        self._entries = dict(index.by_name()) if index else {}
        self._order: Iterator[IndexEntry] = iter(list(self._entries.values()))
        self._readers = {table: TableReader(dataset / table) for table in TABLES} if index else {}

    def entry(self, name: str) -> IndexEntry | None:
        return self._entries.get(name)

    def copy(self, entry: IndexEntry, writers: Writers) -> None:
        """Copy the rows of a report, passing over those of reports before it."""
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


def _log(folder: Path, source_sha256: str) -> Path:
    return CorrectionLog.of(folder, source_sha256).path
