"""Streams put into the order of the form before they are aligned.

Lines that a dump printed twice are dropped, and labels that come as a block get the values that follow the block.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ocr_pipeline.templates.labels import normalize
from ocr_pipeline.templates.tokens.chain import Chain
from ocr_pipeline.templates.tokens.emissions import heads_column, part_labels
from ocr_pipeline.templates.tokens.joining import likeliest
from ocr_pipeline.templates.tokens.stream import Token

__all__ = ["Rearranged", "own_row", "rearrange", "without_doubles"]

_SURE = 0.8
"""Similarity from which a label is that of a row, if it is closer to it than to any other by ``_CLOSER``."""
_CLOSER = 0.02
_PIECE = 0.5
"""Similarity below which a label is none of the part."""
_DOUBLED = 3
"""Labels of one row at most, whose line may have been printed twice."""


@dataclass(frozen=True, slots=True)
class Rearranged:
    """The tokens in the form's order, and the rows (of the chain) that got values from a block apart from their label,
    or might have."""

    tokens: tuple[Token, ...]
    moved: frozenset[int]
    doubtful: frozenset[int]


def without_doubles(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """The tokens without records (a label and the figures after it) that repeat the one before them."""
    records = _records(tokens)
    if not records:
        return tuple(tokens)
    shown = [tuple(t.text for t in tokens[start:stop] if t.kind != "empty") for start, stop in records]
    kept: list[Token] = list(tokens[: records[0][0]])
    number = 0
    while number < len(records):
        count = next((c for c in range(1, _DOUBLED + 1) if _repeats(shown, number, c)), 0)
        if count:
            # What follows the repeated figures is a row of its own, whose label is lost.
            start, stop = records[number + count - 1]
            rest = [i for i in range(start, stop) if tokens[i].kind != "empty"][len(shown[number - 1]) :]
            kept.extend(tokens[rest[0] : stop] if rest else ())
        else:
            kept.extend(tokens[slice(*records[number])])
        number += max(count, 1)
    return tuple(kept)


def _repeats(shown: Sequence[tuple[str, ...]], number: int, count: int) -> bool:
    """Whether the records from here on are the ones before them again; the last may go on."""
    before, again = shown[max(0, number - count) : number], shown[number : number + count]
    if len(before) < count or len(again) < count or before[:-1] != again[:-1]:
        return False
    return again[-1][: len(before[-1])] == before[-1] and len(before[-1]) > 1 and _is_word(before[-1][0])


def _is_word(text: str) -> bool:
    return len(normalize(text).body) > 1


def _records(tokens: Sequence[Token]) -> list[tuple[int, int]]:
    """Half-open ranges, each from a label to the next one."""
    starts = [i for i, token in enumerate(tokens) if token.kind == "label"]
    return list(pairwise([*starts, len(tokens)]))


def own_row(chain: Chain, text: str) -> int | None:
    """The row whose own label this is beyond doubt."""
    scores = sorted(((likeliest(text, row.labels), i) for i, row in enumerate(chain.rows) if row.labels), reverse=True)
    if not scores or scores[0][0] < _SURE or (len(scores) > 1 and scores[1][0] > scores[0][0] - _CLOSER):
        return None
    similar, row = scores[0]
    group = max((likeliest(text, wordings) for wordings in chain.rows[row].groups), default=0.0)
    return row if group < similar and not heads_column(text, chain.rows[row].labels, chain.part) else None


def _group_labels(chain: Chain) -> tuple[str, ...]:
    """The labels that head several rows."""
    return tuple(dict.fromkeys(text for row in chain.rows for wordings in row.groups for text in wordings))


def rearrange(chain: Chain, tokens: Sequence[Token]) -> Rearranged:
    """Give each row of a block of labels its share of the figures that follow the block.

    That is done where the labels are neighbours on the form, exactly as many figures follow as they need together, and
    the next label is the next one on the form. Where several labels and several rows of figures meet in another way,
    nothing can be said of these rows, and they are doubtful.
    """
    result: list[Token] = []
    moved: set[int] = set()
    doubtful: set[int] = set()
    position = 0
    while position < len(tokens):
        block = _block(chain, tokens, position)
        if block is None:
            result.append(tokens[position])
            position += 1
            continue
        labels, figures, stop = block
        rows = [row for _, row in labels]
        widths = [chain.rows[row].width for row in rows]
        # One row below several labels is the last one's where cells stand one a line; a whole line may be any one's.
        apart = bool(figures) and tokens[figures[0]].crowded > 1
        apart = apart or (bool(figures) and widths[-1] == 1)
        if len(rows) >= 2 and (apart or len(figures) > widths[-1]):
            if _fits(chain, rows, figures, tokens, stop):
                result.extend(_interleaved(tokens, position, labels, figures, widths))
                moved.update(rows)
                position = stop
                continue
            reached = rows[-1] + 1 + len(figures) // widths[-1]
            known = _next_row(chain, tokens, stop)
            # The rest of a cut label may follow, which is no row beyond the block.
            limit = len(chain.rows) if known is None or known <= rows[-1] else known
            doubtful.update(range(rows[0], min(reached, limit)))
        result.extend(tokens[position:stop])
        position = stop
    return Rearranged(tuple(result), frozenset(moved), frozenset(doubtful))


def _block(chain: Chain, tokens: Sequence[Token], position: int) -> tuple[list[tuple[int, int]], list[int], int] | None:
    """From a row's label: the labels up to the first figure (place, row), the figures after them, and their end."""
    if tokens[position].kind != "label" or own_row(chain, tokens[position].text) is None:
        return None
    labels: list[tuple[int, int]] = []
    i = position
    while i < len(tokens) and tokens[i].kind != "figure":
        row = own_row(chain, tokens[i].text) if tokens[i].kind == "label" else None
        if row is not None:
            if labels and (row <= labels[-1][1] or chain.rows[row].block != chain.rows[labels[-1][1]].block):
                return labels, [], i
            labels.append((i, row))
        i += 1
    figures: list[int] = []
    if i < len(tokens) and labels and tokens[i].line == tokens[labels[-1][0]].line:
        return labels, [], i  # the figures stand beside the last label
    while i < len(tokens) and not _ends_block(chain, tokens[i]):
        if tokens[i].kind == "figure":
            figures.append(i)
        i += 1
    return labels, figures, i


