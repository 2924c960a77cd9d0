"""What the review server allows, and how it shows things."""

from __future__ import annotations

from pydantic import Field

from ocr_pipeline.frozen import FrozenModel

__all__ = ["ReviewOptions"]


class ReviewOptions(FrozenModel):
    """Limits of the review server, and the size of what it shows."""

    max_upload_bytes: int = Field(
        default=64 * 1024 * 1024, ge=1024, le=4 * 1024**3, description="largest document that can be uploaded, in bytes"
    )
    uploads_per_minute: float = Field(
        default=20.0, gt=0, le=10_000, description="documents that one address can upload in a minute, on average"
    )
    upload_burst: int = Field(default=20, ge=1, le=10_000, description="documents that it can upload at once")
    max_waiting: int = Field(default=200, ge=1, le=100_000, description="uploads that may wait to be read")
    max_request_bytes: int = Field(
        default=256 * 1024, ge=4096, le=64 * 1024 * 1024, description="largest request that is no upload, in bytes"
    )
    sign_ins_per_minute: float = Field(
        default=10.0, gt=0, le=1000, description="wrong tokens that one address can try in a minute"
    )
    rescan_seconds: float = Field(
        default=2.0, ge=0, le=3600, description="the folder is looked through for changes at most this often"
    )
    open_reports: int = Field(
        default=8,
        ge=1,
        le=10_000,
        description="reports that are kept in memory; with more of them, the garbage collector pauses longer",
    )
    open_pictures: int = Field(default=12, ge=1, le=1000, description="page pictures that are kept in memory, decoded")
    picture_dpi: float = Field(
        default=200.0, ge=50, le=600, description="resolution of page pictures that are drawn from the source anew"
    )
    drawing_seconds: float = Field(
        default=30.0, gt=0, le=600, description="longest time that drawing a document's page may take"
    )
    queue_window: int = Field(default=24, ge=2, le=500, description="values that a page of the queue holds ready")
