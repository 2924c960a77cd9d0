"""Words of print on a page: runs of ink with no gap wider than those inside a line of a cell.

They come from the ink and not from a text detector, which overlooks lone figures.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.document import Line
from ocr_pipeline.geometry import Box

__all__ = ["Word", "find_words", "text_rows", "usual_size"]

_JOIN_EM = 0.8
"""Gaps below this many characters are inside a word: full-width punctuation leaves as much."""
_LATIN_END = 0x2E7F
_DENSE = 0.9
"""Share of a line's width that its characters need where nothing but they stands in it."""
_LETTER = re.compile(r"[^\W\d_增减加少元万亿件约]")


@dataclass(frozen=True, slots=True, order=True)
class Word:
    """One run of print on one line.

    Attributes:
        box: around its ink, page pixels.
        figure: whether what was read there, if anything, may be a figure (1234, 增加 33, 8.4 亿).
    """

    box: Box
    figure: bool


def usual_size(mask: NDArray[np.uint8], dpi: float) -> float:
    """Usual size of a character in pixels: the usual height of a run of print."""
    joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((1, max(3, round(0.07 * dpi)) | 1), np.uint8))
    stats = cv2.connectedComponentsWithStats(joined, connectivity=8)[2][1:]
    heights, widths = stats[:, cv2.CC_STAT_HEIGHT], stats[:, cv2.CC_STAT_WIDTH]
    likely = heights[(widths >= 1.5 * heights) & (heights >= 0.07 * dpi) & (heights <= 0.35 * dpi)]
    return float(np.percentile(likely, 60)) if likely.size else 0.15 * dpi


def find_words(mask: NDArray[np.uint8], em: float, lines: Sequence[Line]) -> list[Word]:
    """The words, top to bottom, then left to right.

    Args:
        mask: print without rulings, 0/255, page size.
        em: usual size of a character, pixels.
        lines: what was read on the page; says which words are figures.
    """
    reach = max(3, round(_JOIN_EM * em)) | 1
    joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((1, reach), np.uint8))
    stats = cv2.connectedComponentsWithStats(joined, connectivity=8)[2][1:]
    pieces = [Box(x, y, x + w, y + h) for x, y, w, h, area in stats.tolist() if max(w, h) >= 0.12 * em and area >= 4]
    merged = [box for box in _merged(pieces, em) if max(box.width, box.height) >= 0.3 * em]
    merged = _joined_by_lines(merged, em, lines)
    return sorted((Word(box, _may_be_figure(box, lines)) for box in merged), key=lambda w: (w.box.top, w.box.left))


def text_rows(words: Sequence[Word], em: float) -> list[list[Word]]:
    """Words that stand on one line of print, left to right; lines top to bottom."""
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda w: w.box.center[1]):
        if rows and word.box.center[1] - np.mean([w.box.center[1] for w in rows[-1]]) < 0.45 * em:
            rows[-1].append(word)
        else:
            rows.append([word])
    return [sorted(row, key=lambda w: w.box.left) for row in rows]


def _merged(pieces: Sequence[Box], em: float) -> list[Box]:
    """Pieces of one line as one: parts of characters one above the other, marks beside them."""
    boxes, changed = list(pieces), True
    while changed:
        changed = False
        kept: dict[int, list[Box]] = defaultdict(list)
        for box in sorted(boxes, key=lambda b: (b.left, b.top)):
            level = int(box.center[1] // em)
            # Only what stands near in height can go together, and a page has thousands of pieces.
            near = ((k, n) for k in range(level - 2, level + 3) for n in range(len(kept[k])))
            partner = next(((k, n) for k, n in near if _together(box, kept[k][n], em)), None)
            if partner is not None:
                box, changed = Box.union_of((box, kept[partner[0]].pop(partner[1]))), True
            kept[int(box.center[1] // em)].append(box)
        boxes = [box for group in kept.values() for box in group]
    return boxes


def _together(first: Box, second: Box, em: float) -> bool:
    apart = max(first.left, second.left) - min(first.right, second.right)
    if apart > _JOIN_EM * em:
        return False
    height = max(first.bottom, second.bottom) - min(first.top, second.top)
    level = first.overlap_y(second) >= 0.5 * min(first.height, second.height)
    return height <= 1.15 * max(em, min(first.height, second.height)) or (level and height <= 1.35 * em)


def _joined_by_lines(boxes: Sequence[Box], em: float, lines: Sequence[Line]) -> list[Box]:
    """Pieces of one line that was read as text without a gap: brackets leave as much room as narrow columns do."""
    left = sorted(boxes, key=lambda b: b.left)
    for line in lines:
        width = em * sum(1.08 if ord(c) > _LATIN_END else 0.6 for c in line.text)
        if width < _DENSE * line.box.width:
            continue
        inside = [
            box
            for box in left
            if abs(box.center[1] - line.box.center[1]) < 0.5 * em and box.overlap_x(line.box) >= 0.8 * box.width
        ]
        if len(inside) > 1:
            left = [*(box for box in left if box not in inside), Box.union_of(inside)]
    return left


def _may_be_figure(box: Box, lines: Sequence[Line]) -> bool:
    """By the characters read in its place; where nothing was read it may be one, since detectors miss lone figures."""
    text = ""
    for line in lines:
        if line.box.overlap_y(box) < 0.5 * min(box.height, line.box.height) or line.box.overlap_x(box) <= 0:
            continue
        each = line.box.width / max(1, len(line.text))
        first = max(0, round((box.left - line.box.left) / each - 0.4))
        last = max(first + 1, round((box.right - line.box.left) / each + 0.4))
        text += line.text[first:last]
    return _LETTER.search(text) is None
