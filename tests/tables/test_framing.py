from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocr_pipeline.geometry import Box
from ocr_pipeline.tables import find_tables
from ocr_pipeline.tables.flatten import fit_flattening
from ocr_pipeline.tables.framing import with_sides
from ocr_pipeline.tables.grid import GridCell
from ocr_pipeline.tables.rulings import RulingMasks

XS, YS = [60, 260, 460, 700], [100, 150, 200, 250, 300, 350, 400]
CAPTIONS = (0, 3)
CELLS = sorted(
    [GridCell(r, 0, 1, 3) for r in CAPTIONS] + [GridCell(r, c) for r in range(6) if r not in CAPTIONS for c in range(3)]
)


def without(page: np.ndarray, *, left: bool = False, right: bool = False, top: bool = False, bottom: bool = False):
    for drop, rows, columns in (
        (left, slice(YS[0] + 3, YS[-1] - 2), slice(XS[0] - 2, XS[0] + 3)),
        (right, slice(YS[0] + 3, YS[-1] - 2), slice(XS[-1] - 2, XS[-1] + 3)),
        (top, slice(YS[0] - 2, YS[0] + 3), slice(None)),
        (bottom, slice(YS[-1] - 2, YS[-1] + 3), slice(None)),
    ):
        if drop:
            page[rows, columns] = 255
    return page


@pytest.mark.parametrize("sides", [("left",), ("right",), ("left", "right")])
def test_captions_stay_with_their_table_when_its_sides_are_missing(draw_table, page_of, sides) -> None:
    page = without(draw_table(XS, YS, CELLS), **dict.fromkeys(sides, True))
    (found,) = find_tables(page_of(page))
    assert list(found.grid.cells) == CELLS


@pytest.mark.parametrize("missing", [("right", "top"), ("left", "bottom"), ("top", "bottom", "right")])
def test_outer_rows_without_their_ruling(draw_table, page_of, missing) -> None:
    """One side runs on past the last ruling in one piece, or two rulings do."""
    page = without(draw_table(XS, YS, CELLS), **dict.fromkeys(missing, True))
    (found,) = find_tables(page_of(page))
    assert list(found.grid.cells) == CELLS


def test_a_stroke_of_a_heading_adds_no_row(draw_table, page_of) -> None:
    page = draw_table(XS, YS, CELLS)
    cv2.line(page, (XS[0], 60), (XS[0], 92), 40, 2)
    (found,) = find_tables(page_of(page))
    assert list(found.grid.cells) == CELLS


PAGE = Box(0, 100, 800, 500)


def masks_of(*levels: tuple[int, int]) -> RulingMasks:
    """Level rulings at some heights from some place on."""
    horizontal = np.zeros((1000, 800), np.uint8)
    for y, left in levels:
        horizontal[y - 1 : y + 2, left:700] = 255
    return RulingMasks(horizontal, np.zeros_like(horizontal), horizontal)


def test_two_tables_are_not_joined_over_a_heading_between_them() -> None:
    masks = masks_of(*((y, 60) for y in (100, 150, 200, 250, 400, 450, 500)))
    drawn = with_sides(masks, 200, [PAGE]).vertical
    assert drawn[110:240, 50:70].any(axis=1).all()
    assert drawn[110:240, 690:710].any(axis=1).all()
    assert not drawn[260:390].any()


def test_rulings_that_end_anywhere_have_no_side() -> None:
    masks = masks_of(*((100 + 50 * k, 60 + 40 * k) for k in range(5)))
    assert with_sides(masks, 200, [PAGE]) is masks


def test_no_side_is_drawn_where_no_upright_rulings_made_a_table() -> None:
    masks = masks_of(*((y, 60) for y in range(100, 500, 50)))
    assert with_sides(masks, 200, []) is masks
    assert with_sides(masks, 200, [Box(60, 600, 700, 800)]) is masks


def test_how_the_slope_changes_is_not_made_up_from_two_rulings() -> None:
    """What two lines cannot tell was rounding over nearly nothing, and tables with two upright rulings were warped."""
    vertical = np.zeros((700, 1000), np.uint8)
    vertical[11:123, 12] = vertical[123:690, 13] = vertical[11:690, 988] = 255
    across = fit_flattening(np.zeros_like(vertical), vertical, Box(0, 0, 1000, 700)).across
    assert (across[1], across[3]) == (0.0, 0.0)


@pytest.mark.parametrize("upper", [True, False])
def test_tables_one_below_the_other_stay_two(draw_table, page_of, upper: bool) -> None:
    """The ruling of one next to the other is lost, as are the sides of both; drawn, they made a row of the gap."""
    tops = [100, 150, 200, 250], [273, 310, 360, 410]
    cells = [GridCell(r, c) for r in range(3) for c in range(3)]
    page = np.minimum(*(draw_table(XS, ys, cells) for ys in tops))
    lost = tops[0][-1] if upper else tops[1][0]
    page[lost - 2 : lost + 3] = 255
    for x in (XS[0], XS[-1]):
        page[tops[0][0] + 3 : tops[1][-1] - 2, x - 2 : x + 3] = 255
    found = find_tables(page_of(page))
    assert [(table.grid.rows, table.grid.columns) for table in found] == [(3, 3), (3, 3)]


def test_closed_tables_as_far_apart_as_a_row_is_high_stay_two(draw_table, page_of) -> None:
    tops = [100, 150, 200, 250], [300, 350, 400, 450]
    cells = [GridCell(r, c) for r in range(3) for c in range(3)]
    page = np.minimum(*(draw_table(XS, ys, cells) for ys in tops))
    found = find_tables(page_of(page))
    assert [(table.grid.rows, table.grid.columns) for table in found] == [(3, 3), (3, 3)]


def test_a_caption_whose_sides_are_all_but_lost_stays_with_its_table(draw_table, page_of) -> None:
    page = draw_table(XS, YS, CELLS)
    for x in (XS[0], XS[-1]):
        page[YS[3] + 3 : YS[3] + 36, x - 2 : x + 3] = 255
    (found,) = find_tables(page_of(page))
    assert list(found.grid.cells) == CELLS
