"""Rulings that are lost throughout, told by those that ended at them.

In a table a ruling ends at one that runs across it, on both sides. So where several end at one height between two rows,
and nothing is drawn there, a level ruling stood there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["LooseLine", "loose_lines"]

_GAP_INCHES = 0.03
"""Longest break in a ruling: a line that a fax lost."""
_REACH_INCHES = 0.0125
"""How far a ruling lies from where it should."""
_LEAST_INCHES = 0.08
"""Shortest piece of a row on either side of such a line: there is print on both."""
_SAME_INCHES = 0.02
"""How far off each other the ends of rulings at one line are."""
_THERE, _GONE = 0.9, 0.1
"""Share of ink of the piece of a ruling that is there, at least, and of the one that is not, at most."""
_ENDS = 2
"""Rulings that must end at one place."""


@dataclass(frozen=True, slots=True)
class LooseLine:
    """A line between two others at which rulings end.

    Attributes:
        place: its height.
        stretches: those between crossings that it surely has.
        begins: the rulings stand below it.
    """

    place: float
    stretches: frozenset[int]
    begins: bool


def loose_lines(
    ink: NDArray[np.uint8], print_: NDArray[np.uint8], ys: Sequence[float], xs: Sequence[float], dpi: float
) -> list[LooseLine]:
    """The level lines at which upright rulings end between the lines of a table.

    Args:
        ink: of the straightened table, with its rulings, 0/255.
        print_: of it without them; no line runs through that.
        ys: heights of the lines known, ascending.
        xs: places of the upright ones.
        dpi: resolution.
    """
    gap = np.ones((round(_GAP_INCHES * dpi) | 1, 1), np.uint8)
    reach = max(1, round(_REACH_INCHES * dpi))
    ends: list[tuple[float, int, bool]] = []
    for k, x in enumerate(xs[1:-1], 1):
        band = ink[:, max(0, round(x) - reach) : round(x) + reach + 1]
        # One straight line of it, and not whatever stands about.
        column = band[:, int((band > 0).sum(axis=0).argmax())][:, None]
        inked = cv2.morphologyEx(np.ascontiguousarray(column), cv2.MORPH_CLOSE, gap)[:, 0] > 0
        for top, bottom in pairwise(ys):
            found = _end(inked[round(top) + reach + 1 : round(bottom) - reach], _LEAST_INCHES * dpi)
            if found is not None:
                ends.append((round(top) + reach + 1 + found[0], k, found[1]))
    lines: list[LooseLine] = []
    for group in _groups(sorted(ends), _SAME_INCHES * dpi):
        place = float(np.median([end for end, _, _ in group]))
        stretches = {s for _, k, _ in group for s in (k - 1, k)}
        row = print_[round(place)] > 0
        crossed = any(row[round(xs[s]) + 2 : round(xs[s + 1]) - 1].any() for s in stretches)
        if len({k for _, k, _ in group}) >= _ENDS and not crossed:
            lines.append(LooseLine(place, frozenset(stretches), group[0][2]))
    return lines


def _end(inked: NDArray[np.bool_], least: float) -> tuple[int, bool] | None:
    """Where in a row a ruling ends, and whether it begins there; None where it runs through or there is none."""
    if inked.size < 2 * least:
        return None
    sums = np.concatenate([[0], np.cumsum(inked)])
    places = np.arange(round(least), inked.size - round(least))
    if not places.size:
        return None
    above = sums[places] / places
    below = (sums[-1] - sums[places]) / (inked.size - places)
    for begins, there, gone in ((True, below, above), (False, above, below)):
        at = int((there - gone).argmax())
        if there[at] >= _THERE and gone[at] <= _GONE:
            return int(places[at]), begins
    return None


def _groups(ends: Sequence[tuple[float, int, bool]], reach: float) -> list[list[tuple[float, int, bool]]]:
    """Ends at one height that look the same way."""
    groups: list[list[tuple[float, int, bool]]] = []
    for end in ends:
        same = next((g for g in groups if end[0] - g[0][0] <= reach and g[0][2] == end[2]), None)
        if same is None:
            groups.append([end])
        else:
            same.append(end)
    return groups
