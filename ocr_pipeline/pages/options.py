"""How pages are made upright, straight and clean."""

from __future__ import annotations

from pydantic import Field, model_validator

from ocr_pipeline.frozen import FrozenModel

__all__ = ["PageOptions"]


class PageOptions(FrozenModel):
    """What is done to a page, and from which evidence on."""

    min_dpi: float = Field(
        default=200.0, ge=72, le=600, description="a scan of less is enlarged to this, so that small print has pixels"
    )
    max_dpi: float = Field(default=300.0, ge=72, le=600, description="a scan of more is reduced to this")
    drawn_dpi: float = Field(
        default=200.0, ge=72, le=600, description="resolution of pages that are drawn (text and lines, no scan)"
    )
    glyph_pixels: float = Field(
        default=26.0,
        ge=10,
        le=100,
        description="height of an ordinary character that a picture of unknown resolution is brought to, in pixels",
    )
    max_pixels: int = Field(default=40_000_000, ge=10_000, description="a page is not enlarged beyond this many pixels")
    find_sheet: bool = Field(
        default=True, description="look for a photographed sheet on a darker ground and straighten its perspective"
    )
    turn_confidence: float = Field(
        default=0.65,
        ge=0.5,
        le=1.0,
        description="how sure it must be before a page is turned by 90, 180 or 270 degrees",
    )
    max_skew: float = Field(default=15.0, ge=0, le=30, description="largest skew looked for, in degrees")
    min_skew: float = Field(
        default=0.03, ge=0, le=1, description="a smaller skew, in degrees, is left alone: turning blurs a little"
    )
    straighten_rulings: bool = Field(
        default=True, description="correct the shear and perspective that rulings and lines of print show"
    )
    remove_streaks: bool = Field(
        default=True, description="take out the streaks that a scanner or a fax machine drew from edge to edge"
    )
    remove_seals: bool = Field(default=True, description="take red seals out of the grey image")
    remove_watermark: bool = Field(default=True, description="read a page without the watermark that is seen on it")
    flatten: bool = Field(default=True, description="divide the grey image by its paper, so that paper is white")

    @model_validator(mode="after")
    def _in_order(self) -> PageOptions:
        if self.min_dpi > self.max_dpi:
            raise ValueError(f"min_dpi {self.min_dpi:g} is above max_dpi {self.max_dpi:g}")
        return self
