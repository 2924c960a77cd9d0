"""What this room asks of others: a page that can be rendered, and a model that sees which way is up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

__all__ = ["ROTATIONS", "Orientation", "Orienter", "RasterSource", "Rotation"]

Rotation = Literal[0, 90, 180, 270]
ROTATIONS: tuple[Rotation, Rotation, Rotation, Rotation] = (0, 90, 180, 270)
"""The quarter turns by their number."""


class RasterSource(Protocol):
    """One page of a document, as far as this room needs it; its attributes may raise a ``SourceError``."""

    @property
    def index(self) -> int:
        """Page number from 0."""
        ...

    @property
    def width(self) -> float:
        """Width as displayed, in ``unit``."""
        ...

    @property
    def height(self) -> float:
        """Height as displayed, in ``unit``."""
        ...

    @property
    def unit(self) -> Literal["pt", "px"]:
        """Points of 1/72 inch, or pixels of the image file."""
        ...

    @property
    def native_dpi(self) -> float | None:
        """Resolution of the picture that covers the page; None for a drawn page or an unknown resolution."""
        ...

    def render(self, dpi: float) -> NDArray[np.uint8]:
        """Height x width x 3, uint8, RGB, square pixels; an image of unknown resolution is taken to have 200 dpi."""
        ...


@dataclass(frozen=True, slots=True)
class Orientation:
    """What a model thinks of one image.

    Attributes:
        rotation: the clockwise turn in degrees that makes it upright.
        confidence: how probable that turn is, 0..1.
        probabilities: of the turns by 0, 90, 180 and 270 degrees; they sum to 1.
    """

    rotation: Rotation
    confidence: float
    probabilities: tuple[float, float, float, float]


@runtime_checkable
class Orienter(Protocol):
    """Sees which way is up."""

    def orient(self, image: NDArray[np.uint8]) -> Orientation:
        """Judge a page image: height x width x 3, uint8, RGB."""
        ...
