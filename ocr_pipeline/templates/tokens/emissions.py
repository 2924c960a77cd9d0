"""How well each token fits each state of a chain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np

from ocr_pipeline.templates.blocks import Block, tree_labels
from ocr_pipeline.templates.labels import normalize, recognition
from ocr_pipeline.templates.model import Part
from ocr_pipeline.templates.options import TemplateOptions
from ocr_pipeline.templates.tokens.chain import Break, Chain, Kind, Row
from ocr_pipeline.templates.tokens.decoding import Emission
from ocr_pipeline.templates.tokens.joining import likeliest
from ocr_pipeline.templates.tokens.stream import Token, is_figure

__all__ = ["emissions", "heads_column", "is_scrap", "label_gain", "part_labels"]

# All gains and costs are in that of one whole label.
_NEVER = -1e9
_FIGURE = 0.15
"""Gain of a figure where a value of its kind belongs."""
_NOISE, _DEEP_NOISE, _FRAGMENT = 0.1, 2.0, 0.03
"""Costs of a label that is passed over: between rows, in the middle of a row, and as a piece of the label there."""
_STRAY, _STRAY_ALONE, _STRAY_BESIDE, _STRAY_IN_NOISE = 0.3, 0.15, 0.1, 0.03
"""Costs of a figure that is no value: any, alone among lines of several, beside others, in a row unknown."""
_GROUP, _GROUP_AGAIN = 0.4, 0.1
"""Gain of a label that heads several rows, at the first of these and at a later one (repeated after a page break)."""
_HEADER = 0.3
"""Gain of a header or caption, and what is left of a row's label that is also a column's."""
_CHARACTERS = 0.02
"""Gain of a scrap of header labels, as vertical writing read crosswise leaves them."""
_TAIL = 0.5
"""Gain of the last words of a row's label that stand behind its figures, where its cell was cut within a line."""
_SMALL = 4
"""Characters of such a scrap."""
_WHOLE = 0.9
"""Gain or similarity from which a label is beyond doubt this one."""


def emissions(chain: Chain, tokens: Sequence[Token], options: TemplateOptions) -> list[Emission]:
    """The scores of each token (labels and figures) in each state."""
    types = chain.types()
    value = {kind: np.array([t == kind for t in types]) for kind in ("count", "change", "amount")}
    free = np.isin(chain.kinds, (Kind.OUT, Kind.AFTER))
    noise = chain.kinds == Kind.NOISE
    result: list[Emission] = []
    for number, token in enumerate(tokens):
        if token.kind == "label":
            result.append(_label(chain, token.text, options))
            continue
        around = max((t.crowded for t in tokens[max(0, number - 3) : number + 4]), default=0)
        enter = np.full(len(types), _NEVER)
        for kind, states in value.items():
            if is_figure(token.text, kind):
                enter[states] = _FIGURE
        enter[-1] = 0.0
        stray = _STRAY_ALONE if token.crowded == 1 and around > 1 else _STRAY
        if token.crowded > 1 and not token.first:
            stray = _STRAY_BESIDE
        stays = np.where(free, 0.0, np.where(noise, -_STRAY_IN_NOISE, -stray))
        result.append(Emission(_break(tokens, number), enter, stays))
    return result


def _break(tokens: Sequence[Token], number: int) -> Break:
    token = tokens[number]
    if number == 0:
        return "plain"
    before = tokens[number - 1]
    if not token.first:
        return "inside"
    if before.kind == "figure" and max(token.crowded, before.crowded) > 1:
        return "wrapped"
    return "gap" if token.gap else "plain"


def label_gain(similar: float, options: TemplateOptions) -> float:
    """Gain of a label this similar; negative below the threshold."""
    return recognition(similar) if similar >= options.label_similarity else _NEVER


