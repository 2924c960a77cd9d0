"""Headers of a dump: whether they name the columns in the form's order.

The sums of a row are the same whichever of its figures is whose, so nothing else tells of columns that changed places.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from ocr_pipeline.templates.blocks import Node
from ocr_pipeline.templates.labels import normalize
from ocr_pipeline.templates.tokens.chain import Chain
from ocr_pipeline.templates.tokens.found_rows import FoundRow
from ocr_pipeline.templates.tokens.stream import Token

__all__ = ["reordered_blocks"]

Family = tuple[tuple[str, ...], ...]
"""The labels of columns that stand side by side below one label; each with its other spellings."""


def reordered_blocks(chain: Chain, rows: Sequence[FoundRow], cells: Sequence[Token]) -> frozenset[int]:
    """The blocks above whose first figure the text has labels of its columns in another order.

    Args:
        chain: the part.
        rows: those found.
        cells: the tokens that the rows' indices are of.
    """
    found: set[int] = set()
    begun = 0
    for number, block in enumerate(chain.part.blocks):
        own = [row for row in rows if row.row >= 0 and chain.rows[row.row].block == number]
        figures = [index for row in own for index, _ in row.filled.values()]
        if not figures:
            continue
        names = [token.text for token in cells[begun : min(figures)] if token.kind == "label"]
        families = Counter(_families(block.columns))
        if not all(_in_order(names, family, times) for family, times in families.items()):
            found.add(number)
        begun = max(figures) + 1
    return frozenset(found)


def _families(columns: Sequence[Node]) -> Iterator[Family]:
    # Line by line or group by group, columns below one label come in their order.
    if len(columns) > 1:
        yield tuple(node.labels for node in columns)
    for node in columns:
        yield from _families(node.children)


def _in_order(names: Sequence[str], family: Family, times: int) -> bool:
    """Whether those labels that are there as often as the form has them come one after the other."""
    met = [which for which in (_which(name, family) for name in names) if which is not None]
    whole = sorted(which for which, count in Counter(met).items() if count == times)
    return [which for which in met if which in whole] == whole * times


def _which(name: str, family: Family) -> int | None:
    # Pieces of a label that was broken stand where the break left them.
    body = normalize(name).body
    whole = (number for number, labels in enumerate(family) if body in {normalize(label).body for label in labels})
    return next(whole, None)
