from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocr_pipeline.geometry import Box
from ocr_pipeline.layout.table_extents import table_extent

DPI = 200.0


def _page(tone: int = 0, grain: float = 0.0) -> tuple[np.ndarray, Box]:
    """Two columns of three rows, and the bounds of their ink."""
    page = np.full((400, 1000), 255, np.uint8)
    for y in (120, 180, 240):
        for x, text in ((100, "12"), (600, "345")):
            cv2.putText(page, text, (x, y), cv2.FONT_HERSHEY_SIMPLEX, 1.2, tone, 3)
    rows, columns = np.nonzero(page < 255)
    ink = Box(columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
    noise = np.random.default_rng(0).normal(-grain, grain, page.shape) if grain else 0.0
    return np.clip(page + noise, 0, 255).astype(np.uint8), ink


def _near(one: Box, other: Box, slack: float = 2) -> bool:
    return all(abs(a - b) <= slack for a, b in zip(one.as_tuple(), other.as_tuple(), strict=True))


def test_a_table_ends_where_its_print_ends() -> None:
    page, ink = _page()
    page[150:152, 20:21] = page[90:92, 950:953] = page[290:294, 500:502] = 0
    assert _near(table_extent(Box(-80, 60, 1200, 300), page, DPI), ink)


@pytest.mark.parametrize("grain", [4.0, 9.0])
def test_the_grain_of_the_paper_makes_no_table_larger(grain: float) -> None:
    page, ink = _page(tone=150, grain=grain)
    page = np.asarray(cv2.GaussianBlur(page, (0, 0), 0.8), np.uint8)
    assert _near(table_extent(Box(20, 40, 980, 380), page, DPI), ink, 3)


@pytest.mark.parametrize(("tone", "grain"), [(190, 0.0), (212, 0.0), (190, 8.0)])
def test_a_table_keeps_its_pale_outer_rulings(tone: int, grain: float) -> None:
    page, _ = _page(grain=grain)
    ruled = np.full_like(page, 255)
    cv2.rectangle(ruled, (60, 70), (900, 280), tone, 2)
    page = np.minimum(page, ruled) if not grain else np.where(ruled < 255, np.minimum(page, page - 255 + ruled), page)
    assert _near(table_extent(Box(40, 50, 920, 300), page, DPI), Box(59, 69, 902, 282), 3)


def test_what_goes_on_outside_of_the_room_about_a_table_is_of_its_neighbour() -> None:
    page, ink = _page()
    near = Box(ink.left - 5, ink.top - 5, ink.right + 5, ink.bottom + 5)
    cv2.putText(page, "6789", (100, int(near.bottom) + 32), cv2.FONT_HERSHEY_SIMPLEX, 1.2, 0, 3)
    assert _near(table_extent(near, page, DPI, 10), ink)
    assert table_extent(near.expanded(10), page, DPI).bottom > ink.bottom + 10
    wide = table_extent(Box(near.left, near.top, ink.right - 5, ink.bottom - 5), page, DPI, 10)
    assert _near(wide, ink), "its own print that ends inside the room counts"


def test_a_table_that_shows_nothing_is_the_part_on_the_page() -> None:
    page = np.full((400, 1000), 255, np.uint8)
    assert table_extent(Box(-10, 50, 300, 900), page, DPI) == Box(0, 50, 300, 400)
    assert table_extent(Box(-10, -50, 1, -10), page, DPI) == Box(0, 0, 1, 0)
