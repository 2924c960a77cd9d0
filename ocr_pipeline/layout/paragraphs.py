"""Rows to paragraphs: where one ends, and whether it goes on behind a page break."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ocr_pipeline.layout.numbering import Scheme, parse_numbering
from ocr_pipeline.layout.options import LayoutOptions
from ocr_pipeline.layout.rows import Row
from ocr_pipeline.layout.typography import ends_sentence, first_token_width, join

__all__ = ["Frame", "continues", "paragraph_text", "split_paragraphs"]

_SUPPORT = 0.15
"""Share of the rows that must begin or end near an edge of a column for it to be one."""
_PUNCTUATION = frozenset("，。；：！？,;:!?")
"""Of sentences; headings have none of these."""
_SHORT_EM = 1.5
"""Room that a full row may leave at its end."""
_ROOM_EM = 0.7
"""What a word needs beside its own width before it would have been set on the row above."""
_OUTLIER_EM = 1.5
"""How far from an edge of the column a row may begin or end that stands at it."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The measure of a column: its margins in pixels, the size of its characters and the usual pitch of its rows.

    ``sure`` says whether several rows reach the right margin; ``pitch`` is 0 when it is not known.
    """

    left: float
    right: float
    em: float
    pitch: float
    sure: bool

    @classmethod
    def of(cls, rows: Sequence[Row], *, page_width: float | None = None) -> Frame:
        """The measure of rows from top to bottom.

        Args:
            rows: at least one, of one column.
            page_width: where given, the column is the only one and the margins of the page are taken for equal when
                too few rows tell where the right one is.

        Raises:
            ValueError: no row.
        """
        if not rows:
            raise ValueError("no rows to measure")
        em = statistics.median(row.em for row in rows)
        left = _edge([row.box.left for row in rows], em)
        right = -_edge([-row.box.right for row in rows], em)
        sure = sum(1 for row in rows if abs(row.box.right - right) <= _OUTLIER_EM * em) >= 3
        if page_width is not None and not sure:
            right = max(right, page_width - left - em)
        return cls(left=left, right=max(left, right), em=em, pitch=_pitch(rows, em), sure=sure)

    def indent(self, row: Row) -> float:
        """Distance in em of the row's start from the left margin."""
        return (row.box.left - self.left) / self.em

    def room(self, row: Row) -> float:
        """Distance in em of the row's end from the right margin."""
        return (self.right - row.box.right) / self.em

    def is_centred(self, row: Row) -> bool:
        """Whether the row stands in the middle with room on both sides."""
        return min(self.indent(row), self.room(row)) >= 1.0 and abs(self.indent(row) - self.room(row)) <= max(
            1.5, 0.06 * (self.right - self.left) / self.em
        )


def _edge(values: Sequence[float], em: float) -> float:
    """The smallest value that enough others stand near: a single row outside the measure does not move its margin."""
    ordered = sorted(values)
    needed = max(1.0, _SUPPORT * len(ordered))
    for value in ordered:
        if sum(1 for other in ordered if 0 <= other - value <= _OUTLIER_EM * em) >= needed:
            return value
    return ordered[0]


def _pitch(rows: Sequence[Row], em: float) -> float:
    steps = [after.box.center[1] - before.box.center[1] for before, after in pairwise(rows)]
    close = [step for step in steps if 0.8 * em <= step <= 3.5 * em]
    return statistics.median_low(close) if close else 0.0


def split_paragraphs(
    rows: Sequence[Row],
    frame: Frame,
    options: LayoutOptions,
    *,
    parted: Callable[[Row, Row], bool] | None = None,
) -> list[list[Row]]:
    """Rows of one column, from top to bottom, as paragraphs; every row in exactly one.

    Args:
        rows: the rows.
        frame: the column's measure.
        options: indentation and pitch that open a paragraph.
        parted: says of two neighbours that something else (a table, a change of style) parts them.
    """
    paragraphs: list[list[Row]] = []
    for row in rows:
        before = paragraphs[-1][-1] if paragraphs else None
        if before is None or (parted and parted(before, row)) or _opens(paragraphs[-1], row, frame, options):
            paragraphs.append([row])
        else:
            paragraphs[-1].append(row)
    return paragraphs


def _opens(paragraph: Sequence[Row], row: Row, frame: Frame, options: LayoutOptions) -> bool:
    before = paragraph[-1]
    step = row.box.center[1] - before.box.center[1]
    if frame.pitch > 0 and step > options.pitch_ratio * frame.pitch:
        return True
    if _is_short(before, row, frame):
        return True
    if ends_sentence(before.text) and parse_numbering(row.text) is not None:
        return True
    if len(paragraph) == 1 and _heads(before, row):
        return True
    indent = frame.indent(row)
    # A block set further in as a whole keeps its indentation from row to row; a new paragraph changes it.
    deeper = indent - frame.indent(before) >= options.indent_em / 2
    return indent >= options.indent_em and (len(paragraph) == 1 or deeper)


def _heads(above: Row, below: Row) -> bool:
    """Whether two rows are a heading and the first one of the rank below it: 五、存在的主要问题 and （一）公开意识."""
    outer, inner = parse_numbering(above.text), parse_numbering(below.text)
    if outer is None or inner is None or inner.scheme <= outer.scheme:
        return False
    return outer.scheme <= Scheme.COMMA and inner.scheme <= Scheme.BRACKETED and _PUNCTUATION.isdisjoint(above.text)


def _is_short(before: Row, after: Row, frame: Frame) -> bool:
    """Whether the row ends although what follows would still have fitted."""
    return frame.room(before) > max(_SHORT_EM, first_token_width(after.text) + _ROOM_EM)


def continues(before: Row, after: Row, frames: tuple[Frame, Frame], options: LayoutOptions) -> bool:
    """Whether the last row of a page or column goes on in the first row of the next.

    Args:
        before: last row of text above the break.
        after: first row of text below it.
        frames: the measures of the two columns.
        options: the indentation that opens a paragraph.
    """
    above, below = frames
    if _is_short(before, after, above) and (above.sure or ends_sentence(before.text)):
        return False
    if below.indent(after) >= options.indent_em:
        return False
    # Without a sentence's end the text has to go on; with one, a full row says so, and only where it can be told.
    return not ends_sentence(before.text) or above.sure


def paragraph_text(rows: Sequence[Row]) -> str:
    """The rows as one text."""
    text = ""
    for row in rows:
        text = join(text, row.text)
    return text
