"""The lines of text of a page: found, cut out, read."""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.document import Line, PageImage
from ocr_pipeline.engine import Recognizer, TextDetector
from ocr_pipeline.geometry import Box, Polygon
from ocr_pipeline.text.options import TextOptions

__all__ = ["read_lines"]

Image = NDArray[np.uint8]

_PAPER = 255
_REDUCTION = 4
_INK = 25
"""How many levels darker than its paper print is, averaged over as many pixels across and down as the reduction has:
the palest that readers make something of, and far more than grain, which the average takes away."""
_TILTED = math.tan(math.radians(0.5))


def read_lines(
    page: PageImage,
    detector: TextDetector,
    recognizer: Recognizer,
    *,
    exclude: Sequence[Box] = (),
    options: TextOptions | None = None,
) -> list[Line]:
    """Read the lines of a page outside the excluded areas.

    Args:
        page: upright and straight; its ``gray`` is read, so text in red ink is not.
        detector: finds the lines.
        recognizer: reads them.
        exclude: areas that somebody else reads (tables), in raster pixels.
        options: defaults when left out.

    Returns:
        Lines with text, in no particular order, boxes in raster pixels. Line breaks, blanks and punctuation are as the
        recogniser gives them, without white space at the ends.
    """
    options = options or TextOptions()
    image = _without(page.gray, exclude, options.exclude_margin * page.dpi)
    ink = _inked(image)
    used = _used_area(ink, options.min_ink)
    if used is None:
        return []
    quads = _find(image, ink, used, detector, page.dpi, options)
    crops = [_cut(image, quad, options.crop_margin) for quad in quads]
    lines: list[Line] = []
    for quad, reading in zip(quads, recognizer.recognize(crops), strict=True):
        text = reading.text.strip()
        if text and reading.confidence >= options.min_confidence:
            box = quad.bounds.clipped(page.width, page.height)
            lines.append(Line(text=text, box=box, confidence=reading.confidence))
    return lines


def _without(gray: Image, areas: Sequence[Box], margin: float) -> Image:
    """A copy with the areas blanked; they are grown a little, since rulings are as thick as they are."""
    image: Image = gray.copy()
    for area in areas:
        image[area.expanded(margin).slices()] = _PAPER
    return image


def _inked(image: Image) -> NDArray[np.bool_]:
    """Where print is, pale print too, for squares of the reduction's side."""
    height, width = (max(1, round(side / _REDUCTION)) for side in image.shape)
    small = cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA)
    return np.asarray(small < np.median(small) - _INK)


def _used_area(ink: NDArray[np.bool_], min_ink: float) -> Box | None:
    """The box around all ink, in the page's pixels; None when there is next to none."""
    if not ink.any() or ink.mean() < min_ink:
        return None
    rows, columns = (np.flatnonzero(ink.any(axis=axis)) * _REDUCTION for axis in (1, 0))
    return Box(int(columns[0]), int(rows[0]), int(columns[-1]) + _REDUCTION, int(rows[-1]) + _REDUCTION)


def _find(
    image: Image, ink: NDArray[np.bool_], used: Box, detector: TextDetector, dpi: float, options: TextOptions
) -> list[Polygon]:
    """Lines in the used area, looked for at no finer resolution than needed, in the page's pixels."""
    # A detector wants some paper around the text; an inch's tenth is enough.
    area = used.expanded(dpi / 10).clipped(image.shape[1], image.shape[0])
    rows, columns = area.slices()
    kept = _rows_near(ink, rows, options.detection_gap * dpi)
    part = image[rows, columns][kept]
    scale = min(1.0, options.detection_dpi / dpi, options.detection_side / max(part.shape))
    if scale < 1.0:
        size = (max(1, round(part.shape[1] * scale)), max(1, round(part.shape[0] * scale)))
        part = np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    found = []
    for quad in detector.detect(np.repeat(part[:, :, None], 3, axis=2)):
        # A line lies where its middle does; it may reach a little into paper that was left out.
        middle = min(max(0, round(quad.bounds.center[1] / scale)), len(kept) - 1)
        left, top = columns.start, rows.start + int(kept[middle]) - middle
        found.append(Polygon(tuple((x / scale + left, y / scale + top) for x, y in quad.points)))
    return found


def _rows_near(ink: NDArray[np.bool_], rows: slice, margin: float) -> NDArray[np.intp]:
    """Which of the rows have ink or are near it: what is looked at, without the paper of excluded areas."""
    inked = np.repeat(ink.any(axis=1), _REDUCTION).astype(np.uint8)
    near = cv2.dilate(inked[:, None], np.ones((2 * max(1, round(margin)) + 1, 1), np.uint8))
    return np.flatnonzero(near[rows])


def _cut(image: Image, quad: Polygon, margin: float) -> Image:
    """The line as an upright image, with ``margin`` x its height of the surroundings before and after it."""
    if len(quad.points) == 4 and _is_tilted(quad):
        return _straightened(image, quad, margin)
    bounds = quad.bounds
    space = margin * bounds.height
    rows, columns = Box(bounds.left - space, bounds.top, bounds.right + space, bounds.bottom).slices()
    return image[rows, columns]


def _is_tilted(quad: Polygon) -> bool:
    (left, top), (right, bottom) = quad.points[0], quad.points[1]
    return abs(bottom - top) > _TILTED * max(1.0, abs(right - left)) and abs(bottom - top) > 2


def _straightened(image: Image, quad: Polygon, margin: float) -> Image:
    corners = np.array(quad.points, dtype=np.float32)
    across = corners[1] - corners[0]
    down = corners[3] - corners[0]
    width, height = float(np.hypot(*across)), float(np.hypot(*down))
    if width < 1 or height < 1:
        rows, columns = quad.bounds.slices()
        return image[rows, columns]
    space = margin * height
    size = (max(1, round(width + 2 * space)), max(1, round(height)))
    target = np.array([(space, 0), (space + width, 0), (space + width, height), (space, height)], dtype=np.float32)
    matrix = cv2.getPerspectiveTransform(corners, target)
    warped = cv2.warpPerspective(image, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(warped, dtype=np.uint8)
