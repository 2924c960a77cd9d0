"""Draws tables whose structure is known, as pictures and as data."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from ocr_pipeline.document import PageImage
from ocr_pipeline.geometry import Transform
from ocr_pipeline.tables.grid import GridCell

Draw = Callable[..., NDArray[np.uint8]]


def draw_table(
    xs: Sequence[int],
    ys: Sequence[int],
    cells: Sequence[GridCell],
    *,
    size: tuple[int, int] = (1200, 900),
    ink: int = 40,
    thickness: int = 2,
    marks: bool = True,
) -> NDArray[np.uint8]:
    """A page (height, width) with the frame of each cell and, on request, a mark like a figure in it."""
    page = np.full(size, 255, np.uint8)
    for cell in cells:
        left, right = xs[cell.column], xs[cell.column + cell.column_span]
        top, bottom = ys[cell.row], ys[cell.row + cell.row_span]
        cv2.rectangle(page, (left, top), (right, bottom), ink, thickness)
        if marks:
            middle = ((left + right) // 2, (top + bottom) // 2)
            cv2.ellipse(page, middle, (4, 7), 0, 0, 360, ink, 2)
    return page


def page_of(gray: NDArray[np.uint8], dpi: float = 200.0) -> PageImage:
    """A page image at 200 dpi around a gray picture."""
    height, width = gray.shape
    return PageImage(0, cv2.cvtColor(gray, cv2.COLOR_GRAY2RGB), gray, dpi, Transform.identity(), (width, height), "px")


@pytest.fixture(name="draw_table")
def _draw_table() -> Draw:
    return draw_table


@pytest.fixture(name="page_of")
def _page_of() -> Callable[..., PageImage]:
    return page_of
