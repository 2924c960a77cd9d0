"""Which row of a table is which line of a part.

The rows of a table, or of a piece of one, are aligned with the part's lines in order. A row whose label is gone, or too
worn to be read, is believed only where it is counted off between recognised neighbours; a row whose label says
something else is not believed at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from ocr_pipeline.templates.alignment import align, best_span
from ocr_pipeline.templates.labels import best_similarity, normalize, runs_on
from ocr_pipeline.templates.lines import FormLine, form_lines, likeness
from ocr_pipeline.templates.model import Part
from ocr_pipeline.templates.observed import Likeness, ObservedRow, ObservedTable
from ocr_pipeline.templates.options import TemplateOptions

__all__ = ["LineMatch", "RowMatch", "locate", "match_rows"]


_NEARLY = 0.15
"""How much less like its line than like another one a row may be, since misread characters blur the difference."""

_CHANCE = 0.35
"""Similarity to another line that worn words have without being its label."""
_SLIPPED = 0.3
"""How much more like their neighbours' lines three rows may be by chance, together."""
_TIE = 0.1
"""Difference in gain that a misread character makes."""


@dataclass(frozen=True, slots=True)
class LineMatch:
    """A row of the table paired with a line of the part.

    Attributes:
        row: row of the table.
        line: index among the part's lines.
        similarity: of the labels, 0..1; 0 where the label is gone.
        trust: recognised by its label, counted off between such rows, or doubtful.
        labelled: whether the row has a label.
        worn: whether it has one that is too worn to say that the row is another.
        margin: how much better than any other way to align this row.
    """

    row: int
    line: int
    similarity: float
    trust: Literal["label", "count", "doubtful"]
    labelled: bool
    margin: float
    worn: bool = False


@dataclass(frozen=True, slots=True)
class RowMatch:
    """All pairs of one table and one part, the rows [start, stop) they lie in, and the alignment's score."""

    start: int
    stop: int
    lines: tuple[LineMatch, ...]
    score: float

    @property
    def recognised(self) -> tuple[LineMatch, ...]:
        """Lines recognised by their label."""
        return tuple(match for match in self.lines if match.trust == "label")


def locate(
    table: ObservedTable, part: Part, options: TemplateOptions, start: int, stop: int
) -> tuple[int, int, float] | None:
    """The stretch of rows [start, stop) most like the part: half-open, with its score; None for none."""
    lines = form_lines(part)
    likes = _likenesses(table, lines, options, start, stop)
    span = best_span(_gains(likes), _skips(table.rows[start:stop], options), [options.skip_row] * len(lines))
    return None if span is None else (start + span.observed[0], start + span.observed[1], span.score)


def match_rows(table: ObservedTable, part: Part, options: TemplateOptions, start: int, stop: int) -> RowMatch:
    """Align the rows [start, stop) with the part."""
    lines = form_lines(part)
    likes = _likenesses(table, lines, options, start, stop)
    skips = _skips(table.rows[start:stop], options)
    found = align(_gains(likes), skips, [options.skip_row] * len(lines), free_ends=True)
    matches: list[LineMatch] = []
    for i, j in found.pairs:
        like, margin = likes[i][j], found.margins[i]
        # A row that is more like another line is that one out of place, or a stranger.
        most = max(other.similarity for other in likes[i])
        named = like.labelled and like.similarity >= max(options.label_similarity, most - _NEARLY)
        by_label = named and margin >= options.alignment_margin
        trust: Literal["label", "doubtful"] = "label" if by_label else "doubtful"
        worn = like.worn and most < max(_CHANCE, like.similarity + _NEARLY)
        matches.append(LineMatch(start + i, j, like.similarity, trust, like.labelled, margin, worn))
    matches = [replace(match, worn=match.worn and not _has_slipped(match, likes, start)) for match in matches]
    matches = _without_pairs(_without_orphans(matches, likes, start), table.rows, lines)
    return RowMatch(start, stop, _count_off(matches, table.rows, lines, options), found.score)


def _has_slipped(match: LineMatch, likes: Sequence[Sequence[Likeness]], start: int) -> bool:
    """Whether what is left of a worn label and of those beside it is more like the lines above their own, or below."""
    rows = range(max(0, match.row - start - 1), min(len(likes), match.row - start + 2))
    ahead = match.line - (match.row - start)

    def common(off: int) -> float:
        lines = [(row, row + ahead + off) for row in rows]
        return sum(likes[row][line].similarity for row, line in lines if 0 <= line < len(likes[row]))

    return max(common(-1), common(1)) > common(0) + _SLIPPED


