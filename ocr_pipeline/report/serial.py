"""The report as JSON: the contract with every other program. Its schema is published as ``docs/report.schema.json``.

Pages, rows and columns count from 0. What can be derived (the ``html`` of a table, the pages it stands on) is written
for the reader's convenience and ignored when a report is loaded.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from ocr_pipeline.document import (
    Cell,
    Document,
    Finding,
    FormMatch,
    Page,
    Place,
    Section,
    SourceInfo,
    Table,
    Value,
)
from ocr_pipeline.errors import DamagedSourceError, SourceNotFoundError, UnknownFormatError
from ocr_pipeline.frozen import FrozenModel
from ocr_pipeline.report.model import Report, ReportTable, StageError, Versions
from ocr_pipeline.report.sheet import FormSheet

__all__ = [
    "SCHEMA_VERSION",
    "ReportJson",
    "TableJson",
    "from_json",
    "load_report",
    "report_schema",
    "schema_text",
    "to_json",
]

SCHEMA_VERSION = "1"
"""Changes whenever a program that reads the contract would have to change."""

_NOT_OURS = "give a JSON file that ocr-pipeline read has written"


class TableJson(FrozenModel):
    """A table: its grid as ``rows`` x ``columns`` positions and the ``cells`` on it, each with its spans."""

    id: str
    pages: tuple[int, ...] = Field(description="pages it stands on, from 0; derived from the places")
    heading: str | None = None
    rows: int = Field(ge=1)
    columns: int = Field(ge=1)
    header_rows: int = Field(default=0, ge=0)
    ruling: Literal["full", "partial", "none", "markup"] = "full"
    html: str = Field(description="the table as HTML with its spans; derived from the cells")
    cells: tuple[Cell, ...]
    places: tuple[Place, ...] = ()


class ReportJson(FrozenModel):
    """What ocr_pipeline understood of one document."""

    schema_version: Literal["1"] = Field(description="version of this contract")
    source: SourceInfo
    title: str | None = None
    versions: Versions
    values: tuple[Value, ...] = Field(description="one entry for each field of each matched form; ids are unique")
    findings: tuple[Finding, ...]
    tables: tuple[TableJson, ...] = Field(description="every table, those of no known form included")
    sections: tuple[Section, ...] = Field(description="tree of headings with the text below each")
    matches: tuple[FormMatch, ...]
    errors: tuple[StageError, ...] = Field(description="failures of stages or pages; the report is good while empty")
    timings: dict[str, float] = Field(description="seconds per stage")
    pages: tuple[Page, ...]
    sheets: tuple[FormSheet, ...] = Field(default=(), description="shape of each matched part on the official form")


def to_json(report: Report) -> str:
    """The report as indented JSON text with Chinese characters as they are; boxes to 1/100 of their unit."""
    document = report.document
    tables = tuple(
        TableJson(**dict(table), pages=shown.pages, html=shown.html)
        for table, shown in ((t, ReportTable(t)) for t in document.tables)
    )
    file = ReportJson(
        schema_version=SCHEMA_VERSION,
        source=report.source,
        title=document.title,
        versions=report.versions,
        values=report.values,
        findings=report.findings,
        tables=tables,
        sections=document.sections,
        matches=report.matches,
        errors=report.errors,
        timings=dict(report.timings),
        pages=document.pages,
        sheets=report.sheets,
    )
    return json.dumps(file.model_dump(mode="json"), ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def from_json(text: str | bytes, *, name: str | None = None) -> Report:
    """Load what ``to_json`` wrote.

    Args:
        text: JSON, as text or UTF-8.
        name: what to call it in error messages.

    Raises:
        DamagedSourceError: no JSON, or a report with something missing or wrong in it.
        UnknownFormatError: JSON that is no report, or of another version of the contract.
    """
    content = _parse(text, name)
    try:
        file = ReportJson.model_validate(content)
        document = Document(
            source=file.source,
            title=file.title,
            pages=file.pages,
            tables=tuple(_table(table) for table in file.tables),
            sections=file.sections,
        )
        return Report(
            document=document,
            values=file.values,
            findings=file.findings,
            matches=file.matches,
            errors=file.errors,
            versions=file.versions,
            timings=file.timings,
            sheets=file.sheets,
        )
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(step) for step in first["loc"]) or "report"
        raise DamagedSourceError(
            f"the report does not hold together: {place}: {first['msg']}",
            remedy="read the document again with ocr-pipeline read",
            source=name,
        ) from error


def load_report(path: str | Path) -> Report:
    """Load a report file.

    Raises:
        SourceNotFoundError: no such file.
        DamagedSourceError: see ``from_json``; also a file that cannot be read.
        UnknownFormatError: see ``from_json``.
    """
    try:
        content = Path(path).read_bytes()
    except FileNotFoundError as error:
        raise SourceNotFoundError("no such report", source=path) from error
    except OSError as error:
        raise DamagedSourceError(f"the report cannot be read: {error.strerror}", source=path) from error
    return from_json(content, name=str(path))


def report_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of the contract."""
    schema = ReportJson.model_json_schema(mode="serialization")
    schema["title"] = "ocr_pipeline report"
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def schema_text() -> str:
    """The schema as it is published: the content of ``docs/report.schema.json``."""
    return json.dumps(report_schema(), ensure_ascii=False, indent=2) + "\n"


def _parse(text: str | bytes, name: str | None) -> dict[str, Any]:
    try:
        content = json.loads(text)
    except ValueError as error:
        raise DamagedSourceError(f"the report is no JSON: {error}", remedy=_NOT_OURS, source=name) from error
    except RecursionError as error:
        raise UnknownFormatError("JSON nested too deeply for a report", remedy=_NOT_OURS, source=name) from error
    if not isinstance(content, dict) or "schema_version" not in content:
        raise UnknownFormatError("JSON, but no report", remedy=_NOT_OURS, source=name)
    if content["schema_version"] != SCHEMA_VERSION:
        raise UnknownFormatError(
            f"a report of contract version {content['schema_version']!r}; this program knows {SCHEMA_VERSION!r}",
            remedy="read the document again, or use the version of ocr-pipeline that wrote it",
            source=name,
        )
    return content


def _table(table: TableJson) -> Table:
    return Table(**{name: getattr(table, name) for name in Table.model_fields})
