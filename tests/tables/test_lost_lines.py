import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from ocr_pipeline.geometry import Box
from ocr_pipeline.tables.lost_lines import crosses_lost_line

_DPI = 200.0
_CELL = Box(40, 40, 240, 90)
_PRINT = Box(180, 52, 230, 78)


def drawn(*, dots: int = 0) -> NDArray[np.uint8]:
    """Depth of ink of a cell with its rulings, the upright ones with gaps of ``dots`` pixels, and print in it."""
    depth = np.zeros((130, 280), np.uint8)
    left, top, right, bottom = (round(side) for side in _CELL.as_tuple())
    cv2.rectangle(depth, (left, top), (right, bottom), 230, 3)
    for row in range(top, bottom, 2 * dots or 1000):
        depth[row : row + dots] = 0
    cv2.rectangle(depth, (182, 54), (200, 76), 230, 2)
    return depth


@pytest.mark.parametrize("height", [1, 2, 4])
@pytest.mark.parametrize("row", [56, 65, 74])
def test_a_line_that_is_missing_across_the_page_cuts_the_print(row: int, height: int) -> None:
    depth = drawn()
    depth[row : row + height] = 0
    assert crosses_lost_line(depth, _CELL, _PRINT, _DPI)


def test_the_page_may_not_be_quite_straight() -> None:
    depth = drawn()
    for x in range(depth.shape[1]):
        row = 64 + round(x * 0.01)
        depth[row : row + 2, x] = 0
    assert crosses_lost_line(depth, _CELL, _PRINT, _DPI)


def test_what_is_missing_above_or_below_the_print_takes_nothing_of_it() -> None:
    depth = drawn()
    depth[46:48] = depth[84:86] = 0
    assert not crosses_lost_line(depth, _CELL, _PRINT, _DPI)


def test_one_broken_ruling_is_no_line() -> None:
    depth = drawn()
    depth[64:66, :100] = 0
    assert not crosses_lost_line(depth, _CELL, _PRINT, _DPI)


@pytest.mark.parametrize("dots", [0, 2, 4])
def test_rulings_as_they_are_drawn_tell_nothing(dots: int) -> None:
    assert not crosses_lost_line(drawn(dots=dots), _CELL, _PRINT, _DPI)


def test_a_cell_at_the_edge_of_the_picture() -> None:
    depth = drawn()[42:]
    assert not crosses_lost_line(depth, _CELL.translated(0, -42), _PRINT.translated(0, -42), _DPI)
    assert not crosses_lost_line(depth[:, :100], _CELL, _PRINT, _DPI)
