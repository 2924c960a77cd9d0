"""The index over the saved reports: a SQLite file that is only a cache, and is made anew whenever it does not fit.

List and queue are answered from here alone. What it holds of a report is replaced when the report's file, or the log of
its corrections, has changed.
"""

from __future__ import annotations

import sqlite3
import threading
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ocr_pipeline.document import Status
from ocr_pipeline.review.choice import Choice, Order
from ocr_pipeline.review.entry import Entry

__all__ = ["Index", "Mark", "Stamps", "Totals", "Waiting"]

Stamps = dict[str, tuple[str, str, str]]
"""By key: stamp of the file, stamp of the log, hash of the source."""

_STATUS_COLUMNS = ", ".join(f"n_{status.value}" for status in Status)
_COLUMNS = (
    "key, path, stamp, log_stamp, source_name, source_kind, source_sha256, title, body, year, forms, pages, flagged, "
    f"waiting, settled, failures, problem, sought, worst, {_STATUS_COLUMNS}"
)
_SCHEMA = f"""
CREATE TABLE reports ({_COLUMNS}, PRIMARY KEY (key)) WITHOUT ROWID;
CREATE TABLE others (key PRIMARY KEY, stamp) WITHOUT ROWID;
CREATE TABLE flags (urgency INTEGER, key TEXT, position INTEGER, field TEXT, status TEXT,
                    PRIMARY KEY (urgency, key, position)) WITHOUT ROWID;
CREATE INDEX flags_of_report ON flags (key);
CREATE INDEX reports_waiting ON reports (waiting);
"""
_CONTENT = 4
"""Another number when something else is put into the same columns."""
_VERSION = zlib.crc32(f"{_SCHEMA}{_CONTENT}".encode()) & 0x7FFF_FFFF

