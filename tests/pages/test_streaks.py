"""Streaks of a scanner are taken out, rulings stay."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ocr_pipeline.pages.options import PageOptions
from ocr_pipeline.pages.preparing import prepare
from ocr_pipeline.pages.streaks import find_streaks, without_streaks
from tests.pages.conftest import PixelPage

SIZE, DPI = (1100, 850), 100.0
UPRIGHT, LEVEL = range(150, 701, 110), range(200, 901, 50)


def page(*, margin: int = 150) -> np.ndarray:
    """A ruled table with figures; ``margin`` less than 150 cuts the paper around it."""
    image = np.full((*SIZE, 3), 250, np.uint8)
    for x in UPRIGHT:
        image[200:901, x : x + 2] = 30
    for y in LEVEL:
        image[y : y + 2, 150:702] = 30
        if y < 900:
            cv2.putText(image, "0  18  3 4", (190, y + 35), cv2.FONT_HERSHEY_SIMPLEX, 0.8, (40, 40, 40), 2)
    cut = 150 - margin
    return np.ascontiguousarray(image[50 + cut : 1051 - cut, cut : 852 - cut] if cut else image)


def streaked(image: np.ndarray, x: int, breadth: int, dark: float, lean: float = 0.0) -> np.ndarray:
    marked = image.astype(np.float32)
    for row in range(len(image)):
        left = round(x + lean * row)
        marked[row, left : left + breadth] *= 1 - dark
    return marked.astype(np.uint8)


@settings(max_examples=40, deadline=None)
@given(x=st.integers(60, 760), breadth=st.integers(1, 3), dark=st.floats(0.2, 1.0), lean=st.floats(-0.02, 0.02))
def test_a_streak_is_found_where_it_is(x: int, breadth: int, dark: float, lean: float) -> None:
    # One that runs along a ruling is told from it by nothing.
    assume(all(abs(x + lean * row - ruling) > 8 for ruling in UPRIGHT for row in (200, 900)))
    assume(not any((x + lean * 200 - ruling) * (x + lean * 900 - ruling) < 0 for ruling in UPRIGHT))
    found = find_streaks(streaked(page(), x, breadth, dark, lean), DPI)
    assert len(found) == 1
    middle = x + (breadth - 1) / 2
    assert abs(found[0].first[0] - middle) <= 2
    assert abs(found[0].last[0] - middle - lean * SIZE[0]) <= 2
    assert found[0].hides == (dark > 0.6) or 0.5 <= dark <= 0.62


@pytest.mark.parametrize("dark", [0.3, 0.95])
def test_what_is_left_is_the_page_without_it(dark: float) -> None:
    clean = page()
    marked = streaked(clean, 318, 2, dark)
    mended = without_streaks(marked, find_streaks(marked, DPI))
    before, after = (np.abs(image.astype(int) - clean).mean(axis=(0, 2))[314:324] for image in (marked, mended))
    assert after.max() < 0.35 * before.max()
    assert (mended[:, :310] == clean[:, :310]).all()


def test_print_under_a_pale_streak_is_had_back() -> None:
    clean = page()
    marked = streaked(clean, 196, 3, 0.4)
    mended = without_streaks(marked, find_streaks(marked, DPI))
    assert np.abs(mended.astype(int) - clean).max() <= 12


def test_streaks_across_are_found_as_well() -> None:
    turned = np.ascontiguousarray(streaked(page(), 400, 2, 0.8).transpose(1, 0, 2))
    (found,) = find_streaks(turned, DPI)
    assert abs(found.first[1] - 400.5) <= 1
    assert not find_streaks(without_streaks(turned, [found]), DPI)


@pytest.mark.parametrize("margin", [150, 60, 0, -1])
def test_rulings_are_no_streaks(margin: int) -> None:
    """However near the edge the picture is cut, also inside the outer rulings."""
    assert not find_streaks(page(margin=margin), DPI)


def test_a_line_that_ends_on_the_page_is_no_streak() -> None:
    marked = page()
    marked[120:980, 420:422] = 60
    assert not find_streaks(marked, DPI)


def test_a_page_is_told_of_its_streaks() -> None:
    marked = streaked(streaked(page(), 430, 2, 0.95), 96, 2, 0.3)
    image = prepare(PixelPage(marked, native_dpi=200.0), orienter=None)
    assert [f.message for f in image.findings if f.code == "scanner-streaks"] == [
        "streaks of a scanner or a fax machine were taken out: 2, 1 of them so dark that print beneath is lost"
    ]
    ((first, last),) = image.scars
    assert abs(first[0] - 430) < 3
    assert abs(last[0] - 430) < 3
    kept = prepare(PixelPage(marked, native_dpi=200.0), orienter=None, options=PageOptions(remove_streaks=False))
    assert not kept.scars
    assert kept.gray[60:160, 431].mean() < image.gray[60:160, 431].mean() - 100
