"""Seconds spent in each stage of one document."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["Stopwatch"]


class Stopwatch:
    """Adds up wall-clock seconds by name; a stage inside another counts for itself only."""

    def __init__(self) -> None:
        self._seconds: dict[str, float] = defaultdict(float)
        self._nested: list[float] = []

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        """Time a block under the name of its stage."""
        start = time.perf_counter()
        self._nested.append(0.0)
        try:
            yield
        finally:
            elapsed = time.perf_counter() - start
            self._seconds[stage] += max(0.0, elapsed - self._nested.pop())
            if self._nested:
                self._nested[-1] += elapsed

    def add(self, other: Stopwatch) -> None:
        """Add what another watch measured, on another thread for example; the sum may exceed the time that passed."""
        for stage, value in other._seconds.items():
            self._seconds[stage] += value

    def seconds(self) -> dict[str, float]:
        """Seconds by stage, in the order in which the stages first ended."""
        return {stage: round(value, 4) for stage, value in self._seconds.items()}
