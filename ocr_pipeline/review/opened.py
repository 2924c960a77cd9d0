"""A report with everything the pages look up in it: corrections applied, labels, places, equations."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from ocr_pipeline.document import Finding, Value
from ocr_pipeline.errors import DamagedSourceError, SourceNotFoundError
from ocr_pipeline.report import Report, from_json
from ocr_pipeline.report.corrections import Applied, Correction, CorrectionLog, Recheck, apply
from ocr_pipeline.report.labels import FieldLabel, field_label, field_labels
from ocr_pipeline.report.places import Places

__all__ = ["OpenReport", "corrected", "open_report"]


@dataclass(frozen=True, eq=False)
class OpenReport:
    """One report, opened.

    Attributes:
        key: its name in addresses.
        path: of its file, below the folder of the reports.
        sha256: of its file.
        original: as it was read.
        applied: with corrections on top.
        log: every entry about its source, oldest first.
    """

    key: str
    path: str
    sha256: str
    original: Report
    applied: Applied
    log: tuple[Correction, ...]

    @property
    def report(self) -> Report:
        """As it is now."""
        return self.applied.report

    @cached_property
    def values(self) -> dict[str, Value]:
        """By field id, in the report's order."""
        return {value.id: value for value in self.report.values}

    @cached_property
    def as_read(self) -> dict[str, Value]:
        """The same before corrections."""
        return {value.id: value for value in self.original.values}

    @cached_property
    def labels(self) -> dict[str, FieldLabel]:
        """Field id to its labels, as far as a form sheet shows the field."""
        return field_labels(self.report.sheets)

    def label(self, field: str) -> FieldLabel:
        """What a field is called."""
        return self.labels.get(field) or field_label(field)

    @cached_property
    def places(self) -> Places:
        """Pages, tables and cells, and where the values stand in them."""
        return Places(self.report)

    def findings(self, field: str) -> tuple[Finding, ...]:
        """What was remarked about a field."""
        return tuple(finding for finding in self.report.findings if field in finding.fields)

    def history(self, field: str) -> tuple[Correction, ...]:
        """Everything people did about a field, oldest first, skips left out."""
        return tuple(entry for entry in self.log if entry.field == field and entry.action != "skip")

    def last(self, field: str) -> str:
        """Id of the latest entry about a field; empty where there is none."""
        history = self.history(field)
        return history[-1].id if history else ""

    @cached_property
    def in_force(self) -> dict[str, Correction]:
        """The correction that counts for each field."""
        return {entry.field: entry for entry in self.applied.fitted}


def open_report(root: Path, key: str, path: str, recheck: Recheck | None) -> OpenReport:
    """Load a report and apply what people settled about its source.

    Raises:
        SourceNotFoundError: the file is gone.
        DamagedSourceError: the report, or the log of its corrections, cannot be read.
        UnknownFormatError: it is no report.
    """
    file = root / path
    try:
        content = file.read_bytes()
    except FileNotFoundError as error:
        raise SourceNotFoundError("no such report", source=path) from error
    except OSError as error:
        raise DamagedSourceError(f"the report cannot be read: {error.strerror}", source=path) from error
    report = from_json(content, name=path)
    plain = OpenReport(key, path, hashlib.sha256(content).hexdigest(), report, Applied(report), ())
    return corrected(plain, root, recheck)


def corrected(opened: OpenReport, root: Path, recheck: Recheck | None) -> OpenReport:
    """The same report with what the log says by now.

    Raises:
        DamagedSourceError: the log cannot be read.
    """
    log = CorrectionLog.of(root, opened.original.source.sha256).entries()
    applied = apply(opened.original, log, recheck=recheck)
    return replace(opened, applied=applied, log=log)
