"""Measures, breaks and draws lines of mixed Chinese and Latin text, glyph by glyph, and knows where the ink goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from PIL import ImageDraw, ImageFont

from ocr_pipeline.evaluation.synthetic.fonts import load
from ocr_pipeline.geometry import Box

__all__ = ["Typeface", "break_lines"]

_NO_START = frozenset("、，。；：！？）》」』】”’%％,.;:!?)]}·…")
_NO_END = frozenset("（《「『【“‘([{")
_LATIN = frozenset("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ+-.,/%()'\"&")


@dataclass(frozen=True, slots=True)
class Typeface:
    """A Chinese face with a Latin one for figures, at one size.

    Attributes:
        chinese, latin: names in ``fonts``; an empty ``latin`` takes the Chinese face's own figures.
        size: pixels of an em.
        bold: thickened by printing twice, as word processors do for faces without a bold cut.
        autospace: a quarter of an em between Chinese and Latin.
    """

    chinese: str
    latin: str
    size: int
    bold: bool = False
    autospace: bool = False

    @property
    def ascent(self) -> float:
        """From baseline to the top of a Chinese character, pixels."""
        return 0.88 * self.size

    def font(self, char: str) -> ImageFont.FreeTypeFont:
        """The face this character is printed in."""
        return load(self.latin if self.latin and char in _LATIN else self.chinese, self.size)

    def positions(self, text: str, extra: float = 0.0) -> tuple[list[float], float]:
        """Left edge of each character and the total width; ``extra`` pixels are added between neighbours."""
        xs: list[float] = []
        x = 0.0
        for i, char in enumerate(text):
            if i:
                x += extra
                if self.autospace and self._meets(text[i - 1], char):
                    x += self.size / 4
            xs.append(x)
            x += _advance(self.font(char), char)
        return xs, x + (self._weight if text else 0)

    def width(self, text: str) -> float:
        """Pixels from the left edge of the first character to the right edge of the last."""
        return self.positions(text)[1]

    @property
    def _weight(self) -> int:
        return max(1, round(self.size / 28)) if self.bold else 0

    @staticmethod
    def _meets(left: str, right: str) -> bool:
        wide = [c for c in (left, right) if "一" <= c <= "鿿"]
        narrow = [c for c in (left, right) if c.isascii() and c.isalnum()]
        return len(wide) == 1 and len(narrow) == 1

    def draw(
        self,
        canvas: ImageDraw.ImageDraw,
        origin: tuple[float, float],
        text: str,
        *,
        color: tuple[int, int, int],
        extra: float = 0.0,
    ) -> Box | None:
        """Print a line; returns the bounds of its ink, None for blanks.

        Args:
            canvas: of an RGB image.
            origin: left edge and baseline in pixels.
            text: a single line.
            color: RGB.
            extra: pixels between characters.
        """
        boxes: list[Box] = []
        xs, _ = self.positions(text, extra)
        baseline = round(origin[1])
        for x, char in zip(xs, text, strict=True):
            font, left = self.font(char), round(origin[0] + x)
            ink = _ink(font, char)
            if ink is None:
                continue
            for shift in range(self._weight + 1):
                canvas.text((left + shift, baseline), char, font=font, fill=color, anchor="ls")
            boxes.append(Box(left + ink[0], baseline + ink[1], left + ink[2] + self._weight, baseline + ink[3]))
        return Box.union_of(boxes) if boxes else None


@lru_cache(maxsize=65536)
def _advance(font: ImageFont.FreeTypeFont, char: str) -> float:
    return float(font.getlength(char))


@lru_cache(maxsize=65536)
def _ink(font: ImageFont.FreeTypeFont, char: str) -> tuple[float, float, float, float] | None:
    left, top, right, bottom = font.getbbox(char, anchor="ls")
    return None if char.isspace() or right <= left or bottom <= top else (left, top, right, bottom)


def break_lines(text: str, face: Typeface, width: float, *, first_indent: float = 0.0) -> list[str]:
    """Break a paragraph into lines that fit.

    Figures and Latin words stay whole where the width allows it; closing punctuation does not start a line.

    Args:
        text: one paragraph.
        face: what it is printed in.
        width: pixels; at least one character goes on each line however narrow it is.
        first_indent: pixels by which the first line is shorter.
    """
    lines: list[str] = []
    rest = text
    room = width - first_indent
    while rest:
        count = _fitting(rest, face, room)
        if count < len(rest):
            count = _allowed_break(rest, count, face, width)
        lines.append(rest[:count].rstrip(" "))
        rest = rest[count:].lstrip(" ")
        room = width
    return lines or [""]


def _fitting(text: str, face: Typeface, width: float) -> int:
    xs, total = face.positions(text)
    ends: Sequence[float] = [*xs[1:], total]
    return max(1, sum(1 for end in ends if end <= width))


def _allowed_break(text: str, count: int, face: Typeface, width: float) -> int:
    """The last place at or before ``count`` where a line may end; ``count`` itself where there is none."""
    for at in range(count, 0, -1):
        left, right = text[at - 1], text[at]
        inside_word = left in _LATIN and right in _LATIN and left not in "/,"
        if not inside_word and right not in _NO_START and left not in _NO_END:
            return at
        # In a narrow cell a figure wider than the cell is cut anywhere, and punctuation falls where it falls.
        if count - at > 8 or face.width(text[at - 1 : count]) > width * 0.7:
            break
    return count
