"""Limits on what is opened; a document beyond one of them is refused before any of it is decoded."""

from __future__ import annotations

from pydantic import Field

from ocr_pipeline.frozen import FrozenModel

__all__ = ["ArchiveOptions", "SourceOptions"]


class ArchiveOptions(FrozenModel):
    """How much of an archive is too much; beyond a limit it is read no further, and what was read before stays."""

    max_members: int = Field(default=200_000, ge=1, description="most files in an archive, nested archives included")
    max_inflated_bytes: int = Field(
        default=64 * 1024**3, ge=1, description="most bytes that an archive may inflate to, nested archives included"
    )
    max_ratio: float = Field(
        default=300.0, gt=1, description="most bytes that one packed byte may inflate to, beyond the first 16 MiB"
    )
    max_depth: int = Field(default=3, ge=1, le=20, description="archives within archives are read to this depth")


class SourceOptions(FrozenModel):
    """How much of a document is too much."""

    max_bytes: int = Field(
        default=512 * 1024 * 1024, ge=1, description="largest file in bytes; it is held in memory as a whole"
    )
    max_pages: int = Field(default=2_000, ge=1, description="most pages of one document")
    max_page_points: float = Field(
        default=5_000.0, gt=0, le=14_400.0, description="longest side of a PDF or OFD page in points (A0 has 3,370)"
    )
    max_page_pixels: int = Field(default=30_000, ge=16, description="longest side of a page image in pixels")
    max_image_pixels: int = Field(
        default=100_000_000,
        ge=256,
        description="most pixels of a page image, or of a picture inside a page (A3 at 600 dpi has 70 million)",
    )
    max_raster_pixels: int = Field(
        default=40_000_000,
        ge=256,
        description="most pixels of a rendered page; the resolution is lowered to stay below",
    )
    max_members: int = Field(default=20_000, ge=1, description="most files inside a packed document")
    max_unpacked_bytes: int = Field(
        default=1024 * 1024 * 1024,
        ge=1,
        description="most bytes that a packed document may inflate to, by its table of contents",
    )
    max_xml_bytes: int = Field(
        default=128 * 1024 * 1024, ge=1, description="largest single file of markup inside a packed document"
    )
    max_pictures: int = Field(default=2_000, ge=1, description="most pictures of a document that has no pages")
    office_seconds: float = Field(
        default=120.0, gt=0, description="longest time that LibreOffice may take to turn an old document into a new one"
    )
    max_table_slots: int = Field(
        default=200_000, ge=16, description="most rows times columns of a table in a document without pages"
    )
    archives: ArchiveOptions = Field(default=ArchiveOptions(), description="archives of documents")
