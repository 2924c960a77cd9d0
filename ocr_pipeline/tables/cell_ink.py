"""The ink inside one cell: what is print, what is a remnant of a ruling or a speck, and which lines the print forms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.geometry import Box

__all__ = ["FAINT_SHARE", "LOWEST_INCHES", "PRINT_SHARE", "CellInk", "cell_ink", "group_lines", "usual_height"]

PRINT_SHARE = 0.3
"""Depth from which ink is print, against solid print; lower than that is the halo of a blurred stroke."""
FAINT_SHARE = 0.15
"""Depth from which something in a cell without print may be faint print."""
_LEVEL = 0.12
"""How far the ends of a stroke beside print may lie from those of the print, against its height."""
_THICK = 0.75
"""Where less of a side is ink than this share of what its ruling has, a figure may touch the ruling."""
_DIRT, _WHOLE = 0.4, 0.6
"""Size of a line of its own that is dirt beside one that is so high, against the usual height of a line."""
_OFF, _FEW = 0.25, 8
"""How far off dirt is at least, against the height of the print, and of how many pieces of print it is told."""
LOWEST_INCHES = 0.06
"""No digit is lower than that."""
_DOUBLED_INCHES, _THROUGHOUT, _BARE = 0.09, 0.95, 0.25
"""How far off a side the inner line of a doubled ruling may end, the share of the way from ruling to ruling that it is
inked along, as no print is, and that may be ink beside it, where nothing touches it."""
_RIM_INCHES, _HAIR_INCHES = 0.02, 0.01
"""How far rests of rulings reach into a cell, and how thin strokes on its rim are that rather are such rests."""


@dataclass(frozen=True, slots=True)
class CellInk:
    """Print found in a cell.

    Attributes:
        interior: the cell without its rulings, in pixels of the table's crop.
        parts: boxes of connected pieces of print, in the same pixels; specks only where they belong to print.
    """

    interior: Box
    parts: tuple[Box, ...]


def cell_ink(mask: NDArray[np.uint8], cell: Box, dpi: float) -> CellInk:
    """Find the print of a cell.

    Args:
        mask: ink of the whole table crop, 0/255.
        cell: from ruling centre to ruling centre.
        dpi: resolution.
    """
    interior = _interior(mask, cell.clipped(mask.shape[1], mask.shape[0]), dpi)
    part = mask[interior.slices()]
    if part.size == 0:
        return CellInk(interior, ())
    height, width = part.shape
    _, labels, stats, _ = cv2.connectedComponentsWithStats(part, connectivity=8)
    deep = _depths(labels, len(stats), round(_RIM_INCHES * dpi))
    smallest, speck = 0.025 * dpi, 0.008 * dpi
    solid: list[Box] = []
    small: list[Box] = []
    strokes: list[Box] = []
    hairs: list[Box] = []
    for (left, top, w, h, area), inside in zip(stats[1:], deep[1:], strict=True):
        if not inside and w > 0.5 * width and h > 0.5 * height:
            continue  # The inner side of a frame, or a corner of one.
        on_rim = left == 0 or top == 0 or left + w == width or top + h == height
        thin = min(w, h) <= 0.02 * dpi
        box = Box(left, top, left + w, top + h).translated(round(interior.left), round(interior.top))
        along = top == 0 or top + h == height if w > h else h <= LOWEST_INCHES * dpi
        if on_rim and thin and (along or w > 0.5 * width or h > 0.5 * height or max(w, h) <= smallest * 1.6):
            # A remnant of a ruling, or a figure that stands too close to one.
            ends = int(top == 0) + int(top + h == height)
            if ends < (2 if h > w and left > 0 and left + w < width else 1):
                strokes.append(box)
        elif max(w, h) >= smallest and area >= smallest * speck:
            (hairs if on_rim and w <= _HAIR_INCHES * dpi and (left == 0 or left + w == width) else solid).append(box)
        elif max(w, h) >= speck:
            small.append(box)
    if solid:
        strokes += hairs
    else:
        solid += hairs
    # One after the other, for the second of two 1s stands beside the first.
    while found := [stroke for stroke in strokes if stroke not in solid and _belongs(stroke, solid)]:
        solid += found
    solid, dirt = _print_and_dirt(solid, dpi)
    parts = [*solid, *_belonging([*small, *dirt], solid, dpi)]
    return CellInk(interior, tuple(sorted(parts)))


def _depths(labels: NDArray[np.int32], count: int, rim: int) -> NDArray[np.intp]:
    """How many pixels of each component lie further inside than ``rim``."""
    return np.bincount(labels[rim:-rim, rim:-rim].ravel(), minlength=count) if rim else np.bincount(labels.ravel())


def _print_and_dirt(solid: Sequence[Box], dpi: float) -> tuple[list[Box], list[Box]]:
    """The pieces that are print and those that rather are large specks, much smaller than the print and off it."""
    tallest = max((part.height for part in solid), default=0.0)
    large = [part for part in solid if max(part.width, part.height) > _DIRT * tallest]
    if tallest < LOWEST_INCHES * dpi or len(large) > _FEW:
        return list(solid), []
    top, bottom = min(part.top for part in large), max(part.bottom for part in large)
    first = min(part.left for part in large)

    def may_be_minus(part: Box) -> bool:
        level = abs(2 * part.center[1] - top - bottom) <= 0.5 * (bottom - top)
        return part.right <= first and part.width > part.height and level

    dirt = [
        part
        for part in solid
        if all(_apart(part, other) > _OFF * tallest for other in large) and not may_be_minus(part)
    ]
    return [part for part in solid if part not in dirt], dirt


def _belongs(stroke: Box, print_: Sequence[Box]) -> bool:
    """Whether a stroke close to a ruling belongs to the print right beside it: a 1, as high as that, or a minus.

    A ruling never is so high, and never ends at half the height.
    """
    line = [part for part in print_ if part.overlap_y(stroke) > 0]
    if not line:
        return False
    top, bottom = min(part.top for part in line), max(part.bottom for part in line)
    height = bottom - top
    if min(max(stroke.left - part.right, part.left - stroke.right) for part in line) >= 0.6 * height:
        return False
    if stroke.height > stroke.width:
        return abs(stroke.top - top) <= _LEVEL * height and abs(stroke.bottom - bottom) <= _LEVEL * height
    first = min(part.left for part in line)
    return stroke.right <= first and abs(stroke.center[1] - (top + bottom) / 2) <= 0.2 * height


def _interior(mask: NDArray[np.uint8], cell: Box, dpi: float) -> Box:
    """The cell without its rulings: from each side inwards as far as the pixels are mostly ink, and one more.

    Beyond the paper in a doubled ruling its inner line follows.
    """
    part = mask[cell.slices()] > 0
    if part.size == 0:
        return cell
    least, most = max(2, round(0.0125 * dpi)), round(0.04 * dpi)
    columns, rows = part.mean(axis=0), part.mean(axis=1)

    def breadth(profile: NDArray[np.float64], drop: float) -> int:
        thick, own = 0, 0.0
        while thick < min(most, len(profile)) and profile[thick] > max(0.4, drop * own):
            own = max(own, float(profile[thick]))
            thick += 1
        return max(least, thick + 1)

    # A 1 beside an upright ruling is as black as that, but not as high; nothing stands so close along a level one.
    left, right = breadth(columns, _THICK), breadth(columns[::-1], _THICK)
    top, bottom = breadth(rows, 0.0), breadth(rows[::-1], 0.0)
    height, width = part.shape
    if left + right >= width or top + bottom >= height:
        return cell
    columns, rows = part[top : height - bottom].mean(axis=0), part[:, left : width - right].mean(axis=1)
    left, right = (max(b, _inner(p, dpi)) for b, p in ((left, columns), (right, columns[::-1])))
    top, bottom = (max(b, _inner(p, dpi)) for b, p in ((top, rows), (bottom, rows[::-1])))
    if left + right >= cell.width or top + bottom >= cell.height:
        return cell
    return Box(cell.left + left, cell.top + top, cell.right - right, cell.bottom - bottom)


def _inner(profile: NDArray[np.float64], dpi: float) -> int:
    """How far in the inner line of a doubled ruling ends; 0 where there is none, or where print touches it.

    Args:
        profile: share of ink by the distance from a side, between the rulings across.
        dpi: resolution.
    """
    lines = np.flatnonzero(profile[: round(_DOUBLED_INCHES * dpi)] >= _THROUGHOUT)
    end = int(lines[-1]) + 2 if lines.size else 0
    return end if end < len(profile) and profile[end] <= _BARE else 0


def _belonging(small: Sequence[Box], solid: Sequence[Box], dpi: float) -> list[Box]:
    """Specks beside print, not above or below it: a decimal point, a comma, a dot of a character."""
    near, level = 0.045 * dpi, 0.012 * dpi

    def beside(speck: Box, print_: Box) -> bool:
        return (
            speck.top >= print_.top - level
            and speck.bottom <= print_.bottom + 2 * level
            and speck.left - print_.right < near
            and print_.left - speck.right < near
        )

    return [speck for speck in small if any(beside(speck, part) for part in solid)]


def usual_height(cells: Sequence[CellInk], dpi: float) -> float:
    """Usual height of a line of print over a table's cells, in pixels."""
    heights = [band[1] - band[0] for cell in cells for band in _bands(cell.parts)]
    plausible = [h for h in heights if 0.05 * dpi <= h <= 0.35 * dpi]
    return float(np.percentile(plausible, 60)) if plausible else 0.12 * dpi


