"""What can be set about the pictures that reports carry."""

from __future__ import annotations

from pydantic import Field

from ocr_pipeline.frozen import FrozenModel

__all__ = ["ReportOptions"]


class ReportOptions(FrozenModel):
    """Pictures of pages, for people; nothing is read from them."""

    picture_dpi: float = Field(
        default=150.0, ge=50.0, le=600.0, description="resolution of page pictures, in pixels per inch, at most"
    )
    picture_quality: int = Field(default=65, ge=1, le=100, description="WebP quality of page pictures, at most")
    picture_kilobytes: int = Field(
        default=200, ge=20, le=10_000, description="size of the picture of an A4 page in 1,000 bytes, at most"
    )
