"""A doubtful figure weighed again with what a reader of nothing but figures makes of it."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ocr_pipeline.document import Reading
from ocr_pipeline.engine import Recognition

__all__ = ["contradicts", "weighed"]

_SHARED = 0.05
"""Share that the first reader must have given to a figure, of all it gave to figures, to have thought of it."""
_ALONE, _AGAINST = 0.8, 0.5
"""Probability from which the specialist is heard where the first reader saw no figure or never thought of this one, and
that which the first may have given to any other."""
_LEAST = 0.5
_UNSEEN = 0.2
"""A figure that the specialist gives less than this is not what it sees."""
_KEPT = 1e-6


def weighed(own: Sequence[Reading], read: str, seen: Recognition) -> tuple[Reading, ...]:
    """The typed readings of a cell after both readers, likeliest first; empty where they say nothing together.

    The first reader shares its probability among all characters, and takes a broken 0 for ``()``. What it gave to
    those is made over to the figures. What it gave to other figures is not: both look at the same ink, so what looks
    like a rival to one of them stays a rival.

    Args:
        own: typed readings so far.
        read: the free reading if that is a figure, else empty.
        seen: by the specialist, whose probability is lost to what is no figure.

    Returns:
        Readings of both together, or of the specialist alone where it finds what the first does not.
    """
    theirs = {reading.text: math.exp(reading.log_prob) for reading in seen.typed if reading.text}
    best = max(theirs, key=lambda text: theirs[text], default="")
    if not best or theirs[best] < _LEAST or seen.text != best:
        return ()
    mine = {reading.text: math.exp(reading.log_prob) for reading in own if reading.text}
    total = sum(mine.values())
    shares = {text: p / total for text, p in mine.items()} if total else {}
    if read and shares.get(best, 0.0) >= max(shares.values(), default=1.0):
        strength = {text: max(theirs.get(text, 0.0), shares.get(text, 0.0)) for text in {*theirs, *mine}}
        strength[best] = min(theirs[best], shares[best])
        whole, engine = sum(strength.values()), f"{own[0].engine}+{seen.typed[0].engine}"
    else:
        # The first finds another likelier, or none at all, and is not sure of it: on drawn cells of worn print the
        # specialist was right nearly always. What the first was likelier to see stays a rival.
        alone = not read or shares.get(best, 0.0) < _SHARED
        rival = max((p for text, p in mine.items() if text != best), default=0.0)
        if alone and (theirs[best] < _ALONE or rival > _AGAINST):
            return ()
        strength = {text: max(theirs.get(text, 0.0), mine.get(text, 0.0)) for text in {*theirs, *mine}}
        # What the specialist gave to no figure stays lost.
        whole, engine = sum(strength.values()) + max(0.0, 1.0 - sum(theirs.values())), seen.typed[0].engine
    ranked = sorted(strength.items(), key=lambda item: (-item[1], item[0]))
    return tuple(
        Reading(text=text, log_prob=min(0.0, math.log(p / whole)), engine=engine)
        for text, p in ranked[:5]
        if p / whole > _KEPT
    )


def contradicts(seen: Recognition, text: str) -> bool:
    """Whether the specialist sees something else than a figure that was read, or no figure at all."""
    said = text.replace(" ", "")
    return sum(math.exp(reading.log_prob) for reading in seen.typed if reading.text == said) < _UNSEEN
