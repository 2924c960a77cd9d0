"""What a run has done so far, in figures."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field

from ocr_pipeline.batch.task import ByState, Outcome, State
from ocr_pipeline.document import Status

__all__ = ["Tally"]


@dataclass
class Tally(ByState):
    """Adds up outcomes.

    Attributes:
        total: documents that are to be read.
        states: documents that have come to rest, by their state.
        pages: read.
        statuses: values by status.
        lost: attempts that ended their worker.
    """

    total: int = 0
    states: Counter[State] = field(default_factory=Counter)
    pages: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    lost: int = 0
    _began: float = field(default_factory=time.monotonic)

    def add(self, outcome: Outcome, state: State) -> None:
        """One more attempt is over."""
        self.lost += outcome.lost
        if state is not State.PENDING:
            self.states[state] += 1
        if outcome.measures is not None:
            self.pages += outcome.measures.pages
            self.statuses.update(outcome.measures.statuses)

    @property
    def seconds(self) -> float:
        """Since the beginning."""
        return time.monotonic() - self._began

    @property
    def pages_per_second(self) -> float:
        """On average."""
        return self.pages / max(self.seconds, 1e-6)

    @property
    def flagged(self) -> float:
        """Share of the values that a person should look at, 0..1; 0 where there are none."""
        flagged = sum(count for name, count in self.statuses.items() if not Status(name).is_good)
        return flagged / max(1, self.statuses.total())

    @property
    def seconds_left(self) -> float | None:
        """Until all documents are at rest, by the documents so far; None before the first."""
        if not self.documents:
            return None
        return (self.total - self.documents) * self.seconds / self.documents
