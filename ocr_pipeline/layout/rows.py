"""Rows: the lines a text detector found, put side by side where they stand on one base line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from ocr_pipeline.document import Line
from ocr_pipeline.geometry import Box
from ocr_pipeline.layout.typography import join, text_width

__all__ = ["Row", "group_rows", "line_key"]

_SAME_ROW = 0.5
"""Share of the lower line's height that two lines of one row have in common."""
_BESIDE, _ROOM = 0.3, 0.65
"""Share of the narrower one's width, and of the lower one's height, by which they may overlap, whichever is more: boxes
of lines are a little too wide, by as much as their characters are large."""
_WIDE_GAP_EM = 1.5
"""White between two lines of a row that is kept as a blank."""


@dataclass(frozen=True)
class Row:
    """One or more lines on one base line, from left to right.

    Raises:
        ValueError: no line.
    """

    lines: tuple[Line, ...]

    def __post_init__(self) -> None:
        if not self.lines:
            raise ValueError("a row needs a line")

    @cached_property
    def box(self) -> Box:
        """Around all its lines."""
        return Box.union_of(line.box for line in self.lines)

    @cached_property
    def text(self) -> str:
        """The lines' texts joined; a blank where there is a wide gap between two of them."""
        text = self.lines[0].text
        for before, line in pairwise(self.lines):
            gap = line.box.left - before.box.right
            wide = gap > _WIDE_GAP_EM * min(before.box.height, line.box.height)
            text = f"{text.rstrip()} {line.text.lstrip()}" if wide else join(text, line.text)
        return text.strip()

    @cached_property
    def em(self) -> float:
        """Size of a character in pixels, by height and by width of the text, whichever is smaller; never 0.

        Heights include the margin a text detector adds, widths suffer from spread characters; both only enlarge.
        """
        line = max(self.lines, key=lambda item: item.box.width)
        units = text_width(line.text)
        by_width = line.box.width / units if units >= 3 else line.box.height
        return max(1.0, min(line.box.height, by_width))


def line_key(line: Line) -> tuple[object, ...]:
    """A total order of lines that does not depend on the order in which they came."""
    return (line.box.top, line.box.left, line.box.bottom, line.box.right, line.text, line.confidence)


def group_rows(lines: Iterable[Line]) -> list[Row]:
    """Every line in exactly one row, rows from top to bottom, whatever the order of the input."""
    groups: list[list[Line]] = []
    for line in sorted(lines, key=lambda item: (item.box.center[1], *line_key(item))):
        for group in reversed(groups[-3:]):
            if _stands_in(line, group):
                group.append(line)
                break
        else:
            groups.append([line])
    rows = [Row(tuple(sorted(group, key=lambda item: (item.box.left, *line_key(item))))) for group in groups]
    return sorted(rows, key=lambda row: (row.box.center[1], row.box.left, *line_key(row.lines[0])))


def _stands_in(line: Line, group: Sequence[Line]) -> bool:
    nearest = min(group, key=lambda item: _distance_x(item.box, line.box))
    shared = nearest.box.overlap_y(line.box)
    if shared < _SAME_ROW * max(1.0, min(nearest.box.height, line.box.height)):
        return False
    return all(item.box.overlap_x(line.box) <= _overlap(item.box, line.box) for item in group)


def _overlap(first: Box, second: Box) -> float:
    """How much two lines beside each other may overlap, in pixels."""
    by_width, by_height = _BESIDE * min(first.width, second.width), _ROOM * min(first.height, second.height)
    return max(by_width, by_height, _BESIDE)


def _distance_x(first: Box, second: Box) -> float:
    return max(first.left, second.left) - min(first.right, second.right)
