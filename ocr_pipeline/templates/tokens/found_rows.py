"""The rows that a walk finds, and how each of them is known.

A row is known by its own label, or by its count: between two known rows there are exactly as many complete rows in the
dump as on the form.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from ocr_pipeline.templates.options import TemplateOptions
from ocr_pipeline.templates.tokens.chain import Chain, Kind
from ocr_pipeline.templates.tokens.decoding import Walk
from ocr_pipeline.templates.tokens.emissions import heads_column, is_scrap, label_gain, part_labels
from ocr_pipeline.templates.tokens.joining import likeliest
from ocr_pipeline.templates.tokens.rearranging import own_row
from ocr_pipeline.templates.tokens.stream import Token

__all__ = ["FoundRow", "Trust", "find_rows"]

_KNOWN = 0.5
"""Likeness, 0..1, to the nearest label of the part from which a word is taken for one of its own."""

Trust = Literal["label", "count", "none"]


@dataclass(slots=True)
class FoundRow:
    """What the dump has of one row.

    Attributes:
        row: index in the chain.
        trust: how its place is known.
        label: index of the token of its own label, None where that is lost.
        margin: of that label.
        filled: slot to the index of its token and the margin, as the walk has it.
        placed: slot to text, for the slots that are beyond doubt; an empty text is an empty cell.
        edge: the slot of the figure with which the whole text ends, which may be cut off itself.
        loose: figures of the row that are not placed, in order.
        note: why something is not placed; empty when all is.
    """

    row: int
    trust: Trust = "none"
    label: int | None = None
    margin: float = 0.0
    filled: dict[int, tuple[int, float]] = field(default_factory=dict)
    placed: dict[int, str] = field(default_factory=dict)
    edge: int | None = None
    loose: tuple[str, ...] = ()
    note: str = ""

    def is_full(self, width: int) -> bool:
        """Whether the walk found a figure for each slot."""
        return len(self.filled) == width


def find_rows(
    chain: Chain, walked: Walk, cells: Sequence[Token], kept: Sequence[int], options: TemplateOptions
) -> list[FoundRow]:
    """Every row of the chain with what the walk has of it, nothing placed yet.

    Args:
        chain: the part.
        walked: the walk of the labels and figures of the stream.
        cells: the tokens of the stream, empty cells among them.
        kept: for each token of the walk its index in ``cells``.
        options: thresholds.
    """
    rows = _gather(chain, walked, cells, kept, options)
    _trust(chain, rows, walked, kept, cells, options)
    return rows


def _gather(
    chain: Chain, walked: Walk, cells: Sequence[Token], kept: Sequence[int], options: TemplateOptions
) -> list[FoundRow]:
    rows = [FoundRow(number) for number in range(len(chain.rows))]
    for i, state in enumerate(walked.states):
        kind, index = chain.kinds[state], int(chain.index[state])
        if kind == Kind.VALUE and walked.entered[i]:
            rows[index].filled[int(chain.slot[state])] = (kept[i], walked.margins[i])
        elif kind == Kind.LABEL and cells[kept[i]].kind == "label":
            own = likeliest(cells[kept[i]].text, chain.rows[index].labels)
            group = max((likeliest(cells[kept[i]].text, g) for g in chain.rows[index].groups), default=0.0)
            better = rows[index].label is None or walked.margins[i] > rows[index].margin
            header = heads_column(cells[kept[i]].text, chain.rows[index].labels, chain.part)
            if label_gain(own, options) > 0 and own >= group and better and not header:
                rows[index].label, rows[index].margin = kept[i], walked.margins[i]
    return rows


def _trust(
    chain: Chain,
    rows: Sequence[FoundRow],
    walked: Walk,
    kept: Sequence[int],
    cells: Sequence[Token],
    options: TemplateOptions,
) -> None:
    for found in rows:
        if found.label is not None and found.margin >= options.alignment_margin:
            found.trust = "label"
    headed = _headed(chain, walked)
    inside = [kept[i] for i, state in enumerate(walked.states) if chain.kinds[state] not in (Kind.OUT, Kind.AFTER)]
    claimed = {own_row(chain, cells[i].text) for i in inside if cells[i].kind == "label"}
    start = 0
    while start < len(rows):
        if rows[start].trust != "none":
            start += 1
            continue
        stop = start
        while stop < len(rows) and rows[stop].trust == "none" and (stop == start or not _boundary(chain, stop, headed)):
            stop += 1
        # A single figure without a label may be a page number.
        full = all(rows[r].is_full(chain.rows[r].width) and chain.rows[r].width > 1 for r in range(start, stop))
        above = _boundary(chain, start, headed) or (start > 0 and _anchors(chain, rows[start - 1]))
        below = stop == len(rows) or _boundary(chain, stop, headed) or rows[stop].trust == "label"
        clean = (
            full and not _more_figures(rows[stop - 1], kept, cells) and not _follows_noise(chain, rows[start], cells)
        )
        named = any(r in claimed for r in range(start, stop))
        if clean and above and below and not named and not _printed_twice(rows[start:stop], cells):
            for r in range(start, stop):
                rows[r].trust = "count"
        start = stop


def _headed(chain: Chain, walked: Walk) -> set[int]:
    """Blocks whose header or caption the walk saw."""
    return {
        int(chain.index[state])
        for state, entered, margin in zip(walked.states, walked.entered, walked.margins, strict=True)
        if chain.kinds[state] == Kind.HEAD and entered
    }


def _boundary(chain: Chain, row: int, headed: set[int]) -> bool:
    """Whether a header that was seen stands right above this row."""
    block = chain.rows[row].block
    return block in headed and (row == 0 or chain.rows[row - 1].block != block)


def _anchors(chain: Chain, found: FoundRow) -> bool:
    return found.trust != "none" and found.is_full(chain.rows[found.row].width)


def _more_figures(found: FoundRow, kept: Sequence[int], cells: Sequence[Token]) -> bool:
    """Whether another figure comes right after the row."""
    last = max(index for index, _ in found.filled.values())
    following = next((i for i in kept if i > last), None)
    if following is None or cells[following].kind != "figure":
        return False
    # A figure alone on its line, below a line of several, is a page number.
    return not (cells[last].crowded > 1 and cells[following].crowded == 1)


def _printed_twice(found: Sequence[FoundRow], cells: Sequence[Token]) -> bool:
    """Whether two neighbours have the same figures, not all zero: one line may have been printed twice."""
    rows = [[cells[index].text for _, (index, _) in sorted(row.filled.items())] for row in found]
    return any(one == other and any(text.strip("0") for text in one) for one, other in pairwise(rows))


def _follows_noise(chain: Chain, found: FoundRow, cells: Sequence[Token]) -> bool:
    """Whether a label that the form does not know stands right before the row: then the figures may be its own."""
    first = min(index for index, _ in found.filled.values())
    before = next((token for token in reversed(cells[:first]) if token.kind != "empty"), None)
    if before is None or before.kind != "label" or is_scrap(before.text, chain.part):
        return False
    return likeliest(before.text, part_labels(chain.part)) < _KNOWN
