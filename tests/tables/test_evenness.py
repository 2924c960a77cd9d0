from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocr_pipeline.tables import find_tables
from ocr_pipeline.tables.evenness import evenness, sorted_by_depth, usable_depth
from ocr_pipeline.tables.grid import GridCell

XS = [60, 260, 460, 700]
CAPTIONS = (0, 3)
CELLS = sorted(
    [GridCell(r, 0, 1, 3) for r in CAPTIONS] + [GridCell(r, c) for r in range(6) if r not in CAPTIONS for c in range(3)]
)


def scanned(page: np.ndarray) -> np.ndarray:
    return cv2.GaussianBlur(page, (0, 0), 0.8)


@pytest.mark.parametrize("height", [28, 46])
def test_strokes_that_nearly_fill_low_rows_are_no_ruling(draw_table, page_of, height: int) -> None:
    """The upright stroke of a character that several captions have at one place; blurred, it meets both rulings."""
    ys = [100 + height * k for k in range(7)]
    page = draw_table(XS, ys, CELLS)
    for row in CAPTIONS:
        cv2.line(page, (330, ys[row] + 4), (330, ys[row + 1] - 4), 40, 2)
    (found,) = find_tables(page_of(scanned(page)))
    assert list(found.grid.cells) == CELLS


def test_a_ruling_that_figures_touch_is_one(draw_table, page_of) -> None:
    """Figures set to the left touch their ruling, and print stands close on its other side."""
    ys = [100 + 46 * k for k in range(7)]
    page = draw_table(XS, ys, CELLS)
    for x in XS[1:-1]:
        for row in (1, 2, 4, 5):
            cv2.line(page, (x - 7, ys[row] + 10), (x - 7, ys[row + 1] - 10), 40, 2)
            cv2.line(page, (x + 6, ys[row] + 8), (x + 6, ys[row + 1] - 8), 40, 2)
    (found,) = find_tables(page_of(scanned(page)))
    assert list(found.grid.cells) == CELLS


def test_depth_says_nothing_in_black_and_white(draw_table) -> None:
    page = draw_table(XS, [100, 150, 200, 250, 300, 350, 400], CELLS)
    white = np.zeros((40, 40), np.uint8)
    assert usable_depth(255 - page) is None
    assert usable_depth(white) is None
    assert usable_depth(255 - scanned(page)) is not None


def test_an_even_edge_and_one_with_a_pale_end() -> None:
    band = np.zeros((3, 41), np.float32)
    band[1, :21] = 100
    band[2, 20:] = [100, 30, *[100] * 19]
    even = evenness(band, np.array([0, 20]), np.array([20, 40]))
    assert even == pytest.approx([1.0, 0.3])


def test_an_uneven_edge_is_print_only_in_a_low_row_of_a_table_whose_rulings_are_even() -> None:
    even = np.array([[1, 1, 1, 0.3], [1, 0.3, 1, 1], [0.7, 0.3, 0.7, 0.9], [1, 0.7, 0.3, 0.7], [1, 1, 1, 1]])
    inked, low = np.ones_like(even), np.array([True, True, True, True])
    whole, print_ = sorted_by_depth(even, inked, short=low)
    assert whole.tolist() == (even >= 0.8).tolist()
    assert np.argwhere(print_).tolist() == [[2, 1], [3, 2]]  # what goes on on one side is a ruling
    assert not sorted_by_depth(even, inked, short=~low)[1].any()
    assert not any(some.any() for some in sorted_by_depth(even * 0.8, inked, short=low))


def test_a_ruling_that_slopes_a_little_is_even(draw_table, page_of) -> None:
    """Below a merged header it begins at a crossing, with nothing above."""
    ys = [100, 147, 194, 270, 316]
    cells = [GridCell(0, 0, 1, 3), *(GridCell(r, c) for r in (1, 2, 3) for c in range(3))]
    page = draw_table(XS, ys, cells, thickness=1)
    page[ys[0] + 2 : ys[-1] - 1, XS[1] - 1 : XS[1] + 2] = 255
    cv2.line(page, (XS[1] - 2, ys[1]), (XS[1] + 2, ys[-1]), 40, 1, cv2.LINE_AA)
    for y in ys[1:-1]:
        page[y, XS[1] - 1 : XS[1] + 2] = 40
    (found,) = find_tables(page_of(scanned(page)))
    assert list(found.grid.cells) == cells
