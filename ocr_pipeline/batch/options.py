"""How a batch is run. None of these options changes what is read of a document."""

from __future__ import annotations

import os

from pydantic import Field

from ocr_pipeline.frozen import FrozenModel

__all__ = ["BatchOptions", "usable_cores"]


class BatchOptions(FrozenModel):
    """Workers, what a document may cost, and which documents are done again."""

    formats: tuple[str, ...] = Field(default=("json",), min_length=1, description="formats of each document's report")
    workers: int = Field(default=0, ge=0, le=1024, description="worker processes; 0 takes one for each core")
    threads: int = Field(default=0, ge=0, le=256, description="threads of a worker's models; 0 shares out the cores")
    shared_models: bool | None = Field(
        default=None,
        description="one process holds the models that read text, and reads lines of several documents at once; "
        "null does so on a GPU",
    )
    address: str | None = Field(default=None, description="of a Ray cluster; null starts one on this machine")
    gpus: float = Field(
        default=0.0,
        ge=0,
        le=64,
        description="GPUs that hold shared models; GPUs, or a share of one, of each worker on a Ray cluster",
    )
    attempts: int = Field(
        default=2, ge=1, le=20, description="documents that end their worker are tried so often, then quarantined"
    )
    page_seconds: float = Field(default=180.0, gt=0, description="longest time between two pages, opening included")
    document_seconds: float = Field(default=3600.0, gt=0, description="longest time for one document")
    memory_mb: int = Field(
        default=4096, ge=64, description="most resident memory of a worker and what it started, in 10^6 bytes"
    )
    recycle: int = Field(default=100, ge=1, description="documents after which a worker is replaced by a new one")
    retry_failed: bool = Field(default=False, description="documents that failed or are quarantined are tried again")
    refresh: bool = Field(
        default=False, description="documents read by another program version, models, forms or settings are read again"
    )
    require_form: bool = Field(default=False, description="a document of which no table matches a known form fails")
    password: str | None = Field(default=None, repr=False, description="opens encrypted documents and archives")

    def worker_count(self) -> int:
        """How many workers there are: as asked for, or one for each core this process may use."""
        return self.workers or usable_cores()

    def thread_count(self) -> int:
        """Threads of one worker's models, so that all workers together have no more threads than there are cores.

        With shared models two at least, so that a page can be made ready while another one is being read.
        """
        return self.threads or max(2 if self.shared_models else 1, usable_cores() // self.worker_count())


def usable_cores() -> int:
    """Cores that this process may run on, at least 1."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return os.cpu_count() or 1
