"""Parquet files of one table: written as a stream in groups of one size, and read again report by report.

Groups are cut by the number of rows alone, so the same rows give the same files byte for byte, whether they come from
reports or from the files of an earlier run.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from ocr_pipeline.dataset.options import DatasetOptions
from ocr_pipeline.dataset.rows import Columns
from ocr_pipeline.dataset.schema import TableName, arrow_schema

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

__all__ = ["TableReader", "TableWriter"]

_BATCH = 16_384
# The rows of a report are few; held one by one, their columns would take many times the room of what is in them.
_MOST_BATCHES = 64


class TableWriter:
    """Writes ``folder/STEM-00000.parquet`` and so on; memory holds one group of rows.

    Used as a context manager; a table without rows still gets a file, so that it can be queried.

    Raises:
        OSError: a file cannot be written.
    """

    def __init__(self, folder: Path, table: TableName, options: DatasetOptions, *, stem: str = "part") -> None:
        self.schema = arrow_schema(table)
        self.rows = 0
        self._folder, self._stem, self._options = folder, stem, options
        self._waiting: list[pa.RecordBatch] = []
        self._waiting_rows = 0
        self._files = 0
        self._file_rows = 0
        self._file: pq.ParquetWriter | None = None

    def __enter__(self) -> TableWriter:
        self._folder.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                while self._waiting_rows:
                    self._write_group()
                if not self._files:
                    self._open()
        finally:
            self._close()

    def add(self, columns: Columns) -> int:
        """Append rows given as columns; returns how many."""
        import pyarrow as pa

        arrays = [pa.array(columns[field.name], type=field.type) for field in self.schema]
        batch = pa.RecordBatch.from_arrays(arrays, schema=self.schema)
        self.add_batch(batch)
        return int(batch.num_rows)

    def add_batch(self, batch: pa.RecordBatch) -> None:
        """Append rows of this table's schema."""
        if not batch.num_rows:
            return
        self._waiting.append(batch)
        self._waiting_rows += batch.num_rows
        self.rows += batch.num_rows
        while self._waiting_rows >= self._options.row_group:
            self._write_group()
        if len(self._waiting) > _MOST_BATCHES:
            self._waiting = self._joined().to_batches()

    def _joined(self) -> pa.Table:
        import pyarrow as pa

        return pa.Table.from_batches(self._waiting, schema=self.schema).combine_chunks()

    def _write_group(self) -> None:
        waiting = self._joined()
        group = waiting.slice(0, self._options.row_group)
        rest = waiting.slice(group.num_rows)
        if self._file is None or self._file_rows >= self._options.rows_per_file:
            self._open()
        assert self._file is not None  # noqa: S101 (just opened)
        self._file.write_table(group, row_group_size=self._options.row_group)
        self._file_rows += group.num_rows
        self._waiting, self._waiting_rows = rest.to_batches(), rest.num_rows

    def _open(self) -> None:
        import pyarrow.parquet as pq

        self._close()
        path = self._folder / f"{self._stem}-{self._files:05d}.parquet"
        self._file = pq.ParquetWriter(path, self.schema, compression="zstd")
        self._files += 1
        self._file_rows = 0

    def _close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


class TableReader:
    """The rows of a table's files in their order, to be taken or skipped run by run."""

    def __init__(self, folder: Path, stem: str = "part") -> None:
        self._files = sorted(folder.glob(f"{stem}-*.parquet"))
        self._batches = self._read()
        self._batch: pa.RecordBatch | None = None

    def take(self, rows: int) -> Iterator[pa.RecordBatch]:
        """The next ``rows`` rows.

        Raises:
            EOFError: there are fewer, or a file is damaged.
        """
        while rows:
            batch = self._current()
            part = batch.slice(0, rows)
            self._batch = batch.slice(part.num_rows)
            rows -= part.num_rows
            yield part

    def skip(self, rows: int) -> None:
        """Pass over the next ``rows`` rows.

        Raises:
            EOFError: there are fewer, or a file is damaged.
        """
        for _ in self.take(rows):
            pass

    def _current(self) -> pa.RecordBatch:
        while self._batch is None or not self._batch.num_rows:
            self._batch = next(self._batches, None)
            if self._batch is None:
                raise EOFError("the dataset has fewer rows than its index says")
        return self._batch

    def _read(self) -> Iterator[pa.RecordBatch]:
        import pyarrow.parquet as pq

        try:
            for file in self._files:
                with pq.ParquetFile(file) as opened:
                    yield from opened.iter_batches(batch_size=_BATCH)
        except (OSError, ValueError) as error:  # pyarrow's own errors of damaged files are of these kinds
            raise EOFError(f"{file}: {error}") from error
