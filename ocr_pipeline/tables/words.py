"""Words of print on a page: runs of ink with no gap wider than those inside a line of a cell.

They come from the ink and not from a text detector, which overlooks lone figures.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.document import Line
from ocr_pipeline.geometry import Box
from ocr_pipeline.tables.borders import SeenBorders

__all__ = ["Word", "find_words", "text_rows", "usual_size"]

_JOIN_EM, _APART_EM = 0.8, 0.5
"""Gaps below this many characters are inside a word where full-width punctuation stands beside them, which leaves as
much, and anywhere else: headers of narrow columns stand no further apart."""
_NARROW_EM, _LOW_EM, _HIGH_EM, _EDGE_EM = 0.4, 0.4, 0.85, 0.15
"""Width of punctuation at most, height of its dots at most, and of a bracket at least; how far from a gap they
may end."""
_CLOSE_EM = 0.2
"""Gaps below this many characters part no two columns, whatever the network sees."""
_PARTED = 0.6
"""How surely the network must see a border in a gap that may be one inside a word."""
_LATIN_END = 0x2E7F
_LEAST_PIXELS = 2
"""Height and width of print at least."""
_FIGURE_EM = 0.62
"""Chinese characters are wider than this against the usual size: what stands alone and is not may be a figure."""
_LEAST_WORD, _LEAST_WORDS, _LOW, _MOST_OVER = 4, 4, 1.3, 1.75
"""Characters of a word, and words, that tell the size; how much more than the height of print it is where most of that
are figures, and may be at most."""
_STROKE_EM = 0.15
"""What is no wider than this, and no higher or lower than a figure 1, is left of a ruling."""
_CHARACTER_EM = 0.85
"""They are higher than this, and figures lower."""
_DENSE = 0.9
"""Share of a line's width that its characters need where nothing but they stands in it."""
_DASH_EM = 0.16
"""What stands alone and is no higher than this against the usual size is a dash, whatever character it was read as."""
_LETTER = re.compile(r"[^\W\d_增减加少元万亿件约OoQDlI日口〇]")

_UNITS = " 元万亿件约增减加少（）()"
"""What stands beside a figure and is none by itself."""
_PERCENT = re.compile(r"[（(]\s*[%％]|[%％]\s*[)）]")
"""A unit of figures elsewhere; without brackets, it may be the rest of a figure that wrapped."""
_NUMBERED, _NUMBER_EM = re.compile(r"[（(]?([一二三四五六七八九十]{1,3}|\d{1,2})[）)、．.]"), 1.15
"""The number that a label begins with, and how wide its characters are at most."""
_REMARKED = re.compile(r"\s*[\d,.]+\s*[（(]")
"""A figure with a remark."""


@dataclass(frozen=True, slots=True, order=True)
class Word:
    """One run of print on one line.

    Attributes:
        box: around its ink, page pixels.
        figure: whether what was read there, if anything, may be a figure (1234, 增加 33, 8.4 亿).
    """

    box: Box
    figure: bool


def usual_size(mask: NDArray[np.uint8], dpi: float, lines: Sequence[Line] = ()) -> float:
    """Usual size of a character in pixels: the usual height of a run of print, or what Chinese words say of it.

    Most runs may be figures, which are lower than Chinese characters; these are as wide as high.

    Args:
        mask: print, 0/255.
        dpi: its resolution.
        lines: what was read there.
    """
    joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((1, max(3, round(0.07 * dpi)) | 1), np.uint8))
    stats = cv2.connectedComponentsWithStats(joined, connectivity=8)[2][1:]
    heights, widths = stats[:, cv2.CC_STAT_HEIGHT], stats[:, cv2.CC_STAT_WIDTH]
    likely = heights[(widths >= 1.5 * heights) & (heights >= 0.07 * dpi) & (heights <= 0.35 * dpi)]
    high = float(np.percentile(likely, 60)) if likely.size else 0.15 * dpi
    words = [line for line in lines if len(line.text) >= _LEAST_WORD and all(ord(c) > _LATIN_END for c in line.text)]
    sizes = [
        line.box.width / len(line.text) for line in words if line.box.width < 1.1 * len(line.text) * line.box.height
    ]
    if len(sizes) < _LEAST_WORDS:
        return high
    # Some are set apart, which makes them wider than their characters are.
    wide = float(np.percentile(sizes, 25))
    return wide if _LOW * high < wide < _MOST_OVER * high else high


