"""Which flagged value a person should see first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from ocr_pipeline.document import Status

__all__ = ["MOST_URGENT", "urgency", "urgency_of"]

MOST_URGENT = 499

_CLASS: Mapping[Status, int] = {Status.CONFLICT: 400, Status.MISSING: 200, Status.BLANK: 100}
_UNREADABLE = 300
"""A cell that holds something nobody could read comes before one that was not found at all."""


def urgency(status: Status, confidence: float, *, readable: bool, broken: int, closed: int) -> int:
    """0 for what needs nobody, up to ``MOST_URGENT``; higher is worse.

    Figures that contradict the sums come first, then cells that could not be read, cells that were not found, and
    blank ones. Among the contradictions, the one in which the most broken sums meet and the fewest closed ones is the
    likeliest culprit: once it is settled, its neighbours are often in order. Within all of this, the less sure the
    reading, the sooner.

    Args:
        status: of the value as it is now.
        confidence: of the value, 0..1.
        readable: whether anything was read in its cell.
        broken: equations it is part of that do not close.
        closed: those that do.

    >>> urgency(Status.CONFLICT, 0.4, readable=True, broken=2, closed=0)
    475
    >>> urgency(Status.READ, 0.4, readable=True, broken=2, closed=0)
    0
    """
    base = _UNREADABLE if status is Status.MISSING and readable else _CLASS.get(status, 0)
    if not base:
        return 0
    weight = max(0, min(9, 3 + 2 * broken - closed)) if broken else 0
    return base + 10 * weight + round(9 * (1 - confidence))


class _Check(Protocol):
    @property
    def kind(self) -> str: ...

    @property
    def agrees(self) -> bool: ...


class _Seen(Protocol):
    """As much of a value as this needs: a ``Value`` of a report, or what the dataset keeps of one."""

    @property
    def status(self) -> Status: ...

    @property
    def confidence(self) -> float: ...

    @property
    def raw(self) -> str: ...

    @property
    def evidence(self) -> Iterable[_Check]: ...


def urgency_of(value: _Seen) -> int:
    """The urgency of a value as it is now, by the equations that its evidence names."""
    checks = [check.agrees for check in value.evidence if check.kind == "equation"]
    return urgency(
        value.status,
        value.confidence,
        readable=bool(value.raw.strip()),
        broken=checks.count(False),
        closed=checks.count(True),
    )
