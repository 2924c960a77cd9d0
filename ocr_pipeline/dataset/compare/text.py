"""What changed in a text: sentences first, then words, figures and characters within a sentence that was rewritten."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from rapidfuzz import fuzz

__all__ = ["Piece", "compare_text"]

# A line break belongs to the sentence before it; by itself it would be found everywhere, and pull texts out of step.
_SENTENCE = re.compile(r"[^。；！？\n]*(?:[。；！？]+\n*|\n+)|[^。；！？\n]+")
# Figures, percentages and foreign words change as a whole; Chinese has no blanks, so a character is a unit.
_TOKEN = re.compile(r"\d[\d.,]*%?|[A-Za-z]+|\s+|.", re.DOTALL)
_REWRITTEN = 40.0
"""Similarity in percent from which two sentences are one that was rewritten."""
_SHORTEST_KEPT = 2


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text: in both, only before, or only after."""

    kind: Literal["same", "removed", "added"]
    text: str


def compare_text(before: str, after: str) -> tuple[Piece, ...]:
    """The pieces of both texts in order.

    Those that are not ``added`` make up ``before``, those that are not ``removed`` make up ``after``, each exactly.
    """
    old, new = _SENTENCE.findall(before), _SENTENCE.findall(after)
    pieces: list[Piece] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(Piece("same", "".join(old[a:b])))
        else:
            pieces += _rewritten(old[a:b], new[c:d])
    return tuple(_joined(pieces))


def _rewritten(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    """Sentences that changed: each new one beside the old one it is most like, in the order of both."""
    position = 0
    for sentence in new:
        scores = [fuzz.ratio(sentence, other) for other in old[position:]]
        best = max(range(len(scores)), key=scores.__getitem__, default=None)
        if best is not None and scores[best] >= _REWRITTEN:
            if best:
                yield Piece("removed", "".join(old[position : position + best]))
            yield from _within(old[position + best], sentence)
            position += best + 1
        else:
            yield Piece("added", sentence)
    if position < len(old):
        yield Piece("removed", "".join(old[position:]))


def _within(old: str, new: str) -> Iterator[Piece]:
    """The pieces of one sentence; single characters kept between two changes are taken along, which reads better."""
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    opcodes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    removed = added = ""
    for index, (kind, a, b, c, d) in enumerate(opcodes):
        inner = 0 < index < len(opcodes) - 1
        if kind == "equal" and not (inner and len("".join(before[a:b])) < _SHORTEST_KEPT):
            yield from _replaced(removed, added)
            removed = added = ""
            yield Piece("same", "".join(before[a:b]))
        else:
            removed += "".join(before[a:b])
            added += "".join(after[c:d])
    yield from _replaced(removed, added)


def _replaced(removed: str, added: str) -> Iterator[Piece]:
    if removed:
        yield Piece("removed", removed)
    if added:
        yield Piece("added", added)


def _joined(pieces: Sequence[Piece]) -> Iterator[Piece]:
    waiting: Piece | None = None
    for piece in pieces:
        if waiting is not None and waiting.kind == piece.kind:
            waiting = Piece(waiting.kind, waiting.text + piece.text)
            continue
        if waiting is not None:
            yield waiting
        waiting = piece
    if waiting is not None:
        yield waiting
