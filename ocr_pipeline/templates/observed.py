"""A table seen as rows of labels and figures, before anything is known about its form."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from ocr_pipeline.document import Cell, Table
from ocr_pipeline.templates.values import is_no_value, parse_value

__all__ = ["Likeness", "ObservedRow", "ObservedTable", "is_label", "is_worn", "observe"]

_WORN = 0.8
"""Confidence of a reader of words below which it took worn print for other words; whole print, whatever it says, gets
more."""

_WORD = re.compile(r"[\u3400-\u9fff]|[a-zA-Z]{3}")
"""Forms are printed in Chinese: any other letter (し, é) is a misread figure."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How like a line of a form a row is: the gain of pairing them (at most 1), the likeness of its own label (0..1),
    whether the row has a label at all, and whether that is too worn to say that it is another."""

    gain: float
    similarity: float
    labelled: bool
    worn: bool = False


@dataclass(frozen=True, slots=True)
class ObservedRow:
    """One row: the cells that begin in it, and those that reach into it from above.

    Attributes:
        index: row of the table.
        labels: cells with words that begin here, left to right.
        values: how many cells begin here that hold a figure.
        single: how many of these hold one figure and no more, or a mark for none.
        empty: how many cells begin here that hold nothing.
        above: cells with words that reach into this row from above.
        bare: whether the first cell that begins here has no ink, so that no label was ever printed.
    """

    index: int
    labels: tuple[Cell, ...]
    values: int
    single: int
    empty: int
    above: tuple[Cell, ...]
    bare: bool

    def joined_labels(self) -> tuple[str, ...]:
        """Neighbouring labels taken together, as a false ruling may cut one in two."""
        return tuple(first.text + second.text for first, second in pairwise(self.labels))

    def wordings(self) -> tuple[str, ...]:
        """What the row may be called: each label, and neighbours taken together."""
        return (*(cell.text for cell in self.labels), *self.joined_labels())


@dataclass(frozen=True, slots=True)
class ObservedTable:
    """A table with its rows observed; ``grid`` is that of the table (None for a hole).

    ``seen`` keeps what comparisons of its rows cost to find out, by row and the line compared with.
    """

    table: Table
    grid: Sequence[Sequence[Cell | None]]
    rows: tuple[ObservedRow, ...]
    seen: dict[tuple[int, str], Likeness] = field(default_factory=dict, compare=False, repr=False)

    def with_readings_of(self, table: Table) -> ObservedTable:
        """The same rows of the same table, whose cells have further readings but the same texts."""
        return replace(self, table=table, grid=table.grid())


def observe(table: Table) -> ObservedTable:
    """Sort the cells of each row into labels, figures and empty ones."""
    grid = table.grid()
    return ObservedTable(table, grid, tuple(_row(grid, index) for index in range(table.rows)))


def is_label(cell: Cell) -> bool:
    """Whether a cell holds words: text that prints neither a figure nor the absence of one.

    One or two Latin letters are a misread figure (l, J, or i 0 beside dirt), and so are those of other scripts (し, é).
    """
    text = cell.text.strip()
    if not text or is_no_value(text) or not _WORD.search(text):
        return False
    return all(parse_value(text, kind, joined=True) is None for kind in ("count", "change", "amount"))


def is_worn(label: Cell) -> bool:
    """Whether its words may be others than those printed; unlike the ones expected, they do not speak against them."""
    return label.confidence < _WORN


def _row(grid: Sequence[Sequence[Cell | None]], index: int) -> ObservedRow:
    cells: list[Cell] = []
    for cell in grid[index]:
        if cell is not None and (not cells or cells[-1] is not cell):
            cells.append(cell)
    here = [cell for cell in cells if cell.row == index]
    filled = [(cell, is_label(cell)) for cell in here if cell.text.strip()]
    labels = tuple(cell for cell, label in filled if label)
    values = [cell.text.strip() for cell, label in filled if not label]
    single = sum(is_no_value(text) or parse_value(text, "change") is not None for text in values)
    bare = bool(here) and not here[0].text.strip() and here[0].ink is False
    above = tuple(cell for cell in cells if cell.row < index and is_label(cell))
    return ObservedRow(index, labels, len(values), single, len(here) - len(filled), above, bare)