def _without_orphans(matches: Sequence[LineMatch], likes: Sequence[Sequence[Likeness]], start: int) -> list[LineMatch]:
    """Doubt rows that are as much like a line that no row was found for: a cut label may be either."""
    taken = {match.line for match in matches if match.trust == "label"}
    result: list[LineMatch] = []
    for match in matches:
        row = likes[match.row - start]
        rivals = [like.gain for line, like in enumerate(row) if line not in taken and like.labelled]
        if match.trust == "label" and max(rivals, default=-1.0) >= row[match.line].gain - _TIE:
            match = replace(match, trust="doubtful")
        result.append(match)
    return result


def _without_pairs(
    matches: Sequence[LineMatch], rows: Sequence[ObservedRow], lines: Sequence[FormLine]
) -> list[LineMatch]:
    """Doubt rows that say more than their line where one beside it was not found: two may stand in one.

    A figure in a row whose ruling was lost may be of either line, wherever the other one is blank.
    """
    found = {match.line for match in matches}
    result: list[LineMatch] = []
    for match in matches:
        beside = [lines[n] for n in (match.line - 1, match.line + 1) if 0 <= n < len(lines) and n not in found]
        own = lines[match.line].labels
        if own and beside and rows[match.row].labels:
            text = max(rows[match.row].wordings(), key=lambda text: best_similarity(text, own[0]))
            if any(runs_on(text, own[0], labels) for line in beside for labels in line.labels):
                match = replace(match, trust="doubtful")
        result.append(match)
    return result


def _count_off(
    matches: Sequence[LineMatch], rows: Sequence[ObservedRow], lines: Sequence[FormLine], options: TemplateOptions
) -> tuple[LineMatch, ...]:
    """Believe rows whose label was lost where the count between recognised neighbours leaves no choice."""
    anchors = [(-1, -1), *((m.row, m.line) for m in matches if m.trust == "label"), (len(rows), len(lines))]
    result: list[LineMatch] = []
    for match in matches:
        if match.trust == "doubtful" and (match.worn or not match.labelled):
            above = max(a for a in anchors if a[0] < match.row)
            below = min(a for a in anchors if a[0] > match.row)
            level = [a[0] - match.row == a[1] - match.line for a in (above, below)]
            # A row that has no label on the form either needs only one neighbour, and no rival.
            nameless = not lines[match.line].labels and match.margin >= options.alignment_margin
            told = all(level) and not rows[match.row].bare
            if told and match.worn:
                told = _is_whole(range(above[0] + 1, below[0]), match.line - match.row, rows, lines)
            if told or (nameless and any(level)):
                match = replace(match, trust="count")
        result.append(match)
    return tuple(result)


def _is_whole(between: range, ahead: int, rows: Sequence[ObservedRow], lines: Sequence[FormLine]) -> bool:
    """Whether each row between recognised ones, or between one and an end of the table, is a line of its own.

    Where two ran together and a third was cut in two, there are as many; but what was cut leaves a row without figures
    or without a label, and what ran together leaves cells with more than one figure. What numbers are left of the
    labels must speak for the lines as well.

    Args:
        between: the rows.
        ahead: how much higher the number of a row's line is than its own.
        rows: of the table.
        lines: of the part.
    """
    if between.start == 0 and between.stop == len(rows):
        return False
    numbers = []
    for at in between:
        row, line = rows[at], lines[at + ahead]
        if line.kind != "row":
            continue
        if row.bare or 2 * row.single <= row.values:
            return False
        if row.labels and line.labels:
            numbers.append((normalize(row.labels[-1].text).number, normalize(line.labels[0][0]).number))
    told = [seen == wanted for seen, wanted in numbers if seen and wanted]
    return 2 * sum(told) >= len(told)


def _likenesses(
    table: ObservedTable, lines: Sequence[FormLine], options: TemplateOptions, start: int, stop: int
) -> list[list[Likeness]]:
    for row in table.rows[start:stop]:
        for line in lines:
            if (row.index, line.key) not in table.seen:
                table.seen[row.index, line.key] = likeness(row, line, options.label_similarity)
    return [[table.seen[row.index, line.key] for line in lines] for row in table.rows[start:stop]]


def _gains(table: Sequence[Sequence[Likeness]]) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.array([[like.gain for like in row] for row in table], dtype=np.float64)


def _skips(rows: Sequence[ObservedRow], options: TemplateOptions) -> list[float]:
    return [options.skip_row if row.values else options.skip_note for row in rows]
