"""Which lines of label belong to which row of figures."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

__all__ = ["assign_lines"]

_ROOM_COST = 0.5
"""Of room inside a label, against distance of a label from its figures: it only decides between equals."""

_MOST_LINES = 12
"""Of one label."""


def assign_lines(lines: Sequence[float], rows: Sequence[float]) -> tuple[list[list[int]], bool]:
    """Share out lines of label over rows of figures, in order, so that the figures stand where their labels do.

    Both ways to set cells are tried, figures at the height of a label's first line and of its middle, and the one that
    fits better is taken.

    Args:
        lines: heights of the lines of label, ascending; none at all, or as many as there are rows at least.
        rows: heights of the rows' figures, ascending.

    Returns:
        The indices of each row's lines, and whether they are set in the middle.
    """
    if not lines:
        return [[] for _ in rows], False
    (top_cost, top), (middle_cost, middle) = (_best(lines, rows, middle=m) for m in (False, True))
    return (middle, True) if middle_cost < top_cost else (top, False)


def _best(lines: Sequence[float], rows: Sequence[float], *, middle: bool) -> tuple[float, list[list[int]]]:
    """Least sum of distances; every row has one line at least. Dynamic programming over the ends of groups."""
    count, infinite = len(lines), float("inf")
    steps = [b - a for a, b in pairwise(lines)]
    # Where both ways fit alike, the room between rows tells them from the lines of one label.
    apart = [0.0]
    for step in steps:
        apart.append(apart[-1] + _ROOM_COST * (step - min(steps)))
    cost = [0.0] + [infinite] * count
    origins: list[list[int]] = []
    for row in rows:
        following, origin = [infinite] * (count + 1), [0] * (count + 1)
        for stop in range(1, count + 1):
            for start in range(max(0, stop - _MOST_LINES), stop):
                where = (lines[start] + lines[stop - 1]) / 2 if middle else lines[start]
                total = cost[start] + abs(where - row) + apart[stop - 1] - apart[start]
                if total < following[stop]:
                    following[stop], origin[stop] = total, start
        cost = following
        origins.append(origin)
    groups: list[list[int]] = []
    stop = count
    for origin in reversed(origins):
        groups.insert(0, list(range(origin[stop], stop)))
        stop = origin[stop]
    return cost[count], groups
