"""Paints the graphics of an OFD page onto a raster."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from ocr_pipeline.geometry import Box, Point, Transform
from ocr_pipeline.source.ofd.faces import Face, Faces
from ocr_pipeline.source.ofd.graphics import Color, Graphic, PathGraphic, PictureGraphic, TextGraphic

__all__ = ["Canvas"]

_SUBPIXELS = 4  # bits: cv2 takes coordinates in sixteenths of a pixel
_THINNEST = 1.2  # pixels; a thinner line between two rows of pixels fades away
_UPRIGHT = 0.02  # share of the size by which type may lean or be stretched and still be drawn as it is, not warped
_LARGEST_TYPE = 2000.0  # pixels; larger is no type, and its glyphs would fill the memory

PictureReader = Callable[[str], NDArray[np.uint8] | None]


class Canvas:
    """A white raster of a page.

    Args:
        width: columns.
        height: rows.
        to_pixels: from the page's millimetres.
        faces: the fonts of the document.
        read_picture: gives a picture's pixels, height x width x 4, RGB and opacity; None for one that is left out.
    """

    def __init__(
        self, width: int, height: int, to_pixels: Transform, faces: Faces, read_picture: PictureReader
    ) -> None:
        self.pixels: NDArray[np.uint8] = np.full((height, width, 3), 255, np.uint8)
        self._to_pixels = to_pixels
        self._faces = faces
        self._read_picture = read_picture

    def paint(self, graphics: Iterable[Graphic]) -> None:
        """Paint in order; later ones cover earlier ones."""
        for graphic in graphics:
            place = graphic.to_page.then(self._to_pixels)
            if isinstance(graphic, TextGraphic):
                self._text(graphic, place)
            elif isinstance(graphic, PathGraphic):
                self._path(graphic, place)
            else:
                self._picture(graphic, place)

    def _text(self, text: TextGraphic, place: Transform) -> None:
        across, down = _scales(place)
        size = text.size * down
        if text.color is None or not 0.5 <= size <= _LARGEST_TYPE or across <= 0:
            return
        upright = abs(place.matrix[1]) + abs(place.matrix[3]) < _UPRIGHT * down and place.matrix[4] > 0
        for glyph in text.glyphs:
            if glyph.text.isspace() and glyph.index is None:
                continue
            face, shown = self._faces.find(text.font, glyph.text, glyph.index)
            stretch = text.stretch * _squeeze(face, shown, glyph.advance, text)
            if upright and abs(stretch * across / down - 1) < _UPRIGHT:
                [origin] = place.points([(glyph.x, glyph.y)])
                self._upright(face.at(size), shown, origin, text.color)
            else:
                scale = text.size / size
                to_object = Transform((scale * stretch, 0.0, glyph.x, 0.0, scale, glyph.y, 0.0, 0.0, 1.0))
                stencil, left, top = _stencil(face.at(size), shown, (0.0, 0.0))
                self._lay(stencil, Transform.translation(left, top).then(to_object).then(place), text.color)

    def _upright(self, font: ImageFont.FreeTypeFont, shown: str, origin: Point, color: Color) -> None:
        x, y = math.floor(origin[0]), math.floor(origin[1])
        stencil, left, top = _stencil(font, shown, (origin[0] - x, origin[1] - y))
        rows, columns = self.pixels.shape[:2]
        left, top = left + x, top + y
        inside = stencil[max(0, -top) : max(0, rows - top), max(0, -left) : max(0, columns - left)]
        top, left = max(0, top), max(0, left)
        part = self.pixels[top : top + inside.shape[0], left : left + inside.shape[1]]
        opacity = inside[..., None].astype(np.float32) / 255
        part[:] = np.rint(part * (1 - opacity) + np.array(color, np.float32) * opacity).astype(np.uint8)

    def _lay(self, stencil: NDArray[np.uint8], place: Transform, ink: Color | NDArray[np.uint8]) -> None:
        """Paint a colour, or a picture of the same size, through a stencil of opacities; both mapped by ``place``."""
        height, width = stencil.shape
        bounds = place.box(Box(0, 0, width, height)).expanded(1).clipped(self.pixels.shape[1], self.pixels.shape[0])
        rows, columns = Box(*(float(math.floor(v)) for v in bounds.as_tuple())).slices()
        part = self.pixels[rows, columns]
        if part.size == 0:
            return
        matrix = place.then(Transform.translation(-columns.start, -rows.start)).as_array()[:2]
        # cv2 counts from the centres of pixels, everything else here from their edges.
        matrix[:, 2] += matrix[:, :2] @ (0.5, 0.5) - 0.5
        size = (part.shape[1], part.shape[0])
        opacity = cv2.warpAffine(stencil, matrix, size, flags=cv2.INTER_LINEAR).astype(np.float32)[..., None] / 255
        color: NDArray[np.float32]
        if isinstance(ink, tuple):
            color = np.full(part.shape, ink, np.float32)
        else:
            color = cv2.warpAffine(ink, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE).astype(
                np.float32
            )
        self.pixels[rows, columns] = np.rint(part * (1 - opacity) + color * opacity).astype(np.uint8)

    def _path(self, path: PathGraphic, place: Transform) -> None:
        outlines = [place.points(contour) for contour in path.contours]
        if path.fill is not None and outlines:
            self._fill(outlines, path.fill)
        if path.stroke is not None:
            width = max(_THINNEST, path.width * math.sqrt(math.prod(_scales(place))))
            for outline in outlines:
                for start, end in pairwise(outline):
                    self._fill([_bar(start, end, width)], path.stroke)

    def _fill(self, outlines: list[list[Point]], color: Color) -> None:
        limit = 4.0 * max(self.pixels.shape)
        polygons = [
            # Centres of pixels again; what lies far outside would overflow.
            np.rint((np.clip(outline, -limit, limit) - 0.5) * (1 << _SUBPIXELS)).astype(np.int32)
            for outline in outlines
        ]
        cv2.fillPoly(self.pixels, polygons, color, lineType=cv2.LINE_AA, shift=_SUBPIXELS)

    def _picture(self, graphic: PictureGraphic, place: Transform) -> None:
        pixels = self._read_picture(graphic.file)
        if pixels is None:
            return
        across, down = _scales(place)
        wanted = max(1, round(across)), max(1, round(down))
        if wanted[0] < pixels.shape[1] or wanted[1] < pixels.shape[0]:
            size = min(wanted[0], pixels.shape[1]), min(wanted[1], pixels.shape[0])
            pixels = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
        height, width = pixels.shape[:2]
        to_unit = Transform.scaling(1 / width, 1 / height)
        self._lay(np.ascontiguousarray(pixels[..., 3]), to_unit.then(place), np.ascontiguousarray(pixels[..., :3]))


def _stencil(
    font: ImageFont.FreeTypeFont, shown: str, origin: tuple[float, float]
) -> tuple[NDArray[np.uint8], int, int]:
    """A glyph as opacities, with the whole pixels from its origin to the left and the top of the stencil.

    Args:
        font: at its size in pixels.
        shown: the text to draw.
        origin: where its origin lies within a pixel, 0..1.
    """
    before, above, after, below = font.getbbox(shown, anchor="ls")
    left, top = math.floor(before) - 1, math.floor(above) - 1
    image = Image.new("L", (math.ceil(after) + 2 - left, math.ceil(below) + 2 - top))
    ImageDraw.Draw(image).text((origin[0] - left, origin[1] - top), shown, fill=255, font=font, anchor="ls")
    return np.asarray(image, dtype=np.uint8), left, top


def _scales(place: Transform) -> tuple[float, float]:
    a, c, _, b, d = place.matrix[:5]
    return math.hypot(a, b), math.hypot(c, d)


def _squeeze(face: Face, shown: str, advance: float | None, text: TextGraphic) -> float:
    """How far to narrow a glyph of another font than the page was set in, so that it stays off the next one."""
    natural = face.at(64.0).getlength(shown) / 64.0 * text.size * text.stretch
    if advance is None or not 0.2 * natural < advance < 0.95 * natural:
        return 1.0
    return advance / natural


def _bar(start: Point, end: Point, width: float) -> list[Point]:
    """A line as the rectangle that it covers, half its width longer at both ends so that corners close."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = math.hypot(dx, dy)
    ux, uy = (dx / length, dy / length) if length else (1.0, 0.0)
    half = width / 2
    ex, ey, sx, sy = ux * half, uy * half, -uy * half, ux * half
    return [
        (start[0] - ex + sx, start[1] - ey + sy),
        (end[0] + ex + sx, end[1] + ey + sy),
        (end[0] + ex - sx, end[1] + ey - sy),
        (start[0] - ex - sx, start[1] - ey - sy),
    ]
