"""Edges that end in the middle of a cell, put right: in a table of rectangles none does.

Upright rulings that all begin at one line of the grid, below a caption that stands across them, begin at a level ruling
that was lost. It runs on, to both sides, as far as the caption does: to the next upright ruling beside it.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

__all__ = ["tied"]

_STANDS = 0.5
"""How surely an edge stands that does."""
_ENDS = 2
"""Rulings that must end at one line, where no print says that they do not go on."""

_Edges = NDArray[np.float64]


def tied(level: _Edges, upright: _Edges, crossed: tuple[_Edges, _Edges], loose: Iterable[tuple[int, bool]]) -> _Edges:
    """How surely level edges stand, with those at which upright ones end.

    Args:
        level: how surely each inner level edge stands, (rows - 1) x columns; 0.5 and more separates.
        upright: the same for inner upright edges, rows x (columns - 1).
        crossed: for all of these, whether print stands across, 0 or 1.
        loose: level lines of which only stretches beside the rulings that end at them are known, each with whether
            these begin there.
    """
    found: _Edges = level.copy()
    for line in range(len(level)):
        for begins in (True, False):
            ends = _ends(level[line], upright[line : line + 2], begins=begins)
            # A caption across the way on says that a ruling ends; without one, several at one line do.
            captioned = [k for k in ends if crossed[1][line if begins else line + 1, k]]
            known = ends if len(ends) >= _ENDS else captioned
            for k in known:
                if not crossed[0][line, k : k + 2].any():
                    found[line, k : k + 2] = 1.0
            if known:
                _run_on(found[line], upright[line if begins else line + 1], crossed[0][line])
    for line, begins in loose:
        _run_on(found[line], upright[line if begins else line + 1], crossed[0][line])
    return found


def _ends(level: _Edges, upright: _Edges, *, begins: bool) -> list[int]:
    """The inner upright rulings that begin, or end, at a level line without touching any piece of it.

    Args:
        level: the edges of the line.
        upright: 2 x (columns - 1), those above it and below it.
        begins: which of the two is looked for.
    """
    there, gone = upright[::-1] if begins else upright
    bare = (level[:-1] < _STANDS) & (level[1:] < _STANDS)
    found: list[int] = np.flatnonzero((there >= _STANDS) & (gone < _STANDS) & bare).tolist()
    return found


def _run_on(level: _Edges, beside: _Edges, crossed: _Edges) -> None:
    """Let the pieces of a line run on to where an upright ruling stands beside it, or print across it.

    Args:
        level: its edges, of which more will stand.
        beside: the upright edges on the side of the caption.
        crossed: whether print stands across its edges.
    """
    columns = range(len(beside))
    for order in (columns, reversed(columns)):
        for k in order:
            here, there = (k, k + 1) if order is columns else (k + 1, k)
            if level[here] >= _STANDS and beside[k] < _STANDS and not crossed[there]:
                level[there] = max(level[there], 1.0)