def _label(chain: Chain, text: str, options: TemplateOptions) -> Emission:
    kinds, index = chain.kinds, chain.index
    scraps = is_scrap(text, chain.part)
    fragment = likeliest(text, part_labels(chain.part)) >= options.label_similarity or scraps
    rows = np.array([_row_gain(text, row, chain.part, options) for row in chain.rows])
    blocks = range(len(chain.part.blocks))
    heads = np.array([_head_gain(text, chain.part, block, scraps, options) for block in blocks])
    enter = np.full(len(kinds), _NEVER)
    enter[kinds == Kind.LABEL] = rows[index[kinds == Kind.LABEL]]
    enter[kinds == Kind.HEAD] = heads[index[kinds == Kind.HEAD]]
    enter[kinds == Kind.NOISE] = -_NOISE if rows.max() < _WHOLE else -_DEEP_NOISE / 2
    enter[-1] = 0.0
    # A whole label of a row is not passed over as a piece of another one.
    scrap = -_FRAGMENT if fragment and rows.max() < _WHOLE else -_DEEP_NOISE
    passed = {
        Kind.LABEL: scrap,
        Kind.HEAD: -_FRAGMENT if fragment else -_NOISE,
        Kind.VALUE: scrap,
        Kind.NOISE: -_NOISE,
    }
    tails = np.array([_is_tail(text, row) for row in chain.rows])
    # The label of a group ends the rows of all others.
    heading = [max((likeliest(text, g) for g in row.groups), default=0.0) >= _WHOLE for row in chain.rows]
    foreign = np.isin(kinds, (Kind.LABEL, Kind.VALUE)) & ~np.array(heading)[np.where(kinds >= Kind.LABEL, index, 0)]
    stay = np.zeros(len(kinds))
    for kind, cost in passed.items():
        again = kinds == kind
        stay[again] = np.maximum(enter[again], cost) if kind in (Kind.LABEL, Kind.HEAD) else cost
    if rows.max() < _WHOLE:
        stay[(kinds == Kind.VALUE) & tails[np.where(kinds >= Kind.LABEL, index, 0)]] = _TAIL
    if any(heading):
        stay[foreign] = np.minimum(stay[foreign], -_DEEP_NOISE)
    return Emission("label", enter, stay)


def heads_column(text: str, labels: Sequence[str], part: Part) -> bool:
    """Whether a word that may be a row's label heads a column as well (其他, 总计) and has no number that tells."""
    number = normalize(text).number
    if number and any(number == normalize(label).number for label in labels):
        return False
    return likeliest(text, _column_labels(part)) >= likeliest(text, labels)


def _row_gain(text: str, row: Row, part: Part, options: TemplateOptions) -> float:
    labels, heads = row.labels, row.heads
    own = label_gain(likeliest(text, labels), options) if labels else _NEVER
    if own > 0 and heads_column(text, labels, part):
        own *= _HEADER
    for depth, wordings in enumerate(reversed(row.groups)):
        similar = likeliest(text, wordings)
        # A group's label may be more like a row's own (六、其他处理 and 3.其他).
        if similar >= options.label_similarity and similar > likeliest(text, labels) + 0.05:
            own = max(own if own < 0.9 else _NEVER, (_GROUP if depth < heads else _GROUP_AGAIN) * similar)
    return own


def _is_tail(text: str, row: Row) -> bool:
    """Whether a label of the row ends with these words, and has others before them."""
    body = normalize(text).body
    wholes = (normalize(label).body for label in row.labels)
    return len(body) > 1 and any(whole.endswith(body) and len(whole) > len(body) + 1 for whole in wholes)


def _head_gain(text: str, part: Part, block: int, scraps: bool, options: TemplateOptions) -> float:
    titles, captions, headers = _heads(part, block)
    title = likeliest(text, titles) if block == 0 else 0.0
    if title >= 0.8:
        return title
    caption = likeliest(text, captions)
    if caption >= options.label_similarity:
        # Captions differ by one numeral (第二十条第（五）项), so that nearly alike is another one.
        return 0.6 * caption if caption > 0.99 else 0.1 * caption
    header = likeliest(text, headers)
    if header >= 0.7:
        return _HEADER * header
    return _CHARACTERS if scraps else _NEVER


@lru_cache(maxsize=256)
def _heads(part: Part, index: int) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    block = part.blocks[index]
    captions = tuple(text for text in (block.caption, *block.caption_aliases) if text)
    return tuple(t for t in (part.title, *part.title_aliases) if t), captions, tuple(_header_labels(block))


def _header_labels(block: Block) -> Iterator[str]:
    if block.corner:
        yield block.corner
    yield from tree_labels(block.columns)


@lru_cache(maxsize=64)
def _column_labels(part: Part) -> tuple[str, ...]:
    """The labels of the columns of all blocks, and of the cells over the row labels."""
    return tuple(text for block in part.blocks for text in _header_labels(block))


@lru_cache(maxsize=64)
def part_labels(part: Part) -> tuple[str, ...]:
    """Every label of the part."""
    return tuple(
        text
        for block in part.blocks
        for text in (block.caption, *_header_labels(block), *tree_labels(block.rows))
        if text
    )


@lru_cache(maxsize=64)
def _characters(part: Part) -> frozenset[str]:
    return frozenset("".join(normalize(text).body for text in part_labels(part)))


def is_scrap(text: str, part: Part) -> bool:
    """Whether these are a few characters of the part's labels, as vertical writing read crosswise leaves them."""
    body = normalize(text).body
    return 0 < len(body) <= _SMALL and set(body) <= _characters(part)