_ORDERS: dict[Order, str] = {
    "urgency": "worst DESC, waiting DESC, body, year, key",
    "waiting": "waiting DESC, worst DESC, body, year, key",
    "body": "body = '', body, year, key",
    "year": "year IS NULL, year DESC, body, key",
    "name": "path, key",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in the queue: what comes behind it is strictly less urgent, or stands later."""

    urgency: int
    key: str
    position: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """A value in the queue."""

    report: str
    field: str
    status: Status
    mark: Mark


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over the reports of a choice."""

    reports: int
    values: int
    flagged: int
    waiting: int
    settled: int


class Index:
    """Safe to use from many threads.

    Args:
        file: the SQLite file; in memory when None, or when it cannot be written.
    """

    def __init__(self, file: Path | None) -> None:
        self._lock = threading.RLock()
        self._database = _connected(file)

    def close(self) -> None:
        """Close the file; the index is of no use afterwards."""
        with self._lock:
            self._database.close()

    @contextmanager
    def _cursor(self) -> Iterator[sqlite3.Cursor]:
        with self._lock, self._database:
            yield self._database.cursor()

    def stamps(self) -> tuple[Stamps, dict[str, str]]:
        """What is known: of reports, and of files that are none (key to stamp)."""
        with self._cursor() as cursor:
            reports = cursor.execute("SELECT key, stamp, log_stamp, source_sha256 FROM reports").fetchall()
            others = cursor.execute("SELECT key, stamp FROM others").fetchall()
        return {row[0]: (row[1], row[2], row[3]) for row in reports}, {row[0]: row[1] for row in others}

    def put(self, entries: Iterable[Entry]) -> None:
        """Add reports, or replace what is known of them."""
        with self._cursor() as cursor:
            for entry in entries:
                _put(cursor, entry)

    def put_other(self, key: str, stamp: str) -> None:
        """Remember a file that is no report, so that it is not read again."""
        with self._cursor() as cursor:
            cursor.execute("INSERT OR REPLACE INTO others VALUES (?, ?)", (key, stamp))
            _remove(cursor, [key])

    def remove(self, keys: Iterable[str]) -> None:
        """Forget files that are gone."""
        gone = list(keys)
        with self._cursor() as cursor:
            _remove(cursor, gone)
            cursor.executemany("DELETE FROM others WHERE key = ?", [(key,) for key in gone])

    def entry(self, key: str) -> Entry | None:
        """One report, without its flags; None when there is none of that key."""
        with self._cursor() as cursor:
            row = cursor.execute(f"SELECT {_COLUMNS} FROM reports WHERE key = ?", (key,)).fetchone()
        return None if row is None else _entry(row)

    def of_source(self, source_sha256: str) -> list[Entry]:
        """Every report on one source."""
        query = f"SELECT {_COLUMNS} FROM reports WHERE source_sha256 = ? ORDER BY key"
        with self._cursor() as cursor:
            rows = cursor.execute(query, (source_sha256,)).fetchall()
        return [_entry(row) for row in rows]

    def reports(self, choice: Choice, order: Order, limit: int, offset: int = 0) -> list[Entry]:
        """A page of the list, without flags."""
        where, parameters = choice.conditions()
        query = f"SELECT {_COLUMNS} FROM reports WHERE {where} ORDER BY {_ORDERS[order]} LIMIT ? OFFSET ?"
        with self._cursor() as cursor:
            rows = cursor.execute(query, [*parameters, limit, offset]).fetchall()
        return [_entry(row) for row in rows]

    def totals(self, choice: Choice) -> Totals:
        """Sums over all reports of the choice."""
        where, parameters = choice.conditions()
        values = " + ".join(f"n_{status.value}" for status in Status)
        sums = ", ".join(f"COALESCE(SUM({column}), 0)" for column in (values, "flagged", "waiting", "settled"))
        query = f"SELECT COUNT(*), {sums} FROM reports WHERE {where}"
        with self._cursor() as cursor:
            row = cursor.execute(query, parameters).fetchone()
        return Totals(*row)

    def facets(self) -> dict[str, list[tuple[str, int]]]:
        """What can be filtered by: each year, form and body, with the number of its reports."""
        with self._cursor() as cursor:
            years = cursor.execute("SELECT year, COUNT(*) FROM reports GROUP BY year ORDER BY year DESC").fetchall()
            forms = cursor.execute("SELECT forms, COUNT(*) FROM reports GROUP BY forms").fetchall()
            bodies = cursor.execute("SELECT body, COUNT(*) FROM reports GROUP BY body ORDER BY body").fetchall()
        counts: dict[str, int] = {}
        for names, count in forms:
            for name in names.split():
                counts[name] = counts.get(name, 0) + count
        return {
            "year": [(str(year), count) for year, count in years if year is not None],
            "form": sorted(counts.items()),
            "body": [(body, count) for body, count in bodies if body],
        }

    def queue(self, choice: Choice, limit: int, after: Mark | None = None) -> list[Waiting]:
        """Values that wait, worst first.

        Args:
            choice: of which reports, and of which status.
            limit: most values.
            after: begin behind this place.
        """
        where, parameters = choice.conditions()
        if choice.status is not None:
            where, parameters = f"{where} AND flags.status = ?", [*parameters, choice.status.value]
        if after is not None:
            where += " AND (urgency < ? OR (urgency = ? AND (flags.key, position) > (?, ?)))"
            parameters += [after.urgency, after.urgency, after.key, after.position]
        joined = "flags JOIN reports ON reports.key = flags.key"
        query = (
            f"SELECT flags.key, field, flags.status, urgency, position FROM {joined} WHERE {where} "
            "ORDER BY urgency DESC, flags.key, position LIMIT ?"
        )
        with self._cursor() as cursor:
            rows = cursor.execute(query, [*parameters, limit]).fetchall()
        return [Waiting(row[0], row[1], Status(row[2]), Mark(row[3], row[0], row[4])) for row in rows]

    def waiting(self, choice: Choice) -> int:
        """How many values wait."""
        where, parameters = choice.conditions()
        if choice.status is None:
            return self.totals(choice).waiting
        query = f"SELECT COUNT(*) FROM flags JOIN reports ON reports.key = flags.key WHERE {where} AND flags.status = ?"
        with self._cursor() as cursor:
            row = cursor.execute(query, [*parameters, choice.status.value]).fetchone()
        return int(row[0])


def _connected(file: Path | None) -> sqlite3.Connection:
    if file is not None:
        try:
            file.parent.mkdir(exist_ok=True)
            return _prepared(sqlite3.connect(file, check_same_thread=False, timeout=10))
        except (OSError, sqlite3.Error):
            # A damaged cache is thrown away; a folder that cannot be written gets one in memory.
            try:
                file.unlink(missing_ok=True)
                return _prepared(sqlite3.connect(file, check_same_thread=False, timeout=10))
            except (OSError, sqlite3.Error):
                pass
    return _prepared(sqlite3.connect(":memory:", check_same_thread=False))


def _prepared(database: sqlite3.Connection) -> sqlite3.Connection:
    database.execute("PRAGMA journal_mode = WAL")
    # Losing the last moments of a cache costs nothing.
    database.execute("PRAGMA synchronous = OFF")
    if database.execute("PRAGMA user_version").fetchone()[0] != _VERSION:
        for kind, name in database.execute("SELECT type, name FROM sqlite_master WHERE type = 'table'").fetchall():
            database.execute(f"DROP {kind} {name}")
        database.executescript(_SCHEMA)
        database.execute(f"PRAGMA user_version = {_VERSION}")
        database.commit()
    return database


def _put(cursor: sqlite3.Cursor, entry: Entry) -> None:
    _remove(cursor, [entry.key])
    sought = " ".join((entry.title, entry.body, str(entry.year or ""), *entry.forms, entry.source_name, entry.path))
    row: Sequence[object] = (
        entry.key,
        entry.path,
        entry.stamp,
        entry.log_stamp,
        entry.source_name,
        entry.source_kind,
        entry.source_sha256,
        entry.title,
        entry.body,
        entry.year,
        " ".join(entry.forms),
        entry.pages,
        entry.flagged,
        entry.waiting,
        entry.settled,
        entry.failures,
        entry.problem,
        sought.casefold(),
        max((flag.urgency for flag in entry.flags), default=0),
        *(entry.counts[status] for status in Status),
    )
    cursor.execute(f"INSERT INTO reports ({_COLUMNS}) VALUES ({', '.join('?' * len(row))})", row)
    flags = [(flag.urgency, entry.key, flag.position, flag.field, flag.status.value) for flag in entry.flags]
    cursor.executemany("INSERT INTO flags VALUES (?, ?, ?, ?, ?)", flags)


def _remove(cursor: sqlite3.Cursor, keys: Sequence[str]) -> None:
    for table in ("reports", "flags"):
        cursor.executemany(f"DELETE FROM {table} WHERE key = ?", [(key,) for key in keys])


def _entry(row: Sequence[object]) -> Entry:
    values = dict(zip((name.strip() for name in _COLUMNS.split(",")), row, strict=True))
    counts = {status: values.pop(f"n_{status.value}") for status in Status}
    for derived in ("sought", "worst"):
        del values[derived]
    values["forms"] = tuple(str(values["forms"]).split())
    return Entry(counts=counts, **values)  # type: ignore[arg-type]
