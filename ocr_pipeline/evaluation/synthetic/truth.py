"""What is exactly true of a drawn report: its figures, its tables down to cell boxes, its text down to line boxes.

All boxes are in pixels of the undamaged page raster (``PageTruth.width`` x ``height``, origin top left, y down);
``PageTruth.transform`` maps them to the picture that was handed out, which damage may have turned, bent or rescaled.
``form``, ``fields`` and ``tables`` alone are a complete truth for scoring values and structure; the rest adds places.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ocr_pipeline.document import BoxField, TransformField
from ocr_pipeline.frozen import FrozenModel
from ocr_pipeline.geometry import Box, Transform

__all__ = [
    "CellPiece",
    "CellTruth",
    "LineRole",
    "LineTruth",
    "PageTruth",
    "ReportTruth",
    "RulingTruth",
    "SectionTruth",
    "TableArea",
    "TableTruth",
]

LineRole = Literal["title", "heading", "text", "note", "header", "footer", "cell"]


class LineTruth(FrozenModel):
    """One printed line; ``box`` is the bounds of its ink, ``level`` the depth of a heading (from 1)."""

    text: str
    box: BoxField
    role: LineRole
    level: int | None = None


class CellPiece(FrozenModel):
    """The part of a cell that stands on one page.

    ``box`` reaches to the middle of the rulings around it, so the pieces of a table's cells tile its area.
    ``repeated`` marks a header row printed once more at the top of a page.
    """

    page: int = Field(ge=0)
    box: BoxField
    lines: tuple[LineTruth, ...] = ()
    repeated: bool = False

    @property
    def text(self) -> str:
        """What is printed in this piece."""
        return "".join(line.text for line in self.lines)


class CellTruth(FrozenModel):
    """One cell; ``text`` as printed without line breaks ("" for blank), ``field`` the id of the value it holds."""

    row: int = Field(ge=0)
    column: int = Field(ge=0)
    row_span: int = Field(ge=1)
    column_span: int = Field(ge=1)
    text: str
    role: Literal["caption", "header", "corner", "label", "group", "value", "note"]
    field: str | None = None
    vertical: bool = False
    pieces: tuple[CellPiece, ...] = ()


class TableTruth(FrozenModel):
    """One table as a grid of cells; ``ruling`` says which lines are printed."""

    part: str
    form: str
    heading: str | None
    rows: int
    columns: int
    header_rows: int
    ruling: Literal["full", "partial", "horizontal", "none"]
    cells: tuple[CellTruth, ...]

    @property
    def html(self) -> str:
        """The table as HTML with spans, rows in order, no attributes but the spans."""
        rows: list[list[str]] = [[] for _ in range(self.rows)]
        for cell in sorted(self.cells, key=lambda c: (c.row, c.column)):
            spans = f' rowspan="{cell.row_span}"' if cell.row_span > 1 else ""
            spans += f' colspan="{cell.column_span}"' if cell.column_span > 1 else ""
            text = cell.text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
            rows[cell.row].append(f"<td{spans}>{text}</td>")
        return "<table>" + "".join(f"<tr>{''.join(row)}</tr>" for row in rows) + "</table>"


class TableArea(FrozenModel):
    """Where a table, or the part of it on one page, stands; ``table`` counts in ``ReportTruth.grids``."""

    table: int = Field(ge=0)
    box: BoxField


class RulingTruth(FrozenModel):
    """One stroke of a ruling as it was meant: dots and dashes are in its ``box`` as if it were solid."""

    box: BoxField
    upright: bool


class PageTruth(FrozenModel):
    """One page: its undamaged raster, what stands on it in reading order, and the way to the picture handed out.

    ``lines`` leaves out what stands in tables; that is in the cells. ``rulings`` are known while the report is in
    memory and are not written to its JSON: there are hundreds of them, and only those who train a model ask for them.
    """

    index: int = Field(ge=0)
    width: int
    height: int
    dpi: float
    lines: tuple[LineTruth, ...] = ()
    tables: tuple[TableArea, ...] = ()
    rulings: tuple[RulingTruth, ...] = Field((), exclude=True)
    transform: TransformField = Transform.identity()
    image_width: int
    image_height: int
    image_dpi: float

    @property
    def headings(self) -> tuple[LineTruth, ...]:
        """The lines that are headings, the title included."""
        return tuple(line for line in self.lines if line.role in ("title", "heading"))

    def on_image(self, box: Box) -> Box:
        """Bounds of a box of the raster on the picture handed out."""
        return self.transform.box(box)


class SectionTruth(FrozenModel):
    """A heading and the text directly below it; a paragraph ends its line.

    Levels 1 to 3 are for 一、, （一） and 1.; text before the first heading has level 0 and an empty title.
    """

    level: int = Field(ge=0)
    title: str
    page: int = Field(ge=0)
    text: str = ""


class ReportTruth(FrozenModel):
    """Everything that is true of one report.

    Attributes:
        form: ``A``, ``B`` or ``mixed``; ``forms`` has it for each table.
        fields: id to printed string, "" for a blank cell.
        tables: each table as HTML, in the order of ``grids``.
        broken: ids of figures changed on purpose so that an equation does not close.
    """

    seed: int
    profile: str = "clean"
    form: str
    forms: dict[str, str]
    body: str
    year: int
    title: str
    fields: dict[str, str]
    broken: tuple[str, ...] = ()
    tables: tuple[str, ...]
    grids: tuple[TableTruth, ...]
    pages: tuple[PageTruth, ...]
    sections: tuple[SectionTruth, ...]
