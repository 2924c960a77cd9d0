"""The SQLite file of a ledger: its tables, transactions that survive the end of the process, and its errors as ours.

Each commit is on the disk (write-ahead log). One process writes; any number may look on.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ocr_pipeline.errors import DamagedSourceError, OutputError

__all__ = ["LedgerFile"]

_VERSION = 1
_PATIENCE = 60.0  # seconds, for those who look on and those who copy the file

_SCHEMA = """
CREATE TABLE runs (
    id INTEGER PRIMARY KEY, started TEXT NOT NULL, finished TEXT, outcome TEXT, fingerprint TEXT NOT NULL,
    workers INTEGER NOT NULL
);
CREATE TABLE names (
    name TEXT PRIMARY KEY, run INTEGER NOT NULL, seq INTEGER NOT NULL, first INTEGER NOT NULL,
    place TEXT NOT NULL, container BLOB NOT NULL, token TEXT NOT NULL, size INTEGER NOT NULL,
    sha256 TEXT, category TEXT, message TEXT, remedy TEXT
);
CREATE INDEX names_by_content ON names (sha256, run);
CREATE INDEX names_in_order ON names (run, seq);
CREATE TABLE documents (
    sha256 TEXT PRIMARY KEY, folder TEXT NOT NULL UNIQUE, state TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
    tried TEXT, category TEXT, message TEXT, remedy TEXT, detail TEXT,
    fingerprint TEXT, pages INTEGER, seconds REAL, measures TEXT, started TEXT, finished TEXT
);
CREATE INDEX documents_by_state ON documents (state);
CREATE TABLE attempts (
    sha256 TEXT NOT NULL, run INTEGER NOT NULL, finished TEXT NOT NULL, seconds REAL NOT NULL, state TEXT NOT NULL,
    category TEXT, message TEXT
);
CREATE INDEX attempts_by_run ON attempts (run);
"""


class LedgerFile:
    """An open file, made when it does not exist.

    Every method raises ``OutputError`` where the file cannot be written, ``DamagedSourceError`` where it is damaged.

    Args:
        path: of the file.

    Raises:
        OutputError: it cannot be written.
        DamagedSourceError: the file is no ledger, or of another version of this program.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._translated():
            self._db = sqlite3.connect(path, isolation_level=None, timeout=_PATIENCE)
        try:
            self._prepare()
        except BaseException:
            self._db.close()
            raise

    def _prepare(self) -> None:
        with self._translated():
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = FULL")
            (version,) = self._db.execute("PRAGMA user_version").fetchone()
            if version == 0:
                self._db.executescript(f"BEGIN; {_SCHEMA} PRAGMA user_version = {_VERSION}; COMMIT;")
            elif version != _VERSION:
                raise DamagedSourceError(
                    f"a ledger of version {version}, and this program knows {_VERSION}",
                    remedy="choose another --out folder",
                    source=self._path,
                )

    def close(self) -> None:
        """Close it; it is of no use afterwards."""
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All changes within are made together, or none of them."""
        with self._translated():
            self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            if self._db.in_transaction:  # a full disk may have ended it
                self._db.execute("ROLLBACK")
            raise
        with self._translated():
            self._db.execute("COMMIT")

    def write(self, statement: str, *values: Any) -> int:
        """Change something; gives the number of the row that was put in last."""
        with self._translated():
            return int(self._db.execute(statement, values).lastrowid or 0)

    def one(self, statement: str, *values: Any) -> tuple[Any, ...] | None:
        """The first row that a statement finds."""
        with self._translated():
            row: tuple[Any, ...] | None = self._db.execute(statement, values).fetchone()
            return row

    def all(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Every row that a statement finds."""
        with self._translated():
            return self._db.execute(statement, values).fetchall()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            remedy = "make room, then run the same command again" if "full" in str(error) else OutputError.remedy
            raise OutputError(f"the ledger cannot be written: {error}", remedy=remedy, source=self._path) from error
        except sqlite3.DatabaseError as error:
            raise DamagedSourceError(
                f"the ledger is damaged: {error}",
                remedy="remove it: what is finished in documents/ is found again",
                source=self._path,
            ) from error
