"""Page images through Pillow: PNG, JPEG, TIFF (many pages), WebP and BMP."""

from __future__ import annotations

import io
import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageFile, ImageOps, TiffImagePlugin, UnidentifiedImageError

from ocr_pipeline.errors import DamagedSourceError, LimitExceededError
from ocr_pipeline.source.document_source import NOMINAL_DPI, Source
from ocr_pipeline.source.opening import Request
from ocr_pipeline.source.options import SourceOptions
from ocr_pipeline.source.pixels import DECODING_ERRORS, to_rgb

__all__ = ["ImagePage", "open_image"]

_MODULES = {"png": "PNG", "jpeg": "JPEG", "tiff": "TIFF", "webp": "WEBP", "bmp": "BMP"}
_LONG_SIDE_INCHES = (4.0, 26.0)
"""A stated resolution is believed when it makes the long side of the page between these; a camera states 72 dpi."""

_SIDEWAYS = (5, 6, 7, 8)
"""The values of the EXIF orientation that exchange width and height."""


def open_image(request: Request) -> Source:
    """Open a page image; its pages are decoded one by one as they are used.

    Raises:
        DamagedSourceError: its header cannot be read.
        LimitExceededError: too many pages.
    """
    image = _open(request)
    try:
        count = 1 if request.kind.name != "tiff" else int(getattr(image, "n_frames", 1))
        request.check_page_count(count)
        pages = tuple(ImagePage(image, index, request.name, request.options) for index in range(count))
        return Source(request.info(count), pages, findings=request.findings(), close=image.close)
    except DECODING_ERRORS as error:
        image.close()
        raise _damaged(f"{request.kind.label} that is cut off or corrupt", request.name) from error
    except BaseException:
        image.close()
        raise


def _open(request: Request) -> ImageFile.ImageFile:
    try:
        with _quiet():
            return Image.open(io.BytesIO(request.data), formats=[_MODULES[request.kind.name]])
    except Image.DecompressionBombError as error:
        remedy = "scale the image down"
        raise LimitExceededError(
            "the image has more pixels than any page", remedy=remedy, source=request.name, page=0
        ) from error
    except (UnidentifiedImageError, *DECODING_ERRORS) as error:
        raise _damaged(f"{request.kind.label} that is cut off or corrupt", request.name) from error


def _damaged(message: str, name: str, page: int | None = None) -> DamagedSourceError:
    return DamagedSourceError(message, remedy="fetch or scan the image again", source=name, page=page)


@contextmanager
def _quiet() -> Iterator[None]:
    """Pillow warns of large sizes and odd tags; both become errors of our own where they matter."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


class ImagePage:
    """One page image (a ``SourcePage``); its attributes raise SourceError where it is broken or too large."""

    unit: Literal["px"] = "px"

    def __init__(self, image: ImageFile.ImageFile, index: int, name: str, options: SourceOptions) -> None:
        self.index = index
        self._image = image
        self._name = name
        self._options = options
        self._known: tuple[int, int, tuple[float, float] | None] | None = None

    @property
    def width(self) -> float:
        """Width in pixels of the file, upright as its orientation tag says."""
        return float(self._facts()[0])

    @property
    def height(self) -> float:
        """Height in pixels of the file, upright as its orientation tag says."""
        return float(self._facts()[1])

    @property
    def native_dpi(self) -> float | None:
        """The resolution that the file states, the higher one of its axes; None when it states no plausible one."""
        dpi = self._facts()[2]
        return None if dpi is None else max(dpi)

    def render(self, dpi: float) -> NDArray[np.uint8]:
        """The page on white: height x width x 3, uint8, RGB, square pixels; see ``SourcePage.render``."""
        import cv2

        width, height, stated = self._facts()
        pixels = self._decode()
        across, down = stated or (NOMINAL_DPI, NOMINAL_DPI)
        columns, rows = width * dpi / across, height * dpi / down
        shrink = min(1.0, math.sqrt(self._options.max_raster_pixels / (columns * rows)))
        size = (max(1, round(columns * shrink)), max(1, round(rows * shrink)))
        if size == (width, height):
            return pixels
        smaller = size[0] < width and size[1] < height
        resized = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA if smaller else cv2.INTER_CUBIC)
        return np.asarray(resized, dtype=np.uint8)

    def render_without_text(self, dpi: float) -> None:
        """A picture cannot be drawn in part."""

    def text_layer(self) -> None:
        """A picture has none."""

    def _facts(self) -> tuple[int, int, tuple[float, float] | None]:
        if self._known is None:
            try:
                with _quiet():
                    self._image.seek(self.index)
                    width, height, orientation = _stored_size(self._image)
            except DECODING_ERRORS as error:
                raise self._broken() from error
            self._check_size(width, height)
            stated = _stated_dpi(self._image, width, height)
            if orientation in _SIDEWAYS:
                width, height = height, width
                stated = None if stated is None else (stated[1], stated[0])
            self._known = (width, height, stated)
        return self._known

    def _decode(self) -> NDArray[np.uint8]:
        try:
            with _quiet():
                self._image.seek(self.index)
                # Truncated data raise here, since Pillow fills the rest with grey only when told to.
                self._image.load()
                return to_rgb(ImageOps.exif_transpose(self._image))
        except (*DECODING_ERRORS, MemoryError) as error:
            raise self._broken() from error

    def _check_size(self, width: int, height: int) -> None:
        limits = self._options
        if max(width, height) > limits.max_page_pixels:
            rule, setting = f"at most {limits.max_page_pixels:,} a side", "source.max_page_pixels"
        elif width * height > limits.max_image_pixels:
            rule, setting = f"at most {limits.max_image_pixels:,} in all", "source.max_image_pixels"
        else:
            return
        raise LimitExceededError(
            f"the image has {width:,} x {height:,} pixels, and {rule} are allowed",
            remedy=f"scale the image down, or raise {setting}",
            source=self._name,
            page=self.index,
        )

    def _broken(self) -> DamagedSourceError:
        return _damaged("the image is cut off or corrupt", self._name, self.index)


def _stored_size(image: ImageFile.ImageFile) -> tuple[int, int, int]:
    """Width, height and orientation tag as the file has them, before anything is turned."""
    if isinstance(image, TiffImagePlugin.TiffImageFile):
        # Pillow turns the size of a TIFF by its tag already, which versions do at different moments.
        tags = image.tag_v2
        return int(tags[256]), int(tags[257]), int(tags.get(274, 1))
    return image.size[0], image.size[1], int(image.getexif().get(ExifTags.Base.Orientation, 1))


def _stated_dpi(image: ImageFile.ImageFile, width: int, height: int) -> tuple[float, float] | None:
    stated = image.info.get("dpi")
    if stated is None:
        return None
    across, down = float(stated[0]), float(stated[1])
    if not (math.isfinite(across) and math.isfinite(down)) or min(across, down) <= 1:
        return None
    low, high = _LONG_SIDE_INCHES
    return (across, down) if low <= max(width / across, height / down) <= high else None