def find_words(
    mask: NDArray[np.uint8], em: float, lines: Sequence[Line], borders: SeenBorders | None = None
) -> list[Word]:
    """The words, top to bottom, then left to right.

    Args:
        mask: print without rulings, 0/255, page size.
        em: usual size of a character, pixels.
        lines: what was read on the page; says which words are figures.
        borders: that the network sees; they part words whose gap is too narrow to do it alone.
    """
    borders = borders or SeenBorders(None)
    reach = max(3, round(_JOIN_EM * em)) | 1
    joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((1, reach), np.uint8))
    stats = cv2.connectedComponentsWithStats(joined, connectivity=8)[2][1:]
    pieces = [
        part
        for box in (
            Box(x, y, x + w, y + h) for x, y, w, h, area in stats.tolist() if max(w, h) >= 0.12 * em and area >= 4
        )
        for part in _parted(box, mask, em, borders)
    ]
    merged = [
        box
        for box in _merged(pieces, em, borders)
        if max(box.width, box.height) >= 0.3 * em
        and min(box.width, box.height) >= _LEAST_PIXELS
        and (box.width > _STROKE_EM * em or 0.5 * em <= box.height <= 1.2 * em)
    ]
    merged = _joined_by_lines(merged, em, lines, borders)
    return sorted((Word(box, _may_be_figure(box, lines, em)) for box in merged), key=lambda w: (w.box.top, w.box.left))


def text_rows(words: Sequence[Word], em: float) -> list[list[Word]]:
    """Words that stand on one line of print, left to right; lines top to bottom."""
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda w: w.box.center[1]):
        if rows and word.box.center[1] - np.mean([w.box.center[1] for w in rows[-1]]) < 0.45 * em:
            rows[-1].append(word)
        else:
            rows.append([word])
    return [sorted(row, key=lambda w: w.box.left) for row in rows]


