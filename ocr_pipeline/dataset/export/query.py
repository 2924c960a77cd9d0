"""The rows of an export out of the Parquet files, long (a row a value) or wide (a row a report)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ocr_pipeline.dataset.archive import connect
from ocr_pipeline.dataset.export.selection import Selection
from ocr_pipeline.dataset.options import DatasetOptions
from ocr_pipeline.dataset.schema import TABLES, TableName
from ocr_pipeline.document import Status
from ocr_pipeline.errors import ContentError

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

__all__ = ["WIDE_KEY", "Field", "Query", "WideValue", "open_dataset"]

WIDE_KEY = ("body", "year", "document", "report", "flagged")
"""Columns before the fields of a wide row; ``flagged`` counts its fields that are not handed out as good."""

_FETCHED = 10_000
_ORDER = {
    "documents": "report",
    "values": "report, position",
    "findings": "scope, report, position",
    "sections": "report, position",
}
# From 1 in files for people, from 0 in data.
_COUNTED = frozenset({"page", "row", "column"})


@dataclass(frozen=True, slots=True)
class Field:
    """A column of a wide table."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class WideValue:
    """A value of a wide row."""

    value: float | None
    status: Status
    raw: str

    @property
    def good(self) -> float | None:
        """The figure where it is handed out as good."""
        return self.value if self.status.is_good else None


@dataclass(frozen=True)
class Query:
    """A dataset opened for an export."""

    database: duckdb.DuckDBPyConnection
    selection: Selection

    def count(self, table: TableName) -> int:
        """How many rows of a table are selected."""
        where, parameters = self.selection.where(table)
        query = f'SELECT count(*) FROM "{table}" WHERE {where}'
        return int(self.database.execute(query, parameters).fetchall()[0][0])

    def rows(self, table: TableName, *, first: int) -> Iterator[tuple[Any, ...]]:
        """The selected rows in the columns of ``schema.TABLES``; lists are joined by semicolons.

        Args:
            table: one of the four.
            first: number of the first page, row and column.
        """
        columns = ", ".join(_shown(c.name, c.kind, first) for c in TABLES[table])
        where, parameters = self.selection.where(table)
        return self._fetch(f'SELECT {columns} FROM "{table}" WHERE {where} ORDER BY {_ORDER[table]}', parameters)

    def batches(self, table: TableName) -> pa.RecordBatchReader:
        """The selected rows as Arrow data, as they are in the dataset."""
        where, parameters = self.selection.where(table)
        query = f'SELECT * FROM "{table}" WHERE {where} ORDER BY {_ORDER[table]}'
        return self.database.sql(query, params=parameters).to_arrow_reader(_FETCHED)

    def forms(self) -> list[str]:
        """Ids of the forms of selected values."""
        where, parameters = self.selection.where("values")
        query = f'SELECT DISTINCT form FROM "values" WHERE {where} AND form IS NOT NULL ORDER BY form'
        return [str(form) for (form,) in self.database.execute(query, parameters).fetchall()]

    def fields(self, form: str | None = None) -> list[Field]:
        """The selected fields, of one form or of all, in the order in which reports have them."""
        where, parameters = self._of_form(form)
        query = f"""SELECT id, arg_min(label, report) FROM "values" WHERE {where}
                    GROUP BY id ORDER BY min(position), id"""
        return [Field(str(field), str(label)) for field, label in self.database.execute(query, parameters).fetchall()]

    def wide(self, form: str | None, fields: list[Field]) -> Iterator[tuple[tuple[Any, ...], list[WideValue | None]]]:
        """A row for each report: the entries of ``WIDE_KEY``, then its value for each of the fields, None without.

        Args:
            form: of one form only; None for all.
            fields: the columns.
        """
        where, parameters = self._of_form(form)
        query = f"""SELECT body, year, any_value(document), report, count(*) FILTER (WHERE NOT good),
                           list(id ORDER BY position), list("value" ORDER BY position),
                           list(status ORDER BY position), list(raw ORDER BY position)
                    FROM "values" WHERE {where} GROUP BY body, year, report ORDER BY body, year, report"""
        for *key, ids, figures, statuses, raws in self._fetch(query, parameters):
            values = dict(zip(ids, map(WideValue, figures, map(Status, statuses), raws), strict=True))
            yield tuple(key), [values.get(field.id) for field in fields]

    def _of_form(self, form: str | None) -> tuple[str, list[object]]:
        where, parameters = self.selection.where("values")
        return (where, parameters) if form is None else (f"{where} AND form = ?", [*parameters, form])

    def _fetch(self, query: str, parameters: list[object]) -> Iterator[tuple[Any, ...]]:
        cursor = self.database.cursor().execute(query, parameters)
        while rows := cursor.fetchmany(_FETCHED):
            yield from rows


def open_dataset(dataset: Path, selection: Selection, options: DatasetOptions) -> Query:
    """A query over the Parquet files of a dataset.

    Raises:
        ContentError: nothing in it is selected.
    """
    database = connect(options)
    for table in TABLES:
        files = str(dataset / table / "*.parquet").replace("'", "''")
        database.execute(f"""CREATE VIEW "{table}" AS SELECT * FROM read_parquet('{files}')""")
    query = Query(database, selection)
    if not query.count("values"):
        raise ContentError(
            f"the dataset has no values for {selection}",
            source=dataset,
            remedy=f"it holds the years {_held(database, 'year')} and the forms {_held(database, 'form')}",
        )
    return query


def _held(database: duckdb.DuckDBPyConnection, column: str) -> str:
    found = database.execute(f'SELECT DISTINCT {column} FROM "values" ORDER BY {column} NULLS LAST').fetchall()
    return ", ".join("unknown" if entry is None else str(entry) for (entry,) in found) or "none"


def _shown(name: str, kind: str, first: int) -> str:
    if kind == "texts":
        return f"""array_to_string("{name}", '; ') AS "{name}\""""
    return f'"{name}" + {first} AS "{name}"' if name in _COUNTED and first else f'"{name}"'