def _ends_block(chain: Chain, token: Token) -> bool:
    """Whether the figures of a block end here: at a row's label, or a header; rests of labels may stand among them."""
    if token.kind != "label":
        return False
    titles = (chain.part.title, *(block.caption for block in chain.part.blocks))
    if own_row(chain, token.text) is not None or likeliest(token.text, (*titles, *_group_labels(chain))) >= _SURE:
        return True
    return likeliest(token.text, part_labels(chain.part)) < _PIECE


def _fits(chain: Chain, rows: Sequence[int], figures: Sequence[int], tokens: Sequence[Token], stop: int) -> bool:
    neighbours = all(below == above + 1 for above, below in pairwise(rows))
    if not neighbours or len(figures) != sum(chain.rows[row].width for row in rows):
        return False
    following = rows[-1] + 1
    if following == len(chain.rows) or chain.rows[following].block != chain.rows[rows[-1]].block:
        return True
    return _next_row(chain, tokens, stop) == following


def _next_row(chain: Chain, tokens: Sequence[Token], start: int) -> int | None:
    """The row whose label comes next from here on."""
    later = (own_row(chain, token.text) for token in tokens[start:] if token.kind == "label")
    return next((row for row in later if row is not None), None)


def _interleaved(
    tokens: Sequence[Token],
    start: int,
    labels: Sequence[tuple[int, int]],
    figures: Sequence[int],
    widths: Sequence[int],
) -> list[Token]:
    result: list[Token] = []
    taken = 0
    for (place, _), width in zip(labels, widths, strict=True):
        result.extend(token for token in tokens[start : place + 1] if token.kind == "label")
        start = place + 1
        result.extend(replace(tokens[i], first=False, gap=False, crowded=1) for i in figures[taken : taken + width])
        taken += width
    return result
