"""Which column of a table holds which column of a block, by the header above it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.document import Cell
from ocr_pipeline.templates.alignment import align
from ocr_pipeline.templates.blocks import Block, Leaf, Node, leaves, tree_labels
from ocr_pipeline.templates.contrasts import contradicts, is_strange
from ocr_pipeline.templates.labels import best_similarity, in_a_row, recognition, runs_on
from ocr_pipeline.templates.observed import ObservedTable, is_label, is_worn
from ocr_pipeline.templates.options import TemplateOptions

__all__ = ["ColumnMatch", "Slot", "match_columns", "slots"]

_LOST = 0.05
"""Gain of a column whose header says nothing of its own."""
_OTHER = -0.5
"""Gain of a column whose header says something else."""
_LABELS = -1.0
"""Gain of taking a column of row labels for one of figures."""
_TIE = 0.1
"""Difference in gain that a misread character makes."""
_NEARLY = 0.15
"""How much less like its column than like another one a header may be, since misread characters blur the difference."""
_NAMED = 0.7
"""Similarity from which a header names a column, beside that which it is taken for."""
_WHOLE = 0.95
"""Similarity from which a header is the label of a group, and no other's."""
_SAME = 0.6
"""Share of rows in which two grid columns must be one cell to be one column."""

Slot = tuple[int, int]
"""Grid columns [start, stop) that are one column in the rows of a block."""


@dataclass(frozen=True, slots=True)
class ColumnMatch:
    """A column of the block found in the table.

    Attributes:
        leaf: index among the block's columns.
        slot: where it stands in the grid.
        sure: whether its header, or the count, leaves no choice.
        similarity: of the header to the labels, 0..1.
        header: text of the cell right above it; empty when there is none.
        counted: whether it was told by the count alone, and so were most of the others, or one beside it; or a header
            of the block names another column than the order says.
        worn: whether that is so because no header says which is which, so that sums down a column prove nothing of it.
        reordered: whether headers that name all columns, each once, name them in another order than the form's.
    """

    leaf: int
    slot: Slot
    sure: bool
    similarity: float
    header: str
    counted: bool = False
    worn: bool = False
    reordered: bool = False


def slots(table: ObservedTable, rows: Sequence[int]) -> tuple[Slot, ...]:
    """The columns as the given rows have them; grid columns that are mostly one cell there are one slot."""
    edges = [0]
    for column in range(1, table.table.columns):
        pairs = [(table.grid[row][column - 1], table.grid[row][column]) for row in rows]
        same = sum(left is not None and left is right for left, right in pairs)
        if same < _SAME * len(rows):
            edges.append(column)
    edges.append(table.table.columns)
    return tuple(pairwise(edges))


