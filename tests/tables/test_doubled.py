from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from ocr_pipeline.document import PageImage
from ocr_pipeline.tables import find_tables
from ocr_pipeline.tables.cell_ink import PRINT_SHARE, cell_ink
from ocr_pipeline.tables.doubled import join_doubled
from ocr_pipeline.tables.ink import ink_map

PageOf = Callable[..., PageImage]

_DPI = 200.0


def _paper() -> NDArray[np.uint8]:
    return np.full((600, 900), 250, np.uint8)


def _frames(gap: int, columns: int = 5, rows: int = 6) -> NDArray[np.uint8]:
    """Cells that each have a frame of their own, with paper between them, as browsers draw them by default."""
    page = _paper()
    for row in range(rows):
        for column in range(columns):
            left, top = 60 + column * (120 + gap), 80 + row * (44 + gap)
            page[top : top + 44, left : left + 120] = 40
            page[top + 2 : top + 42, left + 2 : left + 118] = 250
            cv2.putText(page, str(row * column), (left + 40, top + 32), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 40, 2)
    return page


@given(gap=st.integers(2, 8), turned=st.booleans())
def test_frames_of_single_cells_become_one_net_of_rulings(gap: int, turned: bool) -> None:
    page = _frames(gap)
    page = np.ascontiguousarray(page.T) if turned else page
    joined = join_doubled(page, _DPI)
    joined = joined.T if turned else joined
    # From the middle of the first cell to the middle of the last, between two rows and between two columns.
    for row in range(1, 6):
        between = 80 + row * (44 + gap) - gap
        assert (joined[between : between + gap, 70 : 60 + 4 * (120 + gap)] < 100).all()
    for column in range(1, 5):
        between = 60 + column * (120 + gap) - gap
        assert (joined[90 : 80 + 5 * (44 + gap), between : between + gap] < 100).all()


@pytest.mark.parametrize("gap", [3, 5, 8])
def test_such_a_table_has_a_grid_and_its_cells_hold_nothing_but_print(gap: int, page_of: PageOf) -> None:
    (table,) = find_tables(page_of(join_doubled(_frames(gap), _DPI)))
    assert (table.grid.rows, table.grid.columns, len(table.grid.cells)) == (6, 5, 30)
    mask = ink_map(table.gray, _DPI).mask(PRINT_SHARE)
    for cell in table.grid.cells:
        for part in cell_ink(mask, table.grid.box(cell), _DPI).parts:
            assert (part.height > 12, part.width < 40) == (True, True)


@pytest.mark.parametrize("gap", [2, 5, 8])
def test_what_stands_in_the_cells_stays(gap: int) -> None:
    page = _frames(gap)
    joined = join_doubled(page, _DPI)
    for row in range(6):
        for column in range(5):
            left, top = 60 + column * (120 + gap), 80 + row * (44 + gap)
            inside = slice(top + 3, top + 41), slice(left + 3, left + 117)
            assert np.array_equal(joined[inside], page[inside])


def test_a_page_of_plain_rulings_and_print_is_left_as_it_is() -> None:
    page = _paper()
    for y in range(60, 560, 60):
        cv2.line(page, (40, y), (860, y), 30, 2)
        for x in range(50, 840, 18):  # print that nearly stands on the ruling, of uneven depth
            cv2.line(page, (x, y - 30), (x + 9, y - 4 - (x * 7) % 9), 30, 2)
    for x in range(40, 900, 205):
        cv2.line(page, (x, 60), (x, 540), 30, 2)
    assert join_doubled(page, _DPI) is page


def test_two_rulings_farther_apart_are_two() -> None:
    page = _paper()
    for y in (100, 114, 200, 214):
        cv2.line(page, (40, y), (860, y), 30, 2)
    assert join_doubled(page, _DPI) is page


def test_an_empty_page_stays_empty() -> None:
    page = _paper()
    assert join_doubled(page, _DPI) is page
