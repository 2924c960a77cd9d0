"""What the fields are called on the form: the labels to the left of a field and above it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ocr_pipeline.report.sheet import FormCell, FormSheet

__all__ = ["FieldLabel", "field_label", "field_labels"]

_STEP = " › "


@dataclass(frozen=True, slots=True)
class FieldLabel:
    """Labels of one field, outermost first: those of its row and those of its column."""

    row: tuple[str, ...]
    column: tuple[str, ...]

    @property
    def column_name(self) -> str:
        """The innermost label of the column."""
        return self.column[-1] if self.column else ""

    def __str__(self) -> str:
        return " / ".join(_STEP.join(path) for path in (self.row, self.column) if path)


def field_label(field_id: str) -> FieldLabel:
    """The label of a field that no form sheet shows: the parts of its id (``TABLE/ROW/COLUMN``)."""
    _, *rest = field_id.split("/")
    if not rest:
        return FieldLabel((field_id,), ())
    return FieldLabel(tuple(rest[:-1]), (rest[-1],)) if len(rest) > 1 else FieldLabel((rest[0],), ())


def field_labels(sheets: Sequence[FormSheet]) -> dict[str, FieldLabel]:
    """Field id to its labels, for every field of the sheets, in reading order of each sheet."""
    labels: dict[str, FieldLabel] = {}
    for sheet in sheets:
        grid = sheet.grid()
        for cell in sorted(sheet.cells, key=lambda c: (c.row, c.column)):
            if cell.field_id is not None:
                left = grid[cell.row][: cell.column]
                above = [grid[row][cell.column] for row in range(cell.row)]
                labels[cell.field_id] = FieldLabel(_nearest_run(left), _nearest_run(above))
    return labels


def _nearest_run(cells: Sequence[FormCell | None]) -> tuple[str, ...]:
    """The labels nearest to the end, up to the next field; a block's headers end where the block above has fields."""
    run: list[FormCell] = []
    for cell in reversed(cells):
        if cell is None or cell.field_id is not None:
            if run:
                break
        elif cell.text and cell not in run:
            run.append(cell)
    return tuple(" ".join(cell.text.split()) for cell in reversed(run))
