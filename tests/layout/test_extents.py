from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.geometry import Box
from ocr_pipeline.layout.extents import line_extent

DPI = 200.0


def _page() -> np.ndarray:
    return np.full((400, 1000), 255, np.uint8)


def _print(page: np.ndarray, text: str, y: int, x: int = 100, tone: int = 0) -> Box:
    """Print a line, and the bounds of its ink."""
    before = page.copy()
    cv2.putText(page, text, (x, y), cv2.FONT_HERSHEY_SIMPLEX, 1.2, tone, 3)
    rows, columns = np.nonzero(page != before)
    return Box(columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)


def _near(one: Box, other: Box, slack: float = 2) -> bool:
    return all(abs(a - b) <= slack for a, b in zip(one.as_tuple(), other.as_tuple(), strict=True))


@given(*(st.integers(0, 12) for _ in range(4)))
def test_a_line_is_as_wide_as_its_ink_however_loose_its_box(left: int, top: int, right: int, bottom: int) -> None:
    page = _page()
    ink = _print(page, "0123456789", 200)
    box = Box(ink.left - left, ink.top - top, ink.right + right, ink.bottom + bottom)
    assert _near(line_extent(box, page, DPI), ink)


@pytest.mark.parametrize("tone", [0, 120, 190])
def test_faint_print_is_ink_too(tone: int) -> None:
    page = _page()
    ink = _print(page, "0123456789", 200, tone=tone)
    assert _near(line_extent(ink.expanded(10), page, DPI), ink)


def test_what_reaches_in_from_the_lines_above_and_below_is_left_out() -> None:
    page = _page()
    ink = _print(page, "0123456789", 200)
    above, below = _print(page, "0123456789", 150), _print(page, "0123456789", 250)
    box = Box(ink.left - 8, above.bottom - 4, ink.right + 8, below.top + 4)
    assert _near(line_extent(box, page, DPI), ink)


def test_specks_beside_a_line_are_left_out_and_words_apart_are_not() -> None:
    page = _page()
    ink = _print(page, "012345", 200)
    last = _print(page, "67", 200, x=round(ink.right) + 60)
    page[190:193, 20:23] = 0
    found = line_extent(Box(10, ink.top - 8, last.right + 8, ink.bottom + 8), page, DPI)
    assert _near(found, Box.union_of((ink, last)))


@pytest.mark.parametrize("box", [Box(300, 300, 500, 340), Box(-50, -50, -10, -10), Box(5000, 10, 5100, 40)])
def test_where_there_is_no_ink_a_line_stays_as_it_is(box: Box) -> None:
    assert line_extent(box, _page(), DPI) == box


def test_the_ink_of_a_seal_at_one_end_of_a_line_makes_it_no_higher() -> None:
    page = _page()
    ink = _print(page, "0123456789", 200)
    seal = Box(ink.right - 60, ink.top - 80, ink.right + 100, ink.bottom + 80)
    cv2.ellipse(page, (int(seal.center[0]), int(seal.center[1])), (75, 90), 0, 0, 360, 60, 5)
    box = ink.expanded(12)
    assert line_extent(box, page, DPI).height > ink.height + 8
    assert abs(line_extent(box, page, DPI, [seal]).height - ink.height) <= 2


@pytest.mark.parametrize("degrees", [-1.5, 1.5])
def test_a_line_that_leans_is_told_from_its_neighbours(degrees: float) -> None:
    """The boxes of lines as close as these reach into each other, and no row of pixels between them is white."""
    page = _page()
    lines = [_print(page, "0123456789" * 3, y) for y in (160, 200, 240)]
    turn = cv2.getRotationMatrix2D((500, 200), degrees, 1.0)
    alone = np.full_like(page, 255)
    alone[lines[1].slices()] = page[lines[1].slices()]
    page, alone = (
        np.asarray(cv2.warpAffine(image, turn, (1000, 400), borderValue=255), np.uint8) for image in (page, alone)
    )
    rows, columns = np.nonzero(alone < 128)
    ink = Box(columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
    assert line_extent(ink.expanded(8), page, DPI).iou(ink) > 0.9
