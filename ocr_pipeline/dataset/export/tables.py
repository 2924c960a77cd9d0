"""An export as CSV or Parquet: one table, long or wide."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from ocr_pipeline.dataset.export.query import WIDE_KEY, Field, Query
from ocr_pipeline.dataset.schema import TABLES, TableName, arrow_schema
from ocr_pipeline.report.csv_export import neutralised

__all__ = ["write_csv_table", "write_parquet_table"]

_ROW_GROUP = 65_536


def write_csv_table(query: Query, path: Path, table: TableName, *, wide: bool) -> None:
    """UTF-8 with a byte order mark, so that Excel shows Chinese; pages, rows and columns count from 1.

    Raises:
        OSError: it cannot be written.
    """
    if wide:
        fields = query.fields()
        header: Sequence[str] = [*WIDE_KEY, *(field.id for field in fields)]
        rows: Iterable[Sequence[Any]] = _wide_rows(query, fields)
    else:
        header = [column.name for column in TABLES[table]]
        rows = query.rows(table, first=1)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        for row in rows:
            writer.writerow([_text(entry) for entry in row])


def _wide_rows(query: Query, fields: list[Field]) -> Iterator[tuple[Any, ...]]:
    """Wide rows with the good figures only."""
    for key, values in query.wide(None, fields):
        yield (*key, *(value.good if value else None for value in values))


def _text(entry: object) -> object:
    if isinstance(entry, bool):
        return "yes" if entry else "no"
    if isinstance(entry, float) and entry.is_integer():
        return int(entry)
    return neutralised(entry) if isinstance(entry, str) else entry


def write_parquet_table(query: Query, path: Path, table: TableName, *, wide: bool) -> None:
    """As the dataset has it, with what each column means; pages, rows and columns count from 0.

    Raises:
        OSError: it cannot be written.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    if wide:
        _write_wide(query, path)
        return
    schema = arrow_schema(table)
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in query.batches(table):
            writer.write_table(pa.Table.from_batches([batch]).cast(schema), row_group_size=_ROW_GROUP)


def _write_wide(query: Query, path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    fields = query.fields()
    known = {field.name: field for field in arrow_schema("values")}
    flagged = pa.field("flagged", pa.int64(), nullable=False, metadata={"description": "fields not handed out as good"})
    key = [known.get(name, flagged) for name in WIDE_KEY]
    schema = pa.schema([*key, *(pa.field(f.id, pa.float64(), metadata={"description": f.label}) for f in fields)])
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for chunk in _chunks(_wide_rows(query, fields)):
            columns = [
                pa.array(column, type=field.type)
                for column, field in zip(zip(*chunk, strict=True), schema, strict=True)
            ]
            writer.write_table(pa.Table.from_arrays(columns, schema=schema))


def _chunks(rows: Iterable[tuple[Any, ...]], size: int = 1_000) -> Iterator[list[tuple[Any, ...]]]:
    chunk: list[tuple[Any, ...]] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
