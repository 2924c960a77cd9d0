"""What a report says; how it looks is ``style.ReportStyle``."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ocr_pipeline.evaluation.synthetic.forms import PARTS, Part
from ocr_pipeline.frozen import FrozenModel

__all__ = ["ContentOptions", "FormChoice", "Scale", "ZeroMark"]

FormChoice = Literal["A", "B", "mixed"]
Scale = Literal["zero", "tiny", "small", "medium", "large", "huge"]
ZeroMark = Literal["0", "", "/", "-", "—"]


class ContentOptions(FrozenModel):
    """Choices about the content; None leaves one to the seed."""

    scale: Scale | None = Field(None, description="magnitude of the figures, from all zero to a large city's")
    zero: ZeroMark | None = Field(None, description="what is printed for zero; the empty string leaves the cell blank")
    broken: int | None = Field(None, ge=0, le=9, description="figures changed so that an equation does not close")
    blank_totals: Literal["none", "row", "column"] | None = Field(
        None, description="leave blank the row of totals, or the column of totals, of the applications"
    )
    year: int | None = Field(None, ge=2008, le=2100, description="the year reported on")
    parts: tuple[Part, ...] = Field(PARTS, min_length=1, description="which of the three tables appear")
    prose: bool = Field(True, description="draw title, sections and text; False draws the tables alone")
