"""Ink against paper: grain of tinted cells beside pale print on clean paper."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from ocr_pipeline.geometry import Box
from ocr_pipeline.tables.cell_ink import PRINT_SHARE, cell_ink
from ocr_pipeline.tables.ink import InkMap, ink_map

DPI = 240.0
WIDTH, TINTED, HEIGHT = 900, 120, 900
HEADER = Box(0, 0, WIDTH, TINTED)
BODY = tuple(Box(0, top, WIDTH, top + 60) for top in range(TINTED, HEIGHT, 60))


def page(*, print_: int, pale: int, seed: int) -> NDArray[np.uint8]:
    """A header whose tint became grain, with one line of print, above rows of pale print on white paper."""
    gray = np.full((HEIGHT, WIDTH), 255, np.float32)
    grain = np.random.default_rng(seed).normal(0, 1, (TINTED, WIDTH)).astype(np.float32)
    grain = cv2.GaussianBlur(grain, (0, 0), 0.8)
    gray[:TINTED] = 250 - 22 * np.abs(grain) / grain.std()
    write(gray, 70, print_)
    for box in BODY:
        for line in (20, 42):
            write(gray, int(box.top) + line, pale, size=0.7)
    return np.clip(gray, 0, 255).astype(np.uint8)


def write(gray: NDArray[np.float32], bottom: int, shade: int, size: float = 1.0) -> None:
    for left in range(30, WIDTH - 60, 60):
        cv2.putText(gray, "8", (left, bottom), cv2.FONT_HERSHEY_SIMPLEX, size, float(shade), 2)


def test_the_grain_of_a_tint_is_no_print_where_the_rows_below_are_pale() -> None:
    depth = ink_map(page(print_=0, pale=150, seed=1), DPI)
    figures = len(range(30, WIDTH - 60, 60))

    assert len(cell_ink(depth.mask(PRINT_SHARE), HEADER, DPI).parts) > 2 * figures
    parts = cell_ink(depth.without_grain([HEADER, *BODY], DPI).mask(PRINT_SHARE), HEADER, DPI).parts
    assert len(parts) == figures
    assert all(part.height > 15 for part in parts)


def test_pale_print_on_clean_paper_stays_as_it_is() -> None:
    depth = ink_map(page(print_=0, pale=150, seed=2), DPI)
    mask, own = depth.mask(PRINT_SHARE), depth.without_grain([HEADER, *BODY], DPI).mask(PRINT_SHARE)
    assert own[TINTED:].any()
    assert np.array_equal(own[TINTED:], mask[TINTED:])


def test_pale_print_in_grain_is_not_lost_for_that() -> None:
    # The solid print of the cell itself is the measure, not that of the table.
    depth = ink_map(page(print_=100, pale=0, seed=3), DPI)
    own = depth.without_grain([HEADER, *BODY], DPI).mask(PRINT_SHARE)
    assert np.array_equal(own, depth.mask(PRINT_SHARE))


@pytest.mark.parametrize("cell", [Box(-5, -5, 0, 0), Box(10, 10, 10, 40), Box(WIDTH, 0, WIDTH + 9, 9)])
def test_a_cell_without_pixels_changes_nothing(cell: Box) -> None:
    depth = ink_map(page(print_=0, pale=150, seed=4), DPI)
    assert depth.without_grain([cell], DPI) is depth


@given(seed=st.integers(0, 50), print_=st.integers(0, 200), pale=st.integers(0, 200))
def test_only_ever_takes_ink_away(seed: int, print_: int, pale: int) -> None:
    depth = ink_map(page(print_=print_, pale=pale, seed=seed), DPI)
    own = depth.without_grain([HEADER, *BODY], DPI).mask(PRINT_SHARE)
    assert not (own & ~depth.mask(PRINT_SHARE)).any()


def test_depth_of_print_leaves_paper_and_rims_out() -> None:
    depth = np.zeros((20, 40), np.uint8)
    depth[5:15, 5:10], depth[5:15, 10:11] = 200, 80
    found = InkMap(depth, 200.0, 1.0)
    assert found.of_print(Box(0, 0, 40, 20), 0.3) == 200.0
    assert found.of_print(Box(20, 0, 40, 20), 0.3) == 0.0
    assert found.of_print(Box(50, 0, 60, 20), 0.3) == 0.0
