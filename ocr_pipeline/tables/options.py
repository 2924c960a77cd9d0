"""Options of the table stage."""

from __future__ import annotations

from pydantic import Field

from ocr_pipeline.frozen import FrozenModel

__all__ = ["TableOptions"]


class TableOptions(FrozenModel):
    """How rulings become grids and how cells are read. Lengths are in inches, so that they hold at any resolution."""

    min_horizontal: float = Field(
        0.4, gt=0, le=2, description="Shortest run that can be a horizontal ruling, in inches."
    )
    min_vertical: float = Field(0.2, gt=0, le=2, description="Shortest run that can be a vertical ruling, in inches.")
    max_gap: float = Field(0.02, ge=0, le=0.2, description="Longest break inside a ruling that is bridged, in inches.")
    min_cell: float = Field(
        0.06, gt=0, le=1, description="Rulings closer than this are one (a doubled line), in inches."
    )
    max_cells: int = Field(20_000, ge=1, description="A table of more cells than this is not read as one.")
    least_printed: float = Field(
        0.6,
        ge=0,
        le=1,
        description="Share of a table's borders, in each direction, that the page network must see printed; with 0 it "
        "finds unruled tables, too, whose rows it may run together.",
    )
    page_net: bool = Field(
        True, description="Let the page network look for tables, too: faint, faxed and partly ruled ones."
    )
    reread_confidence: float = Field(
        0.9, ge=0, le=1, description="A cell read with less confidence than this is looked at again by itself."
    )
    join_tolerance: float = Field(
        0.08, gt=0, le=1, description="Columns of two pieces of one table may differ by this much, in inches."
    )
    aligned: bool = Field(
        True, description="Beside ruled tables, look for others by the alignment of their print and the page network."
    )
    witness: bool = Field(True, description="Let the second recogniser read what the equations leave unproven.")