def _merged(pieces: Sequence[Box], em: float, borders: SeenBorders) -> list[Box]:
    """Pieces of one line as one: parts of characters one above the other, marks beside them."""
    boxes, changed = list(pieces), True
    while changed:
        changed = False
        kept: dict[int, list[Box]] = defaultdict(list)
        for box in sorted(boxes, key=lambda b: (b.left, b.top)):
            level = int(box.center[1] // em)
            # Only what stands near in height can go together, and a page has thousands of pieces.
            near = ((k, n) for k in range(level - 2, level + 3) for n in range(len(kept[k])))
            partner = next(((k, n) for k, n in near if _together(box, kept[k][n], em, borders)), None)
            if partner is not None:
                box, changed = Box.union_of((box, kept[partner[0]].pop(partner[1]))), True
            kept[int(box.center[1] // em)].append(box)
        boxes = [box for group in kept.values() for box in group]
    return boxes


def _together(first: Box, second: Box, em: float, borders: SeenBorders) -> bool:
    apart = max(first.left, second.left) - min(first.right, second.right)
    if apart > (_JOIN_EM if any(_is_mark(box.width, box.height, em) for box in (first, second)) else _APART_EM) * em:
        return False
    height = max(first.bottom, second.bottom) - min(first.top, second.top)
    level = first.overlap_y(second) >= 0.5 * min(first.height, second.height)
    if apart > _CLOSE_EM * em and _is_border(first, second, borders):
        return False
    return height <= 1.15 * max(em, min(first.height, second.height)) or (level and height <= 1.35 * em)


def _is_border(first: Box, second: Box, borders: SeenBorders) -> bool:
    """Whether the network sees a border in the gap between two pieces of one line."""
    left, right = sorted((first, second), key=lambda box: box.left)
    if right.left <= left.right:
        return False
    top, bottom = min(first.top, second.top), max(first.bottom, second.bottom)
    return borders.upright(Box(left.right, top, right.left, bottom)) >= _PARTED


def _parted(box: Box, mask: NDArray[np.uint8], em: float, borders: SeenBorders) -> list[Box]:
    """A run of print, cut in the gaps where the network sees a border, or that are too wide for a word."""
    if box.width < 2 * em:
        return [box]
    part = mask[box.slices()]
    inked = np.flatnonzero(part.any(axis=0))
    glyphs = cv2.connectedComponentsWithStats(part, connectivity=8)[2][1:]
    parts, start = [], 0
    for end in np.flatnonzero(np.diff(inked) > _CLOSE_EM * em).tolist():
        left, right = int(inked[end]) + 1, int(inked[end + 1])
        gap = Box(box.left + left, box.top, box.left + right, box.bottom)
        wide = gap.width > _APART_EM * em and not _is_beside_mark(glyphs, left, right, em)
        if wide or borders.upright(gap) >= _PARTED:
            parts.append(Box(box.left + float(inked[start]), box.top, gap.left, box.bottom))
            start = end + 1
    if not parts:
        return [box]
    return [*parts, Box(box.left + float(inked[start]), box.top, box.right, box.bottom)]


def _is_beside_mark(glyphs: NDArray[np.int32], left: int, right: int, em: float) -> bool:
    """Whether punctuation stands on one side of a gap, which leaves room there.

    Args:
        glyphs: n x 5 (left, top, width, height, area) of pieces of print.
        left: where the gap begins, in the same pixels.
        right: where it ends.
        em: usual size of a character, pixels.
    """
    ends = glyphs[:, cv2.CC_STAT_LEFT] + glyphs[:, cv2.CC_STAT_WIDTH]
    before = glyphs[(ends <= left) & (ends > left - _EDGE_EM * em)]
    after = glyphs[(glyphs[:, cv2.CC_STAT_LEFT] >= right) & (glyphs[:, cv2.CC_STAT_LEFT] < right + _EDGE_EM * em)]
    return any(all(_is_mark(w, h, em) for w, h in side[:, 2:4].tolist()) for side in (before, after))


def _is_mark(width: float, height: float, em: float) -> bool:
    """Whether a piece of print may be one of punctuation: low as a dot or high as a bracket; figures are between."""
    return width < _NARROW_EM * em and not _LOW_EM * em <= height <= _HIGH_EM * em


def _joined_by_lines(boxes: Sequence[Box], em: float, lines: Sequence[Line], borders: SeenBorders) -> list[Box]:
    """Pieces of one line that was read as text without a gap: brackets leave as much room as narrow columns do."""
    left = sorted(boxes, key=lambda b: b.left)
    for line in lines:
        width = em * sum(1.08 if ord(c) > _LATIN_END else 0.6 for c in line.text)
        if width < _DENSE * line.box.width or _holds_several(line.text):
            continue
        inside = [
            box
            for box in left
            if abs(box.center[1] - line.box.center[1]) < 0.5 * em and box.overlap_x(line.box) >= 0.8 * box.width
        ]
        numbered = _NUMBERED.match(line.text)
        # No column ends behind the number of a label.
        own = inside[1:] if numbered and inside and inside[0].width < _NUMBER_EM * em * len(numbered[0]) else inside
        if len(inside) > 1 and not any(_is_border(a, b, borders) for a, b in pairwise(own)):
            left = [*(box for box in left if box not in inside), Box.union_of(inside)]
    return left


def _holds_several(text: str) -> bool:
    """Whether words of two characters or more were read with gaps between them; letters set apart are one word."""
    words = _NUMBERED.sub("", text.strip(), count=1).split()
    return len(words) > 1 and all(len(word) > 1 for word in words)


def _may_be_figure(box: Box, lines: Sequence[Line], em: float) -> bool:
    """By the characters read in its place; where nothing was read it may be one, since detectors miss lone figures."""
    if box.width < _FIGURE_EM * em or box.height <= _DASH_EM * em:
        return True
    text = ""
    for line in lines:
        if line.box.overlap_y(box) < 0.5 * min(box.height, line.box.height) or line.box.overlap_x(box) <= 0:
            continue
        each = line.box.width / max(1, len(line.text))
        first = max(0, round((box.left - line.box.left) / each - 0.4))
        last = max(first + 1, round((box.right - line.box.left) / each + 0.4))
        text += line.text[first:last]
    if text.strip() and (not text.strip(_UNITS) or (_PERCENT.search(text) and not text.strip(_UNITS + "%％"))):
        return False
    if not text.strip() and box.height >= _CHARACTER_EM * em:
        return False
    return _LETTER.search(text) is None or _REMARKED.match(text) is not None
