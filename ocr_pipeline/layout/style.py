"""How heavy and how large the characters of a row are, compared with the page's body."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.geometry import Box
from ocr_pipeline.layout.rows import Row
from ocr_pipeline.layout.typography import text_width

__all__ = ["Style", "body_style", "row_style", "stroke_width"]

_PAPER_NOISE = 24
"""Grey levels below the paper that are no ink."""
_BODY_WIDTH = 0.6
"""Share of the widest row's width from which a row is one of the body: headings and last rows are shorter."""


@dataclass(frozen=True, slots=True)
class Style:
    """Stroke width and size of characters, both in pixels; a stroke of 0 means that it is not known."""

    stroke: float
    size: float

    def weight_against(self, body: Style) -> float:
        """Stroke width as a multiple of the body's; 1 when either is not known."""
        return self.stroke / body.stroke if self.stroke > 0 and body.stroke > 0 else 1.0

    def size_against(self, body: Style) -> float:
        """Size as a multiple of the body's; 1 when the body's is not known."""
        return self.size / body.size if body.size > 0 else 1.0


def stroke_width(gray: NDArray[np.uint8], boxes: Sequence[Box]) -> float:
    """Mean stroke width in pixels of the ink inside the boxes; 0 where there is none.

    A stroke of length n and width w has area n * w and an outline of about 2 * n, so w is twice the area by the
    outline. Taking darkness for the area and the total variation for the outline makes both scale with the contrast,
    which leaves the quotient the same for faint and for blurred print.

    Args:
        gray: height x width, uint8, dark on light.
        boxes: the lines measured together, in pixels.
    """
    darkness = 0.0
    outline = 0.0
    for box in boxes:
        crop = gray[box.slices()]
        if crop.shape[0] < 3 or crop.shape[1] < 3:
            continue
        paper = int(np.percentile(crop[:: max(1, crop.shape[0] // 16)], 90))
        ink = cv2.subtract(np.full_like(crop, max(0, paper - _PAPER_NOISE)), crop)
        darkness += float(ink.sum(dtype=np.int64))
        outline += float(cv2.absdiff(ink[:, 1:], ink[:, :-1]).sum(dtype=np.int64))
        outline += float(cv2.absdiff(ink[1:], ink[:-1]).sum(dtype=np.int64))
    return 2.0 * darkness / outline if outline > 0 else 0.0


def row_style(gray: NDArray[np.uint8], row: Row) -> Style:
    """The style of one row of a page."""
    return Style(stroke=stroke_width(gray, [line.box for line in row.lines]), size=row.em)


def body_style(rows: Sequence[Row], styles: Sequence[Style]) -> Style:
    """The usual style of the rows that fill the measure, or of all rows when none does; zeros without rows."""
    if not rows:
        return Style(0.0, 0.0)
    widest = max(text_width(row.text) for row in rows)
    chosen = [style for row, style in zip(rows, styles, strict=True) if text_width(row.text) >= _BODY_WIDTH * widest]
    strokes = [style.stroke for style in chosen if style.stroke > 0]
    return Style(
        stroke=statistics.median(strokes) if strokes else 0.0,
        size=statistics.median(style.size for style in chosen),
    )
