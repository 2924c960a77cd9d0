"""The red ink of seals: found by colour.

Any red of about a seal's size will do, also half of one: print must come through wherever there is red over it. Which
of it is a whole seal, and so a region of the page, the layout says (``layout.seals``).
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.blue_cells import cells_under_seal, redness_over_blue
from ocr_pipeline.geometry import Box
from ocr_pipeline.shrinking import shrunk

__all__ = ["RED_EXCESS", "find_seal_ink", "reddish", "redness", "seal_ink"]

RED_EXCESS = 35
"""How far red must exceed green and blue."""

_PALE_EXCESS = 18
"""The same for the pale parts of a seal whose full ones are redder: without them its ring is a row of short arcs."""

_LEAST_RED = 20
"""Pixels of full red, at the scale at which seals are looked for, from which there may be a seal."""

_FAINT_EXCESS = 10
_AROUND_PIXELS = 25
"""The same within a seal, beyond what the paper has; the paper's is the median over twice as many pixels."""

_MIN_SIDE_INCHES = 0.55
_MAX_ASPECT = 2.2
_HEADING_INCHES, _RULED = 1.0, 0.6
"""What is higher than the first is no red heading, whose characters are 22 mm high at most (GB/T 9704); a red table has
lines that take such a share of its width."""
_GAP_INCHES = 0.12
_MIN_RED_SHARE = 0.04
_MOST_MORE = 1.3
"""How much larger pieces of its ring make a seal at most; red rulings make it larger."""
_STRIP_MARGIN = 6


def find_seal_ink(color: NDArray[np.uint8], dpi: float) -> list[Box]:
    """The boxes of red ink that may be a seal's; red headings, which are wide and low, are not among them.

    Args:
        color: height x width x 3, uint8, RGB.
        dpi: pixels per inch.

    Returns:
        Boxes in pixels of ``color``, largest first.
    """
    factor = max(1, round(dpi / 50))
    size = (max(1, color.shape[1] // factor), max(1, color.shape[0] // factor))
    small = shrunk(color, size)
    lead = redness(small)
    if int((lead > RED_EXCESS).sum()) < _LEAST_RED:
        return []
    lead = np.maximum(lead, redness_over_blue(small, factor, RED_EXCESS, _PALE_EXCESS))
    boxes = [
        Box(box.left * factor, box.top * factor, box.right * factor, box.bottom * factor)
        for excess in (RED_EXCESS, _PALE_EXCESS)
        for box in _seal_like(lead, excess, dpi / factor)
    ]
    return _merged([box.expanded(_STRIP_MARGIN).clipped(color.shape[1], color.shape[0]) for box in boxes])


def _seal_like(lead: NDArray[np.uint8], excess: int, scale: float) -> list[Box]:
    """Boxes of connected red of a seal's size and shape, some of it full, where red counts from ``excess`` on."""
    red = lead > excess
    gap = max(3, round(_GAP_INCHES * scale)) | 1
    # Closing joins the ring, the star and the characters of one seal.
    joined = cv2.morphologyEx(
        red.astype(np.uint8), cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (gap, gap))
    )
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joined)
    boxes, pieces = [], []
    for label in range(1, count):
        left, top, width, height = (int(v) for v in stats[label, :4])
        if min(width, height) < _MIN_SIDE_INCHES * scale:
            pieces.append(Box(left, top, left + width, top + height))
            continue
        own = labels[top : top + height, left : left + width] == label
        inside = red[top : top + height, left : left + width] & own
        if max(width, height) > _MAX_ASPECT * min(width, height) and not _is_row_of_seals(inside, scale):
            continue
        full = own & (lead[top : top + height, left : left + width] > RED_EXCESS)
        if inside.mean() >= _MIN_RED_SHARE and int(full.sum()) >= _LEAST_RED:
            boxes.append(Box(left, top, left + width, top + height))
    return [_with_arcs(box, pieces, 2 * gap) for box in boxes]


def _with_arcs(box: Box, pieces: list[Box], reach: float) -> Box:
    """A seal with the arcs of its ring that what lies under it has cut off, no further away than ``reach`` pixels."""
    whole = box
    for piece in pieces:
        union = Box.union_of((whole, piece))
        if piece.share_inside(box.expanded(reach)) > 0 and union.area <= _MOST_MORE * box.area:
            whole = union
    return whole


def _is_row_of_seals(inside: NDArray[np.bool_], scale: float) -> bool:
    """Whether red that is much wider than high, or higher than wide, may be seals that overlap."""
    lines = max(float(inside.mean(axis=axis).max()) for axis in (0, 1))
    return min(inside.shape) >= _HEADING_INCHES * scale and lines < _RULED


def _merged(boxes: list[Box]) -> list[Box]:
    """Boxes that overlap (a ring and the star in it) made one, largest first."""
    whole: list[Box] = []
    for box in sorted(boxes, key=lambda box: -box.area):
        for i, other in enumerate(whole):
            if box.share_inside(other) > 0.5:
                whole[i] = Box.union_of((box, other))
                break
        else:
            whole.append(box)
    return whole


def seal_ink(color: NDArray[np.uint8], dpi: float) -> NDArray[np.uint8]:
    """0/255, height x width: red ink that may be a seal's, pale red beside it as well.

    Args:
        color: height x width x 3, uint8, RGB.
        dpi: pixels per inch.
    """
    mask = np.zeros(color.shape[:2], np.uint8)
    for box in find_seal_ink(color, dpi):
        part = color[box.slices()]
        mask[box.slices()] |= reddish(part, cells_under_seal(part))
    return mask


def reddish(color: NDArray[np.uint8], cells: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """0/255, where a picture is red; thin strokes, blurred or stored with little colour, are so by less.

    Args:
        color: height x width x 3, uint8, RGB.
        cells: its ``cells_under_seal``, on which the ink is dark instead.
    """
    return np.where((redness(color) > RED_EXCESS) | _tinged(color) | (cells > 0), np.uint8(255), np.uint8(0))


def _tinged(color: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Where a picture is a little redder than the paper or the coloured cell around; black is, on a blue cell."""
    red, green, blue = cv2.split(color)
    excess = red.astype(np.int16) - np.maximum(green, blue)
    half = np.clip(excess[::2, ::2] + 128, 0, 255).astype(np.uint8)
    around = cv2.resize(cv2.medianBlur(half, _AROUND_PIXELS), (color.shape[1], color.shape[0]))
    return np.asarray(excess + 128 > np.maximum(around, 128).astype(np.int16) + _FAINT_EXCESS)


def redness(color: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """How far red exceeds the brighter of green and blue, 0..255."""
    red, green, blue = cv2.split(color)
    return np.asarray(cv2.subtract(red, cv2.max(green, blue)), dtype=np.uint8)
