"""``archive.duckdb``: the dataset as a database of one file, with views for the usual questions.

The file holds copies of the four tables: a view over Parquet files is bound to the folder that a program runs in, or
to an absolute path, and would break when the archive is moved. So this file opens anywhere by itself.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ocr_pipeline.dataset.forms import known_forms
from ocr_pipeline.dataset.options import DatasetOptions
from ocr_pipeline.dataset.schema import DATASET_VERSION, TABLES
from ocr_pipeline.errors import OutputError
from ocr_pipeline.templates import TemplateSet

if TYPE_CHECKING:
    import duckdb

__all__ = ["ARCHIVE_FILE", "archive_id", "connect", "write_archive"]

ARCHIVE_FILE = "archive.duckdb"

# Named parameters do not exist in definitions of views; nothing here comes from outside.
_VIEWS = {
    "by_body": """
        SELECT body, min(year) AS first_year, max(year) AS last_year, count(*) AS reports,
               sum(fields)::BIGINT AS fields, sum(good)::BIGINT AS good, sum(fields - good)::BIGINT AS flagged
        FROM documents GROUP BY body ORDER BY body""",
    "by_year": """
        SELECT year, count(*) AS reports, count(DISTINCT body) AS bodies, sum(fields)::BIGINT AS fields,
               sum(good)::BIGINT AS good, sum(fields - good)::BIGINT AS flagged
        FROM documents GROUP BY year ORDER BY year""",
    "by_field": """
        SELECT id, any_value(label) AS label, count(*) AS reports, count(*) FILTER (WHERE good) AS good,
               count(*) FILTER (WHERE NOT good) AS flagged, sum(value) FILTER (WHERE good) AS total,
               median(value) FILTER (WHERE good) AS median, max(value) FILTER (WHERE good) AS largest
        FROM "values" GROUP BY id ORDER BY id""",
    "flagged": """
        SELECT body, year, report, document, id, label, value, raw, status, confidence, page
        FROM "values" WHERE NOT good ORDER BY report, position""",
    "changes": """
        SELECT now.body, now.year, now.id, now.label, before.value AS previous, now.value AS value,
               now.value - before.value AS change, now.status, before.status AS previous_status,
               now.report, before.report AS previous_report
        FROM "values" AS now JOIN "values" AS before
          ON before.body = now.body AND before.id = now.id AND before.year = now.year - 1
        ORDER BY now.body, now.year, now.report, now.position""",
}
"""Name of each view to its query; a wide one for each form comes on top."""


def connect(
    options: DatasetOptions, database: Path | None = None, *, scratch: Path | None = None
) -> duckdb.DuckDBPyConnection:
    """A connection within the limits of the options.

    Args:
        options: memory and threads.
        database: a file; None keeps everything in memory.
        scratch: a folder for what does not fit into memory; it is made when needed.
    """
    import duckdb

    connection = duckdb.connect(str(database) if database else ":memory:")
    connection.execute(f"SET memory_limit = '{options.memory_mb}MB'")
    connection.execute(f"SET threads = {options.threads}")
    if scratch is not None:
        connection.execute("SET temp_directory = ?", [str(scratch)])
    return connection


def write_archive(path: Path, dataset: Path, dataset_id: str, options: DatasetOptions) -> None:
    """Write the database of a dataset.

    Args:
        path: the file, which does not exist yet.
        dataset: the folder of the Parquet files.
        dataset_id: kept in the table ``about``, so that it can be told which dataset this is a copy of.
        options: limits.

    Raises:
        OutputError: the database cannot be written.
    """
    import duckdb

    scratch = path.with_name(f"{path.name}.scratch")
    try:
        with connect(options, path, scratch=scratch) as connection:
            # One transaction: each by itself would wait for the disk.
            connection.begin()
            for table, columns in TABLES.items():
                files = str(dataset / table / "*.parquet")
                connection.execute(f'CREATE TABLE "{table}" AS SELECT * FROM read_parquet(?)', [files])
                for column in columns:
                    about = column.about.replace("'", "''")
                    connection.execute(f"""COMMENT ON COLUMN "{table}"."{column.name}" IS '{about}'""")
            for name, query in _views():
                connection.execute(f'CREATE VIEW "{name}" AS {query}')
            connection.execute("CREATE TABLE about (key VARCHAR, value VARCHAR)")
            rows = [["dataset_version", DATASET_VERSION], ["dataset_id", dataset_id]]
            connection.executemany("INSERT INTO about VALUES (?, ?)", rows)
            connection.commit()
    except duckdb.Error as error:
        raise OutputError(f"the database cannot be written: {error}", source=path) from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def archive_id(path: Path) -> str | None:
    """Which dataset a database is a copy of; None where there is no such database."""
    import duckdb

    if not path.is_file():
        return None
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            found = connection.execute("SELECT value FROM about WHERE key = 'dataset_id'").fetchall()
    except duckdb.Error:
        return None
    return str(found[0][0]) if found else None


def _views() -> Iterator[tuple[str, str]]:
    yield from _VIEWS.items()
    yield from _wide_views(known_forms())


def _wide_views(forms: TemplateSet) -> Iterator[tuple[str, str]]:
    """One view a form: a row for each report, a column for each field; flagged values are left out."""
    for form in forms.forms:
        fields = ", ".join(_quoted(spec.id) for part in form.parts for spec in part.fields)
        yield (
            "wide_" + form.id.replace("-", "_"),
            f"""SELECT * FROM (
                PIVOT (SELECT body, year, document, report, id, value FROM "values"
                       WHERE form = {_quoted(form.id)} AND good)
                ON id IN ({fields}) USING max(value) GROUP BY body, year, document, report)
            ORDER BY body, year, report""",
        )


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
