from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.geometry import Box
from ocr_pipeline.layout.abutting import parted_at_rulings

DPI = 200.0
LEFT, RIGHT, ROW = 200, 1400, 46


def ruled(gray: np.ndarray, top: int, rows: int, *, dash: int = 0, upright: bool = False) -> Box:
    """A table of this many rows with rulings of two pixels; dashes leave a third of each ruling away."""
    bottom = top + rows * ROW + 2
    for y in range(top, bottom, ROW):
        gray[y : y + 2, LEFT:RIGHT] = 0
        if dash:
            gray[y : y + 2, LEFT:RIGHT].T[np.arange(RIGHT - LEFT) % dash < dash // 3] = 255
        if y + ROW < bottom:
            for x in (LEFT + 30, 700, 1150):
                cv2.putText(gray, "4310", (x, y + 34), cv2.FONT_HERSHEY_SIMPLEX, 0.9, 0, 2)
    if upright:
        gray[top:bottom, LEFT : LEFT + 2] = gray[top:bottom, RIGHT - 2 : RIGHT] = 0
    return Box(LEFT, top, RIGHT, bottom)


def page() -> np.ndarray:
    return np.full((2339, 1654), 255, np.uint8)


@given(st.integers(8, 19), st.integers(2, 6), st.integers(2, 6), st.booleans(), st.booleans())
def test_tables_with_a_little_white_between_are_two(
    white: int, first: int, second: int, worn: bool, upright: bool
) -> None:
    gray = page()
    upper = ruled(gray, 300, first, dash=30 if worn else 0, upright=upright)
    lower = ruled(gray, round(upper.bottom) + white, second, dash=30 if worn else 0, upright=upright)
    gray[round(upper.bottom) + white // 2, 600:604] = 0  # a speck
    found = parted_at_rulings(Box.union_of((upper, lower)), gray, DPI)
    assert [box.as_tuple() for box in found] == [upper.as_tuple(), lower.as_tuple()]


@pytest.mark.parametrize("white", [4, 28])
def test_doubled_rulings_and_rows_of_print_part_nothing(white: int) -> None:
    gray = page()
    upper = ruled(gray, 300, 4)
    lower = ruled(gray, round(upper.bottom) + white, 4)
    whole = Box.union_of((upper, lower))
    assert parted_at_rulings(whole, gray, DPI) == [whole]


def test_rulings_with_print_between_or_none_at_all_part_nothing() -> None:
    gray = page()
    upper = ruled(gray, 300, 4)
    lower = ruled(gray, round(upper.bottom) + 18, 4)
    cv2.putText(gray, "0" * 60, (LEFT, round(upper.bottom) + 14), cv2.FONT_HERSHEY_SIMPLEX, 0.4, 0, 1)
    whole = Box.union_of((upper, lower))
    assert parted_at_rulings(whole, gray, DPI) == [whole]
    assert parted_at_rulings(whole, page(), DPI) == [whole]


def test_the_outermost_ruling_of_a_neighbour_is_no_table() -> None:
    gray = page()
    gray[300:302, LEFT:RIGHT] = 0
    table = ruled(gray, 312, 5)
    assert parted_at_rulings(Box(LEFT, 300, RIGHT, table.bottom), gray, DPI) == [table]


@pytest.mark.parametrize("height", [44, 70])
def test_cells_with_frames_of_their_own_are_one_table(height: int) -> None:
    gray = page()
    for row in range(6):
        top = 300 + row * (height + 10)
        for left in (200, 610, 1020):
            cv2.rectangle(gray, (left, top), (left + 380, top + height), 0, 1)
            cv2.putText(gray, "43", (left + 40, top + 36), cv2.FONT_HERSHEY_SIMPLEX, 0.9, 0, 2)
    whole = Box(200, 300, 1401, top + height + 1)
    assert parted_at_rulings(whole, gray, DPI) == [whole]
