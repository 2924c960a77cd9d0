"""What issuers print for what they mean: miscounted by one, mistyped, digits swapped, lost or added, 0 for a total.

Set by hand: generated reports cannot tell how issuers err, and real ones whose equations do not close are few. What
matters is the order: a figure that is one too many is rather the issuer's own than one with an 8 for a 0.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache

__all__ = ["mistake_probability", "mistaken"]

_BY_ONE, _BY_TEN, _TYPED, _SWAPPED, _REVERSED, _ADDED, _LOST, _TENFOLD, _TENTH, _NOUGHT = (
    0.22, 0.08, 0.2, 0.08, 0.02, 0.05, 0.05, 0.05, 0.05, 0.1,
)  # fmt: skip
"""Shares of the mistakes: off by one or by ten, either way; one digit for another, uniformly; two neighbours swapped;
all reversed; one digit too many, and one lost; ten times as much, and a tenth; 0. What is left is any other number."""
_OTHER = 0.002
"""Share of any given other number. Too much, so that a number is not believed only since nobody would print another."""


@lru_cache(maxsize=4096)
def mistaken(meant: int) -> Mapping[int, float]:
    """The numbers that a slip makes of one, each with its share of the mistakes.

    Most slips lead back, so these are also the numbers that may have been meant where this one is printed.
    """
    shares: dict[int, float] = defaultdict(float)
    for number, share in _slips(meant):
        if number != meant and number >= 0:
            shares[number] += share
    return dict(shares)


def mistake_probability(printed: int, meant: int) -> float:
    """Share of the mistakes of this number that print that one; never 0."""
    return mistaken(meant).get(printed, 0.0) + _OTHER


def _slips(meant: int) -> Iterator[tuple[int, float]]:
    digits = str(meant)
    count = len(digits)
    for away, share in ((1, _BY_ONE), (10, _BY_TEN)):
        yield meant + away, share / 2
        yield meant - away, share / 2
    yield from ((int(digits[::-1]), _REVERSED), (meant * 10, _TENFOLD), (meant // 10, _TENTH), (0, _NOUGHT))
    for at in range(count):
        before, after = digits[:at], digits[at + 1 :]
        for digit in "0123456789":
            yield int(before + digit + after), _TYPED / count / 9
        if count > 1:
            yield int(before + after), _LOST / count
        if after:
            yield int(before + after[0] + digits[at] + after[1:]), _SWAPPED / (count - 1)
    for at in range(count + 1):
        for digit in "0123456789":
            yield int(digits[:at] + digit + digits[at:]), _ADDED / (count + 1) / 10
