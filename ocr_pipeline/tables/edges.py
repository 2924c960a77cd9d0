"""Does a ruling stand between two neighbouring positions? Measured edge by edge, in the table's own terms.

A ruling is ink on one straight line from crossing to crossing. A stroke of text is not that straight, not that long and
hardly ever reaches the crossings. How well a ruling is inked depends on the page (a fax breaks every line), so the bar
is set by the table's own long rulings.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, fields, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.tables.evenness import UNEVEN, evenness, sorted_by_depth, usable_depth

__all__ = ["Direction", "Measures", "without_specks"]


_STRONG, _WEAK = 0.85, 0.55
"""Coverage against the table's own long rulings: enough by itself, and enough on a line that stands elsewhere."""
_TOUCHED = 0.15
"""Share of a vertical ruling that may have ink close beside it on one side; strokes of text have more neighbours."""
_PERFECT, _UNTOUCHED = 0.97, 0.03
"""What makes a line of a single short edge believed: inked throughout, nothing beside it."""
_OWN = 0.5
"""Share of ink of a row beside the middle of a ruling from which it may be of the ruling itself, which slopes."""
_REMNANT, _ALONE = 0.3, 0.1
"""What is left of a ruling that faded: some ink on its line, and nothing else about."""
_HALF = 0.5
"""Share of ink of a level ruling of which one end was lost: no text has so much on one straight line."""
_PIECE = 0.35
"""Share of ink of an upright ruling of which a piece is left."""
_CRISP = 0.9
"""Share of the standing edges that are inked throughout in a table whose rulings did not fade."""
_REACHED = 0.85
"""Share of ink at either end of an edge: figures in a tight row come near the rulings but never reach them."""
_SPECK_INCHES = 0.02
"""Length of what is no print beside a ruling, but grain."""
_RUN = 4
"""Edges in a row, inked throughout, that make a ruling however close text stands on one side of it; and edges side by
side that do so where what stands close may be the slope of rulings."""
_MOST = 0.6
"""Share of the lines in a table that are rulings of such a row: strokes of characters one above the other are fewer."""
_DOTTED, _DOTS = 0.35, 4
"""Share of ink and number of dots that an edge of a dotted ruling has at least; bridged, they leave no gap."""
_ELSEWHERE = 0.08
"""Share of a line that must stand by itself before an edge that text touches from one side is believed."""
_WITHIN = 0.6
"""Share of a weak edge with ink close beside it on both sides, at most: more has a line of print."""
_LOW = 1.5
"""Height of a row, against the shortest ruling, in which print may fill the room between two rulings."""
_SUPPORT = 0.4
"""Share of a line that must stand by itself before its weak edges are believed."""


