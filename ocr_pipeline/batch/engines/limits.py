"""What a worker may take, the same for every engine."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Limits"]


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
