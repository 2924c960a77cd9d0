"""A part as a sequence of lines, and how like each of them a row of a table is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from ocr_pipeline.templates.blocks import Block, Leaf, Node, leaves, tree_depth, tree_labels
from ocr_pipeline.templates.contrasts import contradicts
from ocr_pipeline.templates.labels import best_similarity, recognition
from ocr_pipeline.templates.model import Part, TemplateSet
from ocr_pipeline.templates.observed import Likeness, ObservedRow, is_worn

__all__ = ["FormLine", "form_lines", "is_row_label", "likeness"]

_LOST = 0.05
"""Gain of pairing a row whose label is gone: little, so that labels decide and counting only fills in."""
_OTHER = -0.5
"""Gain of pairing a row with a label that it does not have: better than two skips, and never believed."""
_NOT_LAST = 0.85
"""A row's own label is the one next to its figures; others are believed a little less."""
_CLOSER = 0.05
"""How much more like another label a text must be to be taken for that one."""
_AMONG = 4
"""So many figures for each text that names nothing though it looks like a name."""
_PARENTS = 0.2
"""Share of the labels above in a row's likeness."""
_ALIKE = 0.8
"""Similarity from which a line by itself is the label of a row."""


@dataclass(frozen=True, slots=True)
class FormLine:
    """One line of a part: a caption, one header level of a block, or a row of fields (``leaf``).

    ``labels`` has the wordings of each label; ``depth`` is how many labels a row of fields can have; ``groups`` has
    the wordings of the labels that head several rows, ``rows`` those of all labels of the block's rows; ``key`` is the
    same for lines that look the same, in whatever form.
    """

    kind: Literal["caption", "header", "row"]
    block: int
    labels: tuple[tuple[str, ...], ...]
    leaf: Leaf | None = None
    depth: int = 0
    groups: tuple[tuple[str, ...], ...] = ()
    rows: tuple[str, ...] = ()
    key: str = ""


@lru_cache(maxsize=256)
def form_lines(part: Part) -> tuple[FormLine, ...]:
    """The lines of a part, top to bottom."""
    lines = [line for index, block in enumerate(part.blocks) for line in _block_lines(index, block)]
    return tuple(replace(line, key=_key(line)) for line in lines)


def is_row_label(text: str, templates: TemplateSet) -> bool:
    """Whether a line, whatever stands around it, is the label of a row or of a group of rows of any form."""
    rows = (line for form in templates.forms for part in form.parts for line in form_lines(part) if line.kind == "row")
    return any(best_similarity(text, labels) >= _ALIKE for line in rows for labels in (*line.labels, *line.groups))


def _key(line: FormLine) -> str:
    parents = [node.labels for node in line.leaf.parents] if line.leaf is not None else []
    return repr((line.kind, line.labels, parents, line.depth, line.groups, line.rows))


def likeness(row: ObservedRow, line: FormLine, threshold: float) -> Likeness:
    """Compare a row with a line; a likeness below ``threshold`` counts as another label."""
    if not line.labels:
        # A lone character is no name of a row but a misread figure, such as a dash taken for 一; so is what stands
        # among many figures, where cells ran together. A name comes first.
        names = [cell for cell in row.labels if len(cell.text.strip()) > 1]
        if names and (names[0].column == 0 or _AMONG * len(names) > row.values):
            return Likeness(_OTHER, 0.0, True)
        return Likeness(0.3 if row.values > len(row.labels) else _LOST, 0.0, False)
    if not row.labels:
        return Likeness(_LOST if line.kind == "row" else _OTHER / 2, 0.0, False)
    if line.kind == "row":
        own = _own(row, line, threshold)
        if own is None:
            return Likeness(_LOST, 0.0, False)
        if own >= threshold and _is_of_others(row, line):
            return Likeness(_OTHER, 0.0, True)
        # A header row may hold the word that is a row's label, too (总计); it has many labels and no figures.
        if len(row.labels) > line.depth + 1 and not row.values:
            own *= 0.5
        total = _with_parents(own, row, line)
    else:
        wordings = row.wordings()
        found = [max(best_similarity(text, labels) for text in wordings) for labels in line.labels]
        own = total = sum(found) / len(found)
        if row.values > len(row.labels):
            own *= 0.5
            total *= 0.5
    if own >= threshold:
        return Likeness(recognition(total), own, True)
    if not _may_be_worn(row, line):
        return Likeness(_OTHER, own, True)
    # What little such words have in common with the line's is all that they say.
    return Likeness(max(_LOST, recognition(total)), own, True, worn=True)