def match_columns(
    table: ObservedTable, block: Block, header_rows: Sequence[int], rows: Sequence[int], options: TemplateOptions
) -> tuple[ColumnMatch, ...]:
    """Align the columns of the given rows with the block's.

    Args:
        table: the table.
        block: the block whose rows these are.
        header_rows: rows of the table that hold its header; may be empty.
        rows: rows of the table that hold its fields; at least one.
        options: thresholds.
    """
    headers = _read_headers(table, block, header_rows, rows, options)
    found, paths, columns = headers.slots, headers.paths, leaves(block.columns)
    useless, worn, similar = headers.useless, headers.worn, headers.similar
    gains = _gains(headers, columns, options)
    skip = [0.0 if nothing else options.skip_row for nothing in useless]
    aligned = align(gains, skip, [2 * options.skip_row] * len(columns), free_ends=False)
    # As many columns of figures as the block has: the order alone tells which is which. A header that says something
    # else is believed to be misread only among others that are not.
    counted = len(aligned.pairs) == len(columns) == (~useless).sum()
    known = sum(similar[i, j] >= options.label_similarity for i, j in aligned.pairs)
    orphans = sorted(set(range(len(columns))) - {j for _, j in aligned.pairs})
    said = _said(paths, worn | useless, columns)
    strange = _strangers(said, dict(aligned.pairs), orphans)
    elsewhere = _under_others(headers, block, dict(aligned.pairs))
    if strange and (named := _by_name(said)) is not None:
        # Whether the columns stand in another order or their headers have slipped, sums across them say.
        return tuple(
            ColumnMatch(j, found[i], True, float(similar[i, j]), paths[i][-1], True, True, reordered=True)
            for i, j in named.items()
        )
    result: list[ColumnMatch] = []
    for i, j in aligned.pairs:
        recognised = similar[i, j] >= max(options.label_similarity, similar[i].max() - _NEARLY)
        lost = gains[i, j] == _LOST
        # As much like a column that was not found: a cut header may be either.
        tied = any(gains[i, other] >= gains[i, j] - _TIE for other in orphans)
        tied = tied or _may_be_another(paths[i], columns, j, orphans, options)
        tied = tied or _names_several(headers, i, j, columns[j], options)
        clear = not useless[i] and not tied and aligned.margins[i] >= options.alignment_margin
        header = paths[i][-1] if paths[i] else ""
        mostly = 2 * known >= len(columns)
        clear = clear and not headers.others[i, j] and i not in elsewhere
        sure = clear and i not in strange and (recognised or (counted and (lost or mostly)))
        # Between columns whose headers are known there is no other.
        alone = all(abs(other - j) != 1 or similar[k, other] >= options.label_similarity for k, other in aligned.pairs)
        by_count = sure and not recognised and not (mostly and (alone or not worn[i]))
        unread = bool(strange) or (by_count and bool(worn[i]))
        result.append(ColumnMatch(j, found[i], sure, float(similar[i, j]), header, by_count or unread, unread))
    return tuple(result)


@dataclass(frozen=True, slots=True)
class _Headers:
    """What stands over the slots of a block.

    Attributes:
        slots: n, left to right.
        cells: by slot the header cells over it, top to bottom; notes over the whole width left out.
        shared: n, whether all of these reach over other slots, too.
        worn: n, whether the one right above the figures is too worn to say that they are of another column.
        useless: n, whether the slot holds no figures.
        together: n x m, likeness to the column's name among others that ran together in one cell, 0..1.
        similar: n x m, likeness to each column of the block, 0..1.
        others: n x m, whether what is read well over the slot says that its figures are not those of the column.
    """

    slots: tuple[Slot, ...]
    cells: tuple[tuple[Cell, ...], ...]
    shared: NDArray[np.bool_]
    worn: NDArray[np.bool_]
    useless: NDArray[np.bool_]
    together: NDArray[np.float64]
    similar: NDArray[np.float64]
    others: NDArray[np.bool_]

    @property
    def paths(self) -> tuple[tuple[str, ...], ...]:
        """The texts of the cells."""
        return tuple(tuple(cell.text for cell in cells) for cells in self.cells)


def _read_headers(
    table: ObservedTable, block: Block, header_rows: Sequence[int], rows: Sequence[int], options: TemplateOptions
) -> _Headers:
    found, columns = slots(table, rows), leaves(block.columns)
    cells = tuple(tuple(_header_cells(table, slot, header_rows)) for slot in found)
    paths = [[cell.text for cell in over] for over in cells]
    useless = np.array(
        [_is_useless(table, *place, rows, block) for place in zip(found, paths, strict=True)], dtype=bool
    )
    together = _named_together(found, cells, useless, columns)
    likeness = np.array([[_path_similarity(path, leaf, options) for leaf in columns] for path in paths])
    others = np.array([[_is_of_others(over, leaf, block) for leaf in columns] for over in cells], dtype=bool)
    return _Headers(
        found,
        cells,
        shared=np.array([_is_shared(table, slot, header_rows) for slot in found], dtype=bool),
        worn=np.array([bool(over) and is_worn(over[-1]) for over in cells], dtype=bool),
        useless=useless,
        together=together,
        similar=np.where(others, 0.0, np.maximum(likeness, together)),
        others=others,
    )