def _bands(parts: Sequence[Box]) -> list[tuple[float, float]]:
    """Stretches of height with print, top to bottom."""
    bands: list[list[float]] = []
    for top, bottom in sorted((b.top, b.bottom) for b in parts):
        if bands and top <= bands[-1][1]:
            bands[-1][1] = max(bands[-1][1], bottom)
        else:
            bands.append([top, bottom])
    return [(a, b) for a, b in bands]


def group_lines(ink: CellInk, mask: NDArray[np.uint8], usual: float) -> list[Box]:
    """The lines of print of a cell as boxes around their ink, top to bottom.

    Pieces of one character that lie one above the other (二, 三) are kept together; a band of two lines that touch is
    cut where it carries least ink.

    Args:
        ink: the cell's print.
        mask: ink of the whole table crop, 0/255.
        usual: usual height of a line, in pixels.
    """
    merged: list[tuple[float, float]] = []
    for top, bottom in _bands(ink.parts):
        if merged and bottom - merged[-1][0] <= 1.1 * usual:
            merged[-1] = (merged[-1][0], bottom)
        else:
            merged.append((top, bottom))
    lines = []
    for top, bottom in merged:
        for piece_top, piece_bottom in _cut(top, bottom, ink.interior, mask, usual):
            inside = [b for b in ink.parts if piece_top <= b.center[1] < piece_bottom]
            spanning = [b for b in ink.parts if b.overlap_y(Box(0, piece_top, 1, piece_bottom)) > 0.3 * usual]
            columns = inside or spanning
            if columns:
                lines.append(Box(min(b.left for b in columns), piece_top, max(b.right for b in columns), piece_bottom))
    return _without_dirt(lines, usual)


