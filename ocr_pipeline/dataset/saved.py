"""Saved reports: found below a folder, and loaded as far as the dataset needs them.

Pages and tables of a report are most of its file and nothing here needs them, so they are skipped: that is a third of
the time of loading all of it.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from ocr_pipeline.document import Evidence, Finding, FormMatch, Section, SourceInfo, Status
from ocr_pipeline.errors import DamagedSourceError, SourceNotFoundError, UnknownFormatError
from ocr_pipeline.report import FormSheet, Report, StageError, Versions

__all__ = ["ReportFile", "SavedReport", "SavedValue", "digest", "find_reports", "load_saved"]

_OTHER_FOLDERS = frozenset({"corrections", "dataset", "pages", "stages", "uploads", "work"})
_OTHER_FILES = frozenset({"outcome.json"})
"""What a batch and the review page keep beside reports."""


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A JSON file that may be a report; ``name`` is its path below the folder with slashes."""

    name: str
    path: Path

    def content(self) -> bytes:
        """What is in it.

        Raises:
            DamagedSourceError: it cannot be read.
        """
        try:
            return self.path.read_bytes()
        except OSError as error:
            raise DamagedSourceError(f"the report cannot be read: {error.strerror}", source=self.path) from error


class SavedValue(BaseModel):
    """A value without its readings and its place on the page."""

    model_config = ConfigDict(frozen=True, extra="ignore", from_attributes=True, allow_inf_nan=False)

    id: str
    value: int | float | None
    unit: str | None = None
    raw: str = ""
    status: Status
    confidence: float = Field(ge=0.0, le=1.0)
    page: int | None = None
    form: str | None = None
    table: str | None = None
    row: int | None = None
    column: int | None = None
    evidence: tuple[Evidence, ...] = ()

    @model_validator(mode="after")
    def _status_fits(self) -> SavedValue:
        if (self.value is None) != (self.status in (Status.BLANK, Status.MISSING)):
            raise ValueError(f"{self.id}: status {self.status.value} with value {self.value!r}")
        return self

    @property
    def settled(self) -> bool:
        """Whether a person had the last word on it."""
        return any(evidence.kind == "person" for evidence in self.evidence)


class SavedReport(BaseModel):
    """What the dataset takes of a report; the keys are those of its JSON."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    schema_version: Literal["1"]
    source: SourceInfo
    title: str | None = None
    versions: Versions
    values: tuple[SavedValue, ...]
    findings: tuple[Finding, ...]
    sections: tuple[Section, ...]
    matches: tuple[FormMatch, ...]
    errors: tuple[StageError, ...]
    sheets: tuple[FormSheet, ...] = ()

    @classmethod
    def of(cls, report: Report) -> SavedReport:
        """The same of a whole report."""
        return cls.model_construct(
            schema_version="1",
            source=report.source,
            title=report.title,
            versions=report.versions,
            values=tuple(map(SavedValue.model_validate, report.values)),
            findings=report.findings,
            sections=report.sections,
            matches=report.matches,
            errors=report.errors,
            sheets=report.sheets,
        )


def find_reports(folder: Path) -> Iterator[ReportFile]:
    """Every JSON file below the folder that may be a report, in order of its name.

    Hidden files, links to folders, and folders of other things are left out.

    Raises:
        SourceNotFoundError: there is no such folder.
    """
    if not folder.is_dir():
        raise SourceNotFoundError("no such folder", source=folder)
    names: list[str] = []
    for place, below, files in os.walk(folder):
        below[:] = [name for name in below if not _left_out(name)]
        above = Path(place).relative_to(folder)
        names += [(above / file).as_posix() for file in files if _may_be_report(file)]
    for name in sorted(names):
        yield ReportFile(name, folder / name)


def _may_be_report(file: str) -> bool:
    return file.endswith(".json") and not file.startswith(".") and file not in _OTHER_FILES


def _left_out(folder: str) -> bool:
    return folder.startswith(".") or folder.endswith(".pages") or folder in _OTHER_FOLDERS


def load_saved(content: bytes, name: str) -> SavedReport:
    """The part of a saved report that the dataset holds.

    Args:
        content: the JSON as ``read`` writes it.
        name: what to call it in error messages.

    Raises:
        DamagedSourceError: no JSON, or a report with something missing or wrong in it.
        UnknownFormatError: JSON that is no report of this version.
    """
    try:
        return SavedReport.model_validate_json(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        if first["type"] == "json_invalid":
            raise DamagedSourceError(f"the report is no JSON: {first['msg']}", source=name) from error
        if first["loc"][:1] in ((), ("schema_version",)):
            raise UnknownFormatError("JSON, but no report of this version", source=name) from error
        place = ".".join(str(step) for step in first["loc"])
        raise DamagedSourceError(
            f"the report does not hold together: {place}: {first['msg']}",
            remedy="read the document again with ocr-pipeline read",
            source=name,
        ) from error


def digest(*contents: bytes) -> str:
    """SHA-256 over the contents, each with its length before it, as 64 hexadecimal digits."""
    total = hashlib.sha256()
    for content in contents:
        total.update(len(content).to_bytes(8, "big"))
        total.update(content)
    return total.hexdigest()