def _is_of_others(over: Sequence[Cell], leaf: Leaf, block: Block) -> bool:
    """Whether the labels over a slot say that its figures are others than the column's: last year's, or of a group that
    the form does not have there. Worn ones say nothing.

    Args:
        over: header cells over the slot, top to bottom.
        leaf: the column.
        block: its block.
    """
    path = (*leaf.parents, leaf.node)
    labels = tuple(tree_labels(block.columns))
    for place, cell in enumerate(over):
        if is_worn(cell):
            continue
        nearest = max(path, key=lambda node: best_similarity(cell.text, node.labels))
        if contradicts(cell.text, nearest.labels, labels):
            return True
        if place < len(over) - 1 and leaf.parents:
            # Where the label of a group reaches over others, a ruling is lost.
            groups = [node for node in _groups(block) if node.leaf_count == cell.column_span]
            if _heads_others(cell, leaf, block, groups):
                return True
    return False


def _groups(block: Block) -> list[Node]:
    """All nodes of a block's header that head columns."""
    return [node for leaf in leaves(block.columns) for node in leaf.parents]


def _heads_others(cell: Cell, leaf: Leaf, block: Block, groups: Sequence[Node]) -> bool:
    """Whether a label over a column is none of the form's, or the whole label of one of these groups and not its own's.

    Args:
        cell: the label, read well.
        leaf: the column.
        block: its block.
        groups: whose label it may be.
    """
    known = frozenset("".join((*tree_labels(block.columns), *tree_labels(block.rows), block.corner, block.caption)))
    path = (*leaf.parents, leaf.node)
    own = best_similarity(cell.text, tuple(text for node in path for text in node.labels))
    named = max((best_similarity(cell.text, node.labels) for node in groups), default=0.0)
    return is_strange(cell.text, known) or named > max(_WHOLE, own + _NEARLY)


def _under_others(headers: _Headers, block: Block, taken: Mapping[int, int]) -> set[int]:
    """Slots of a group that a label over some of its columns says is another; if that is so of most, all slots.

    False rulings cut the cell of a group's label, so that it does not stand over all of its columns; what stands over
    those of one group alone is its label all the same.

    Args:
        headers: what stands over the slots.
        block: the block.
        taken: column of the slots that have one.
    """
    columns, groups, labels = leaves(block.columns), _groups(block), tuple(tree_labels(block.columns))
    group = {i: tuple(node.labels for node in columns[j].parents) for i, j in taken.items() if columns[j].parents}
    denied: set[tuple[tuple[str, ...], ...]] = set()
    for i in group:
        leaf = columns[taken[i]]
        for cell in headers.cells[i][:-1]:
            under = {group.get(k) for k, over in enumerate(headers.cells) if any(other is cell for other in over)}
            if len(under) > 1 or is_worn(cell):
                continue
            nearest = max(leaf.parents, key=lambda node: best_similarity(cell.text, node.labels))
            if _heads_others(cell, leaf, block, groups) or contradicts(cell.text, nearest.labels, labels):
                denied.add(group[i])
    most = 2 * len(denied) > len(set(group.values()))
    return {i for i in taken if most or group.get(i) in denied}


def _gains(headers: _Headers, columns: Sequence[Leaf], options: TemplateOptions) -> NDArray[np.float64]:
    """What taking each slot for each column gains, n x m."""
    similar, paths = headers.similar, headers.paths
    gains = np.where(similar >= options.label_similarity, recognition(similar), _OTHER)
    # Headers that ran together say nothing of any column, nor do those that cannot be read.
    lost = (headers.shared | headers.worn) & (similar < options.label_similarity).all(axis=1)
    lost |= np.array([not path or _only_groups(path, columns, options) for path in paths], dtype=bool)
    gains[lost & (headers.together < _NAMED).all(axis=1)] = _LOST
    gains[headers.useless] = _LABELS
    return gains


