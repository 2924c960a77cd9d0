"""Labels that a dump has cut into pieces (one character a line, a line break inside a header) put together again.

Within each run of neighbouring words, the cut into labels that explains most characters wins (a shortest path over the
run). Nothing is joined that does not give a label of some form.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import groupby, pairwise

from ocr_pipeline.templates.blocks import tree_labels
from ocr_pipeline.templates.labels import best_similarity, normalize, similarity
from ocr_pipeline.templates.model import TemplateSet
from ocr_pipeline.templates.tokens.stream import Token

__all__ = ["join_labels", "likeliest", "vocabulary"]

_WHOLE = 0.75
"""Similarity from which pieces make a label together."""
_ALONE = 0.5
"""Similarity from which a piece that stands for itself is a label."""
_PIECE = 2
"""Characters up to which a piece may be one of many (vertical writing)."""
_MANY, _FEW = 12, 3
"""Pieces of one label: of vertical writing, and of cut lines."""
_LONGEST = 60
"""Characters; more than any label has."""
_SEAM = 0.01
"""What each label of a cut costs, so that of equal cuts the one with fewer labels wins."""


@lru_cache(maxsize=8)
def vocabulary(templates: TemplateSet) -> tuple[str, ...]:
    """Every label of every form, once."""
    words: dict[str, None] = {}
    for form in templates.forms:
        for part in form.parts:
            words.update(dict.fromkeys((part.title, *part.title_aliases)))
            for block in part.blocks:
                words.update(dict.fromkeys((block.caption, *block.caption_aliases, block.corner)))
                words.update(dict.fromkeys(tree_labels((*block.columns, *block.rows))))
    return tuple(word for word in words if word)


def join_labels(tokens: Sequence[Token], words: Sequence[str]) -> tuple[Token, ...]:
    """The tokens with pieces of labels joined; figures and empty cells end a run, but for a label cut around them."""
    result: list[Token] = []
    for kind, run in groupby(_join_around(tokens, words), key=lambda token: token.kind):
        found = list(run)
        result.extend(_best_cut(found, words) if kind == "label" and len(found) > 1 else found)
    return tuple(result)


def _join_around(tokens: Sequence[Token], words: Sequence[str]) -> list[Token]:
    """The tokens with each label put together whose cell was cut within its row, so that its end stands behind it."""
    result = list(tokens)
    labels = [place for place, token in enumerate(tokens) if token.kind == "label"]
    tails: set[int] = set()
    for head, tail in pairwise(labels):
        around = any(token.kind == "figure" for token in tokens[head + 1 : tail])
        if head not in tails and around and _are_halves(tokens[head].text, tokens[tail].text, tuple(words)):
            result[head] = replace(tokens[head], text=tokens[head].text + tokens[tail].text)
            tails.add(tail)
    return [token for place, token in enumerate(result) if place not in tails]


@lru_cache(maxsize=16384)
def _are_halves(head: str, tail: str, words: tuple[str, ...]) -> bool:
    """Whether two texts are a label together, letter by letter, and neither is one alone."""
    one, other = normalize(head).body, normalize(tail).body
    if len(one) < _PIECE or not other:
        return False
    bodies = _bodies(words)
    return one + other in bodies and one not in bodies and other not in bodies


@lru_cache(maxsize=8)
def _bodies(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(normalize(word).body for word in words)


def _best_cut(run: Sequence[Token], words: Sequence[str]) -> list[Token]:
    best: list[tuple[float, int]] = [(0.0, 0)]
    for stop in range(1, len(run) + 1):
        choices = []
        for start in range(stop - 1, max(-1, stop - 1 - _MANY), -1):
            if stop - start > _FEW and any(len(t.text) > _PIECE for t in run[start:stop]):
                break
            choices.append((best[start][0] + _worth(run[start:stop], words) - _SEAM, start))
        best.append(max(choices))
    cuts: list[Token] = []
    stop = len(run)
    while stop:
        start = best[stop][1]
        cuts.append(replace(run[start], text="".join(token.text for token in run[start:stop])))
        stop = start
    return cuts[::-1]


def _worth(pieces: Sequence[Token], words: Sequence[str]) -> float:
    """Characters explained, weighted by similarity; joined pieces must make a label."""
    text = "".join(piece.text for piece in pieces)
    if len(text) > _LONGEST:
        return 0.0 if len(pieces) == 1 else -1.0
    return _explained(text, _ALONE if len(pieces) == 1 else _WHOLE, tuple(words))


@lru_cache(maxsize=16384)
def _explained(text: str, least: float, words: tuple[str, ...]) -> float:
    length = len(normalize(text).body)
    found = [(similar, word) for word in words if (similar := similarity(text, word)) >= least]
    if not found:
        return 0.0 if least == _ALONE else -1.0
    return max(similar * min(length, len(normalize(word).body)) for similar, word in found)


def likeliest(text: str, words: Sequence[str]) -> float:
    """Similarity to the likeliest word, 0..1; 0 for what is longer than any label."""
    return 0.0 if len(text) > _LONGEST else best_similarity(text, tuple(words))
