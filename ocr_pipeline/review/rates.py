"""How often somebody may do something: a bucket of tokens for each address, after the usual algorithm of networks."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

__all__ = ["Rate"]

_ADDRESSES = 10_000
"""Addresses remembered at most; the one not heard of for longest is forgotten first."""


class Rate:
    """Allows ``burst`` at once and ``per_minute`` in the long run, for each address by itself.

    Args:
        per_minute: on average, > 0.
        burst: at once, >= 1.
        clock: seconds that only ever grow.
    """

    def __init__(self, per_minute: float, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_second = per_minute / 60
        self._burst = float(burst)
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, address: str) -> float:
        """Take one; 0 when that is allowed, and otherwise the seconds to wait for it."""
        with self._lock:
            now = self._clock()
            left = self._left(address, now)
            allowed = left >= 1
            self._buckets[address] = (left - 1 if allowed else left, now)
            self._buckets.move_to_end(address)
            while len(self._buckets) > _ADDRESSES:
                self._buckets.popitem(last=False)
            return 0.0 if allowed else (1 - left) / self._per_second

    def exhausted(self, address: str) -> bool:
        """Whether the next one would be refused; takes nothing."""
        with self._lock:
            return self._left(address, self._clock()) < 1

    def _left(self, address: str, now: float) -> float:
        left, then = self._buckets.get(address, (self._burst, now))
        return min(self._burst, left + (now - then) * self._per_second)
