"""The label trees of a form: what a user writes down, one node a label."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field, model_validator

from ocr_pipeline.frozen import FrozenModel

__all__ = ["Block", "Leaf", "Node", "ValueType", "leaves", "tree_depth", "tree_labels"]

ValueType = Literal["count", "change", "amount"]
"""What a field holds: a whole number >= 0, a signed whole number, or a decimal number with a unit."""

Identifier = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]+$")]


class Node(FrozenModel):
    """One label of the rows or columns, with the labels below it.

    The ids on the way from the root to a leaf, joined by ``/``, are the leaf's id; a node that only groups has none.
    """

    id: Identifier | None = Field(default=None, description="id, unique among the leaves of its tree")
    label: str = Field(default="", description="as the official form prints it; empty for a row without a label")
    aliases: tuple[str, ...] = Field(default=(), description="other wordings that mean the same")
    children: tuple[Node, ...] = Field(default=(), description="labels below (rows: to the right)")
    width: int = Field(default=1, ge=1, description="columns of the official grid, for a column without children")
    type: ValueType | None = Field(default=None, description="value type; the part's default when left out")
    unit: str | None = Field(default=None, description="unit that the form itself states")

    @property
    def labels(self) -> tuple[str, ...]:
        """The label and its aliases."""
        return (self.label, *self.aliases)

    @property
    def grid_width(self) -> int:
        """Columns of the official grid below this node."""
        return sum(child.grid_width for child in self.children) if self.children else self.width

    @property
    def leaf_count(self) -> int:
        """Leaves below this node; 1 for a leaf."""
        return sum(child.leaf_count for child in self.children) if self.children else 1


def tree_labels(nodes: Iterable[Node]) -> Iterator[str]:
    """The labels and aliases of label trees, each node before what is below it."""
    for node in nodes:
        yield from node.labels
        yield from tree_labels(node.children)


class Block(FrozenModel):
    """Rows below one header: a caption over the full width, the header, the rows."""

    caption: str = Field(default="", description="text of a full-width row above the header; empty for none")
    caption_aliases: tuple[str, ...] = Field(default=(), description="other wordings of the caption")
    corner: str = Field(default="", description="text of the cell over the row labels")
    columns: tuple[Node, ...] = Field(min_length=1, description="label trees of the columns, left to right")
    rows: tuple[Node, ...] = Field(min_length=1, description="label trees of the rows, top to bottom")

    @model_validator(mode="after")
    def _row_labels(self) -> Block:
        unlabelled = [leaf for leaf in leaves(self.rows) if not leaf.node.label]
        if unlabelled and len(leaves(self.rows)) > 1:
            raise ValueError("a row without a label must be the only row of its block")
        if any(not leaf.node.label for leaf in leaves(self.columns)):
            raise ValueError("every column needs a label")
        return self

    @property
    def label_columns(self) -> int:
        """Columns of the official grid that hold row labels; 0 where the only row has no label."""
        return 0 if not self.rows[0].label else tree_depth(self.rows)

    @property
    def grid_width(self) -> int:
        """Columns of the official grid."""
        return self.label_columns + sum(node.grid_width for node in self.columns)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A leaf with the nodes above it, outermost first."""

    node: Node
    parents: tuple[Node, ...]

    @property
    def id(self) -> str:
        """The ids on the way, joined by ``/``; empty where none is given."""
        return "/".join(node.id for node in (*self.parents, self.node) if node.id)

    @property
    def path(self) -> tuple[str, ...]:
        """The labels on the way, outermost first."""
        return tuple(node.label for node in (*self.parents, self.node))


def leaves(nodes: tuple[Node, ...]) -> tuple[Leaf, ...]:
    """The leaves of the trees, in order."""
    return tuple(_walk(nodes, ()))


def _walk(nodes: tuple[Node, ...], parents: tuple[Node, ...]) -> Iterator[Leaf]:
    for node in nodes:
        if node.children:
            yield from _walk(node.children, (*parents, node))
        else:
            yield Leaf(node, parents)


def tree_depth(nodes: tuple[Node, ...]) -> int:
    """Levels of the deepest tree; 1 for leaves only."""
    return 1 + max((tree_depth(node.children) for node in nodes if node.children), default=0)
