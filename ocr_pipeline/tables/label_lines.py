"""Which lines of label belong to which row of figures."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

__all__ = ["LabelRow", "assign_lines"]

_ROOM_COST = 0.5
"""Of room inside a label, against distance of a label from its figures: it only decides between equals."""
_FAR = 1.35
"""Distance of two lines of one label at most, against the usual one."""
_MOST_LINES = 12
"""Of one label."""
_BORDER_COST = 0.8
"""In distances of lines: what a border inside a label costs that is surely there, or one between labels that is not."""
_BLANK_COST, _BARE_COST = 0.6, 2.0
"""In distances of lines: a label without figures, and figures without a label."""

LabelRow = tuple[tuple[int, int], int | None]
"""Lines of one label, half-open, and the row of figures that it stands beside."""


def assign_lines(
    lines: Sequence[float], rows: Sequence[float], borders: Sequence[float] = (), leading: float = 0.0
) -> tuple[list[LabelRow], bool]:
    """Share out lines of label over rows of figures, in order, so that the figures stand where their labels do.

    Both ways to set cells are tried, figures at the height of a label's first line and of its middle, and the one that
    fits better is taken.

    Args:
        lines: heights of the lines of label, ascending.
        rows: heights of the rows' figures, ascending.
        borders: how surely there is a border of cells (0..1) between each line and the next; 0.5 where left out.
        leading: usual distance of two lines of one label, in the unit of the heights; what borders, blank rows and
            rows without a label weigh is measured by it.

    Returns:
        The rows in order, some without figures, some without a label; and whether figures stand in the middle.
    """
    borders = [*borders, *[0.5] * (len(lines) - 1 - len(borders))]
    (top_cost, top), (middle_cost, middle) = (_best(lines, rows, borders, leading, middle=m) for m in (False, True))
    return (middle, True) if middle_cost < top_cost else (top, False)


def _best(
    lines: Sequence[float], rows: Sequence[float], borders: Sequence[float], leading: float, *, middle: bool
) -> tuple[float, list[LabelRow]]:
    """Least sum of costs, by dynamic programming over how many lines and rows are used up."""
    steps = [b - a for a, b in pairwise(lines)]
    weight = _BORDER_COST * leading
    # Where both ways fit alike, the room between rows tells them from the lines of one label, which are no further
    # apart than the lines of other cells.
    least = min([*steps, _FAR * leading] if leading else steps, default=0.0)
    apart = [0.0]
    for step, border in zip(steps, borders, strict=False):
        apart.append(apart[-1] + _ROOM_COST * (step - least) + weight * (border - 0.5) * 2)
    best: dict[tuple[int, int], tuple[float, tuple[int, int], LabelRow | None]] = {(0, 0): (0.0, (0, 0), None)}

    def offer(state: tuple[int, int], cost: float, origin: tuple[int, int], row: LabelRow) -> None:
        if state not in best or cost < best[state][0] - 1e-9:
            best[state] = (cost, origin, row)

    for used in range(len(lines) + 1):
        for done in range(len(rows) + 1):
            here = best.get((used, done))
            if here is None:
                continue
            for stop in range(used + 1, min(len(lines), used + _MOST_LINES) + 1):
                inside = here[0] + apart[stop - 1] - apart[used]
                if leading:
                    offer((stop, done), inside + _BLANK_COST * leading, (used, done), ((used, stop), None))
                if done < len(rows):
                    where = (lines[used] + lines[stop - 1]) / 2 if middle else lines[used]
                    total = inside + abs(where - rows[done])
                    offer((stop, done + 1), total, (used, done), ((used, stop), done))
            if done < len(rows) and (leading or not lines):
                bare = here[0] + _BARE_COST * leading
                offer((used, done + 1), bare, (used, done), ((used, used), done))
    state = (len(lines), len(rows))
    if state not in best:
        return float("inf"), []
    found: list[LabelRow] = []
    cost = best[state][0]
    while True:
        _, origin, row = best[state]
        if row is None:
            return cost, found[::-1]
        found.append(row)
        state = origin
