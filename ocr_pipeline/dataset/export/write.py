"""Writes an export of the reports in a folder, as one file."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from ocr_pipeline.dataset.build import DatasetSummary, Progress, build_dataset
from ocr_pipeline.dataset.export.query import open_dataset
from ocr_pipeline.dataset.export.selection import Selection
from ocr_pipeline.dataset.export.tables import write_csv_table, write_parquet_table
from ocr_pipeline.dataset.export.workbook import write_workbook
from ocr_pipeline.dataset.files import appearing
from ocr_pipeline.dataset.options import DatasetOptions
from ocr_pipeline.dataset.schema import TableName
from ocr_pipeline.errors import OutputError, UsageError

__all__ = ["EXPORT_FORMATS", "ExportFormat", "ExportPlan", "export_dataset"]

ExportFormat = Literal["xlsx", "csv", "parquet"]
EXPORT_FORMATS: tuple[ExportFormat, ...] = ("xlsx", "csv", "parquet")


@dataclass(frozen=True, slots=True)
class ExportPlan:
    """What is written.

    Attributes:
        kind: the format. A workbook holds values, findings, documents and a legend; the others one table.
        path: the file.
        table: the table of a CSV or Parquet file.
        wide: a row a report in place of a row a value.
        selection: which rows.
    """

    kind: ExportFormat
    path: Path
    table: TableName = "values"
    wide: bool = False
    selection: Selection = field(default_factory=Selection)

    def __post_init__(self) -> None:
        if self.wide and self.table != "values":
            raise UsageError(f"{self.table} cannot be wide", remedy="leave out --wide, or --table")


def export_dataset(
    folder: Path, plan: ExportPlan, *, options: DatasetOptions | None = None, progress: Progress | None = None
) -> tuple[DatasetSummary, Path]:
    """Bring the dataset of a folder up to date, corrections included, and write what is asked for.

    Args:
        folder: what ``read --out`` or ``batch --out`` wrote.
        plan: what to write.
        options: limits.
        progress: of the reports, see ``build_dataset``.

    Returns:
        What the dataset is, and the file.

    Raises:
        ContentError: nothing is selected.
        LimitExceededError: more rows than a sheet of a workbook can have.
        OutputError: the dataset or the file cannot be written.
        OcrPipelineError: see ``build_dataset``.
    """
    options = options or DatasetOptions()
    made = build_dataset(folder, options=options, progress=progress)
    for kept in (made.dataset, made.archive):
        if plan.path.resolve() == kept.resolve() or kept.resolve() in plan.path.resolve().parents:
            raise OutputError("the export would replace the dataset", source=plan.path, remedy="choose another --out")
    query = open_dataset(made.dataset, plan.selection, options)
    with appearing(plan.path) as part:
        if plan.kind == "xlsx":
            write_workbook(query, part, wide=plan.wide)
        elif plan.kind == "csv":
            write_csv_table(query, part, plan.table, wide=plan.wide)
        else:
            write_parquet_table(query, part, plan.table, wide=plan.wide)
    return made, plan.path
