from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocr_pipeline.pages.options import PageOptions
from ocr_pipeline.pages.print_lines import rows_of_print
from ocr_pipeline.pages.straightening import straighten

SIZE = (700, 900)
COLUMNS, ROWS = range(80, 820, 90), range(70, 640, 38)


def figures(size: tuple[int, int] = SIZE) -> np.ndarray:
    """Figures in rows and columns and no ruling, white on black."""
    ink = np.zeros(size, np.uint8)
    for y in ROWS:
        for x in COLUMNS:
            cv2.putText(ink, str((x * y) % 90), (x, y), cv2.FONT_HERSHEY_SIMPLEX, 0.5, 255, 1, cv2.LINE_AA)
    return ink


def sloping(slope: float, change: float) -> np.ndarray:
    """The same with rows of a slope that changes down the page, by this much in all."""
    height, width = SIZE
    y, x = np.mgrid[:height, :width].astype(np.float32)
    # Where a pixel's row stands in the middle of the page, solved for the height that it has there.
    across = x - width / 2
    start = (y - across * (slope - change / 2)) / (1 + across * change / height)
    return np.asarray(cv2.remap(figures(), x, start.astype(np.float32), cv2.INTER_LINEAR))


@pytest.mark.parametrize(("slope", "change"), [(0.0, 0.0), (0.02, 0.0), (-0.031, 0.0), (0.01, 0.03), (-0.005, -0.04)])
def test_slopes_of_rows_are_measured(slope: float, change: float) -> None:
    found = rows_of_print(sloping(slope, change))
    assert found is not None
    assert found.slope == pytest.approx(slope, abs=0.001)
    assert found.change * SIZE[0] == pytest.approx(change, abs=0.003)
    if not change:
        assert found.change == 0


def test_nothing_is_said_of_pages_without_lines() -> None:
    assert rows_of_print(np.zeros(SIZE, np.uint8)) is None
    assert rows_of_print(np.full(SIZE, 255, np.uint8)) is None
    noise = np.where(np.random.default_rng(1).random(SIZE) < 0.05, 255, 0)
    assert rows_of_print(np.asarray(noise, np.uint8)) is None


def test_lines_in_one_part_of_a_page_say_nothing_of_the_rest() -> None:
    ink = sloping(0.01, 0.04)
    ink[250:] = 0
    found = rows_of_print(ink)
    assert found is not None
    assert found.change == 0


def test_a_photo_of_a_table_without_rulings_is_straightened_by_its_print() -> None:
    corners = np.array([[60, 40], [840, 40], [840, 650], [60, 650]], np.float32)
    seen = corners + np.array([[0, 0], [-12, 22], [10, -6], [-8, 9]], np.float32)
    camera = cv2.getPerspectiveTransform(corners, seen)
    gray = 255 - cv2.warpPerspective(figures(), camera, SIZE[::-1])
    geometry = straighten(np.dstack([gray] * 3), 100, None, PageOptions())
    assert geometry.bends
    top_left, top_right, low_right, low_left = geometry.back.inverse().points([(float(x), float(y)) for x, y in seen])
    rises = [b[1] - a[1] for a, b in ((top_left, top_right), (low_left, low_right))]
    leans = [b[0] - a[0] for a, b in ((top_left, low_left), (top_right, low_right))]
    assert max(map(abs, (*rises, *leans))) < 3
    plain = straighten(np.dstack([255 - figures()] * 3), 100, None, PageOptions())
    assert not plain.bends
