"""A part of a form as a chain of states that a token stream walks through: heads, row labels, value slots, noise.

The walk only goes forward. What a dump has lost costs something (rows, labels, values), and what a dump has too much of
does, so that the cheapest walk explains the stream with the least damage. Costs are in units of one recognised label.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.templates.blocks import Block, Node, ValueType, leaves
from ocr_pipeline.templates.model import FieldSpec, Part

__all__ = ["Break", "Chain", "Kind", "Row", "Scores", "chain_of"]

Scores = NDArray[np.float64]

# All costs are in the gain of one whole label (``emissions``).
_NEVER = -1e9
_NO_LABEL = 0.3
"""Cost of figures of a row whose label is lost."""
_NO_VALUES = 0.3
"""Cost of a label without figures."""
_LOST_ROWS, _LOST_ROW = 0.6, 0.1
"""Costs of a gap in the rows, once, and of each row in it; a gap is one loss, however long."""
_LOST_CELLS, _LOST_CELL = 0.6, 0.05
"""The same of the cells of a row."""
_ENTER_LATER = 0.02
"""Cost of each row before the first that the dump holds: its top may be cut off."""
_AFTER_NOISE = 0.5
"""Cost of figures without a label behind something unknown, whose figures they may be."""
_SAME_LINE, _OTHER_LINE, _OVER_GAP = 1.5, 0.6, 0.15
"""Costs of a new row without label in the middle of a line, of a row that goes on in another line although its lines
hold several figures, and of one that goes on over a blank line."""


class Kind(IntEnum):
    """What a state stands for."""

    OUT = 0
    HEAD = 1
    LABEL = 2
    VALUE = 3
    NOISE = 4
    AFTER = 5


Break = Literal["label", "plain", "inside", "wrapped", "gap"]
"""The kind of step: to a label; to a figure with nothing known about the break before it, in the same line as the
token before, in the next of two lines that hold several figures, or after a blank line."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of fields: the wordings of its label (empty for a row without), those of the labels above it, and for
    how many of these, from the innermost, it is the first row."""

    block: int
    labels: tuple[str, ...]
    groups: tuple[tuple[str, ...], ...]
    heads: int
    specs: tuple[FieldSpec, ...]

    @property
    def width(self) -> int:
        """How many values it has."""
        return len(self.specs)

    @property
    def path(self) -> tuple[str, ...]:
        """Its labels on the form, outermost first."""
        return tuple(text for text in self.specs[0].row.path if text)


@dataclass(frozen=True, eq=False, slots=True)
class Chain:
    """States of a part with the costs between them.

    Attributes:
        rows: all rows of fields, top to bottom.
        kinds: n states, ``Kind``.
        index: n states, the row (HEAD: the block) it belongs to; -1 for OUT and AFTER.
        slot: n states, 0-based for VALUE, -1 otherwise.
        steps: for each kind of break, n x n, the score (<= 0) of stepping from one state to another; staying where one
            is, for labels and noise, is not among them.
    """

    part: Part
    rows: tuple[Row, ...]
    kinds: NDArray[np.int64]
    index: NDArray[np.int64]
    slot: NDArray[np.int64]
    steps: dict[Break, Scores]

    def types(self) -> tuple[ValueType | None, ...]:
        """What each state holds; None for all but VALUE."""
        return tuple(
            self.rows[row].specs[slot].type if kind == Kind.VALUE else None
            for kind, row, slot in zip(self.kinds, self.index, self.slot, strict=True)
        )


@lru_cache(maxsize=64)
def chain_of(part: Part) -> Chain:
    """The chain of a part."""
    rows = tuple(row for index, block in enumerate(part.blocks) for row in _rows(part, index, block))
    states: list[tuple[Kind, int, int]] = [(Kind.OUT, -1, -1)]
    states += [(Kind.HEAD, block, -1) for block in range(len(part.blocks))]
    for number, row in enumerate(rows):
        states.append((Kind.LABEL, number, -1))
        states += [(Kind.VALUE, number, slot) for slot in range(row.width)]
        states.append((Kind.NOISE, number, -1))
    states.append((Kind.AFTER, -1, -1))
    kinds, index, slot = (np.array([state[i] for state in states], dtype=np.int64) for i in range(3))
    return Chain(part, rows, kinds, index, slot, _steps(rows, kinds, index, slot))


def _rows(part: Part, index: int, block: Block) -> list[Row]:
    specs = [spec for spec in part.fields if spec.block == index]
    width = len(leaves(block.columns))
    found: list[Row] = []
    before: tuple[Node, ...] = ()
    for number, leaf in enumerate(leaves(block.rows)):
        own = leaf.node.labels if leaf.node.label else ()
        shared = [a is b for a, b in zip(leaf.parents, before, strict=False)]
        heads = len(leaf.parents) - (shared.index(False) if False in shared else len(shared))
        groups = tuple(node.labels for node in leaf.parents)
        found.append(Row(index, own, groups, heads, tuple(specs[number * width : (number + 1) * width])))
        before = leaf.parents
    return found


def _steps(
    rows: Sequence[Row], kinds: NDArray[np.int64], index: NDArray[np.int64], slot: NDArray[np.int64]
) -> dict[Break, Scores]:
    widths = np.array([row.width for row in rows])
    first = np.array([next(i for i, row in enumerate(rows) if row.block == b) for b in range(rows[-1].block + 1)])
    row_state = np.isin(kinds, (Kind.LABEL, Kind.VALUE, Kind.NOISE))
    # The last row that lies behind when a state is left, and the last one that must lie behind when it is entered.
    head = kinds == Kind.HEAD
    above = first[np.where(head, index, 0)] - 1
    done = np.where(row_state, index, np.where(head, above, -1))
    need = np.where(head, above, index - 1)
    lost = need[None, :] - done[:, None]
    jump = np.where(lost > 0, _LOST_ROWS + _LOST_ROW * lost, 0.0)
    jump[kinds == Kind.OUT] = _ENTER_LATER * np.clip(need + 1, 0, None)
    leave = _leaving(kinds, index, slot, widths)
    forward = (lost >= 0) & np.isin(kinds, (Kind.OUT, Kind.HEAD, Kind.LABEL, Kind.VALUE, Kind.NOISE))[:, None]
    ahead = np.where(forward, -(jump + leave[:, None]), _NEVER)
    over = np.where((kinds != Kind.OUT) & (kinds != Kind.AFTER), -leave, _NEVER)

    label = np.full_like(ahead, _NEVER)
    entered = np.isin(kinds, (Kind.LABEL, Kind.HEAD))
    label[:, entered] = ahead[:, entered]
    noise = (kinds == Kind.NOISE)[None, :] & row_state[:, None] & (index[:, None] == index[None, :])
    label[noise] = np.broadcast_to(-leave[:, None], label.shape)[noise]
    np.fill_diagonal(label, _NEVER)
    label[:, -1] = over
    steps: dict[Break, Scores] = {"label": label}
    for name in ("plain", "inside", "wrapped", "gap"):
        steps[name] = _figure_steps(rows, kinds, index, slot, ahead, name)
        steps[name][:, -1] = over
    return steps


def _leaving(
    kinds: NDArray[np.int64], index: NDArray[np.int64], slot: NDArray[np.int64], widths: NDArray[np.int64]
) -> Scores:
    """Cost of what is still lacking when a state is left for another row."""
    left = np.where(kinds == Kind.VALUE, widths[np.where(kinds == Kind.VALUE, index, 0)] - 1 - slot, 0)
    cost = np.where(left > 0, _LOST_CELLS + _LOST_CELL * left, 0.0)
    cost[kinds == Kind.LABEL] = _NO_VALUES
    return cost


def _figure_steps(
    rows: Sequence[Row],
    kinds: NDArray[np.int64],
    index: NDArray[np.int64],
    slot: NDArray[np.int64],
    ahead: Scores,
    name: Break,
) -> Scores:
    """Steps to a value: on in the same row, or as the first one of a row whose label is lost."""
    steps = np.full_like(ahead, _NEVER)
    value = kinds == Kind.VALUE
    unnamed = np.array([0.0 if not row.labels else _NO_LABEL for row in rows])
    start = _gap_cost(slot) + np.where(value, unnamed[np.where(value, index, 0)], 0.0)
    fresh = ahead - start[None, :]
    fresh[kinds == Kind.NOISE] -= _AFTER_NOISE
    fresh[kinds == Kind.OUT] = _NEVER
    if name == "inside":
        # Figures beside a label are its own, and a new row begins a new line.
        named = np.array([bool(row.labels) for row in rows])[np.where(value, index, 0)]
        fresh -= np.where(named & value, _SAME_LINE, 0.0)[None, :]
    steps[:, value] = fresh[:, value]
    same = (index[:, None] == index[None, :]) & value[None, :]
    begun = same & (kinds == Kind.LABEL)[:, None]
    steps[begun] = np.broadcast_to(-_gap_cost(slot)[None, :], steps.shape)[begun]
    going = same & value[:, None] & (slot[None, :] > slot[:, None])
    extra = {"wrapped": _OTHER_LINE, "gap": _OVER_GAP}.get(name, 0.0)
    steps[going] = (-_gap_cost(slot[None, :] - slot[:, None] - 1) - extra)[going]
    return steps


def _gap_cost(lost: NDArray[np.int64]) -> Scores:
    return np.where(lost > 0, _LOST_CELLS + _LOST_CELL * lost, 0.0)
