"""Pictures of the pages beside a report: what a person compares the figures with.

A picture shows the page as it was read, upright and straight: it is the raster of the report's ``Page``, smaller. So a
box on the raster is scaled by the picture's width over ``Page.width``, and a box on the source page (``Value.box``)
goes through the inverse of ``Page.transform`` first.
"""

from __future__ import annotations

import io
import re
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.document import Page, PageImage
from ocr_pipeline.errors import DamagedSourceError
from ocr_pipeline.geometry import Box, Transform
from ocr_pipeline.report.options import ReportOptions

if TYPE_CHECKING:
    from PIL import Image

__all__ = ["PagePicture", "PagePictures", "encoded", "pictures_beside"]

_MEDIA = {".webp": "image/webp", ".png": "image/png", ".jpg": "image/jpeg"}
_NAME = re.compile(r"(\d{3,6})(\.webp|\.png|\.jpg)")
_A4 = 8.27 * 11.69
"""Square inches."""
_STEPS = ((1.0, 1.0), (0.7, 1.0), (0.45, 1.0), (0.45, 0.8), (0.3, 0.65), (0.3, 0.5))
"""What is tried until a picture is small enough: factors of quality and of size."""
_WIDEST = 16_383
"""Pixels of a WebP picture's side at most."""
_KEPT = 4


@dataclass(frozen=True, slots=True)
class PagePicture:
    """The picture of one page.

    Attributes:
        index: page from 0.
        width, height: in pixels.
        data: the encoded picture.
        media: its media type.
    """

    index: int
    width: int
    height: int
    data: bytes
    media: str = "image/webp"

    def transform(self, page: Page) -> Transform:
        """From the source page (``Page.source_unit``) to pixels of the picture."""
        return page.transform.inverse().then(Transform.scaling(self.width / page.width, self.height / page.height))

    def box(self, page: Page, on_source: Box) -> Box:
        """A box on the source page in pixels of the picture, cut to it."""
        return self.transform(page).box(on_source).clipped(self.width, self.height)

    def raster_box(self, page: Page, on_raster: Box) -> Box:
        """A box on the page's raster in pixels of the picture, cut to it."""
        return (
            Transform.scaling(self.width / page.width, self.height / page.height)
            .box(on_raster)
            .clipped(self.width, self.height)
        )


class PagePictures:
    """The pictures of a document's pages, encoded as they come, so that no raster is kept.

    Args:
        options: how large they may be.
        pictures: those that there are already.
    """

    def __init__(self, options: ReportOptions | None = None, pictures: Iterable[PagePicture] = ()) -> None:
        self._options = options or ReportOptions()
        self._pictures = {picture.index: picture for picture in pictures}
        self._decoded: OrderedDict[int, Image.Image] = OrderedDict()

    @classmethod
    def load(cls, folder: Path) -> PagePictures:
        """The pictures that ``write`` put into a folder; files of other names are left alone.

        Raises:
            DamagedSourceError: a picture cannot be read.
        """
        found = []
        for file in sorted(folder.iterdir()) if folder.is_dir() else ():
            match = _NAME.fullmatch(file.name)
            if match is not None and int(match[1]) > 0:
                found.append(_load(file, int(match[1]) - 1, _MEDIA[match[2]]))
        return cls(pictures=found)

    def add(self, image: PageImage) -> None:
        """Keep a picture of a page."""
        self._pictures[image.index] = encoded(image.color, image.index, image.dpi, self._options)
        self._decoded.pop(image.index, None)

    def get(self, index: int | None) -> PagePicture | None:
        """The picture of a page (from 0); None where there is none."""
        return None if index is None else self._pictures.get(index)

    def crop(self, index: int, box: Box) -> bytes:
        """A part of a page as a WebP picture of its own.

        Args:
            index: the page, from 0.
            box: in pixels of its picture; cut to it.

        Raises:
            KeyError: there is no picture of that page.
            ValueError: nothing of the box is on it.
            DamagedSourceError: the picture cannot be decoded.
        """
        picture = self._pictures[index]
        rows, columns = box.clipped(picture.width, picture.height).slices()
        if rows.stop <= rows.start or columns.stop <= columns.start:
            raise ValueError("there is nothing of the page in this box")
        part = self._decode(picture).crop((columns.start, rows.start, columns.stop, rows.stop))
        return _webp(part, 80)

    def write(self, folder: Path) -> None:
        """Write ``001.webp`` and so on, counted from 1, into a folder that is made for them.

        Raises:
            OSError: they cannot be written, or the folder exists.
        """
        folder.mkdir()
        for picture in self:
            ending = next(ending for ending, media in _MEDIA.items() if media == picture.media)
            (folder / f"{picture.index + 1:03d}{ending}").write_bytes(picture.data)

    def __iter__(self) -> Iterator[PagePicture]:
        return iter([self._pictures[index] for index in sorted(self._pictures)])

    def __len__(self) -> int:
        return len(self._pictures)

    def _decode(self, picture: PagePicture) -> Image.Image:
        from PIL import Image

        kept = self._decoded.pop(picture.index, None)
        if kept is None:
            try:
                kept = Image.open(io.BytesIO(picture.data)).convert("RGB")
            except (OSError, ValueError, Image.DecompressionBombError) as error:
                raise DamagedSourceError("the picture of the page is damaged", page=picture.index) from error
        self._decoded[picture.index] = kept
        while len(self._decoded) > _KEPT:
            self._decoded.popitem(last=False)
        return kept


def pictures_beside(report: Path) -> PagePictures:
    """The page pictures that were written beside a report file: in ``STEM.pages/`` or in ``pages/``; may be none.

    Raises:
        DamagedSourceError: a picture cannot be read.
    """
    for folder in (report.with_name(f"{report.stem}.pages"), report.with_name("pages")):
        if folder.is_dir():
            return PagePictures.load(folder)
    return PagePictures()


def encoded(color: NDArray[np.uint8], index: int, dpi: float, options: ReportOptions | None = None) -> PagePicture:
    """A page as a WebP picture within the limits of the options; larger paper may take more in proportion.

    Args:
        color: height x width x 3, uint8, RGB.
        index: number of the page, from 0.
        dpi: pixels per inch of ``color``.
        options: limits; a picture that still exceeds its size at the lowest quality tried is kept all the same.
    """
    from PIL import Image

    options = options or ReportOptions()
    raster = Image.fromarray(np.ascontiguousarray(color))
    budget = 1000 * options.picture_kilobytes * max(1.0, raster.width * raster.height / dpi**2 / _A4)
    most = min(1.0, options.picture_dpi / dpi, _WIDEST / max(raster.size))
    data, size = b"", (0, 0)
    scaled: dict[float, Image.Image] = {}
    for quality, shrink in _STEPS:
        size = (max(1, round(raster.width * most * shrink)), max(1, round(raster.height * most * shrink)))
        if shrink not in scaled:
            scaled[shrink] = raster.resize(size, Image.Resampling.LANCZOS) if size != raster.size else raster
        data = _webp(scaled[shrink], max(1, round(options.picture_quality * quality)))
        if len(data) <= budget:
            break
    return PagePicture(index, *size, data)


def _webp(picture: Image.Image, quality: int) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, format="WEBP", quality=quality, method=4)
    return buffer.getvalue()


def _load(file: Path, index: int, media: str) -> PagePicture:
    from PIL import Image

    try:
        data = file.read_bytes()
        with Image.open(io.BytesIO(data)) as picture:
            return PagePicture(index, picture.width, picture.height, data, media)
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise DamagedSourceError(f"the picture cannot be read: {error}", source=file) from error