def _is_of_others(row: ObservedRow, line: FormLine) -> bool:
    """Whether labels of a row like the line, or of its group, say that its figures are others: last year's."""
    parents = line.leaf.parents if line.leaf is not None else ()
    nodes = [line.labels[0], *(node.labels for node in parents)]
    own = max((c.column for c in row.labels if best_similarity(c.text, line.labels[0]) >= _NOT_LAST), default=None)
    for cell in (*row.above, *row.labels):
        # Words behind the row's label are remarks.
        if is_worn(cell) or (own is not None and cell.column > own):
            continue
        nearest = max(nodes, key=lambda labels: best_similarity(cell.text, labels))
        if contradicts(cell.text, nearest, line.rows):
            return True
    return False


def _may_be_worn(row: ObservedRow, line: FormLine) -> bool:
    """Whether the row could be the line with a label too worn to be read: rows have figures, headers have none."""
    if line.kind == "row":
        return row.values > 0 and is_worn(row.labels[-1])
    return row.values <= len(row.labels) and all(is_worn(label) for label in row.labels)


def _own(row: ObservedRow, line: FormLine, threshold: float) -> float | None:
    """How like the line's own label the row's is; None where the row has only labels that head several rows."""
    best: float | None = None
    last = len(row.labels) - 1
    candidates = [(text, 1.0) for text in row.joined_labels()]
    for i, cell in enumerate(row.labels):
        # A cell beside several rows, with another label next to it, heads them, whatever it says.
        if i == last or cell.row_span == 1:
            candidates.append((cell.text, 1.0 if i == last else _NOT_LAST))
    for text, weight in candidates:
        similar = best_similarity(text, line.labels[0])
        group = max((best_similarity(text, labels) for labels in line.groups), default=0.0)
        if group < max(threshold, similar + _CLOSER):
            best = max(best or 0.0, weight * similar)
    return best


def _with_parents(own: float, row: ObservedRow, line: FormLine) -> float:
    context = [cell.text for cell in (*row.above, *row.labels)]
    parents = line.leaf.parents if line.leaf is not None else ()
    if not parents or len(context) < 2:
        return own
    found = [max(best_similarity(text, node.labels) for text in context) for node in parents]
    return (1 - _PARENTS) * own + _PARENTS * sum(found) / len(found)


def _block_lines(index: int, block: Block) -> Iterator[FormLine]:
    if block.caption:
        yield FormLine("caption", index, ((block.caption, *block.caption_aliases),))
    for level, nodes in enumerate(_levels(block.columns)):
        corner = ((block.corner,),) if block.corner and level == 0 else ()
        yield FormLine("header", index, corner + tuple(node.labels for node in nodes))
    depth = tree_depth(block.rows)
    rows = leaves(block.rows)
    groups = tuple(dict.fromkeys(node.labels for leaf in rows for node in leaf.parents))
    tree = tuple(text for text in tree_labels(block.rows) if text)
    for leaf in rows:
        yield FormLine("row", index, (leaf.node.labels,) if leaf.node.label else (), leaf, depth, groups, tree)


def _levels(nodes: Sequence[Node]) -> Iterator[Sequence[Node]]:
    while nodes:
        yield nodes
        nodes = [child for node in nodes for child in node.children]
