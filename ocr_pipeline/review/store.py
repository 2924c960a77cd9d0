"""The saved reports of a folder, the index over them, and the few that are open.

Reports are found, indexed and opened here, and nowhere else. What changes on the disk (a report written by ``batch``, a
correction by somebody else) is seen the next time something is asked for, at most ``rescan_seconds`` later.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from ocr_pipeline.dataset.saved import SavedReport, load_saved
from ocr_pipeline.errors import OcrPipelineError, SourceNotFoundError
from ocr_pipeline.report.corrections import CorrectionLog, Recheck
from ocr_pipeline.review.entry import Entry, broken_entry, entry_of
from ocr_pipeline.review.folder import CORRECTIONS, OWN_FOLDER, FoundFile, find_reports
from ocr_pipeline.review.index import Index
from ocr_pipeline.review.opened import OpenReport, corrected, open_report
from ocr_pipeline.review.options import ReviewOptions

__all__ = ["Store"]

_MARK, _HEAD = b'"schema_version"', 65_536
"""What stands near the beginning of a report, and not of another JSON file."""

_AT_ONCE = 50
"""Reports put into the index together; between them somebody else may ask it something."""
_SOON = 40
"""So many changed files are looked at while somebody waits; more than that in the background."""


class Store:
    """Reports, by key. Safe to use from many threads.

    Args:
        root: the folder that ``read`` or ``batch`` wrote.
        options: how many reports are kept open, and how often the folder is looked through.
        recheck: evaluates the equations anew after a correction.

    Raises:
        SourceNotFoundError: there is no such folder.
    """

    def __init__(self, root: Path, options: ReviewOptions, recheck: Recheck | None) -> None:
        if not root.is_dir():
            raise SourceNotFoundError("no such folder", source=root, remedy="give the folder that --out named")
        self.root = root.resolve()
        self.options = options
        self.index = Index(self.root / OWN_FOLDER / "index.sqlite")
        self._recheck = recheck
        self._opened: OrderedDict[str, tuple[tuple[str, str], OpenReport]] = OrderedDict()
        self._lock = threading.Lock()
        self._scanning = threading.Lock()
        self._scanned = 0.0
        self._background: threading.Thread | None = None
        self._stop = threading.Event()
        self.pending = 0
        """Files that are still to be looked at, for a page that says so."""

    def close(self) -> None:
        """Stop looking at files and close the index."""
        self._stop.set()
        if self._background is not None:
            self._background.join()
        with self._scanning:
            self.index.close()

    @property
    def closed(self) -> bool:
        """Whether it is closed, or about to be."""
        return self._stop.is_set()

    def refresh(self, *, wait: bool = False) -> None:
        """Look for files that came, went or changed, unless that was done a moment ago.

        Args:
            wait: index everything before returning; otherwise many changed files are left to the background.
        """
        if self.closed or (not wait and self._looked_just_now):
            return
        if not self._scanning.acquire(blocking=wait):
            return
        try:
            if self.closed:
                return
            changed = self._changes()
            self._scanned = time.monotonic()
            # Nobody waits for the background itself.
            if wait or len(changed) <= _SOON or threading.current_thread() is self._background:
                self._index(changed)
            elif not self._is_busy:
                self._begin(lambda: self._index(changed))
        finally:
            self._scanning.release()

    def refresh_later(self) -> None:
        """The same in the background, for those who must not wait even for a look through a large folder."""
        if not (self.closed or self._looked_just_now or self._is_busy):
            self._begin(self.refresh)

    @property
    def _looked_just_now(self) -> bool:
        return time.monotonic() - self._scanned < self.options.rescan_seconds

    @property
    def _is_busy(self) -> bool:
        return self._background is not None and self._background.is_alive()

    def _begin(self, work: Callable[[], None]) -> None:
        self._background = threading.Thread(target=work, name="index", daemon=True)
        self._background.start()

    def open(self, key: str) -> OpenReport:
        """The report of that key, with all corrections that are in the log at this moment.

        Raises:
            SourceNotFoundError: there is none.
            DamagedSourceError, UnknownFormatError: see ``open_report``.
        """
        entry = self.entry(key)
        stamps = (_stamp(self.root / entry.path), self._log_stamp(entry.source_sha256))
        with self._lock:
            kept = self._opened.get(key)
            if kept is not None and kept[0] == stamps:
                self._opened.move_to_end(key)
                return kept[1]
        if kept is not None and kept[0][0] == stamps[0]:  # only the log has changed
            opened = corrected(kept[1], self.root, self._recheck)
        else:
            opened = open_report(self.root, key, entry.path, self._recheck)
        with self._lock:
            self._opened[key] = (stamps, opened)
            while len(self._opened) > self.options.open_reports:
                self._opened.popitem(last=False)
        if stamps != (entry.stamp, entry.log_stamp):
            self._put(opened, stamps)
        return opened

    def entry(self, key: str) -> Entry:
        """What the list says of a report.

        Raises:
            SourceNotFoundError: there is none of that key.
        """
        entry = self.index.entry(key) or self._unlisted(key)
        if entry is None:
            raise SourceNotFoundError("no such report", source=key, remedy="look for it in the list of reports")
        return entry

    def _unlisted(self, key: str) -> Entry | None:
        """A report that the index does not hold yet: written a moment ago, or somebody else is still looking.

        ``refresh`` would not do: it leaves the work to whoever began it, and a server that has just started would say
        that there is no such report to everybody but the first.
        """
        found = next((file for file in find_reports(self.root) if file.key == key), None)
        entry = None if found is None else self._look(found)
        if entry is not None:
            self.index.put([entry])
        return entry

    def source_changed(self, source_sha256: str) -> None:
        """Bring what the index says of every report on a source up to date, after a correction."""
        for entry in self.index.of_source(source_sha256):
            if entry.log_stamp != self._log_stamp(source_sha256):
                self.open(entry.key)

    def _put(self, opened: OpenReport, stamps: tuple[str, str]) -> None:
        found = FoundFile(opened.key, opened.path, stamps[0])
        saved, flagged = SavedReport.of(opened.report), len(opened.original.flagged)
        self.index.put([entry_of(found, saved, flagged=flagged, log_stamp=stamps[1])])

    def _changes(self) -> list[FoundFile]:
        """Files to be looked at; what is gone is forgotten at once."""
        known, others = self.index.stamps()
        logs = self._log_stamps()
        found = {file.key: file for file in find_reports(self.root)}
        self.index.remove(key for key in [*known, *others] if key not in found)
        changed = []
        for key, file in found.items():
            stamp, log_stamp, source = known.get(key, (None, "", ""))
            fresh = stamp == file.stamp and log_stamp == logs.get(source, "")
            if not fresh and others.get(key) != file.stamp:
                changed.append(file)
        return changed

    def _index(self, files: Iterable[FoundFile]) -> None:
        waiting = list(files)
        self.pending = len(waiting)
        try:
            for start in range(0, len(waiting), _AT_ONCE):
                entries: list[Entry] = []
                for file in waiting[start : start + _AT_ONCE]:
                    if self._stop.is_set():
                        return
                    entry = self._look(file)
                    if entry is None:
                        self.index.put_other(file.key, file.stamp)
                    else:
                        entries.append(entry)
                self.index.put(entries)
                self.pending = max(0, len(waiting) - start - _AT_ONCE)
        finally:
            self.pending = 0

    def _look(self, file: FoundFile) -> Entry | None:
        """What the index keeps of a file; None when it is no report at all."""
        try:
            content = (self.root / file.path).read_bytes()
        except OSError:
            return None
        if _MARK not in content[:_HEAD]:
            return None
        try:
            entry = entry_of(file, load_saved(content, file.path))
        except OcrPipelineError as error:
            return broken_entry(file, f"{error.message} ({error.remedy})")
        log_stamp = self._log_stamp(entry.source_sha256)
        if not log_stamp:
            return entry
        try:
            opened = open_report(self.root, file.key, file.path, self._recheck)
        except OcrPipelineError as error:
            problem = f"{error.message} ({error.remedy})"
            return replace(entry, log_stamp=log_stamp, problem=problem, waiting=0, flags=())
        saved, flagged = SavedReport.of(opened.report), len(opened.original.flagged)
        return entry_of(file, saved, flagged=flagged, log_stamp=log_stamp)

    def _log_stamp(self, source_sha256: str) -> str:
        return _stamp(CorrectionLog.of(self.root, source_sha256).path) if source_sha256 else ""

    def _log_stamps(self) -> dict[str, str]:
        """Hash of each source that somebody corrected to the stamp of its log."""
        folder = self.root / CORRECTIONS
        return {path.stem: _stamp(path) for path in folder.glob("*.jsonl")} if folder.is_dir() else {}


def _stamp(file: Path) -> str:
    """Changes when the file does; empty when there is none."""
    try:
        seen = file.stat()
    except OSError:
        return ""
    return f"{seen.st_mtime_ns}:{seen.st_size}"
