"""Lines of a dump that came out of order, put into that of the form.

A line with the label of a row and all its figures says by itself which row it is, wherever it stands. What has lost its
label does not, and among lines that changed their places counting tells nothing either.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from ocr_pipeline.templates.tokens.chain import Chain
from ocr_pipeline.templates.tokens.rearranging import own_row
from ocr_pipeline.templates.tokens.stream import Token

__all__ = ["Ordered", "in_form_order"]


@dataclass(frozen=True, slots=True)
class Ordered:
    """The tokens in the order of the form, and the rows (of the chain) of which that does not say where they are."""

    tokens: tuple[Token, ...]
    doubtful: frozenset[int]


def in_form_order(chain: Chain, tokens: Sequence[Token]) -> Ordered:
    """The tokens with the lines that are whole rows in the order of the form.

    They change places among each other only. Nothing is done where they are in order, or where a row comes twice.

    Args:
        chain: the part.
        tokens: of the whole text.
    """
    lines = [list(line) for _, line in groupby(tokens, key=lambda token: token.line)]
    rows = {number: row for number, line in enumerate(lines) if (row := _whole_row(chain, line)) is not None}
    order = list(rows.values())
    if len(set(order)) < len(order) or all(above < below for above, below in pairwise(order)):
        return Ordered(tuple(tokens), frozenset())
    arranged = list(lines)
    for place, number in zip(rows, sorted(rows, key=rows.__getitem__), strict=True):
        arranged[place] = lines[number]
    return Ordered(
        tuple(token for line in arranged for token in line), frozenset(range(len(chain.rows))) - frozenset(order)
    )


def _whole_row(chain: Chain, line: Sequence[Token]) -> int | None:
    """The row whose label and figures, and no others, the line holds."""
    figures = [i for i, token in enumerate(line) if token.kind == "figure"]
    if len(figures) < 2:
        return None  # a figure alone may be anything
    named = [(i, row) for i, t in enumerate(line) if t.kind == "label" and (row := own_row(chain, t.text)) is not None]
    if len(named) != 1 or named[0][0] > figures[0]:
        return None
    row = named[0][1]
    return row if len(figures) == chain.rows[row].width else None
