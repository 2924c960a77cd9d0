"""Does a ruling stand between two neighbouring positions? Measured edge by edge, in the table's own terms.

A ruling is ink on one straight line from crossing to crossing. A stroke of text is not that straight, not that long and
hardly ever reaches the crossings. How well a ruling is inked depends on the page (a fax breaks every line), so the bar
is set by the table's own long rulings.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["Direction", "Measures"]


_STRONG, _WEAK = 0.85, 0.55
"""Coverage against the table's own long rulings: enough by itself, and enough on a line that stands elsewhere."""
_TOUCHED = 0.15
"""Share of a vertical ruling that may have ink close beside it on one side; strokes of text have more neighbours."""
_PERFECT, _UNTOUCHED = 0.97, 0.03
"""What makes a line of a single short edge believed: inked throughout, nothing beside it."""
_REMNANT, _ALONE = 0.3, 0.1
"""What is left of a ruling that faded: some ink on its line, and nothing else about."""
_REACHED = 0.85
"""Share of ink at either end of an edge: figures in a tight row come near the rulings but never reach them."""
_RUN = 4
"""Edges in a row, inked throughout, that make a ruling however close text stands on one side of it."""
_DOTTED, _DOTS = 0.35, 4
"""Share of ink and number of dots that an edge of a dotted ruling has at least; bridged, they leave no gap."""
_ELSEWHERE = 0.08
"""Share of a line that must stand by itself before an edge that text touches from one side is believed."""
_SUPPORT = 0.4
"""Share of a line that must stand by itself before its weak edges are believed."""


@dataclass(frozen=True, eq=False)
class Measures:
    """What was measured of each edge, len(lines) x (len(crossing) - 1) each, 0..1.

    Attributes:
        covered: share of inked pixels; low when the edge is not inked up to both of its ends.
        inked: the same whatever its ends.
        reached: share of inked pixels at the end that has fewer.
        dots: number of separate runs of ink.
        bridged: share when breaks as long as between the dots of a dotted ruling are closed.
        touched: share with other ink close beside it, on the worse side.
        enclosed: the same on the better side.
    """

    covered: NDArray[np.float64]
    inked: NDArray[np.float64]
    reached: NDArray[np.float64]
    dots: NDArray[np.float64]
    bridged: NDArray[np.float64]
    touched: NDArray[np.float64]
    enclosed: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Direction:
    """Ink as the rulings of one direction see it: they run along the second axis.

    Attributes:
        slack: height x width, bool; ink with one pixel of slack across the ruling.
        bridged: the same with short breaks along the ruling closed.
        ink: height x width, bool.
        reach: how far, in pixels, a ruling may lie from where it is looked for.
        usual: coverage (0..1) of this table's long rulings.
        beside: distances in pixels from a ruling's centre between which its neighbourhood lies.
        crowded: share (0..1) of a ruling that may have ink in its neighbourhood.
        shortest: pixels that must stand in one stretch for a line to be real.
    """

    slack: NDArray[np.bool_]
    bridged: NDArray[np.bool_]
    ink: NDArray[np.bool_]
    reach: int
    usual: float
    beside: tuple[int, int]
    crowded: float
    shortest: float

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
        stretches = [float(x) for x in np.arange(0, ink.shape[1], dpi / 2)]
        plain = cv2.dilate(ink, np.ones((3, 1), np.uint8))
        bridged = cv2.morphologyEx(plain, cv2.MORPH_CLOSE, np.ones((1, round(max_gap * dpi) | 1), np.uint8)) > 0
        for slack in (plain > 0, bridged):
            direction = cls(slack, bridged, ink > 0, reach, 1.0, beside, crowded, shortest)
            coverage = direction.measure(lines, stretches).covered
            inked = coverage[coverage > 0.5]
            usual = float(np.median(inked)) if inked.size else 1.0
            if usual > 0.8:
                break
        return replace(direction, usual=max(usual, 0.6))

    def measure(self, lines: list[float], crossing: list[float], *, frame: bool = True) -> Measures:
        """Measure each edge on its best straight row within reach.

        With ``frame`` the outermost lines are the table's frame, and what stands beside them is not looked at: often it
        is the other line of a doubled frame.
        """
        height, width = self.slack.shape
        covered = np.zeros((len(lines), max(0, len(crossing) - 1)))
        touched = np.zeros_like(covered)
        inked = np.zeros_like(covered)
        reached = np.zeros_like(covered)
        bridged = np.zeros_like(covered)
        dots = np.zeros_like(covered)
        enclosed = np.zeros_like(covered)
        for i, line in enumerate(lines):
            top = min(max(0, round(line) - self.reach), height - 1)
            bottom = min(height, round(line) + self.reach + 1)
            band, closed = self.slack[top:bottom], self.bridged[top:bottom]
            for j in range(covered.shape[1]):
                left = max(0, round(crossing[j]) + self.reach + 1)
                right = min(width, round(crossing[j + 1]) - self.reach)
                if right <= left:
                    continue
                part = band[:, left:right]
                end = max(3, part.shape[1] // 8)
                ends = np.minimum(part[:, :end].mean(axis=1), part[:, -end:].mean(axis=1))
                share = part.mean(axis=1)
                score = np.where(ends >= 0.6, share, np.minimum(share, 0.3))
                best = int(score.argmax())
                covered[i, j] = score[best]
                inked[i, j], reached[i, j] = share[best], ends[best]
                dots[i, j] = np.count_nonzero(part[best, 1:] & ~part[best, :-1]) + part[best, 0]
                bridged[i, j] = closed[:, left:right].mean(axis=1).max()
                if not frame or 0 < i < len(lines) - 1:
                    sides = [self.ink[rows, left:right].any(axis=0).mean() for rows in self._beside(top, score)]
                    touched[i, j], enclosed[i, j] = max(sides), min(sides)
        return Measures(covered, inked, reached, dots, bridged, touched, enclosed)

    def _beside(self, top: int, score: NDArray[np.float64]) -> tuple[slice, slice]:
        # The slack makes several rows equally good: the ruling runs through the middle of them.
        good = np.flatnonzero(score >= score.max() - 0.02)
        centre = top + round((good[0] + good[-1]) / 2)
        near, far = self.beside
        return slice(max(0, centre - far), max(0, centre - near + 1)), slice(centre + near, centre + far + 1)

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
        strong |= _runs((relative >= _PERFECT) & (measures.enclosed <= self.crowded), lengths, 2.5 * self.shortest)
        support = (strong @ lengths) / max(1e-9, float(lengths.sum()))
        weak = (relative >= _WEAK) & (support[:, None] >= _SUPPORT) & (touched <= 2.5 * self.crowded)
        remnant = (measures.inked >= _REMNANT) & (support[:, None] >= _SUPPORT) & (touched <= _ALONE)
        # Left-aligned figures may touch their ruling: then its other side is bare, and it stands in other rows too.
        beside = (relative >= _PERFECT) & reached & (measures.enclosed <= _ALONE) & (support[:, None] >= _ELSEWHERE)
        stands = strong | weak | remnant | beside
        return np.where(stands, 0.5 + relative.clip(0, 1) / 2, relative.clip(0, 1) * 0.49)

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
            groups = [g for g in np.split(rows, np.flatnonzero(np.diff(rows) > 1) + 1) if 0 < g.size < apart]
            centres = [float(g.mean()) for g in groups]
            touched = self.measure(centres, [start, end], frame=False).touched[:, 0]
            for centre, crowd in zip(centres, touched, strict=True):
                if crowd <= max(_UNTOUCHED, self.crowded - 0.7) and all(abs(centre - line) >= apart for line in found):
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
