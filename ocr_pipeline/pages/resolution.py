"""At which resolution a page is worked on."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.pages.inputs import RasterSource
from ocr_pipeline.pages.options import PageOptions
from ocr_pipeline.pages.paper import flattened, stretched

__all__ = ["UNKNOWN_DPI", "Raster", "glyph_height", "rasterize"]

_PROBE_SIDE = 2400
"""Pixels of the longer side at which characters are measured: A4 at 200 dpi, so that a large photo costs no more."""

UNKNOWN_DPI = 200.0
"""What a picture of unknown resolution is rendered at: pixel by pixel."""

_MIN_GLYPHS = 30
"""Fewer pieces of ink of the shape of characters may be anything."""
_MIN_RUN, _RUN_SHARE = 24, 0.05
"""Pixels, and share of the longer side, that a ruling is long at least; no stroke of a character is."""
_GLYPH_SHARE = 75
"""Percentile of their heights: most of the lower ones are parts of characters, and punctuation."""
_RELUCTANCE = (0.75, 1.15)
"""An estimated enlargement within these is not made: estimates are rough, and resampling blurs."""

_ENLARGEMENT = (0.4, 3.0)
"""What is estimated beyond these is rather an error of the estimate."""


@dataclass(frozen=True, slots=True)
class Raster:
    """A rendered page, and how much it shall be enlarged in the same step that straightens it.

    Attributes:
        pixels: height x width x 3, uint8, RGB.
        dpi: its pixels per inch, as stated or estimated.
        enlargement: 1 for none.
    """

    pixels: NDArray[np.uint8]
    dpi: float
    enlargement: float


def rasterize(page: RasterSource, options: PageOptions) -> Raster:
    """Render a page: scans at their own resolution within the limits, drawn pages at a fixed one.

    Raises:
        SourceError: whatever the page raises.
    """
    native = page.native_dpi
    if native is None and page.unit == "px":
        return _of_unknown_resolution(page, options)
    if native is None:
        wanted, rendered = options.drawn_dpi, options.drawn_dpi
    else:
        wanted = min(max(native, options.min_dpi), options.max_dpi)
        # A coarse scan is rendered pixel by pixel and enlarged here, by a better filter than a renderer's.
        rendered = min(native, wanted)
    pixels = page.render(rendered)
    units = 72.0 if page.unit == "pt" else native or UNKNOWN_DPI
    # Sources lower the resolution of very large pages; of a fax only the finer axis keeps its pixels.
    actual = units * min(pixels.shape[1] / page.width, pixels.shape[0] / page.height)
    if actual < 0.98 * rendered:
        return Raster(pixels, actual, 1.0)
    return Raster(pixels, rendered, max(1.0, _bounded(wanted / rendered, pixels, options)))


def _bounded(enlargement: float, pixels: NDArray[np.uint8], options: PageOptions) -> float:
    return min(enlargement, math.sqrt(options.max_pixels / (pixels.shape[0] * pixels.shape[1])))


def _of_unknown_resolution(page: RasterSource, options: PageOptions) -> Raster:
    pixels = page.render(UNKNOWN_DPI)
    height = glyph_height(pixels)
    if height is None:
        return Raster(pixels, UNKNOWN_DPI, 1.0)
    enlargement = float(np.clip(options.glyph_pixels / height, *_ENLARGEMENT))
    enlargement = _bounded(enlargement, pixels, options)
    dpi = UNKNOWN_DPI / enlargement
    if _RELUCTANCE[0] <= enlargement <= _RELUCTANCE[1]:
        return Raster(pixels, dpi, 1.0)
    if enlargement > 1:
        return Raster(pixels, dpi, enlargement)
    smaller = cv2.resize(pixels, None, fx=enlargement, fy=enlargement, interpolation=cv2.INTER_AREA)
    return Raster(np.asarray(smaller, dtype=np.uint8), UNKNOWN_DPI, 1.0)


def glyph_height(pixels: NDArray[np.uint8]) -> float | None:
    """Height of the ordinary characters of a picture, in its pixels; None when it shows too few.

    Args:
        pixels: height x width x 3, uint8, RGB.
    """
    factor = min(1.0, _PROBE_SIDE / max(pixels.shape[:2]))
    gray = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    if factor < 1:
        gray = cv2.resize(gray, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    flat = stretched(flattened(gray, UNKNOWN_DPI))
    level, inked = cv2.threshold(flat, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    if level > 235:
        return None
    ink = np.asarray(inked, dtype=np.uint8)
    # Parts of one character, such as 二 and 氵, lie next to each other: join what is two pixels apart. Where that
    # leaves too few, print touches rulings, or at a low resolution the next character.
    bare = _without_rulings(ink)
    for pieces in (_joined(ink), _joined(bare), bare):
        heights = _like_characters(pieces)
        if heights.size >= _MIN_GLYPHS:
            return float(np.percentile(heights, _GLYPH_SHARE) / factor)
    return None


def _joined(ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.asarray(cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8)), dtype=np.uint8)


def _without_rulings(ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The ink without runs longer than any stroke of ordinary print."""
    run = max(_MIN_RUN, round(_RUN_SHARE * max(ink.shape)))
    across = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, run), np.uint8))
    down = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((run, 1), np.uint8))
    return np.asarray(cv2.subtract(ink, cv2.bitwise_or(across, down)), dtype=np.uint8)


def _like_characters(ink: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Heights of the pieces of ink that have the shape of characters."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    sizes = np.asarray(stats, dtype=np.float64)[1:]
    widths, heights = sizes[:, cv2.CC_STAT_WIDTH], sizes[:, cv2.CC_STAT_HEIGHT]
    like = (heights >= 6) & (heights <= 0.1 * max(ink.shape)) & (widths >= 0.3 * heights) & (widths <= 2.5 * heights)
    return np.asarray(heights[like])
