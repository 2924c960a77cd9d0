from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.tables import find_tables
from ocr_pipeline.tables.breaks import without_breaks
from ocr_pipeline.tables.grid import GridCell
from ocr_pipeline.tables.ink import ink_map
from ocr_pipeline.tables.options import TableOptions
from ocr_pipeline.tables.rulings import RulingMasks, find_rulings

DPI = 200.0


def drawn(*pieces: tuple[int, int, int, int], size: tuple[int, int] = (300, 700)) -> np.ndarray:
    """A page with black boxes: left, top, right, bottom."""
    page = np.full(size, 255, np.uint8)
    for left, top, right, bottom in pieces:
        page[top:bottom, left:right] = 30
    return page


def closed(page: np.ndarray, *, upright: bool) -> np.ndarray:
    """Mask of the level rulings without breaks; of the page on its side, of the upright ones."""
    page = np.ascontiguousarray(page.T) if upright else page
    masks = without_breaks(find_rulings(ink_map(page, DPI), DPI, TableOptions()), DPI)
    return masks.vertical.T if upright else masks.horizontal


@given(gap=st.integers(8, 40), upright=st.booleans(), right=st.booleans())
def test_a_ruling_that_goes_on_in_line_runs_through_and_to_its_end(gap: int, upright: bool, right: bool) -> None:
    """The piece beyond the break is too short for a ruling by itself."""
    pieces = [(100, 100, 500, 103), (500 + gap, 100, 530 + gap, 103)]
    page = drawn(*pieces)
    page = page if right else np.ascontiguousarray(page[:, ::-1])
    found = closed(page, upright=upright)[100:103].any(axis=0)
    found = found if right else found[::-1]
    assert found[102 : 528 + gap].all()
    assert not found[:97].any()
    assert not found[533 + gap :].any()


@pytest.mark.parametrize(
    "more",
    [
        [(500, 60, 503, 140), (520, 100, 560, 103)],  # ends at a ruling across, as rulings do
        [(520, 60, 523, 140), (523, 100, 560, 103)],  # begins at one
        [(520, 108, 560, 111)],  # another height
        [(520, 100, 533, 103)],  # as short as a stroke
        [(570, 100, 640, 103)],  # too far off
        [(506, 95, 514, 108), (520, 100, 560, 103)],  # print between
        [(520, 100, 552, 103), (520, 106, 552, 108)],  # a stroke of a character, with another beside it
    ],
)
@pytest.mark.parametrize("upright", [False, True])
def test_what_may_be_no_break_stays_open(more: list[tuple[int, int, int, int]], upright: bool) -> None:
    found = closed(drawn((100, 100, 500, 103), *more), upright=upright)
    assert not found[100:103, 504:519].any()


def test_rulings_without_breaks_stay_as_they_are() -> None:
    page = drawn((100, 100, 500, 103), (100, 100, 103, 250), (500, 100, 503, 250), (100, 250, 503, 253))
    masks = find_rulings(ink_map(page, DPI), DPI, TableOptions())
    assert without_breaks(masks, DPI) is masks


def test_what_a_network_sees_has_no_depth() -> None:
    level = np.where(drawn((100, 100, 300, 103), (320, 100, 500, 103)) < 128, np.uint8(255), np.uint8(0))
    found = without_breaks(RulingMasks(level, np.zeros_like(level), level), DPI)
    assert found.depth is None
    assert found.horizontal[101, 100:500].all()


def test_a_column_whose_ruling_breaks_off_in_every_row_is_one(draw_table, page_of) -> None:
    xs, ys = [60, 150, 240, 330, 420], [100, 180, 230]
    page = draw_table(xs, ys, [GridCell(r, c) for r in range(2) for c in range(4)], marks=False)
    for top in (130, 196):
        page[top : top + 20, 236:245] = 255
    (found,) = find_tables(page_of(page))
    assert (found.grid.rows, found.grid.columns, len(found.grid.cells)) == (2, 4, 8)


def test_a_table_without_sides_is_one_though_its_captions_rulings_break_off_near_their_ends(
    draw_table, page_of
) -> None:
    """What is left of them is too short for rulings, and the others end further out."""
    xs, ys = [60, 200, 340, 480], list(range(100, 401, 50))
    cells = [GridCell(r, c) for r in (1, 2, 4, 5) for c in range(3)] + [GridCell(r, 0, 1, 3) for r in (0, 3)]
    page = draw_table(xs, ys, cells, marks=False)
    for x in (60, 480):
        for top, bottom in pairwise(ys):
            page[top + 3 : bottom - 2, x - 3 : x + 4] = 255
    page[ys[3] - 3 : ys[3] + 4, 110:125] = 255
    (found,) = find_tables(page_of(page))
    assert (found.grid.rows, len(found.grid.cells)) == (6, 14)
