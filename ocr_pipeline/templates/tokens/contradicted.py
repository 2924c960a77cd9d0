"""Labels of a dump that say that figures are others than the form's: last year's, of other groups, of other columns.

A walk passes over what it does not know. So labels that are like one of the form but for a word that makes it another,
and headers that stand where the form has others, are looked for afterwards.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from ocr_pipeline.templates.blocks import Block, Node, leaves, tree_labels
from ocr_pipeline.templates.contrasts import contradicts, is_strange
from ocr_pipeline.templates.labels import normalize
from ocr_pipeline.templates.tokens.chain import Chain
from ocr_pipeline.templates.tokens.emissions import is_scrap, part_labels
from ocr_pipeline.templates.tokens.found_rows import FoundRow
from ocr_pipeline.templates.tokens.joining import likeliest
from ocr_pipeline.templates.tokens.stream import Token

__all__ = ["Contradicted", "contradicted"]

_LIKE = 0.5
"""Likeness, 0..1, from which a text is taken for a label of the part, in whatever way it was changed."""
_NEARLY = 0.15
"""How much less like a label than like another one a text may be, since the word that makes it another blurs that."""
_NAMED = 0.7
"""Likeness from which it is that label."""
_LONGEST = 12
"""Characters of a header; longer ones are notes and prose."""
_LONGEST_CORNER = 40
"""Characters of the longest note in the corner of a table; what is longer is prose."""
_TITLE, _CAPTION = 0.8, 0.99
"""Likeness from which a line is the title of the part, and the caption of a block: captions differ by one numeral."""
_SENTENCE = re.compile(r"[。；！]|\d[^\d]*[，,]")
_NUMBERED = re.compile(r"[（(]?(?:[一二三四五六七八九十]{1,3}|\d{1,2})[)）、.．]")


@dataclass(frozen=True, slots=True)
class Contradicted:
    """What the labels of a dump speak against.

    Attributes:
        rows: numbers of rows of the chain none of whose figures can be the form's.
        slots: (row, slot) of single figures.
    """

    rows: frozenset[int]
    slots: frozenset[tuple[int, int]]


def contradicted(chain: Chain, rows: Sequence[FoundRow], cells: Sequence[Token], start: int) -> Contradicted:
    """The rows and figures that a label says are others.

    Args:
        chain: the part.
        rows: those found.
        cells: the tokens that the rows' indices are of.
        start: index of the first token of the part.
    """
    strange: set[int] = set()
    slots: set[tuple[int, int]] = set()
    begun = _header_start(cells, start)
    for number, block in enumerate(chain.part.blocks):
        own = [row for row in rows if row.row >= 0 and chain.rows[row.row].block == number]
        figures = [index for row in own for index, _ in row.filled.values()]
        if not figures:
            continue
        head = _below_heading(chain, block, [t.text for t in cells[begun : min(figures)] if _is_header(t)])
        body = [token.text for token in cells[min(figures) : max(figures) + 1] if _is_header(token)]
        strange |= {row for text in (*head, *body) for row in _rows(chain, number, text)}
        leaf_slots = {slot for text in head for slot in _columns(chain, block, text)}
        slots |= {(row.row, slot) for row in own for slot in leaf_slots}
        if _is_renamed(chain, block, head) or _is_repeated(block, head):
            strange |= {row.row for row in own}
        begun = max(figures) + 1
    return Contradicted(frozenset(strange), frozenset(slots))


def _header_start(cells: Sequence[Token], start: int) -> int:
    """Where the words right before a part begin: what is no label of it may be a header of its table all the same."""
    while start > 0:
        before = cells[start - 1]
        if before.kind == "figure" or normalize(before.text).number or len(before.text) > _LONGEST_CORNER:
            break
        start -= 1
    return start


def _is_header(token: Token) -> bool:
    """Whether words may be a header: no sentence."""
    return token.kind == "label" and not _SENTENCE.search(token.text)


def _below_heading(chain: Chain, block: Block, names: Sequence[str]) -> list[str]:
    """What comes after the title of the part and the caption of the block, where these are among the names."""
    heads = [text for text in (chain.part.title, *chain.part.title_aliases) if text]
    captions = [text for text in (block.caption, *block.caption_aliases) if text]
    last = max(
        (n for n, name in enumerate(names) if likeliest(name, heads) >= _TITLE or likeliest(name, captions) > _CAPTION),
        default=-1,
    )
    return list(names[last + 1 :])


def _rows(chain: Chain, block: int, text: str) -> Iterator[int]:
    """The rows of a block that a text is like a label of, their own or one above it, and says are others."""
    own = [(number, row) for number, row in enumerate(chain.rows) if row.block == block]
    wordings = dict.fromkeys(labels for _, row in own for labels in (row.labels, *row.groups) if labels)
    every = tuple(label for label in tree_labels(chain.part.blocks[block].rows) if label)
    denied = _denied(chain, text, list(wordings), every)
    yield from (number for number, row in own if not denied.isdisjoint((row.labels, *row.groups)))


def _columns(chain: Chain, block: Block, text: str) -> Iterator[int]:
    """The columns that a text is like a header of, their own or one above it, and says are others."""
    found = leaves(block.columns)
    paths = [[node.labels for node in (*leaf.parents, leaf.node)] for leaf in found]
    wordings = list(dict.fromkeys(labels for path in paths for labels in path))
    denied = _denied(chain, text, wordings, tuple(tree_labels(block.columns)))
    yield from (slot for slot, path in enumerate(paths) if not denied.isdisjoint(path))


def _denied(
    chain: Chain, text: str, wordings: Sequence[tuple[str, ...]], labels: tuple[str, ...]
) -> set[tuple[str, ...]]:
    """The labels that a text is like and says it is not, if it is no other label of the part.

    Args:
        chain: the part.
        text: a label of the dump.
        wordings: of the labels that it may be like.
        labels: of all rows, or columns, of the block.
    """
    like = {own: likeliest(text, own) for own in wordings}
    best = max(like.values(), default=0.0)
    if best < max(_LIKE, likeliest(text, part_labels(chain.part))):
        return set()
    near = {own for own, similar in like.items() if similar >= max(_LIKE, best - _NEARLY)}
    denied = {own for own in near if contradicts(text, own, labels)}
    return denied if denied == near else set()


def _is_renamed(chain: Chain, block: Block, names: Sequence[str]) -> bool:
    """Whether headers that the part does not know stand where it has others, which are not there."""
    known = part_labels(chain.part)
    titles = (chain.part.title, *chain.part.title_aliases)
    wanted = Counter(node.labels for node in _nodes(block.columns))
    missing = sum(
        max(0, count - sum(likeliest(name, labels) >= _NAMED for name in names)) for labels, count in wanted.items()
    )
    characters = frozenset("".join((*known, *titles)))
    strangers = [
        name
        for name in names
        if len(normalize(name).body) <= _LONGEST
        and not _NUMBERED.match(name)
        and (likeliest(name, (*known, *titles)) < _LIKE or is_strange(name, characters))
        and not is_scrap(name, chain.part)
    ]
    return bool(missing) and bool(strangers) and 2 * len(strangers) >= missing


def _is_repeated(block: Block, names: Sequence[str]) -> bool:
    """Whether most of the headers right above figures stand there once more, in a second row of them: the figures are
    of two years, or of two bodies, side by side.

    A text that stands there twice at once is that of a merged cell.
    """
    wanted = Counter(leaf.node.labels for leaf in leaves(block.columns))
    nearest = ((max(wanted, key=lambda labels: likeliest(name, labels)), name) for name in names)
    found = [labels for labels, name in nearest if likeliest(name, labels) >= _NAMED]
    seen = Counter(labels for labels, _ in groupby(found))
    again = sum(seen[labels] >= 2 * count for labels, count in wanted.items())
    return len(wanted) > 1 and 2 * again > len(wanted)


def _nodes(columns: Sequence[Node]) -> Iterator[Node]:
    for node in columns:
        yield node
        yield from _nodes(node.children)
