from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from ocr_pipeline.document import PageImage
from ocr_pipeline.geometry import Transform
from ocr_pipeline.pages.drawing import drawing_of


class DrawnPage:
    """A page of 100 x 50 points with one mark, 10..20 x 30..40 points."""

    def render_without_text(self, dpi: float) -> NDArray[np.uint8]:
        scale = round(dpi / 72)
        pixels = np.full((50 * scale, 100 * scale, 3), 255, np.uint8)
        pixels[30 * scale : 40 * scale, 10 * scale : 20 * scale] = 0
        return pixels


class Scan:
    def render_without_text(self, dpi: float) -> None:
        return None


def page(width: int, height: int, to_source: Transform) -> PageImage:
    pixels = np.full((height, width), 255, np.uint8)
    return PageImage(0, np.dstack([pixels] * 3), pixels, 144, to_source, (100, 50))


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
@pytest.mark.parametrize("shift", [0.0, 7.0])
def test_the_drawing_lies_in_the_place_of_the_page(turns: int, shift: float) -> None:
    turned = Transform.scaling(2).then(Transform.quarter_turns(turns, 200, 100)).then(Transform.translation(shift, 0))
    width, height = (100, 200) if turns % 2 else (200, 100)
    prepared = page(width, height, turned.inverse())
    drawing = drawing_of(DrawnPage(), prepared)
    assert drawing is not None
    assert drawing.shape == prepared.gray.shape
    rows, columns = np.nonzero(drawing < 128)
    corners = turned.points([(10, 30), (20, 40)])
    assert (columns.min(), columns.max() + 1) == pytest.approx(sorted(x for x, _ in corners), abs=1)
    assert (rows.min(), rows.max() + 1) == pytest.approx(sorted(y for _, y in corners), abs=1)


def test_a_scan_has_no_drawing() -> None:
    assert drawing_of(Scan(), page(200, 100, Transform.scaling(0.5))) is None