def _named_together(
    found: Sequence[Slot], cells: Sequence[Sequence[Cell]], useless: NDArray[np.bool_], columns: Sequence[Leaf]
) -> NDArray[np.float64]:
    """How like the names of as many columns in a row the cell right above neighbouring slots is, n x m."""
    like = np.zeros((len(found), len(columns)))
    lowest = [None if useless[i] or not over else over[-1] for i, over in enumerate(cells)]
    for i, cell in enumerate(lowest):
        under = [k for k, other in enumerate(lowest) if cell is not None and other is cell]
        if cell is None or len(under) < 2:
            continue
        for first in range(len(columns) - len(under) + 1):
            names = [leaf.node.labels for leaf in columns[first : first + len(under)]]
            like[i, first + under.index(i)] = in_a_row(cell.text, names)
    return like


def _header_cells(table: ObservedTable, slot: Slot, header_rows: Sequence[int]) -> list[Cell]:
    cells: list[Cell] = []
    for row in header_rows:
        for column in range(*slot):
            cell = table.grid[row][column]
            if cell is None or cell in cells or not is_label(cell):
                continue
            covered = min(slot[1], cell.column + cell.column_span) - max(slot[0], cell.column)
            if 2 * covered >= slot[1] - slot[0] and cell.column_span < table.table.columns:
                cells.append(cell)
    return cells


def _is_shared(table: ObservedTable, slot: Slot, header_rows: Sequence[int]) -> bool:
    """Whether all header cells over a slot reach over others, too."""
    cells = [cell for row in header_rows for cell in table.grid[row][slice(*slot)] if cell is not None]
    return all(cell.column < slot[0] or cell.column + cell.column_span > slot[1] for cell in cells)


def _said(paths: Sequence[Sequence[str]], unfit: NDArray[np.bool_], columns: Sequence[Leaf]) -> dict[int, list[float]]:
    """By slot, how much its header is like each column's, 0..1; no slot without a header, or whose own is unfit."""
    return {
        i: [best_similarity(path[-1], leaf.node.labels) for leaf in columns]
        for i, path in enumerate(paths)
        if path and not unfit[i]
    }


def _strangers(said: Mapping[int, Sequence[float]], taken: Mapping[int, int], orphans: Sequence[int]) -> set[int]:
    """Slots whose header names another column than their order says, or one that no slot was taken for.

    Then the columns stand in another order than the form's, or the headers have slipped against the figures.

    Args:
        said: by slot, how much its header is like each column's.
        taken: column of the slots that have one.
        orphans: columns that no slot was taken for.
    """
    found: set[int] = set()
    for slot, likeness in said.items():
        rivals = likeness if slot in taken else [likeness[column] for column in orphans]
        own = likeness[taken[slot]] + _NEARLY if slot in taken else 0.0
        if max(rivals, default=0.0) >= max(_NAMED, own):
            found.add(slot)
    return found


def _by_name(said: Mapping[int, Sequence[float]]) -> dict[int, int] | None:
    """The column that each slot's header names, where they name all of them, each once; None otherwise.

    Args:
        said: as for ``_strangers``; at least one.
    """
    named: dict[int, int] = {}
    for slot, likeness in said.items():
        second, best = sorted([0.0, *likeness])[-2:]
        if best >= max(_NAMED, second + _NEARLY):
            named[slot] = likeness.index(best)
    count = len(next(iter(said.values())))
    return named if sorted(named.values()) == list(range(count)) else None


