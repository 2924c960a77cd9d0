"""Rulings that break off and go on in line with themselves, closed: nothing in a table ends and begins like that.

A ruling ends at another that runs across it. Where it ends in the white of a cell and goes on after a short way, a copy
lost the piece between, or the printer left it out. What is left at its end may be too short to pass for a ruling by
itself.
"""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.tables.rulings import RulingMasks

__all__ = ["without_breaks"]

_GAP_INCHES = 0.22
"""Longest break: rows of print are hardly lower."""
_PIECE_INCHES = 0.1
"""Shortest piece that a ruling goes on in."""
_LEVEL_INCHES = 0.0125
"""How far off its height a ruling goes on."""
_BESIDE_INCHES = 0.04
"""How far beside a ruling strokes of print have other strokes."""
_BARE = 0.1
"""Share of a piece with ink beside it at most."""
_CROSSING_INCHES = 0.03
"""How far from where it ends a ruling may run across."""
_SLACK = 2
"""Pixels that the ink of a ruling may be wider than its mask."""


def without_breaks(masks: RulingMasks, dpi: float) -> RulingMasks:
    """The masks with breaks of rulings drawn as dark as the rulings are.

    Args:
        masks: of an upright and straight page.
        dpi: its resolution.
    """
    across = _breaks(masks.horizontal, masks.vertical, masks.ink, dpi)
    down = _breaks(_turned(masks.vertical), _turned(masks.horizontal), _turned(masks.ink), dpi)
    if across is None and down is None:
        return masks
    drawn = np.zeros_like(masks.ink)
    level = drawn if across is None else across
    upright = drawn if down is None else _turned(down)
    both = cv2.bitwise_or(level, upright)
    depth = masks.depth
    if depth is not None:
        rulings = depth[cv2.bitwise_or(masks.horizontal, masks.vertical) > 0]
        dark = int(np.median(rulings[rulings > 0])) if rulings.any() else 0
        depth = np.where(both > 0, np.maximum(depth, np.uint8(dark)), depth)
    return replace(
        masks,
        horizontal=cv2.bitwise_or(masks.horizontal, level),
        vertical=cv2.bitwise_or(masks.vertical, upright),
        ink=cv2.bitwise_or(masks.ink, both),
        depth=depth,
    )


def _turned(mask: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.ascontiguousarray(mask.T)


def _breaks(
    rulings: NDArray[np.uint8], crossing: NDArray[np.uint8], ink: NDArray[np.uint8], dpi: float
) -> NDArray[np.uint8] | None:
    """The breaks of level rulings with the pieces beyond them, 0/255; None where there are none."""
    drawn: NDArray[np.uint8] | None = None
    count, labels, stats, _ = cv2.connectedComponentsWithStats(rulings, connectivity=8)
    for label in range(1, count):
        left, top, width, height, _ = (int(v) for v in stats[label])
        part = labels[top : top + height, left : left + width] == label
        for backwards in (False, True):
            end = part[:, : max(1, width // 20)] if backwards else part[:, -max(1, width // 20) :]
            rows = np.flatnonzero(end.any(axis=1))
            y, thick = top + float(rows.mean()), min(len(rows), height)
            found = _goes_on(ink, crossing, (left if backwards else left + width, y), backwards=backwards, dpi=dpi)
            if found is None:
                continue
            drawn = np.zeros_like(rulings) if drawn is None else drawn
            half = max(1, thick // 2)
            rows_drawn = slice(max(0, round(y) - half), round(y) + half + 1)
            drawn[rows_drawn, min(found) : max(found)] = 255
    return drawn


def _goes_on(
    ink: NDArray[np.uint8],
    crossing: NDArray[np.uint8],
    end: tuple[int, float],
    *,
    backwards: bool,
    dpi: float,
) -> tuple[int, int] | None:
    """From where to where a level ruling that ends there is to be drawn, as columns; None where it goes on nowhere.

    Args:
        ink: all ink, 0/255.
        crossing: the rulings across, 0/255.
        end: column after its last (backwards: its first) and its height.
        backwards: whether it goes on to the left.
        dpi: resolution.
    """
    x, y = end
    reach, beside = max(1, round(_LEVEL_INCHES * dpi)), round(_BESIDE_INCHES * dpi)
    length, least = round(_GAP_INCHES * dpi), round(_PIECE_INCHES * dpi)
    top, bottom = round(y) - reach, round(y) + reach + 1
    if top - beside < 0 or bottom + beside > ink.shape[0]:
        return None
    columns = np.arange(x - 1, -1, -1) if backwards else np.arange(x, ink.shape[1])
    inked: NDArray[np.bool_] = np.asarray((ink[top:bottom, columns] > 0).any(axis=0))
    # The mask of a ruling may end a little before its ink does.
    start = _run(inked, 0)
    begin = start + _run(~inked[: start + length + 1], start)
    piece = columns[begin : begin + _run(inked, begin)]
    if not _SLACK < begin - start <= length or len(piece) < least:
        return None
    near = round(_CROSSING_INCHES * dpi)
    rows = slice(top - beside, bottom + beside)
    for at in (int(columns[start]), int(piece[0])):
        if crossing[rows, max(0, at - near) : at + near + 1].any():
            return None
    sides = ink[top - beside : top - _SLACK, piece], ink[bottom + _SLACK : bottom + beside, piece]
    if any(float((side > 0).any(axis=0).mean()) > _BARE for side in sides):
        return None
    if (ink[rows, columns[start:begin]] > 0).any():
        return None
    first, last = int(columns[0]), int(piece[-1])
    return (last, first + 1) if backwards else (first, last + 1)


def _run(inked: NDArray[np.bool_], start: int) -> int:
    """How many follow from a place on that are all true."""
    ends = np.flatnonzero(~inked[start:])
    return int(ends[0]) if ends.size else max(0, len(inked) - start)
