"""The red ink of seals: found by colour, and taken out of the grey image so that the print under it stays.

Any red of about a seal's size will do, also half of one: print must come through wherever there is red over it. Which
of it is a whole seal, and so a region of the page, the layout says (``layout.seals``).
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.geometry import Box
from ocr_pipeline.shrinking import shrunk

__all__ = ["find_seal_ink", "without_seals"]

_RED_EXCESS = 35
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
_GAP_INCHES = 0.12
_MIN_RED_SHARE = 0.04
_STRIP_MARGIN = 6
_INK_PERCENTILE = 30

_BLACK, _DARKENED = 0.5, 0.75
"""Brightness below which print stands under a seal, against the seal's own, and what must be left of it in red light,
against the paper: where two seals overlap they are darker, but as red."""


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
    redness = _redness(small)
    if int((redness > _RED_EXCESS).sum()) < _LEAST_RED:
        return []
    boxes = [
        Box(box.left * factor, box.top * factor, box.right * factor, box.bottom * factor)
        for excess in (_RED_EXCESS, _PALE_EXCESS)
        for box in _seal_like(redness, excess, dpi / factor)
    ]
    return _merged([box.expanded(_STRIP_MARGIN).clipped(color.shape[1], color.shape[0]) for box in boxes])


def _seal_like(redness: NDArray[np.uint8], excess: int, scale: float) -> list[Box]:
    """Boxes of connected red of a seal's size and shape, some of it full, where red counts from ``excess`` on."""
    red = redness > excess
    gap = max(3, round(_GAP_INCHES * scale)) | 1
    # Closing joins the ring, the star and the characters of one seal.
    joined = cv2.morphologyEx(
        red.astype(np.uint8), cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (gap, gap))
    )
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joined)
    boxes = []
    for label in range(1, count):
        left, top, width, height = (int(v) for v in stats[label, :4])
        if min(width, height) < _MIN_SIDE_INCHES * scale or max(width, height) > _MAX_ASPECT * min(width, height):
            continue
        own = labels[top : top + height, left : left + width] == label
        inside = red[top : top + height, left : left + width] & own
        full = own & (redness[top : top + height, left : left + width] > _RED_EXCESS)
        if inside.mean() >= _MIN_RED_SHARE and int(full.sum()) >= _LEAST_RED:
            boxes.append(Box(left, top, left + width, top + height))
    return boxes


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


def without_seals(gray: NDArray[np.uint8], color: NDArray[np.uint8], seals: list[Box]) -> NDArray[np.uint8]:
    """The grey image with red lifted to paper inside the seals: red ink is bright in red light, black print is not.

    Args:
        gray: height x width, uint8.
        color: the same page, height x width x 3, RGB.
        seals: boxes in its pixels.
    """
    if not seals:
        return gray
    cleaned: NDArray[np.uint8] = gray.copy()
    for box in seals:
        area = box.slices()
        part = color[area]
        redness = _redness(part)
        strong = redness > _RED_EXCESS
        if not strong.any():
            continue
        red = part[:, :, 0]
        ink = float(np.percentile(red[strong], _INK_PERCENTILE))
        paper = float(np.percentile(red, 90))
        # Lifting by the brightness that pure seal ink has in red light makes it vanish into the paper.
        lifted = np.minimum(red.astype(np.float32) * (paper / max(ink, 1.0)), paper)
        lifted = _with_black(lifted, gray[area], strong, paper)
        # Thin strokes, blurred or stored with little colour, are red by less.
        tinged = np.where(strong | _tinged(part), np.uint8(255), np.uint8(0))
        near = cv2.dilate(tinged, np.ones((3, 3), np.uint8)) > 0
        cleaned[area] = np.where(near, np.maximum(lifted, gray[area]), gray[area]).astype(np.uint8)
    return cleaned


def _with_black(
    lifted: NDArray[np.float32], gray: NDArray[np.uint8], strong: NDArray[np.bool_], paper: float
) -> NDArray[np.float32]:
    """The lifted picture with what is black under the red as dark as it is in grey.

    Pictures are stored with half of their colours: a thin black stroke under a seal takes on some of its red, and would
    be lifted with it. Its brightness is kept, and is much below that of the seal's own ink.
    """
    own = max(1.0, float(np.median(gray[strong])))
    black = (gray < _BLACK * own) & (lifted < _DARKENED * paper)
    return np.where(black, np.minimum(lifted, gray * np.float32(paper / own)), lifted)


def _tinged(color: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Where a picture is a little redder than the paper or the coloured cell around."""
    red, green, blue = cv2.split(color)
    excess = red.astype(np.int16) - np.maximum(green, blue)
    half = np.clip(excess[::2, ::2] + 128, 0, 255).astype(np.uint8)
    around = cv2.resize(cv2.medianBlur(half, _AROUND_PIXELS), (color.shape[1], color.shape[0]))
    return np.asarray(excess + 128 > around.astype(np.int16) + _FAINT_EXCESS)


def _redness(color: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """How far red exceeds the brighter of green and blue, 0..255."""
    red, green, blue = cv2.split(color)
    return np.asarray(cv2.subtract(red, cv2.max(green, blue)), dtype=np.uint8)
