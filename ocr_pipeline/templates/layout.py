"""The official layout of a part: its blocks one above the other as placed cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ocr_pipeline.templates.blocks import Block, Node, leaves, tree_depth

__all__ = ["PlacedCell", "block_height", "block_layout", "field_id"]


@dataclass(frozen=True, slots=True)
class PlacedCell:
    """One cell of the official grid: either a label (``text``) or a field (``field``, its id).

    Rows and columns count from 0; ``header`` is set for everything above and left of the fields.
    """

    row: int
    column: int
    row_span: int
    column_span: int
    text: str = ""
    field: str | None = None

    @property
    def header(self) -> bool:
        """Whether this is a label."""
        return self.field is None


def block_height(block: Block) -> int:
    """Rows of the official grid: caption, header levels, rows."""
    return bool(block.caption) + tree_depth(block.columns) + len(leaves(block.rows))


def block_layout(part: str, block: Block, top: int) -> Iterator[PlacedCell]:
    """The cells of one block whose first row is ``top``; together they cover its rectangle once."""
    if block.caption:
        yield PlacedCell(top, 0, 1, block.grid_width, block.caption)
        top += 1
    depth = tree_depth(block.columns)
    if block.label_columns:
        yield PlacedCell(top, 0, depth, block.label_columns, block.corner)
    yield from _column_labels(block.columns, top, block.label_columns, depth)
    first = top + depth
    if block.label_columns:
        yield from _row_labels(block.rows, first, 0, block.label_columns)
    for index, row in enumerate(leaves(block.rows)):
        column = block.label_columns
        for leaf in leaves(block.columns):
            yield PlacedCell(first + index, column, 1, leaf.node.width, field=field_id(part, row.id, leaf.id))
            column += leaf.node.width


def field_id(part: str, row: str, column: str) -> str:
    """``part/row/column``, without what is empty."""
    return "/".join(piece for piece in (part, row, column) if piece)


def _column_labels(nodes: Sequence[Node], row: int, column: int, depth: int) -> Iterator[PlacedCell]:
    for node in nodes:
        yield PlacedCell(row, column, 1 if node.children else depth, node.grid_width, node.label)
        yield from _column_labels(node.children, row + 1, column, depth - 1)
        column += node.grid_width


def _row_labels(nodes: Sequence[Node], row: int, column: int, width: int) -> Iterator[PlacedCell]:
    for node in nodes:
        yield PlacedCell(row, column, node.leaf_count, 1 if node.children else width, node.label)
        yield from _row_labels(node.children, row, column + 1, width - 1)
        row += node.leaf_count
