"""How far a page came: its result, or the stage at which it failed. A failure costs its own page only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar

from ocr_pipeline.errors import DependencyError
from ocr_pipeline.timing import Stopwatch

__all__ = ["Outcome", "PageFailedError", "at"]

T = TypeVar("T")
R = TypeVar("R")


class PageFailedError(Exception):
    """What one page did at one stage; the others are read all the same."""

    def __init__(self, stage: str, cause: Exception) -> None:
        super().__init__(str(cause))
        self.stage = stage
        self.cause = cause


@contextmanager
def at(stage: str, watch: Stopwatch) -> Iterator[None]:
    """Time a stage of a page, and let a failure name it.

    Raises:
        DependencyError: as it came, like ``MemoryError``, for these fail every page alike.
        PageFailedError: anything else went wrong.
    """
    with watch(stage):
        try:
            yield
        except (DependencyError, MemoryError):
            raise
        except Exception as error:
            raise PageFailedError(stage, error) from error


@dataclass(frozen=True)
class Outcome(Generic[T]):
    """How far one page came, and the seconds it took: a result, or the failure that ended it."""

    index: int
    watch: Stopwatch
    result: T | None = None
    failure: PageFailedError | None = None

    def then(self, work: Callable[[T, Stopwatch], R]) -> Outcome[R]:
        """The page one job further."""
        if self.result is None:
            return Outcome(self.index, self.watch, None, self.failure)
        try:
            return Outcome(self.index, self.watch, work(self.result, self.watch))
        except PageFailedError as failure:
            return Outcome(self.index, self.watch, None, failure)