def _names_several(headers: _Headers, slot: int, column: int, leaf: Leaf, options: TemplateOptions) -> bool:
    """Whether all the cells that name a slot's column stand over others, too: this year's beside last year's.

    Where the names of all of them ran together in one cell, it names each.
    """
    others = [place for i, place in enumerate(headers.slots) if i != slot and not headers.useless[i]]
    naming = [c for c in headers.cells[slot] if best_similarity(c.text, leaf.node.labels) >= options.label_similarity]
    over = [any(cell.column < b and a < cell.column + cell.column_span for a, b in others) for cell in naming]
    return bool(over) and all(over) and headers.together[slot, column] < _NAMED


def _may_be_another(
    path: Sequence[str], columns: Sequence[Leaf], own: int, orphans: Sequence[int], options: TemplateOptions
) -> bool:
    """Whether the header is that of a column that was not found as well, or holds its name, too."""
    beside = [columns[other] for other in orphans if abs(other - own) == 1]
    lost = [columns[other] for other in orphans]
    return _two_in_one(path, columns[own], beside, options) or _names_another(path, columns[own], lost, options)


def _names_another(path: Sequence[str], leaf: Leaf, orphans: Sequence[Leaf], options: TemplateOptions) -> bool:
    """Whether one of the header cells is that of a column that was not found: an empty one leaves only its name."""
    strange = [text for text in path if best_similarity(text, leaf.node.labels) < options.label_similarity]
    return any(best_similarity(text, other.node.labels) >= _NAMED for text in strange for other in orphans)


def _two_in_one(path: Sequence[str], leaf: Leaf, beside: Sequence[Leaf], options: TemplateOptions) -> bool:
    """Whether a header may be that of the column and of one beside it that was not found: their ruling was lost."""
    own = leaf.node.labels
    texts = [text for text in path if best_similarity(text, own) >= options.label_similarity]
    return any(runs_on(text, own, other.node.labels) for text in texts for other in beside)


def _is_useless(table: ObservedTable, slot: Slot, path: Sequence[str], rows: Sequence[int], block: Block) -> bool:
    """Whether a column holds no figures: one of labels, or without any print."""
    named = _label_share(table, slot, rows) > 0.5 or (bool(path) and best_similarity(path[-1], (block.corner,)) >= 0.7)
    return named or (not path and _is_empty(table, slot, rows))


def _label_share(table: ObservedTable, slot: Slot, rows: Sequence[int]) -> float:
    cells = [table.grid[row][slot[0]] for row in rows]
    filled = [cell for cell in cells if cell is not None and cell.text.strip()]
    # An unreadable label column must not pass for figures: words anywhere in a merged label cell count.
    return sum(is_label(cell) for cell in filled) / len(filled) if filled else 0.0


def _is_empty(table: ObservedTable, slot: Slot, rows: Sequence[int]) -> bool:
    cells = [table.grid[row][slot[0]] for row in rows]
    return all(cell is None or (not cell.text.strip() and not cell.ink) for cell in cells)


def _only_groups(path: Sequence[str], columns: Sequence[Leaf], options: TemplateOptions) -> bool:
    """Whether the header has labels that head several columns, but lacks the one of this column."""
    groups = {node.labels for leaf in columns for node in leaf.parents}
    own = max(best_similarity(path[-1], leaf.node.labels) for leaf in columns)
    above = max((best_similarity(path[-1], labels) for labels in groups), default=0.0)
    return above >= max(options.label_similarity, own + _TIE)


def _path_similarity(path: Sequence[str], leaf: Leaf, options: TemplateOptions) -> float:
    """Likeness of the label itself; where that is recognised, the labels above it have a say."""
    if not path:
        return 0.0
    anywhere = max(best_similarity(text, leaf.node.labels) for text in path)
    own = max(best_similarity(path[-1], leaf.node.labels), 0.9 * anywhere)
    if not leaf.parents or own < options.label_similarity:
        return own
    parents = [max(best_similarity(text, node.labels) for text in path) for node in leaf.parents]
    return 0.65 * own + 0.35 * sum(parents) / len(parents)
