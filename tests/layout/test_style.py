import cv2
import numpy as np
import pytest

from ocr_pipeline.geometry import Box
from ocr_pipeline.layout.style import stroke_width

BOX = Box(20, 20, 620, 100)


def _print(stroke: int, ink: int = 0) -> np.ndarray:
    page = np.full((140, 660), 255, np.uint8)
    for x in range(30, 600, 25):
        page[30:90, x : x + stroke] = ink
    return page


@pytest.mark.parametrize("stroke", [3, 5, 8])
def test_measures_the_stroke(stroke: int) -> None:
    assert stroke_width(_print(stroke), [BOX]) == pytest.approx(stroke, rel=0.15)


def test_faint_and_blurred_print_is_not_lighter() -> None:
    plain, bold = _print(3, ink=150), _print(6, ink=150)
    blurred = [cv2.GaussianBlur(page, (0, 0), 1.0) for page in (plain, bold)]
    ratio = stroke_width(blurred[1], [BOX]) / stroke_width(blurred[0], [BOX])
    assert ratio > 1.3
    assert stroke_width(plain, [BOX]) == pytest.approx(stroke_width(_print(3), [BOX]), rel=0.15)


def test_nothing_to_measure() -> None:
    assert stroke_width(np.full((50, 50), 255, np.uint8), [Box(0, 0, 50, 50), Box(5, 5, 5, 5)]) == 0.0
