"""The tables of the two official forms as grids of cells, taken from the program's own form definitions.

What the definitions leave open is settled here: how blocks of two value columns share the width of blocks of three,
and what kind of cell each is, since kinds look different in print.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from ocr_pipeline.resources import data_folder
from ocr_pipeline.templates import Form as Template
from ocr_pipeline.templates import PlacedCell, load_template
from ocr_pipeline.templates.equations import Equation, part_equations

__all__ = ["PARTS", "Form", "FormCell", "FormGrid", "Halves", "Part", "Role", "form_grid"]

Form = Literal["A", "B"]
Part = Literal["proactive", "applications", "disputes"]
Role = Literal["caption", "header", "corner", "label", "group", "value"]
Halves = Literal["left", "right", "even"]

PARTS: tuple[Part, ...] = ("proactive", "applications", "disputes")

_FILES: dict[Form, str] = {"A": "gov-disclosure-a.yaml", "B": "gov-disclosure-b.yaml"}
_MARKS = 6
"""Parts that the width of the value columns is counted in: divisible by two and by three."""


@dataclass(frozen=True, slots=True)
class FormCell:
    """One cell of a form; ``field`` is the id of the value it holds, None for a label."""

    row: int
    column: int
    row_span: int
    column_span: int
    text: str
    role: Role
    field: str | None = None


@dataclass(frozen=True, slots=True)
class FormGrid:
    """A table of a form.

    Attributes:
        cells: in row-major order; they tile ``rows`` x ``columns`` without a hole.
        header_rows: how many rows at the top name the columns of the whole table (what a word processor would repeat).
        headings: what such a table stands under, without a number; the official wording first.
        equations: that its figures should satisfy.
        edges: for a table whose blocks divide the width differently, the relative place (0..1) of each column edge
            to the right of the label column; empty where columns are free to be of any width.
    """

    part: Part
    form: Form
    rows: int
    columns: int
    cells: tuple[FormCell, ...]
    header_rows: int
    headings: tuple[str, ...]
    equations: tuple[Equation, ...]
    edges: tuple[float, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        """Ids of all its values, in reading order."""
        return tuple(cell.field for cell in self.cells if cell.field is not None)


def form_grid(part: Part, form: Form, *, halves: Halves = "right") -> FormGrid:
    """The grid of one table.

    Args:
        part: which table.
        form: which official form.
        halves: where a block of two value columns is divided in a table whose other blocks have three: the wider
            column on the left, on the right, or both equal (which adds a grid column).
    """
    template = _template(form)
    definition = template.part(part)
    placed = definition.layout()
    rows, columns = definition.grid_shape
    data_rows = {cell.row for cell in placed if cell.field is not None}
    cells = tuple(_cell(cell, data_rows, columns) for cell in placed)
    simple = len(definition.blocks) == 1
    headings = tuple(re.sub("^[一二三四五六七]、", "", text) for text in (definition.title, *definition.title_aliases))
    equations = part_equations(template, part)
    grid = FormGrid(part, form, rows, columns, cells, min(data_rows) if simple else 0, headings, equations)
    return grid if simple else _divided(grid, halves)


@lru_cache(maxsize=2)
def _template(form: Form) -> Template:
    return load_template(data_folder("configs") / "templates" / _FILES[form])


def _cell(cell: PlacedCell, data_rows: set[int], columns: int) -> FormCell:
    role: Role
    if cell.field is not None:
        role = "value"
    elif cell.row in data_rows:
        role = "label" if cell.row_span == 1 else "group"
    elif cell.column_span == columns:
        role = "caption"
    else:
        role = "corner" if cell.column == 0 and cell.row_span > 1 and cell.column_span > 1 else "header"
    return FormCell(cell.row, cell.column, cell.row_span, cell.column_span, cell.text, role, cell.field)


def _divided(grid: FormGrid, halves: Halves) -> FormGrid:
    """The same table on a grid whose columns are all the places where any block is divided."""
    step = _MARKS // (grid.columns - 1)
    middle = {"left": 2 * step, "right": step, "even": _MARKS // 2}[halves]
    per_row = {row: [c for c in grid.cells if c.row == row and c.column > 0] for row in range(grid.rows)}

    def mark(cell: FormCell, edge: int) -> int:
        inner = len(per_row[cell.row]) == 2 and 1 < edge < grid.columns
        return middle if inner else step * (edge - 1)

    spots = [
        (cell, mark(cell, cell.column), mark(cell, cell.column + cell.column_span)) if cell.column else (cell, 0, 0)
        for cell in grid.cells
    ]
    marks = sorted({edge for cell, left, right in spots if cell.column for edge in (left, right)})
    cells = []
    for cell, left, right in spots:
        if cell.column:
            at = marks.index(left)
            cells.append(replace(cell, column=1 + at, column_span=marks.index(right) - at))
        else:
            cells.append(replace(cell, column_span=len(marks) if cell.role == "caption" else 1))
    edges = tuple(edge / _MARKS for edge in marks)
    return replace(grid, columns=len(marks), cells=tuple(cells), edges=edges)
