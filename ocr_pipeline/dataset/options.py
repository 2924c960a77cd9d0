"""What can be set about the dataset of an archive and the checks over it."""

from __future__ import annotations

from pydantic import Field

from ocr_pipeline.frozen import FrozenModel

__all__ = ["DatasetOptions"]


class DatasetOptions(FrozenModel):
    """How the Parquet files are cut, what the database may take, and when a county's bodies count as complete."""

    row_group: int = Field(
        default=65_536, ge=1_024, le=1_048_576, description="rows written together, and held in memory for it"
    )
    rows_per_file: int = Field(
        default=4_000_000, ge=1_024, le=100_000_000, description="rows after which the next Parquet file begins"
    )
    memory_mb: int = Field(
        default=1_024, ge=128, le=1_048_576, description="memory the database may take, in MB; it goes to disk beyond"
    )
    threads: int = Field(default=2, ge=1, le=256, description="threads of the database")
    complete_share: float = Field(
        default=0.8,
        ge=0.0,
        le=1.0,
        description="share of the core departments of a county from which its bodies count as complete",
    )
    complete_bodies: int = Field(
        default=15, ge=1, le=1_000, description="bodies of a county from which they can count as complete"
    )
