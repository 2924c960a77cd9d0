"""The four tables of the dataset: every column with its type and meaning, as Arrow schemas and as documentation.

Pages, rows and columns of a table count from 0, as everywhere in data; files for people count from 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from ocr_pipeline.document import Status

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["DATASET_VERSION", "TABLES", "Column", "TableName", "arrow_schema", "schema_pages"]

DATASET_VERSION = "1"
"""Changes whenever a program that queries the dataset would have to change, and then every row is written anew."""

TableName = Literal["documents", "values", "findings", "sections"]
_Kind = Literal["text", "texts", "number", "count", "year", "truth"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``kind`` is its type in words: ``count`` a whole number, ``texts`` a list; ``null`` may be absent."""

    name: str
    kind: _Kind
    about: str
    null: bool = False


_KEY = (
    Column("report", "text", "path of the saved report below the folder; one for each report, joins the four tables"),
    Column("source_sha256", "text", "SHA-256 of the source; equal where one source was read under two names"),
    Column("document", "text", "name of the source, with its path inside an archive"),
    Column("body", "text", "the body that reports; null where the sources of the name disagree or say nothing", True),
    Column("year", "year", "the year reported on; null where its sources disagree or say nothing", True),
)
_POSITION = Column("position", "count", "place in the report, from 0")

_DOCUMENTS = (
    *_KEY,
    Column("kind", "text", "what kind of document it is: pdf, docx and so on"),
    Column("bytes", "count", "size of the source"),
    Column("pages", "count", "pages of the source, 0 where it has none"),
    Column("title", "text", "title of the document", True),
    Column("region", "text", "province, city, county or town that the body's name begins with", True),
    Column("department", "text", "what the body is within its region; null for its government", True),
    Column("body_from", "texts", "where the body was taken from: title, name, folder, text"),
    Column("year_from", "texts", "where the year was taken from: title, name, folder, text"),
    Column("forms", "texts", "form of each part, as part=form"),
    Column("fields", "count", "values in all"),
    Column("good", "count", "values handed out as good: verified, read and repaired"),
    *(Column(status.value, "count", "values of this status") for status in Status),
    Column("settled", "count", "values on which a person had the last word"),
    Column("complete", "truth", "whether no stage failed; the failures are among the findings"),
    Column("program", "text", "version of the program that read it"),
    Column("configuration", "text", "SHA-256 of the settings that it was read with"),
)

_VALUES = (
    *_KEY,
    _POSITION,
    Column("form", "text", "id of the form that the value's table was matched with", True),
    Column("part", "text", "part of the form: the first segment of the id"),
    Column("id", "text", "field id, PART/ROW/COLUMN"),
    Column("label", "text", "what the form prints beside and above the field"),
    Column("value", "number", "the figure; null when blank or missing, the printed figure when in conflict", True),
    Column("unit", "text", "unit of an amount; null for a count", True),
    Column("yuan", "number", "the amount in yuan where the unit is 元, 万元 or 亿元", True),
    Column("raw", "text", "as printed"),
    Column("status", "text", "verified, read, repaired, conflict, blank or missing"),
    Column("good", "truth", "whether it is handed out as good: verified, read or repaired"),
    Column("settled", "truth", "whether a person had the last word on it, in a correction"),
    Column("confidence", "number", "0 to 1"),
    Column("page", "count", "page of the source, from 0", True),
    Column("table", "text", "id of the table in the report", True),
    Column("row", "count", "row of the cell in that table, from 0", True),
    Column("column", "count", "column of the cell in that table, from 0", True),
)

_FINDINGS = (
    *_KEY,
    _POSITION,
    Column(
        "scope",
        "text",
        "report: of the reading; failure: a stage failed; identity: of body or year; panel: over reports",
    ),
    Column("code", "text", "stable name of the kind of finding"),
    Column("severity", "text", "info, warning or error"),
    Column("message", "text", "what it is, in a sentence"),
    Column("page", "count", "page of the source, from 0", True),
    Column("table", "text", "id of the table in the report", True),
    Column("fields", "texts", "ids of the values of this report that are concerned"),
    Column("other_report", "text", "the other report of a panel check", True),
    Column("other_fields", "texts", "ids of the values of the other report"),
    Column("difference", "number", "by how much an equation of a panel check does not close", True),
)

_SECTIONS = (
    *_KEY,
    _POSITION,
    Column("path", "text", "place in the tree of headings, from 1: 2.1 is the first below the second"),
    Column("level", "count", "depth of the heading from 1; 0 for what stands before any heading"),
    Column("title", "text", "the heading"),
    Column("text", "text", "the text directly below it"),
    Column("page", "count", "page of the heading, from 0", True),
    Column("tables", "texts", "ids of the tables below it"),
)

TABLES: Mapping[TableName, tuple[Column, ...]] = MappingProxyType(
    {"documents": _DOCUMENTS, "values": _VALUES, "findings": _FINDINGS, "sections": _SECTIONS}
)
"""Name of each table, which is its folder too, to its columns."""


def arrow_schema(table: TableName) -> pa.Schema:
    """The Arrow schema of a table; what each column means is the field's metadata ``description``."""
    import pyarrow as pa

    kinds: dict[_Kind, pa.DataType] = {
        "text": pa.string(),
        "texts": pa.list_(pa.field("element", pa.string(), nullable=False)),
        "number": pa.float64(),
        "count": pa.int64(),
        "year": pa.int16(),
        "truth": pa.bool_(),
    }
    fields = [
        pa.field(column.name, kinds[column.kind], nullable=column.null, metadata={"description": column.about})
        for column in TABLES[table]
    ]
    return pa.schema(fields, metadata={"ocr_pipeline.dataset": DATASET_VERSION, "ocr_pipeline.table": table})


def schema_pages() -> str:
    """The tables as Markdown, as ``docs/dataset.md`` shows them."""
    lines: list[str] = []
    for table, columns in TABLES.items():
        lines += [f"### {table}", "", "| column | type | meaning |", "| --- | --- | --- |"]
        lines += [f"| `{c.name}` | {c.kind}{' or null' if c.null else ''} | {c.about} |" for c in columns]
        lines.append("")
    return "\n".join(lines)
