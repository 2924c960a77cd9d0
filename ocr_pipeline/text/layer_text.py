"""What a text layer says within a box, and how texts by different readers are compared."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz.distance import Levenshtein

from ocr_pipeline.geometry import Box
from ocr_pipeline.raised import MARKS
from ocr_pipeline.text_layer import LayerChar, TextLayer, is_garbled

__all__ = ["Said", "common", "figure_of", "said_in", "words_of"]

_DASHES = re.compile(r"[‐‑‒–—―−－﹣]")
_OUTSIDE_FIGURES = re.compile(r"[\s,，]")
_FEW_WORDS = 4
"""A figure may have a unit or a counter beside it; with more words it is a label that holds a number."""


@dataclass(frozen=True, slots=True)
class Said:
    """What the layer says in one place.

    Attributes:
        text: rows from top to bottom, each from left to right; blanks only between two Latin words.
        streamed: the same characters in the order of the source, where there are several rows.
    """

    text: str
    streamed: str

    def nearest(self, seen: str) -> str:
        """The reading order that fits what was seen; that of the places when both do alike."""
        if self.text == self.streamed:
            return self.text
        by_place, by_stream = (common(words_of(t), words_of(seen)) for t in (self.text, self.streamed))
        return self.streamed if by_stream > by_place else self.text

    @property
    def garbled(self) -> bool:
        """Whether it holds characters that nobody prints."""
        return is_garbled(self.text)


def said_in(layer: TextLayer, boxes: Sequence[Box], *, reach: float = 0.0) -> list[Said | None]:
    """What the layer says in each box, None where it says nothing.

    A character belongs to the box that its centre lies in; of several, to the one whose middle is nearest in height.

    Args:
        layer: in the pixels of the boxes.
        boxes: they may overlap.
        reach: how far a box reaches out to the left and right, as a share of its height. The box around the ink of a
            line needs it: a full stop at its end leaves most of its place without ink.
    """
    if not layer.chars or not boxes:
        return [None] * len(boxes)
    centres = np.array([char.box.center for char in layer.chars])
    edges = np.array(
        [(b.left - reach * b.height, b.top, b.right + reach * b.height, b.bottom) for b in boxes], dtype=np.float64
    )
    x, y = centres[:, :1], centres[:, 1:]
    inside = (x >= edges[:, 0]) & (x < edges[:, 2]) & (y >= edges[:, 1]) & (y < edges[:, 3])
    distance = np.where(inside, np.abs(y - (edges[:, 1] + edges[:, 3]) / 2), np.inf)
    owners = np.where(inside.any(axis=1), distance.argmin(axis=1), -1)
    chars: list[list[LayerChar]] = [[] for _ in boxes]
    for char, owner in zip(layer.chars, owners.tolist(), strict=True):
        if owner >= 0:
            chars[owner].append(char)
    return [_said(found) if found else None for found in chars]


def _said(chars: list[LayerChar]) -> Said:
    rows: list[list[LayerChar]] = []
    for char in sorted(chars, key=lambda c: c.box.center[1]):
        last = rows[-1][-1] if rows else None
        if last is not None and char.box.center[1] - last.box.center[1] < 0.4 * max(last.box.height, char.box.height):
            rows[-1].append(char)
        else:
            rows.append([char])
    placed = "".join(_joined(sorted(row, key=lambda c: c.box.center[0])) for row in rows)
    return Said(placed, placed if len(rows) == 1 else _joined(chars))


def _joined(chars: Sequence[LayerChar]) -> str:
    text = ""
    for char in chars:
        latin = text[-1:].isascii() and text[-1:].isalpha() and char.text.isascii() and char.text.isalpha()
        text += (" " if char.gap and latin else "") + char.text
    return text


def words_of(text: str) -> str:
    """Letters, digits and Chinese characters alone: readers differ in blanks, and in how wide punctuation is.

    >>> words_of("（一）予以公开, 2 0 件")
    '一予以公开20件'
    """
    return "".join(char for char in unicodedata.normalize("NFKC", text) if char.isalnum())


def figure_of(text: str) -> str | None:
    """The text of a figure as all readers would write it; None when it is no figure.

    The mark of a note beside it is none of its digits.

    >>> figure_of("１，２３４ 件"), figure_of("1.属于国家秘密"), figure_of("—5"), figure_of("12³")
    ('1234件', None, '-5', '12^')
    """
    marked = MARKS.sub("^", text)
    plain = _OUTSIDE_FIGURES.sub("", _DASHES.sub("-", unicodedata.normalize("NFKC", marked)))
    digits = sum(char.isdigit() for char in plain)
    words = sum(char.isalpha() for char in plain)
    return plain if digits and words <= _FEW_WORDS else None


def common(first: str, second: str) -> int:
    """How many characters of the longer text the other one has, by edit distance."""
    return max(len(first), len(second)) - int(Levenshtein.distance(first, second))
