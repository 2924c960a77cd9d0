"""Boxes, polygons and transforms in one coordinate system: origin top left, x right, y down, pixels.

A box is half-open: it covers ``left <= x < right`` and ``top <= y < bottom``, so ``image[top:bottom, left:right]`` is
its content and two neighbours share an edge value without sharing a pixel.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Box", "Point", "Polygon", "Transform"]

Point = tuple[float, float]


@dataclass(frozen=True, slots=True, order=True)
class Box:
    """An axis-aligned rectangle, half-open, in pixels.

    Raises:
        ValueError: an edge is not finite, or right < left, or bottom < top.
    """

    left: float
    top: float
    right: float
    bottom: float

    def __post_init__(self) -> None:
        if not all(math.isfinite(v) for v in self.as_tuple()):
            raise ValueError(f"box with an edge that is not finite: {self.as_tuple()}")
        if self.right < self.left or self.bottom < self.top:
            raise ValueError(f"box turned inside out: {self.as_tuple()}")

    @classmethod
    def around(cls, points: Iterable[Point]) -> Box:
        """The smallest box that holds all the points; raises ValueError when there is none."""
        xs, ys = zip(*points, strict=True)
        return cls(float(min(xs)), float(min(ys)), float(max(xs)), float(max(ys)))

    @classmethod
    def union_of(cls, boxes: Iterable[Box]) -> Box:
        """The smallest box that holds all the boxes; raises ValueError when there is none."""
        return cls.around(p for b in boxes for p in ((b.left, b.top), (b.right, b.bottom)))

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def area(self) -> float:
        return self.width * self.height

    @property
    def center(self) -> Point:
        return ((self.left + self.right) / 2, (self.top + self.bottom) / 2)

    @property
    def corners(self) -> tuple[Point, Point, Point, Point]:
        """Clockwise from the top left."""
        return (
            (self.left, self.top),
            (self.right, self.top),
            (self.right, self.bottom),
            (self.left, self.bottom),
        )

    def as_tuple(self) -> tuple[float, float, float, float]:
        return (self.left, self.top, self.right, self.bottom)

    def overlap_x(self, other: Box) -> float:
        """Shared width in pixels, 0 when apart."""
        return max(0.0, min(self.right, other.right) - max(self.left, other.left))

    def overlap_y(self, other: Box) -> float:
        """Shared height in pixels, 0 when apart."""
        return max(0.0, min(self.bottom, other.bottom) - max(self.top, other.top))

    def intersection_area(self, other: Box) -> float:
        return self.overlap_x(other) * self.overlap_y(other)

    def iou(self, other: Box) -> float:
        """Intersection over union, 0..1; 0 for two empty boxes."""
        shared = self.intersection_area(other)
        total = self.area + other.area - shared
        return shared / total if total > 0 else 0.0

    def share_inside(self, other: Box) -> float:
        """The share of this box's area that lies inside the other, 0..1; 0 for an empty box."""
        return self.intersection_area(other) / self.area if self.area > 0 else 0.0

    def contains_point(self, point: Point) -> bool:
        return self.left <= point[0] < self.right and self.top <= point[1] < self.bottom

    def expanded(self, margin: float) -> Box:
        """Moved outwards by ``margin`` on each side (inwards when negative, never past the centre)."""
        left, right = self.left - margin, self.right + margin
        top, bottom = self.top - margin, self.bottom + margin
        x, y = self.center
        # Where nothing is left, rounding could turn the box inside out.
        if left > right:
            left = right = x
        if top > bottom:
            top = bottom = y
        return Box(left, top, right, bottom)

    def clipped(self, width: float, height: float) -> Box:
        """The part inside an image of that size; an empty box on the border when there is none."""
        left = min(max(self.left, 0.0), width)
        top = min(max(self.top, 0.0), height)
        return Box(left, top, max(left, min(self.right, width)), max(top, min(self.bottom, height)))

    def translated(self, dx: float, dy: float) -> Box:
        return Box(self.left + dx, self.top + dy, self.right + dx, self.bottom + dy)

    def scaled(self, factor: float) -> Box:
        """Multiplied by a factor >= 0 about the origin."""
        return Box(self.left * factor, self.top * factor, self.right * factor, self.bottom * factor)

    def slices(self) -> tuple[slice, slice]:
        """``image[box.slices()]`` is the content: rows first, edges rounded to whole pixels, never negative."""
        rows = slice(max(0, round(self.top)), max(0, round(self.bottom)))
        return rows, slice(max(0, round(self.left)), max(0, round(self.right)))


