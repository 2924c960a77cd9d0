"""One cell on its way through the recogniser, and what becomes of its readings."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise

from ocr_pipeline.document import Reading
from ocr_pipeline.engine import Recognition
from ocr_pipeline.geometry import Box
from ocr_pipeline.tables.cell_ink import CellInk
from ocr_pipeline.tables.grid import GridCell
from ocr_pipeline.tables.specialist import contradicts, weighed

__all__ = ["WIDE", "CellTask", "has_digits", "has_words", "is_figure", "is_number", "may_be_figure"]

_UNSETTLED = " ?"
"""Put behind figures that may be those of two cells, so that nothing takes them for one."""

WIDE = 1.6
"""Width of a gap, against the height of its line, that no figure has within it."""

_NARROW = 0.6
"""Width of a Chinese character at least, against its height."""

_THROUGH, _AS_HIGH = 0.9, 0.6
"""Share of the height of two lines from which something runs through both, and share of one line's height that print
has of it."""

_NEXT, _OUTSIDE = 0.5, 0.1
"""How near a figure print is that may hold its next digit, and how far it reaches beyond it at least, against the
height of the figure."""

_LEAST_PROBABILITY = 1e-6
"""Typed readings below this are no readings."""

_FIGURE = re.compile(r"[\d\s.,+\-−－–—/]*")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_CONTRADICTED = math.log(0.3)
"""What a reading is worth that the specialist contradicts: an equation may prove it, another reader may not."""
_DIGITS = re.compile(r"\d")
_VALUE_IN_WORDS = re.compile(r"[增减加少+\-\s]*\d[\d.,\s]*[元万亿件（(]?")


def is_figure(text: str) -> bool:
    """True when nothing but a figure was read, or nothing at all."""
    return _FIGURE.fullmatch(text) is not None


def is_number(text: str) -> bool:
    """True when a figure with digits was read, and nothing else."""
    return is_figure(text) and has_digits(text)


def may_be_figure(text: str) -> bool:
    """Whether no words were read; one character may be a misread figure."""
    return len(text) <= 1 or not has_words(text)


def has_words(text: str) -> bool:
    """Whether any Chinese character was read."""
    return _CHINESE.search(text) is not None


def has_digits(text: str) -> bool:
    """Whether any digit was read."""
    return _DIGITS.search(text) is not None


@dataclass(eq=False)
class CellTask:
    """One cell, what was seen of it so far, and what that is settled to.

    Attributes:
        cell: its place in the grid.
        ink: the ink inside it.
        lines: boxes of its lines of print, top to bottom, pixels of the flat table.
        vertical: whether its characters stand one below the other.
        wrapped: whether its lines are one figure that had no room.
        text: settled from what was seen.
        confidence: of the text, 0..1.
        readings: of a figure, best first.
        seen: what the recogniser made of each crop of the cell.
        texts: what it made of each line, where it was shown them one by one.
        shown: what the readers are shown of its only line where that is more than the line's own ink.
        marked: whether other ink may be part of the figure that was read, or one of its digits part of other ink.
        faded: whether its print is so pale, for this table, that thin strokes may be gone.
    """

    cell: GridCell
    ink: CellInk
    lines: list[Box]
    vertical: bool
    wrapped: bool = False
    text: str = ""
    confidence: float = 0.0
    readings: tuple[Reading, ...] = ()
    seen: list[Recognition] = field(default_factory=list)
    texts: tuple[str, ...] = ()
    shown: Box | None = None
    marked: bool = False
    faded: bool = False

    @property
    def one_line(self) -> bool:
        """Whether the recogniser is shown the cell as one line."""
        return self.vertical or self.wrapped or len(self.lines) == 1

    @property
    def figure(self) -> bool:
        """True when nothing but a figure was read, or nothing at all."""
        return is_figure(self.text)

    @property
    def wants_witness(self) -> bool:
        """Whether a second recogniser's opinion would say anything."""
        if self.figure or (self.readings and self.may_be_figure):
            return bool(self.readings)
        return has_digits(self.text) and not self.text.endswith(_UNSETTLED)

    def settle(self) -> None:
        """Free reading: the most confident look. Typed readings: probabilities averaged over the looks."""
        best = max(self.seen, key=lambda r: (bool(r.text), r.confidence))
        self.text, self.confidence = best.text, best.confidence
        looks = [r.typed for r in self.seen if r.typed]
        if not looks:
            return
        total: dict[str, float] = defaultdict(float)
        for look in looks:
            for reading in look:
                total[reading.text] += math.exp(reading.log_prob) / len(looks)
        ranked = sorted(total.items(), key=lambda item: (-item[1], item[0]))
        engine = looks[0][0].engine
        # A word forced into figures leaves readings of no probability at all; they would only mislead.
        self.readings = tuple(
            Reading(text=text, log_prob=min(0.0, math.log(p)), engine=engine)
            for text, p in ranked[:5]
            if text and p > _LEAST_PROBABILITY
        )

    @property
    def may_be_figure(self) -> bool:
        """Whether it is a figure as far as read: no words, but one character may be a misread figure.

        So may be several that have no room for themselves, as two strokes of a broken 0 may be read.
        """
        if len(self.lines) == 1:
            return self.may_be_figure_in(self.shown or self.lines[0])
        return self.one_line and may_be_figure(self.text)

    def may_be_figure_in(self, box: Box) -> bool:
        """The same of a cell with one line, shown to the reader in this box."""
        if may_be_figure(self.text):
            return True
        return box.width < _NARROW * len(_CHINESE.findall(self.text)) * box.height

    def hear_specialist(self, seen: Recognition, threshold: float) -> None:
        """Weigh what a reader of nothing but figures saw: doubtful readings are settled with it, sure ones doubted.

        Args:
            seen: its typed readings; an empty text says that this is no figure.
            threshold: probability from which a reading is sure.
        """
        if not self.figure or self.is_doubtful(threshold):
            both = weighed(self.readings, self.text if self.figure else "", seen)
            if both:
                self.readings = both
                self.text, self.confidence = both[0].text, math.exp(both[0].log_prob)
                return
        if self.figure and contradicts(seen, self.text):
            self.doubt()

    def doubt(self) -> None:
        """Make the readings worth so little that only an equation proves them."""
        self.readings = tuple(r.model_copy(update={"log_prob": r.log_prob + _CONTRADICTED}) for r in self.readings)
        self.confidence *= math.exp(_CONTRADICTED)

    def mark(self) -> None:
        """Doubt the figure whoever agrees: all readers see the same ink, and only an equation tells what is whose."""
        self.doubt()
        self.marked = True

    def leave_unsettled(self) -> None:
        """Mark the figures as possibly those of two cells."""
        self.text, self.readings = self.text + _UNSETTLED, ()

    def is_doubtful(self, threshold: float) -> bool:
        """Whether another crop should be looked at; ``threshold`` is a probability."""
        if not self.text:
            return True
        if not self.figure:
            # Labels are matched with tolerance; words with figures (增加 33) are not.
            return bool(_VALUE_IN_WORDS.match(self.text)) and self.confidence < threshold
        if self.confidence < threshold or not self.readings:
            return True
        best = self.readings[0]
        return best.text != self.text or math.exp(best.log_prob) < threshold

    def wraps(self) -> bool:
        """Whether the lines are one figure too wide for its cell, and not those of two rows with an unseen ruling.

        A figure wraps where one more character has no room, and goes on in the next line.
        """
        for line, below in pairwise(self.lines):
            character = line.height * 0.75
            if self.ink.interior.width - line.width > 3.2 * character or below.top - line.bottom > 0.9 * line.height:
                return False
        return True

    def line_cut_through(self) -> Box | None:
        """The one line that its lines are, where print was cut in two since something upright runs through the cell.

        The rest of a ruling or a stroke of a seal makes print look as high as two lines. What is as high as all of it
        is left out; None where no other print was cut, or where what is left is not all of one line.
        """
        if len(self.lines) != 2:
            return None
        (top, cut), bottom = (self.lines[0].top, self.lines[0].bottom), self.lines[1].bottom
        rest = [part for part in self.ink.parts if part.height <= _THROUGH * (bottom - top)]
        if self.lines[1].top > cut or not any(part.top < cut - 1 and part.bottom > cut + 1 for part in rest):
            return None
        line = Box.union_of(rest)
        high = [part for part in rest if part.height >= _AS_HIGH * line.height]
        return line if high and all(part.overlap_y(high[0]) > 0 for part in rest) else None

    def may_lack_digit(self) -> bool:
        """Whether print that none of the lines holds stands where one more digit of a figure would.

        A stroke of a pen that runs through the cell and a digit that it touches are one piece, which is no line's.
        """
        return any(
            part.overlap_y(line) > _AS_HIGH * line.height
            and max(part.left - line.right, line.left - part.right) < _NEXT * line.height
            and max(part.right - line.right, line.left - part.left) > _OUTSIDE * line.height
            for line in self.lines
            for part in self.ink.parts
        )

    def is_parted(self) -> bool:
        """Whether a gap wider than any within a figure runs through a line."""
        return bool(self.gaps())

    def gaps(self) -> tuple[tuple[float, float], ...]:
        """From where to where such gaps reach, line by line from left to right, in pixels of the flat table."""
        found = []
        for line in self.lines:
            parts = sorted((b.left, b.right) for b in self.ink.parts if line.overlap_y(b) > 0)
            reach = parts[0][1] if parts else 0.0
            for left, right in parts[1:]:
                if left - reach > WIDE * line.height:
                    found.append((reach, left))
                reach = max(reach, right)
        return tuple(found)
