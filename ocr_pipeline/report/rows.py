"""Values and tables as flat rows: the one definition behind the DataFrame, the CSV and the flat sheets."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ocr_pipeline.document import Evidence, Table, Value
from ocr_pipeline.report.labels import field_label, field_labels
from ocr_pipeline.report.table_html import one_line

if TYPE_CHECKING:
    import pandas as pd

    from ocr_pipeline.report.model import Report

__all__ = ["VALUE_COLUMNS", "RowValue", "evidence_text", "table_frame", "value_frame", "value_rows"]

RowValue = str | int | float | None

VALUE_COLUMNS: dict[str, str] = {
    "id": "field id, TABLE/ROW/COLUMN",
    "label": "what the form prints beside and above the field",
    "value": "the number; none when blank or missing",
    "unit": "unit of an amount; none for a count",
    "raw": "as printed",
    "status": "verified, read, repaired, conflict, blank or missing",
    "confidence": "0..1",
    "page": "page of the source",
    "left": "edges of the box on the source page, in its own unit, origin top left",
    "top": "see left",
    "right": "see left",
    "bottom": "see left",
    "form": "the form that the value's table was matched with",
    "table": "id of the table",
    "row": "row of the cell in that table",
    "column": "column of the cell in that table",
    "evidence": "the checks, and how each came out",
}
"""Name of each column to its meaning. Page, row and column count from 0 in a DataFrame, from 1 in files for people."""

# More digits mean nothing: a hundredth of a point is far below a pixel.
_EDGE_DIGITS = 2
_CONFIDENCE_DIGITS = 4
_WHOLE = ("page", "row", "column")
_REAL = ("value", "confidence", "left", "top", "right", "bottom")


def value_rows(report: Report, *, first: int) -> list[dict[str, RowValue]]:
    """One dictionary a value, keyed by ``VALUE_COLUMNS``, in the order of the report.

    Args:
        report: any report.
        first: number of the first page, row and column: 0 for programs, 1 for people.
    """
    labels = field_labels(report.sheets)
    return [_row(value, str(labels.get(value.id) or field_label(value.id)), first) for value in report.values]


def _row(value: Value, label: str, first: int) -> dict[str, RowValue]:
    edges = tuple(round(edge, _EDGE_DIGITS) for edge in value.box.as_tuple()) if value.box else (None,) * 4
    cells: tuple[RowValue, ...] = (
        value.id,
        label,
        value.value,
        value.unit,
        value.raw,
        value.status.value,
        round(value.confidence, _CONFIDENCE_DIGITS),
        _counted(value.page, first),
        *edges,
        value.form,
        value.table,
        _counted(value.row, first),
        _counted(value.column, first),
        evidence_text(value.evidence),
    )
    return dict(zip(VALUE_COLUMNS, cells, strict=True))


def _counted(number: int | None, first: int) -> int | None:
    return None if number is None else number + first


def evidence_text(evidence: tuple[Evidence, ...]) -> str:
    """The checks of a value on one line, for people."""
    return "; ".join(f"{e.kind} {e.detail}: {'agrees' if e.agrees else 'disagrees'}" for e in evidence)


def value_frame(report: Report) -> pd.DataFrame:
    """The values as a DataFrame: numbers as float64 (NaN where there is none), places as Int64, the rest as text."""
    import pandas as pd

    frame = pd.DataFrame(value_rows(report, first=0), columns=list(VALUE_COLUMNS))
    types = dict.fromkeys(VALUE_COLUMNS, "string") | dict.fromkeys(_WHOLE, "Int64") | dict.fromkeys(_REAL, "float64")
    typed: pd.DataFrame = frame.astype(types)
    return typed


def table_frame(table: Table) -> pd.DataFrame:
    """The texts of a table; the labels of its header rows, joined, name the columns."""
    import pandas as pd

    grid = [[one_line(cell.text) if cell else "" for cell in row] for row in table.grid()]
    frame: pd.DataFrame = pd.DataFrame(grid[table.header_rows :], columns=range(table.columns))
    if table.header_rows:
        frame.columns = pd.Index(_column_names(grid[: table.header_rows]))
    return frame


def _column_names(header: list[list[str]]) -> list[str]:
    names = [" / ".join(dict.fromkeys(filter(None, labels))) for labels in zip(*header, strict=True)]
    seen: Counter[str] = Counter()
    unique: list[str] = []
    for name in names:
        seen[name] += 1
        unique.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return unique