@dataclass(frozen=True, eq=False)
class Measures:
    """What was measured of each edge, len(lines) x (len(crossing) - 1) each, 0..1.

    Attributes:
        covered: share of inked pixels; low when the edge is not inked up to both of its ends.
        inked: the same whatever its ends.
        reached: share of inked pixels at the end that has fewer.
        held: share of inked pixels at the end that has more.
        dots: number of separate runs of ink.
        bridged: share when breaks as long as between the dots of a dotted ruling are closed.
        touched: share with other ink close beside it, on the worse side.
        enclosed: the same on the better side.
        clasped: the same on the worse side, beyond rows of which half is inked: those may be of a ruling that slopes;
            of upright rulings only.
        even: least depth of its ink from crossing to crossing against its usual depth; 0 where nobody knows.
    """

    covered: NDArray[np.float64]
    inked: NDArray[np.float64]
    reached: NDArray[np.float64]
    held: NDArray[np.float64]
    dots: NDArray[np.float64]
    bridged: NDArray[np.float64]
    touched: NDArray[np.float64]
    enclosed: NDArray[np.float64]
    clasped: NDArray[np.float64]
    even: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Direction:
    """Ink as the rulings of one direction see it: they run along the second axis.

    Attributes:
        slack: height x width, bool; ink with one pixel of slack across the ruling.
        bridged: the same with short breaks along the ruling closed.
        ink_above: height x width, bool; ink in the rows from which a ruling's neighbourhood reaches up from here.
        ink_below: the same downwards.
        reach: how far, in pixels, a ruling may lie from where it is looked for.
        usual: coverage (0..1) of this table's long rulings.
        beside: distances in pixels from a ruling's centre between which its neighbourhood lies.
        crowded: share (0..1) of a ruling that may have ink in its neighbourhood.
        shortest: pixels that must stand in one stretch for a line to be real.
        depth: height x width; how dark the ink is, with slack across the ruling; None where it says nothing.
    """

    slack: NDArray[np.bool_]
    bridged: NDArray[np.bool_]
    ink_above: NDArray[np.bool_]
    ink_below: NDArray[np.bool_]
    reach: int
    usual: float
    beside: tuple[int, int]
    crowded: float
    shortest: float
    depth: NDArray[np.float32] | None = None

    @classmethod
    def of(
        cls, ink: NDArray[np.uint8], lines: list[float], shortest: float, dpi: float, max_gap: float, *, upright: bool
    ) -> Direction:
        """Prepare ink (0/255) and learn from the lines found (pixels along the first axis) how rulings look here.

        With ``upright`` the rulings are vertical ones: strokes of text pass for those, since a row is hardly higher
        than its text. No text fills a row of pixels from one side of a cell to the other, so horizontal ones may be
        crowded.
        """
        reach = max(1, round(0.0125 * dpi))
        nearest = round(_thickness(ink > 0, lines) / 2) + 2
        beside = (nearest, nearest + round(0.02 * dpi))
        crowded = _TOUCHED if upright else 1.0
        close = np.ones((beside[1] - beside[0] + 1, 1), np.uint8)
        solid = without_specks(ink, dpi)
        above = cv2.dilate(solid, close, anchor=(0, len(close) - 1)) > 0
        below = cv2.dilate(solid, close, anchor=(0, 0)) > 0
        stretches = [float(x) for x in np.arange(0, ink.shape[1], dpi / 2)]
        plain = cv2.dilate(ink, np.ones((3, 1), np.uint8))
        bridged = cv2.morphologyEx(plain, cv2.MORPH_CLOSE, np.ones((1, round(max_gap * dpi) | 1), np.uint8)) > 0
        for slack in (plain > 0, bridged):
            direction = cls(slack, bridged, above, below, reach, 1.0, beside, crowded, shortest)
            coverage = direction.measure(lines, stretches).covered
            inked = coverage[coverage > 0.5]
            usual = float(np.median(inked)) if inked.size else 1.0
            if usual > 0.8:
                break
        return replace(direction, usual=max(usual, 0.6))

    def seeing(self, depth: NDArray[np.uint8]) -> Direction:
        """The same with the depth of the ink (uint8, as large as that)."""
        return replace(self, depth=usable_depth(depth))

    def measure(self, lines: list[float], crossing: list[float], *, frame: bool = True) -> Measures:
        """Measure each edge on its best straight row within reach.

        With ``frame`` the outermost lines are the table's frame, and what stands beside them is not looked at: often it
        is the other line of a doubled frame.
        """
        height, width = self.slack.shape
        shape = (len(lines), max(0, len(crossing) - 1))
        measures = Measures(*(np.zeros(shape) for _ in fields(Measures)))
        places = np.array([round(place) for place in crossing], dtype=np.int64)
        left, right = np.maximum(0, places[:-1] + self.reach + 1), np.minimum(width, places[1:] - self.reach)
        chosen = np.flatnonzero(right > left)
        if not chosen.size:
            return measures
        spans = _Spans(left[chosen], right[chosen])
        for i, line in enumerate(lines):
            top = min(max(0, round(line) - self.reach), height - 1)
            rows = slice(top, min(height, round(line) + self.reach + 1))
            band = self.slack[rows]
            (ends, held), share = spans.ends(band), spans.share(band)
            score = np.where(ends >= 0.6, share, np.minimum(share, 0.3))
            best = (score.argmax(axis=0), np.arange(chosen.size))
            measures.covered[i, chosen] = score[best]
            measures.inked[i, chosen], measures.reached[i, chosen] = share[best], ends[best]
            measures.held[i, chosen] = held[best]
            measures.dots[i, chosen] = spans.runs(band)[best]
            measures.bridged[i, chosen] = spans.share(self.bridged[rows]).max(axis=0)
            if self.depth is not None:
                measures.even[i, chosen] = evenness(self.depth[rows], places[:-1][chosen], places[1:][chosen])
            if not frame or 0 < i < len(lines) - 1:
                middles = top + _middle_of_best(score)
                above, below = self._neighbours(middles, spans)
                measures.touched[i, chosen] = np.maximum(above, below)
                measures.enclosed[i, chosen] = np.minimum(above, below)
                if self.crowded < 1:
                    measures.clasped[i, chosen] = np.maximum(*self._neighbours(middles, spans, sloping=True))
        return measures

    def _neighbours(
        self, centres: NDArray[np.int64], spans: _Spans, *, sloping: bool = False
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Share of each span with ink close above and close below a ruling that runs through these rows.

        With ``sloping``, rows next to it of which half is inked are of the ruling itself.
        """
        (near, _), own = self.beside, _OWN if sloping else _PERFECT
        shares = np.zeros((2, centres.size))
        for k, (centre, left, right) in enumerate(zip(centres, spans.left, spans.right, strict=True)):
            for side, step, close in ((0, -1, self.ink_above), (1, 1, self.ink_below)):
                row = centre + step * near
                share = _inked(close, row, left, right)
                if sloping or share >= own:
                    row = self._beyond(row, step, left, right, own)
                    share = _inked(close, row, left, right)
                shares[side, k] = share
        return shares[0], shares[1]

    def _beyond(self, row: int, step: int, left: int, right: int, own: float) -> int:
        """The first row of which less than ``own`` is inked: this ruling may be thicker than most of the table's."""
        near, far = self.beside
        for _ in range(2 * (far - near)):
            if _inked(self.slack, row, left, right) < own:
                break
            row += step
        return row

    def standing(self, lines: list[float], crossing: list[float]) -> NDArray[np.float64]:
        """How surely each edge stands, len(lines) x (len(crossing) - 1): 0.5 and more means that it does."""
        return self._standing(self.measure(lines, crossing), np.diff(np.asarray(crossing)))

    def _standing(self, measures: Measures, lengths: NDArray[np.float64]) -> NDArray[np.float64]:
        covered, touched = measures.covered, measures.touched
        relative = covered / self.usual
        dots = (measures.dots >= _DOTS) & (measures.inked >= _DOTTED)
        dotted = (measures.bridged >= _PERFECT) & dots & (touched <= _ALONE)
        reached = measures.reached >= _REACHED * self.usual
        strong = ((relative >= _STRONG) & reached & (touched <= self.crowded)) | dotted
        whole, print_ = sorted_by_depth(measures.even, relative, short=lengths <= _LOW * self.shortest)
        strong = (strong | whole) & ~print_
        strong |= _runs((relative >= _PERFECT) & (measures.enclosed <= self.crowded), lengths, 2.5 * self.shortest)
        # Print fills a row from top to bottom here and there, but not at so many places with nothing beside it.
        sloping = (relative >= _PERFECT) & reached & (measures.enclosed <= _ALONE) & (measures.clasped <= _ALONE)
        many = sloping[1:-1].sum(axis=0)
        strong |= sloping & (many >= max(_RUN, _MOST * (len(sloping) - 2))) & ~print_ & (self.crowded < 1)
        support = (strong @ lengths) / max(1e-9, float(lengths.sum()))
        weak = (relative >= _WEAK) & (support[:, None] >= _SUPPORT) & (touched <= 2.5 * self.crowded)
        remnant = (measures.inked >= _REMNANT) & (support[:, None] >= _SUPPORT) & (touched <= _ALONE)
        if self._is_crisp(relative, strong):
            # Nothing faded here: what is left of a ruling at least begins at a crossing, as no stroke of text does, and
            # level strokes at the height of a ruling elsewhere have print close above and below.
            remnant &= measures.held >= _REACHED
            weak &= measures.enclosed <= _WITHIN
        # The half of a level ruling that a fax left, with the steps of the next line beside it.
        half = (measures.inked >= _HALF) & (measures.held >= _REACHED) & (measures.enclosed <= _ALONE)
        remnant |= half & (support[:, None] >= _SUPPORT) & (self.crowded >= 1)
        # The piece of an upright one that runs on from an edge of the same line, with nothing beside it.
        piece = (measures.inked >= _PIECE) & (measures.held >= _REACHED) & (touched <= _UNTOUCHED)
        remnant |= piece & _beside(strong) & (self.crowded < 1)
        # Two such pieces of one line, in rows one below the other; characters do not stand so and touch rulings, both.
        pair = piece & (measures.inked >= _HALF)
        remnant |= pair & _beside(pair) & (self.crowded < 1)
        # Left-aligned figures may touch their ruling: then its other side is bare, and it stands in other rows too.
        beside = (relative >= _PERFECT) & reached & (measures.enclosed <= _ALONE) & (support[:, None] >= _ELSEWHERE)
        stands = (strong | weak | remnant | beside) & ~print_
        return np.where(stands, 0.5 + relative.clip(0, 1) / 2, relative.clip(0, 1) * 0.49)

    @staticmethod
    def _is_crisp(relative: NDArray[np.float64], strong: NDArray[np.bool_]) -> bool:
        """Whether the table's rulings are inked throughout, but for a few."""
        standing = relative[strong]
        return standing.size > 0 and float(np.mean(standing >= _PERFECT)) >= _CRISP

    def with_short_lines(self, lines: list[float], crossing: list[float], apart: float) -> list[float]:
        """The lines and those that stand between two neighbouring crossings only, too short to be noticed before.

        Such a line must be inked throughout and have nothing beside it. Lines nearer than ``apart`` are one.
        """
        found = list(lines)
        for start, end in itertools.pairwise(crossing):
            left, right = round(start) + self.reach + 1, round(end) - self.reach
            if right - left < apart or end - start >= self.shortest:
                continue
            rows = np.flatnonzero(self.slack[:, left:right].mean(axis=1) >= _PERFECT)
            rows = rows[(rows > lines[0]) & (rows < lines[-1])]
            groups = [g for g in np.split(rows, np.flatnonzero(np.diff(rows) > 1) + 1) if 0 < g.size < apart]
            centres = [float(g.mean()) for g in groups]
            seen = self.measure(centres, [start, end], frame=False)
            bare = seen.touched[:, 0] <= max(_UNTOUCHED, self.crowded - 0.7)
            if self.depth is not None:
                bare &= seen.even[:, 0] >= UNEVEN
            for centre in itertools.compress(centres, bare):
                if all(abs(centre - line) >= apart for line in found):
                    found.append(centre)
        return sorted(found)

    def real(self, lines: list[float], crossing: list[float], keep_first: bool, keep_last: bool) -> list[float]:
        """The lines of which some long enough stretch from crossing to crossing stands.

        ``keep_first`` and ``keep_last`` protect a border that is not drawn.
        """
        lengths = np.diff(np.asarray(crossing))
        standing = self._standing(self.measure(lines, crossing), lengths)
        kept = []
        for i in range(len(lines)):
            best = run = 0.0
            for stands, length in zip(standing[i] >= 0.5, lengths, strict=True):
                run = run + length if stands else 0.0
                best = max(best, run)
            forced = (keep_first and i == 0) or (keep_last and i == len(lines) - 1)
            if forced or best >= 0.9 * self.shortest:
                kept.append(lines[i])
        return kept


def _inked(ink: NDArray[np.bool_], row: int, left: int, right: int) -> float:
    """Share of inked pixels of a row from ``left`` up to ``right``; none outside."""
    if not 0 <= row < len(ink):
        return 0.0
    return float(np.count_nonzero(ink[row, left:right])) / (right - left)


class _Spans:
    """Stretches of columns from ``left`` up to ``right``, n of them, none empty; shares of them row by row.

    Each method takes a band of rows (k x width, bool) and gives k x n numbers. Sums are kept along the rows, so that a
    stretch costs the same however long it is.
    """

    def __init__(self, left: NDArray[np.int64], right: NDArray[np.int64]) -> None:
        self.left, self.right = left, right
        self._end = np.minimum(right - left, np.maximum(3, (right - left) // 8))

    def share(self, band: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Share of inked pixels."""
        sums = _sums(band)
        return (sums[:, self.right] - sums[:, self.left]) / (self.right - self.left)

    def ends(self, band: NDArray[np.bool_]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The same of the first or the last eighth, whichever has less, and of the other."""
        sums = _sums(band)
        first = sums[:, self.left + self._end] - sums[:, self.left]
        last = sums[:, self.right] - sums[:, self.right - self._end]
        return np.asarray(np.minimum(first, last) / self._end), np.asarray(np.maximum(first, last) / self._end)

    def runs(self, band: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Number of separate runs of ink."""
        starts = band.copy()
        starts[:, 1:] &= ~band[:, :-1]
        sums = _sums(starts)
        return sums[:, self.right] - sums[:, self.left + 1] + band[:, self.left]


def _sums(band: NDArray[np.bool_]) -> NDArray[np.int64]:
    """How many pixels are inked before each column, k x (width + 1)."""
    sums = np.zeros((band.shape[0], band.shape[1] + 1), np.int64)
    np.cumsum(band, axis=1, out=sums[:, 1:])
    return sums


def _middle_of_best(score: NDArray[np.float64]) -> NDArray[np.int64]:
    """The row (from 0) in the middle of those that score best, for each column of k x n scores."""
    # The slack makes several rows equally good: the ruling runs through the middle of them.
    good = score >= score.max(axis=0) - 0.02
    last = len(score) - 1 - good[::-1].argmax(axis=0)
    return np.asarray(np.rint((good.argmax(axis=0) + last) / 2), dtype=np.int64)


def _beside(present: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The edges next to such an edge in their line."""
    result = np.zeros_like(present)
    result[:, 1:] |= present[:, :-1]
    result[:, :-1] |= present[:, 1:]
    return result


def _runs(present: NDArray[np.bool_], lengths: NDArray[np.float64], shortest: float) -> NDArray[np.bool_]:
    """The edges that belong to a run of at least ``_RUN`` and of ``shortest`` pixels in their line."""
    result = np.zeros_like(present)
    for i, line in enumerate(present):
        start = 0
        for j in range(len(line) + 1):
            if j == len(line) or not line[j]:
                if j - start >= _RUN and lengths[start:j].sum() >= shortest:
                    result[i, start:j] = True
                start = j + 1
    return result


def without_specks(ink: NDArray[np.uint8], dpi: float) -> NDArray[np.uint8]:
    """The ink (0/255) without its smallest pieces: the grain of faint paper and the specks of a fax."""
    _, pieces, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    kept = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1) > round(_SPECK_INCHES * dpi)
    kept[0] = False
    return np.where(kept[pieces], np.uint8(255), np.uint8(0))


def _thickness(ink: NDArray[np.bool_], lines: list[float]) -> float:
    """Usual thickness of the lines in pixels: rows about a line that carry at least half of its ink."""
    found = []
    for line in lines:
        top = max(0, round(line) - 8)
        profile = ink[top : round(line) + 9].mean(axis=1)
        if profile.size and profile.max() > 0:
            found.append((float(profile.max()), int((profile >= 0.5 * profile.max()).sum())))
    # Among the lines may still be strokes of text; the long rulings carry most ink.
    longest = [count for peak, count in found if peak >= 0.6 * max(found)[0]]
    return float(np.median(longest)) if longest else 1.0