@dataclass(frozen=True, slots=True)
class Polygon:
    """A closed polygon of at least three points, in pixels.

    Raises:
        ValueError: fewer than three points, or a coordinate that is not finite.
    """

    points: tuple[Point, ...]

    def __post_init__(self) -> None:
        if len(self.points) < 3:
            raise ValueError(f"polygon of {len(self.points)} points")
        if not all(math.isfinite(v) for p in self.points for v in p):
            raise ValueError("polygon with a point that is not finite")

    @property
    def bounds(self) -> Box:
        return Box.around(self.points)


@dataclass(frozen=True, slots=True)
class Transform:
    """A projective map of the plane, as a 3 x 3 matrix in row-major order that acts on (x, y, 1).

    Raises:
        ValueError: not nine finite numbers, or a matrix without an inverse.
    """

    matrix: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.matrix) != 9 or not all(math.isfinite(v) for v in self.matrix):
            raise ValueError("a transform needs nine finite numbers")
        if abs(float(np.linalg.det(self.as_array()))) < 1e-12:
            raise ValueError("a transform without an inverse")

    @classmethod
    def from_array(cls, array: NDArray[np.floating]) -> Transform:
        """From a 3 x 3 matrix, or from a 2 x 3 one as OpenCV's affine functions give it."""
        full = np.vstack([array, [0.0, 0.0, 1.0]]) if array.shape == (2, 3) else array
        return cls(tuple(float(v) for v in full.ravel()))

    @classmethod
    def identity(cls) -> Transform:
        return cls((1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0))

    @classmethod
    def scaling(cls, x: float, y: float | None = None) -> Transform:
        return cls((x, 0.0, 0.0, 0.0, x if y is None else y, 0.0, 0.0, 0.0, 1.0))

    @classmethod
    def translation(cls, dx: float, dy: float) -> Transform:
        return cls((1.0, 0.0, dx, 0.0, 1.0, dy, 0.0, 0.0, 1.0))

    @classmethod
    def quarter_turns(cls, turns: int, width: float, height: float) -> Transform:
        """Turn an image of ``width`` x ``height`` clockwise by ``turns`` x 90 degrees, back into the first quadrant."""
        matrices = (
            (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0),
            (0.0, -1.0, height, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0),
            (-1.0, 0.0, width, 0.0, -1.0, height, 0.0, 0.0, 1.0),
            (0.0, 1.0, 0.0, -1.0, 0.0, width, 0.0, 0.0, 1.0),
        )
        return cls(matrices[turns % 4])

    def as_array(self) -> NDArray[np.float64]:
        return np.asarray(self.matrix, dtype=np.float64).reshape(3, 3)

    def then(self, after: Transform) -> Transform:
        """This map first, ``after`` second."""
        return Transform.from_array(after.as_array() @ self.as_array())

    def inverse(self) -> Transform:
        return Transform.from_array(np.linalg.inv(self.as_array()))

    def points(self, points: Sequence[Point]) -> list[Point]:
        """Map points; raises ValueError for a point that goes to infinity."""
        if not points:
            return []
        homogeneous = np.column_stack([np.asarray(points, dtype=np.float64), np.ones(len(points))])
        mapped = homogeneous @ self.as_array().T
        if np.any(np.abs(mapped[:, 2]) < 1e-12):
            raise ValueError("a point is mapped to infinity")
        return [(float(x / w), float(y / w)) for x, y, w in mapped]

    def box(self, box: Box) -> Box:
        """The bounds of the mapped box."""
        return Box.around(self.points(box.corners))
