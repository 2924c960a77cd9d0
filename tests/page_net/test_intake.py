from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocr_pipeline.page_net.intake import MULTIPLE, ink_of, padded, reduced
from ocr_pipeline.page_net.maps import MAPS, PageMaps


@pytest.fixture
def page():
    """A page at 100 dpi with print and a ruling."""
    picture = np.full((600, 420, 3), 255, np.uint8)
    for y in range(60, 560, 24):
        cv2.putText(picture, "0123456789 0123", (30, y), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (0, 0, 0), 1, cv2.LINE_AA)
    cv2.line(picture, (20, 300), (400, 300), (0, 0, 0), 1)
    return picture


def test_faint_print_on_grey_paper_looks_like_black_on_white(page) -> None:
    plain = ink_of(page).astype(float)
    faint = ink_of((200 - (255 - page.astype(float)) * 0.25).astype(np.uint8)).astype(float)
    shaded = ink_of((page * np.linspace(1, 0.5, page.shape[1])[None, :, None]).astype(np.uint8)).astype(float)
    for other in (faint, shaded):
        assert np.corrcoef(plain.ravel(), other.ravel())[0, 1] > 0.97
        assert other[298:303].max(axis=0).mean() == pytest.approx(plain[298:303].max(axis=0).mean(), rel=0.25)


def test_colour_stays_visible(page) -> None:
    cv2.circle(page, (300, 450), 60, (220, 30, 40), 4)
    ink = ink_of(page)
    ring = ink[450, 238:242].max(axis=0)
    assert ring[1] > ring[0] + 100, "red ink is dark in green light and bright in red light"


@pytest.mark.parametrize("value", [0, 255])
def test_a_page_of_one_colour_shows_nothing(value) -> None:
    assert ink_of(np.full((300, 200, 3), value, np.uint8)).std() == 0


def test_shapes(page) -> None:
    assert reduced(np.zeros((700, 500, 3), np.uint8), 200).shape == (350, 250, 3)
    assert reduced(np.zeros((70, 50, 3), np.uint8), 50).shape == (140, 100, 3)
    tensor = padded(ink_of(page))
    assert tensor.shape[:2] == (1, 3)
    assert all(side % MULTIPLE == 0 for side in tensor.shape[2:])
    assert np.array_equal(tensor[0, :, :600, :420].transpose(1, 2, 0), ink_of(page))


def test_a_map_lies_on_the_page_where_it_was_seen() -> None:
    values = np.zeros((len(MAPS), 50, 40), np.uint8)
    values[2, 20, 5:30] = 255
    page = PageMaps(values, (0.25, 0.25)).enlarged("rows", (160, 200))
    assert page.shape == (200, 160)
    rows = np.flatnonzero(page[:, 70] > 127)
    assert rows.mean() == pytest.approx(4 * 20.5 - 0.5, abs=0.6)
    columns = np.flatnonzero(page[82] > 127)
    assert (columns[0], columns[-1]) == (20, 119)
