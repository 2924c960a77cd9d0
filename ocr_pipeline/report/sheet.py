"""The shape of an official form, as the exports need it: which label or which field stands where, and what must add up.

The pipeline takes these from the matched form and hands them over, so that a spreadsheet can be laid out like the
printed form, and a value explained by its sums, from a saved report alone.
"""

from __future__ import annotations

from pydantic import Field, model_validator

from ocr_pipeline.equations import Equation
from ocr_pipeline.frozen import FrozenModel

__all__ = ["FormCell", "FormSheet"]


class FormCell(FrozenModel):
    """One cell of a form: a printed label (``text``) or the place of a value (``field_id``), never both.

    Rows and columns count from 0. A ``vertical`` label is written from top to bottom.
    """

    row: int = Field(ge=0)
    column: int = Field(ge=0)
    row_span: int = Field(default=1, ge=1)
    column_span: int = Field(default=1, ge=1)
    text: str = ""
    field_id: str | None = None
    vertical: bool = False

    @model_validator(mode="after")
    def _label_or_field(self) -> FormCell:
        if self.field_id is not None and self.text:
            raise ValueError(f"form cell ({self.row}, {self.column}) is both a label and a field")
        return self


class FormSheet(FrozenModel):
    """One part of a form as a grid of ``rows`` x ``columns``; positions without a cell stay empty.

    ``tables`` are the ids of the document's tables that were matched to this part, ``equations`` what the form says
    about its fields.
    """

    title: str
    rows: int = Field(ge=1)
    columns: int = Field(ge=1)
    cells: tuple[FormCell, ...]
    form: str | None = None
    part: str | None = None
    tables: tuple[str, ...] = ()
    equations: tuple[Equation, ...] = ()

    @model_validator(mode="after")
    def _cells_fit(self) -> FormSheet:
        seen: set[tuple[int, int]] = set()
        for cell in self.cells:
            if cell.row + cell.row_span > self.rows or cell.column + cell.column_span > self.columns:
                raise ValueError(f"cell ({cell.row}, {cell.column}) reaches out of the form sheet {self.title!r}")
            covered = {
                (row, column)
                for row in range(cell.row, cell.row + cell.row_span)
                for column in range(cell.column, cell.column + cell.column_span)
            }
            if seen & covered:
                raise ValueError(f"two cells of the form sheet {self.title!r} cover {min(seen & covered)}")
            seen |= covered
        return self

    def grid(self) -> list[list[FormCell | None]]:
        """``rows`` lists of ``columns`` entries; a spanning cell stands at each position it covers."""
        grid: list[list[FormCell | None]] = [[None] * self.columns for _ in range(self.rows)]
        for cell in self.cells:
            for row in range(cell.row, cell.row + cell.row_span):
                for column in range(cell.column, cell.column + cell.column_span):
                    grid[row][column] = cell
        return grid
