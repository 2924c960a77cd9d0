"""A saved report as rows of the four tables: for each table its columns, each a list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ocr_pipeline.dataset.identity import Identity, identify
from ocr_pipeline.dataset.saved import SavedReport, SavedValue
from ocr_pipeline.dataset.schema import TableName
from ocr_pipeline.document import Finding, Section, Severity, Status
from ocr_pipeline.report import FormSheet, Report
from ocr_pipeline.report.labels import field_label, field_labels

__all__ = ["Columns", "Key", "finding_columns", "flat_sections", "report_identity", "report_rows", "yuan"]

Columns = dict[str, list[Any]]
"""Name of each column of a table to its entries, all lists of one length."""

_YUAN = {"元": 1, "万元": 10_000, "亿元": 100_000_000}
_CONFIDENCE_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Key:
    """What every row of a report begins with."""

    report: str
    source_sha256: str
    document: str
    body: str | None
    year: int | None

    def columns(self, rows: int) -> Columns:
        """The key repeated for each row, and the rows numbered from 0."""
        return {
            "report": [self.report] * rows,
            "source_sha256": [self.source_sha256] * rows,
            "document": [self.document] * rows,
            "body": [self.body] * rows,
            "year": [self.year] * rows,
            "position": list(range(rows)),
        }


def report_rows(saved: SavedReport, name: str) -> dict[TableName, Columns]:
    """All rows of one report.

    Args:
        saved: the report, corrections on top.
        name: path of its file below the folder.
    """
    sections = list(flat_sections(saved.sections))
    identity = report_identity(saved)
    key = Key(name, saved.source.sha256, saved.source.name, identity.body, identity.year)
    return {
        "documents": _document(saved, identity, key),
        "values": _values(saved.values, saved.sheets, key),
        "findings": _findings(saved, identity, key),
        "sections": _sections(sections, key),
    }


def report_identity(report: Report | SavedReport) -> Identity:
    """Whose report it is, and of which year."""
    prose = "\n".join(f"{section.title}\n{section.text}" for _, section in flat_sections(report.sections))
    return identify(report.title, report.source.name, prose)


def _document(saved: SavedReport, identity: Identity, key: Key) -> Columns:
    source, split = saved.source, identity.split
    statuses = [value.status for value in saved.values]
    row = {
        "kind": source.kind,
        "bytes": source.size,
        "pages": source.page_count,
        "title": saved.title,
        "region": split.region,
        "department": split.department,
        "body_from": list(identity.body_from),
        "year_from": list(identity.year_from),
        "forms": sorted({f"{match.part}={match.form}" for match in saved.matches}),
        "fields": len(statuses),
        "good": sum(status.is_good for status in statuses),
        **{status.value: statuses.count(status) for status in Status},
        "settled": sum(value.settled for value in saved.values),
        "complete": not saved.errors,
        "program": saved.versions.program,
        "configuration": saved.versions.configuration,
    }
    columns = key.columns(1)
    del columns["position"]
    return columns | {name: [entry] for name, entry in row.items()}


def _values(values: Sequence[SavedValue], sheets: tuple[FormSheet, ...], key: Key) -> Columns:
    labels = _labels(sheets)
    return key.columns(len(values)) | {
        "form": [value.form for value in values],
        "part": [value.id.partition("/")[0] for value in values],
        "id": [value.id for value in values],
        "label": [labels.get(value.id) or str(field_label(value.id)) for value in values],
        "value": [value.value for value in values],
        "unit": [value.unit for value in values],
        "yuan": [yuan(value.value, value.unit) for value in values],
        "raw": [value.raw for value in values],
        "status": [value.status.value for value in values],
        "good": [value.status.is_good for value in values],
        "settled": [value.settled for value in values],
        "confidence": [round(value.confidence, _CONFIDENCE_DIGITS) for value in values],
        "page": [value.page for value in values],
        "table": [value.table for value in values],
        "row": [value.row for value in values],
        "column": [value.column for value in values],
    }


def yuan(value: float | None, unit: str | None) -> float | None:
    """An amount in yuan, to the fen; None for what is no amount of money.

    >>> yuan(6.7328, "亿元"), yuan(12, None)
    (673280000.0, None)
    """
    factor = _YUAN.get(unit or "")
    return None if value is None or factor is None else round(value * factor, 2)


# Nearly all reports of an archive are laid out like one of a few forms.
@lru_cache(maxsize=16)
def _labels(sheets: tuple[FormSheet, ...]) -> dict[str, str]:
    return {field: str(label) for field, label in field_labels(sheets).items()}


def _findings(saved: SavedReport, identity: Identity, key: Key) -> Columns:
    failures = [
        Finding(
            code="stage-failed",
            severity=Severity.ERROR,
            message=f"{error.stage}: {error.category}: {error.message}",
            page=error.page,
        )
        for error in saved.errors
    ]
    scopes = ["report"] * len(saved.findings) + ["failure"] * len(failures) + ["identity"] * len(identity.findings)
    return finding_columns((*saved.findings, *failures, *identity.findings), scopes, key)


def finding_columns(findings: Sequence[Finding], scopes: Sequence[str], key: Key) -> Columns:
    """Findings of one report as columns; ``scopes`` says for each where it comes from."""
    return key.columns(len(findings)) | {
        "scope": list(scopes),
        "code": [finding.code for finding in findings],
        "severity": [finding.severity.value for finding in findings],
        "message": [finding.message for finding in findings],
        "page": [finding.page for finding in findings],
        "table": [finding.table for finding in findings],
        "fields": [list(finding.fields) for finding in findings],
        "other_report": [None] * len(findings),
        "other_fields": [[] for _ in findings],
        "difference": [None] * len(findings),
    }


def _sections(sections: Sequence[tuple[str, Section]], key: Key) -> Columns:
    return key.columns(len(sections)) | {
        "path": [path for path, _ in sections],
        "level": [section.level for _, section in sections],
        "title": [section.title for _, section in sections],
        "text": [section.text for _, section in sections],
        "page": [section.page for _, section in sections],
        "tables": [list(section.tables) for _, section in sections],
    }


def flat_sections(sections: Sequence[Section], above: str = "") -> Iterator[tuple[str, Section]]:
    """Each section with its place in the tree, in reading order."""
    for number, section in enumerate(sections, start=1):
        path = f"{above}{number}"
        yield path, section
        yield from flat_sections(section.children, f"{path}.")
