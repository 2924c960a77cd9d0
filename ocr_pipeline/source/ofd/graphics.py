"""What stands on an OFD page, in the order in which it is painted; lengths are millimetres."""

from __future__ import annotations

from dataclasses import dataclass

from ocr_pipeline.geometry import Point, Transform

__all__ = ["Color", "Glyph", "Graphic", "PathGraphic", "PictureGraphic", "TextGraphic"]

Color = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character: its origin on the baseline, the way to the next one, its glyph in the font where that is given."""

    text: str
    x: float
    y: float
    advance: float | None = None
    index: int | None = None


@dataclass(frozen=True, slots=True)
class TextGraphic:
    """A piece of text; ``color`` is None for text that is not painted, ``stretch`` its width over that of the font."""

    glyphs: tuple[Glyph, ...]
    size: float
    font: str
    color: Color | None
    to_page: Transform
    stretch: float = 1.0


@dataclass(frozen=True, slots=True)
class PathGraphic:
    """Lines and areas: polygons with curves flattened."""

    contours: tuple[tuple[Point, ...], ...]
    to_page: Transform
    width: float
    stroke: Color | None
    fill: Color | None


@dataclass(frozen=True, slots=True)
class PictureGraphic:
    """A picture by the name of its file; ``to_page`` maps the unit square, its top left at the origin, to the page."""

    file: str
    to_page: Transform


Graphic = TextGraphic | PathGraphic | PictureGraphic
