"""One page of an OFD: its size, its picture, its characters."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ocr_pipeline.errors import LimitExceededError, SourceError
from ocr_pipeline.geometry import Box, Transform
from ocr_pipeline.source.ofd.content import graphics_of
from ocr_pipeline.source.ofd.drawing import Canvas
from ocr_pipeline.source.ofd.faces import Faces
from ocr_pipeline.source.ofd.graphics import Graphic, PictureGraphic, TextGraphic
from ocr_pipeline.source.ofd.package import Element, OfdPackage, child, children, numbers, text_of
from ocr_pipeline.source.ofd.resources import Resources
from ocr_pipeline.source.pdf_pictures import Picture, covering_dpi
from ocr_pipeline.source.pixels import DECODING_ERRORS, to_rgb
from ocr_pipeline.text_layer import LayerChar, TextLayer, plain_character

__all__ = ["OfdDocument", "OfdPage"]

_POINTS = 72.0 / 25.4  # of a millimetre
_A4 = (0.0, 0.0, 210.0, 297.0)
_SMALL = 0.02  # share of the page below which a picture that cannot be read is an ornament


@dataclass(frozen=True, slots=True)
class OfdDocument:
    """What the pages of one document share: resources, fonts, templates by identifier, the usual page area."""

    package: OfdPackage
    resources: Resources
    faces: Faces
    templates: dict[str, str]
    area: tuple[float, ...]
    folder: str


@dataclass(frozen=True, slots=True)
class _Content:
    """A page once it is read: its area in millimetres, its graphics in the order of painting."""

    area: tuple[float, ...]
    graphics: tuple[Graphic, ...]


class OfdPage:
    """One page (a ``SourcePage``); its attributes raise SourceError where it is broken or too large.

    Args:
        document: what it belongs to.
        index: its number from 0 in the whole file.
        file: its description in the package; None where the document names one that is missing.
    """

    unit: Literal["pt"] = "pt"

    def __init__(self, document: OfdDocument, index: int, file: str | None) -> None:
        self.index = index
        self._document = document
        self._file = file
        self._known: _Content | None = None

    @property
    def width(self) -> float:
        """Width in points."""
        return self._content().area[2] * _POINTS

    @property
    def height(self) -> float:
        """Height in points."""
        return self._content().area[3] * _POINTS

    @property
    def native_dpi(self) -> float | None:
        """Resolution of the scan that covers the page; None for a drawn page."""
        content = self._content()
        page = Box(0, 0, content.area[2], content.area[3])
        found = []
        for graphic in content.graphics:
            if isinstance(graphic, PictureGraphic):
                place = self._on_page(graphic.to_page, content)
                size = self._size_of(graphic.file)
                across = math.hypot(place.matrix[0], place.matrix[3])
                down = math.hypot(place.matrix[1], place.matrix[4])
                if size is not None and min(across, down) > 0:
                    area = place.box(Box(0, 0, 1, 1)).intersection_area(page)
                    dpi = max(size[0] / across, size[1] / down) * 25.4
                    found.append(Picture(area, dpi, size[0] * size[1]))
        return covering_dpi(found, page.area)

    def render(self, dpi: float) -> NDArray[np.uint8]:
        """The page on white: height x width x 3, uint8, RGB; see ``SourcePage.render``."""
        return self._rendered(dpi, self._content().graphics)

    def render_without_text(self, dpi: float) -> NDArray[np.uint8] | None:
        """The drawn page with its text left out; None for a scan. See ``SourcePage.render_without_text``."""
        if self.native_dpi is not None:
            return None
        return self._rendered(dpi, [g for g in self._content().graphics if not isinstance(g, TextGraphic)])

    def text_layer(self) -> TextLayer | None:
        """The characters of the page, boxes in points; None where there are none."""
        content = self._content()
        page = Box(0, 0, self.width, self.height)
        chars: list[LayerChar] = []
        for graphic in content.graphics:
            if not isinstance(graphic, TextGraphic):
                continue
            place = self._on_page(graphic.to_page, content).then(Transform.scaling(_POINTS))
            gap = True
            for glyph in graphic.glyphs:
                if glyph.text.isspace():
                    gap = True
                    continue
                width = glyph.advance or graphic.size * graphic.stretch * (1.0 if glyph.text > "\u2e7f" else 0.5)
                # The body of a Chinese character reaches from 0.12 of its size below the baseline to 0.88 above it.
                low, high = glyph.y + 0.12 * graphic.size, glyph.y - 0.88 * graphic.size
                box = place.box(Box(min(glyph.x, glyph.x + width), high, max(glyph.x, glyph.x + width), low))
                if page.contains_point(box.center):
                    chars.append(LayerChar(plain_character(ord(glyph.text)), box, graphic.color is not None, gap))
                    gap = False
        return TextLayer(tuple(chars), drawn=self.native_dpi is None) if chars else None

    def _rendered(self, dpi: float, graphics: Sequence[Graphic]) -> NDArray[np.uint8]:
        content = self._content()
        scale = dpi / 25.4
        limit = self._document.package.options.max_raster_pixels
        scale = min(scale, math.sqrt(limit / (content.area[2] * content.area[3])))
        columns, rows = (max(1, round(side * scale)) for side in content.area[2:])
        to_pixels = Transform.translation(-content.area[0], -content.area[1]).then(
            Transform.scaling(columns / content.area[2], rows / content.area[3])
        )
        canvas = Canvas(columns, rows, to_pixels, self._document.faces, self._pixels)
        canvas.paint(graphics)
        return canvas.pixels

    def _on_page(self, to_page: Transform, content: _Content) -> Transform:
        return to_page.then(Transform.translation(-content.area[0], -content.area[1]))

    def _content(self) -> _Content:
        if self._known is None:
            try:
                self._known = self._read()
            except SourceError as error:
                error.page = self.index
                raise
        return self._known

    def _read(self) -> _Content:
        package = self._document.package
        if self._file is None:
            raise package.damaged("the page is missing from the OFD")
        root = package.xml(self._file)
        folder = self._file.rpartition("/")[0]
        for resource in children(root, "PageRes"):
            found = package.find(text_of(resource), folder, self._document.folder)
            if found is not None:
                self._document.resources.add(package, found, (folder, self._document.folder))
        area = numbers(text_of(child(root, "Area", "PhysicalBox")), 4) or self._document.area or _A4
        self._check_area(area)
        return _Content(area, tuple(self._graphics(root)))

    def _graphics(self, root: Element) -> list[Graphic]:
        """Templates below the page, the page, templates above it."""
        package, resources = self._document.package, self._document.resources
        below: list[Graphic] = []
        above: list[Graphic] = []
        for template in children(root, "Template"):
            file = self._document.templates.get(template.get("TemplateID") or "")
            if file is not None:
                layer = above if (template.get("ZOrder") or "").lower() == "foreground" else below
                for content in children(package.xml(file), "Content"):
                    layer.extend(graphics_of(content, resources))
        own = [graphic for content in children(root, "Content") for graphic in graphics_of(content, resources)]
        return [*below, *own, *above]

    def _check_area(self, area: tuple[float, ...]) -> None:
        width, height = area[2] * _POINTS, area[3] * _POINTS
        package = self._document.package
        if not (width >= 1 and height >= 1):
            raise package.damaged(f"the page has no size ({width:g} x {height:g} points)")
        if max(width, height) > package.options.max_page_points:
            raise LimitExceededError(
                f"the page is {width:,.0f} x {height:,.0f} points, and at most"
                f" {package.options.max_page_points:,.0f} are allowed",
                remedy="scale the page down, or raise source.max_page_points",
                source=package.source,
                page=self.index,
            )

    def _size_of(self, file: str) -> tuple[int, int] | None:
        try:
            with Image.open(io.BytesIO(self._document.package.read(file))) as image:
                width, height = image.size
        except (*DECODING_ERRORS, Image.DecompressionBombError):
            return None
        return width, height

    def _pixels(self, file: str) -> NDArray[np.uint8] | None:
        package = self._document.package
        size = self._size_of(file)
        if size is not None and size[0] * size[1] > package.options.max_image_pixels:
            raise LimitExceededError(
                f"the page holds a picture of {size[0] * size[1]:,} pixels,"
                f" and at most {package.options.max_image_pixels:,} are allowed",
                remedy="scale the page down, or raise source.max_image_pixels",
                source=package.source,
                page=self.index,
            )
        try:
            with Image.open(io.BytesIO(package.read(file))) as image:
                image.load()
                opacity = np.array(image.convert("RGBA"), dtype=np.uint8)[..., 3:]
                # On white already, where it is transparent in part; then the same opacity lets through what is below.
                return np.dstack([to_rgb(image), opacity])
        except (*DECODING_ERRORS, MemoryError) as error:
            if self._share_of(file) < _SMALL:
                return None
            raise package.damaged(
                "a picture on the page is cut off, or of a kind that is not read", self.index
            ) from error

    def _share_of(self, file: str) -> float:
        content = self._content()
        areas = [
            g.to_page.box(Box(0, 0, 1, 1)).area
            for g in content.graphics
            if isinstance(g, PictureGraphic) and g.file == file
        ]
        return max(areas, default=0.0) / (content.area[2] * content.area[3])
