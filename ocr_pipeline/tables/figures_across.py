"""Figures of two columns: they stand in the middle of both, where those of each column alone never stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from ocr_pipeline.tables.aligned_header import Frame, Stack, meet
from ocr_pipeline.tables.aligned_lines import Span

__all__ = ["Middles"]

_TOLD = 2
"""Figures of a column alone that show where its figures stand."""
_ON, _OFF = 0.75, 1.2
"""In characters: how far a figure is off the middle of two columns at most, and off all places where figures of its own
stand at least."""


@dataclass(frozen=True)
class Middles:
    """Where the figures of each column stand.

    Attributes:
        places: of each column, the usual left, middle and right of its figures in page pixels; empty where few tell.
        zone: how many columns hold labels.
        em: usual size of a character, pixels.
    """

    places: tuple[tuple[float, ...], ...]
    zone: int
    em: float

    @classmethod
    def of(cls, values: Sequence[Stack], frame: Frame) -> Middles:
        """Of the figures of a table.

        Args:
            values: cells right of the labels.
            frame: of the table.
        """
        places = []
        for column in range(len(frame.xs) - 1):
            boxes = [stack.box for stack in values if stack.span == (column, column + 1)]
            each = zip(*((box.left, box.center[0], box.right) for box in boxes), strict=True)
            places.append(tuple(median(side) for side in each) if len(boxes) >= _TOLD else ())
        return cls(tuple(places), frame.zone, frame.em)

    def across(self, span: Span, stack: Stack, row: Sequence[Stack]) -> Span:
        """The columns of a figure, with the one beside it where it stands in the middle of both.

        Args:
            span: the columns that it has by itself.
            stack: the figure.
            row: all figures of its row.
        """
        column, box = span[0], stack.box
        if span[1] - column != 1 or not self.places[column]:
            return span
        sides = zip((box.left, box.center[0], box.right), self.places[column], strict=True)
        if min(abs(side - place) for side, place in sides) < _OFF * self.em:
            return span
        for pair in ((column - 1, column + 1), (column, column + 2)):
            inside = self.zone <= pair[0] and pair[1] <= len(self.places)
            if not inside or any(meet(pair, other.span) for other in row if other is not stack):
                continue
            places = [self.places[k] for k in range(*pair)]
            if all(places) and abs(box.center[0] - sum(place[1] for place in places) / 2) <= _ON * self.em:
                return pair
        return span