def _without_dirt(lines: list[Box], usual: float) -> list[Box]:
    """The lines without specks above or below the print, which are too large to be told from print by themselves.

    A piece broken off a figure stands right above or below the rest of it.
    """
    whole = [line for line in lines if line.height >= _WHOLE * usual]
    if not whole:
        return lines
    return [
        line
        for line in lines
        if max(line.height, line.width) > _DIRT * usual
        or any(w.overlap_x(line) > 0 and _apart(line, w) <= _OFF * usual for w in whole)
    ]


def _apart(one: Box, other: Box) -> float:
    """The larger of the gaps between two boxes across and down; not above 0 where they touch."""
    return max(one.left - other.right, other.left - one.right, one.top - other.bottom, other.top - one.bottom)


def _cut(top: float, bottom: float, interior: Box, mask: NDArray[np.uint8], usual: float) -> list[tuple[float, float]]:
    count = round((bottom - top) / (1.15 * usual))
    if bottom - top < 1.7 * usual or count < 2:
        return [(top, bottom)]
    rows, columns = Box(interior.left, top, interior.right, bottom).slices()
    profile = (mask[rows, columns] > 0).sum(axis=1)
    cuts = [top]
    for k in range(1, count):
        expected = k * len(profile) / count
        low, high = int(expected - 0.3 * usual), int(expected + 0.3 * usual) + 1
        window = profile[max(0, low) : high]
        cuts.append(top + max(0, low) + int(window.argmin()))
    return list(zip(cuts, [*cuts[1:], bottom], strict=True))
