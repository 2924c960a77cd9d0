"""The Report: what was understood of one document, with every figure, its status and the evidence for it."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, model_validator

from ocr_pipeline.document import (
    Document,
    Finding,
    FormMatch,
    Page,
    Section,
    SourceInfo,
    Status,
    Table,
    Value,
)
from ocr_pipeline.errors import NoKnownTableError, OcrPipelineError
from ocr_pipeline.frozen import FrozenModel
from ocr_pipeline.report.sheet import FormSheet
from ocr_pipeline.report.table_html import one_line, table_html

if TYPE_CHECKING:
    import pandas as pd

    from ocr_pipeline.report.explanation import Explanation

__all__ = ["Report", "ReportTable", "StageError", "Versions"]

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Seconds = Annotated[float, Field(ge=0.0)]
_LEFT_OUT = ("absent-part", "several-reports", "table-without-cells", "unread-print")


class StageError(FrozenModel):
    """Something that failed on the way, kept as data so that the rest of the document is not lost.

    ``category`` is the name of the error's class, ``page`` counts from 0 (None: the whole document).
    """

    stage: str
    category: str
    message: str
    page: int | None = Field(default=None, ge=0)

    @classmethod
    def of(cls, stage: str, error: Exception, page: int | None = None) -> StageError:
        """From an exception; its own page counts where none is given."""
        own = error.page if isinstance(error, OcrPipelineError) else None
        message = error.message if isinstance(error, OcrPipelineError) else str(error)
        return cls(
            stage=stage,
            category=type(error).__name__,
            message=message or type(error).__name__,
            page=own if page is None else page,
        )


class Versions(FrozenModel):
    """What made the report: the same versions on the same source give the same report.

    ``models`` maps the name of each model to the sha256 of its file, ``configuration`` is the sha256 of the settings.
    """

    program: str
    models: dict[str, Sha256] = Field(default_factory=dict)
    configuration: str = Field(default="", pattern=r"^([0-9a-f]{64})?$")


class Report(FrozenModel):
    """One document as data.

    Attributes:
        document: pages, tables and sections.
        values: one entry for each field of each matched form; ids are unique.
        findings: remarks, such as an equation that does not close.
        matches: which table is which part of which form.
        errors: failures of single stages or pages; the report is not ``ok`` while there is one.
        versions: what made it.
        timings: seconds per stage.
        sheets: the shape of each matched part, for exports laid out like the official form.

    Raises:
        pydantic.ValidationError: two values or two tables of one id, or a value that is no finite number.
    """

    document: Document
    values: tuple[Value, ...] = ()
    findings: tuple[Finding, ...] = ()
    matches: tuple[FormMatch, ...] = ()
    errors: tuple[StageError, ...] = ()
    versions: Versions
    timings: dict[str, Seconds] = Field(default_factory=dict)
    sheets: tuple[FormSheet, ...] = ()

    @model_validator(mode="after")
    def _holds_together(self) -> Report:
        for kind, ids in (("values", [v.id for v in self.values]), ("tables", [t.id for t in self.document.tables])):
            twice = [key for key, count in Counter(ids).items() if count > 1]
            if twice:
                raise ValueError(f"two {kind} of one id: {', '.join(twice[:5])}")
        for value in self.values:
            if value.value is not None and not math.isfinite(value.value):
                raise ValueError(f"{value.id}: {value.value} is no figure")
        return self

    @property
    def ok(self) -> bool:
        """Whether no stage failed; says nothing about single values."""
        return not self.errors

    @property
    def source(self) -> SourceInfo:
        """What was read."""
        return self.document.source

    @property
    def title(self) -> str | None:
        """The title of the document, None when there is none."""
        return self.document.title

    @property
    def pages(self) -> tuple[Page, ...]:
        """The pages, upright."""
        return self.document.pages

    @property
    def sections(self) -> tuple[Section, ...]:
        """The tree of headings with the text below each."""
        return self.document.sections

    @property
    def tables(self) -> tuple[ReportTable, ...]:
        """Every table, those of no known form included, in reading order."""
        return tuple(ReportTable(table) for table in self.document.tables)

    @property
    def flagged(self) -> tuple[Value, ...]:
        """Values that a person should look at: ``conflict``, ``blank``, ``missing``, unless one settled it."""
        return tuple(value for value in self.values if not value.status.is_good and not value.settled)

    @property
    def left_out(self) -> tuple[Finding, ...]:
        """Findings on what the document shows and the report lacks, which no status of a value can tell."""
        return tuple(finding for finding in self.findings if finding.code in _LEFT_OUT)

    def value(self, field_id: str) -> Value:
        """The value of a field, ``applications/3.3.1/natural`` for example.

        Raises:
            KeyError: no matched form has that field.
        """
        return self._by_id[field_id]

    def require_form(self, source: str | Path) -> None:
        """Nothing, where a table matches a known form.

        Args:
            source: what the error names.

        Raises:
            NoKnownTableError: no table does.
        """
        if not self.matches:
            raise NoKnownTableError("no table matches a known form", source=source)

    def explain(self, field_id: str) -> Explanation:
        """Why a value is what it is: readings, sums, checks, decision; prints as text.

        Raises:
            UsageError: the report has no such field.
        """
        from ocr_pipeline.report.explanation import Explainer

        return Explainer(self).explain(field_id)

    @cached_property
    def _by_id(self) -> dict[str, Value]:
        return {value.id: value for value in self.values}

    def status_counts(self) -> dict[Status, int]:
        """How many values have each status, every status present, in the order of ``Status``."""
        counts = Counter(value.status for value in self.values)
        return {status: counts[status] for status in Status}

    def to_frame(self) -> pd.DataFrame:
        """One row a value, in the columns of ``VALUE_COLUMNS``; pages, rows and columns count from 0."""
        from ocr_pipeline.report.rows import value_frame

        return value_frame(self)

    def __str__(self) -> str:
        counts = ", ".join(f"{count} {status.value}" for status, count in self.status_counts().items() if count)
        lines = [
            f"{self.source.name}: {self.title or 'no title'}",
            f"pages: {self.source.page_count}, tables: {len(self.document.tables)}, values: {len(self.values)}"
            + (f" ({counts})" if counts else ""),
        ]
        lines += [f"{match.table}: {match.part} of form {match.form} ({match.score:.2f})" for match in self.matches]
        if self.findings:
            lines.append(f"findings: {len(self.findings)}")
        lines += [f"failed: {error.stage}: {error.message}" for error in self.errors]
        return "\n".join(lines)

    def __repr__(self) -> str:
        state = "ok" if self.ok else f"{len(self.errors)} errors"
        return f"<Report {self.source.name}: {len(self.values)} values, {len(self.flagged)} flagged, {state}>"


@dataclass(frozen=True, slots=True)
class ReportTable:
    """A table of a report, ready to be looked at; ``table`` is the element of the data model."""

    table: Table

    @property
    def id(self) -> str:
        """Its id within the report."""
        return self.table.id

    @property
    def grid(self) -> list[list[str]]:
        """``rows`` lists of ``columns`` texts; a spanning cell's text stands at each position it covers."""
        return [[one_line(cell.text) if cell else "" for cell in row] for row in self.table.grid()]

    @property
    def html(self) -> str:
        """The table as HTML with its spans."""
        return table_html(self.table)

    @property
    def pages(self) -> tuple[int, ...]:
        """The pages it stands on, from 0, in order; empty when the source has none."""
        places = self.table.places or tuple(place for cell in self.table.cells for place in cell.places)
        return tuple(sorted({place.page for place in places}))

    def to_frame(self) -> pd.DataFrame:
        """The texts as a DataFrame; header rows become column names, columns are numbered where there are none."""
        from ocr_pipeline.report.rows import table_frame

        return table_frame(self.table)
