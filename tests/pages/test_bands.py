from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.pages.bands import without_bands

DPI = 200.0


def page(height: int = 900, width: int = 700) -> np.ndarray:
    """White, with a table that leaves a margin."""
    sheet = np.full((height, width, 3), 250, np.uint8)
    for y in range(100, height - 90, 60):
        cv2.line(sheet, (60, y), (width - 60, y), (30, 30, 30), 2)
    for x in (60, 250, width - 61):
        cv2.line(sheet, (x, 100), (x, height - 90), (30, 30, 30), 2)
    return sheet


def banded(sheet: np.ndarray, starts: list[int], wide: int, left: float) -> np.ndarray:
    """Paler by a share in rows from each start, softly."""
    gain = np.ones((len(sheet), 1), np.float32)
    for start in starts:
        gain[start : start + wide] = left
    return (sheet * cv2.GaussianBlur(gain, (1, 0), 2.0, sigmaY=3.0)[..., None]).astype(np.uint8)


STARTS = [40, 130, 190, 300, 520, 610, 780]


@pytest.mark.parametrize("turned", [False, True], ids=["across", "down"])
def test_bands_across_the_page_are_taken_out_and_rulings_stay(turned: bool) -> None:
    sheet, dirty = page(), banded(page(), STARTS, 18, 0.8)
    if turned:
        sheet, dirty = (np.ascontiguousarray(p.transpose(1, 0, 2)) for p in (sheet, dirty))
    clean = without_bands(dirty, DPI)
    away = np.abs(clean.astype(int) - sheet)
    assert away.max() <= 12
    assert np.abs(dirty.astype(int) - sheet).max() > 40


@pytest.mark.parametrize(
    "sheet",
    [page(), banded(page(), STARTS[:3], 18, 0.8), page()[100:811, 60:640]],
    ids=["none", "too few", "a table cut out without a margin"],
)
def test_other_pages_stay_as_they_are(sheet: np.ndarray) -> None:
    assert without_bands(sheet, DPI) is sheet


def test_dark_fills_from_edge_to_edge_stay_dark() -> None:
    """Their print may be bright."""
    sheet = np.full((900, 700, 3), 250, np.uint8)
    for y in range(50, 850, 160):
        sheet[y : y + 50] = (40, 60, 120)
        sheet[y + 10 : y + 30, 300:340] = 250
    sheet = banded(sheet, [120, 285, 440, 605], 18, 0.8)
    clean = without_bands(sheet, DPI)
    assert (clean[55, 100] == (40, 60, 120)).all()
    assert clean[129, 100].min() >= 240


@pytest.mark.parametrize("turned", [False, True], ids=["across", "down"])
def test_fills_that_leave_a_margin_stay_as_they_are(turned: bool) -> None:
    """A header in a picture cut close to its table, brighter where lines of its bright print are."""
    sheet = np.full((400, 1300, 3), 250, np.uint8)
    sheet[30:300, 30:1270] = 160
    for y in range(50, 290, 40):
        sheet[y : y + 20, 60:1240:2] = 250
    if turned:
        sheet = np.ascontiguousarray(sheet.transpose(1, 0, 2))
    assert without_bands(sheet, DPI) is sheet


@given(st.lists(st.integers(0, 880), max_size=9), st.integers(10, 40), st.floats(0.6, 0.95))
def test_nothing_gets_darker(starts: list[int], wide: int, left: float) -> None:
    dirty = banded(page(), starts, wide, left)
    assert (without_bands(dirty, DPI) >= dirty).all()


def test_an_empty_page_is_no_error() -> None:
    nothing = np.zeros((0, 0, 3), np.uint8)
    assert without_bands(nothing, DPI) is nothing
