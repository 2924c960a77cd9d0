"""What is printed of a table, to the pixel: its print, its rulings and its fills, but not the grain of the paper."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.geometry import Box

__all__ = ["Paper", "table_extent"]

_SAMPLE = 3
"""Every how many-th pixel, each way, tells how dark print and paper are."""
_SPARSE = 1.0
"""Percent of a table that its print takes at least."""
_SPECK_INCHES = 0.02
"""Side of the largest speck of dirt; the dirt of a fax is wider than a pixel, and lies anywhere."""
_PALE, _PALEST = 0.25, 0.15
"""Depth from which a pixel may be of a table, and the mean of a stretch of one of its rulings, as a share of the depth
of print."""
_LEAST_DEPTH = 16.0
"""Of 255; less is the grain of the paper."""
_ABOUT, _GRAIN = 9, 5.0
"""Pixels each way that tell how light the paper about a pixel is, and how many deviations of its grain print is darker
than that."""
_STRETCH, _LONG_INCHES = 9, 0.3
"""Pixels of a ruling that are looked at together, and how long it is, at least."""


@dataclass(frozen=True)
class Paper:
    """Grey values of a part of a page: of white, of its paper without print; deviation of that; depth of its print."""

    white: float
    bare: float
    grain: float
    depth: float

    @classmethod
    def of(cls, part: NDArray[np.uint8]) -> Paper:
        """As a part of a page shows it (height x width, uint8, dark on light)."""
        sampled = part[::_SAMPLE, ::_SAMPLE]
        dark, white = np.percentile(sampled, (_SPARSE, 90))
        depth = float(white - dark)
        about = cv2.blur(part, (_ABOUT, _ABOUT))[::_SAMPLE, ::_SAMPLE]
        bare = about > white - max(_LEAST_DEPTH, _PALE * depth)
        if not bare.any():
            return cls(float(white), float(white), 0.0, depth)
        grain = float((sampled[bare].astype(np.float32) - about[bare]).std())
        return cls(float(white), float(np.median(about[bare])), grain, depth)

    @property
    def pale(self) -> float:
        """Below it a pixel is of print or of a pale ruling."""
        return self._level(_PALE, 1)

    def palest(self, pixels: int) -> float:
        """Below it the mean of so many pixels of one ruling is, however pale that be."""
        return self._level(_PALEST, pixels)

    def _level(self, share: float, pixels: int) -> float:
        by_depth = self.white - max(_LEAST_DEPTH / pixels**0.5, share * self.depth)
        return float(min(by_depth, self.bare - _GRAIN * self.grain / pixels**0.5))


def table_extent(box: Box, gray: NDArray[np.uint8], dpi: float, room: float = 0.0) -> Box:
    """What is printed inside the box of a table, pale rulings too; specks at its edges are not.

    Args:
        box: that holds the table, in pixels; it may reach beyond the page.
        gray: the page, height x width, uint8, dark on light.
        dpi: its pixels per inch.
        room: how much further the table may reach, in pixels; what begins there and goes on beyond is of a neighbour.

    Returns:
        The part of the box on the page where that shows no ink.
    """
    outer = box.expanded(room).clipped(gray.shape[1], gray.shape[0])
    part = gray[outer.slices()]
    if min(part.shape) < _SAMPLE:
        return outer
    paper = Paper.of(part)
    level, long = paper.palest(_STRETCH), round(_LONG_INCHES * dpi) | 1
    patches = np.concatenate(
        [
            _patches(part < paper.pale, _SPECK_INCHES * dpi),
            _around(_ruled(part, level, (_STRETCH, 1), (long, 1))),
            _around(_ruled(part, level, (1, _STRETCH), (1, long))),
        ]
    )
    printed = patches[~_are_cut(patches, part.shape, room)]
    if not len(printed):
        return outer
    x, y = float(round(outer.left)), float(round(outer.top))
    left, top = printed[:, :2].min(axis=0)
    right, bottom = (printed[:, :2] + printed[:, 2:]).max(axis=0)
    return Box(x + int(left), y + int(top), x + int(right), y + int(bottom))


def _patches(dark: NDArray[np.bool_], longer: float) -> NDArray[np.int32]:
    """Left, top, width and height of the patches that are longer than so many pixels."""
    # An opening with an even kernel has to look the other way on its way back, or it moves what it leaves.
    square = np.ones((2, 2), np.uint8)
    opened = cv2.dilate(cv2.erode(dark.astype(np.uint8), square, anchor=(1, 1)), square, anchor=(0, 0))
    patches = _around(np.asarray(opened, np.uint8))
    return np.asarray(patches[patches[:, 2:].max(axis=1) > longer], np.int32)


def _ruled(part: NDArray[np.uint8], level: float, stretch: tuple[int, int], long: tuple[int, int]) -> NDArray[np.uint8]:
    """Where stretches of this width and height are darker than a level one after the other, for so long."""
    dark = (cv2.blur(part, stretch) < level).astype(np.uint8)
    # A stretch is dark from where half of it is beside the ruling.
    inner = tuple(max(1, all_ - one + 1) for all_, one in zip(long, stretch, strict=True))
    return np.asarray(cv2.dilate(cv2.erode(dark, np.ones(long[::-1], np.uint8)), np.ones(inner[::-1], np.uint8)))


def _around(mask: NDArray[np.uint8]) -> NDArray[np.int32]:
    """Left, top, width and height of what hangs together in a mask."""
    return np.asarray(cv2.connectedComponentsWithStats(mask)[2][1:, :4], np.int32)


def _are_cut(patches: NDArray[np.int32], shape: tuple[int, ...], room: float) -> NDArray[np.bool_]:
    """Which patches (left, top, width, height) in a part of the page go on outside of it and end within its rim."""
    height, width = shape
    near = np.column_stack([patches[:, :2], (width, height) - patches[:, :2] - patches[:, 2:]])
    reach = np.array([width, height, width, height]) - near[:, [2, 3, 0, 1]]
    return np.asarray(((near <= 0) & (reach <= room)).any(axis=1), np.bool_)
