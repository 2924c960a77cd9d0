"""What a worker may take, and what is said of a document that took more; the same for every engine."""

from __future__ import annotations

from dataclasses import dataclass

from ocr_pipeline.batch.task import Failure

__all__ = ["Limits", "out_of_memory", "out_of_time"]


@dataclass(frozen=True)
class Limits:
    """Of the workers.

    Attributes:
        workers: how many at most.
        threads: of the mathematical libraries in each.
        document_seconds: for one document, after which its worker is ended.
        memory_mb: resident memory of a worker and what it started, in 10^6 bytes.
        recycle: documents after which a worker is replaced.
    """

    workers: int
    threads: int
    document_seconds: float
    memory_mb: float
    recycle: int


def out_of_time(seconds: float) -> Failure:
    """Of a document that took longer than that."""
    message = f"it was not finished within {seconds:g} seconds"
    return Failure("TimeLimit", message, "raise --document-seconds, or split the document")


def out_of_memory(message: str) -> Failure:
    """Of a document whose worker took too much; the message says how much."""
    return Failure("MemoryLimit", message, "raise --memory, or split the document")
