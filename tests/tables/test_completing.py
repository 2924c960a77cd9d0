from __future__ import annotations

import numpy as np
import pytest

from ocr_pipeline.tables import find_tables
from ocr_pipeline.tables.choosing import with_maps
from ocr_pipeline.tables.completing import completed
from ocr_pipeline.tables.grid import GridCell
from tests.tables.test_mapped import CELLS, XS, YS, maps_of


def torn(draw_table, *, remains: int) -> np.ndarray:
    """The table with most of one ruling gone between two rows of one column; every so many pixels a dot remains."""
    drawn = draw_table(XS, YS, CELLS)
    hole = drawn[YS[4] - 2 : YS[4] + 3, XS[2] + 4 : XS[3] - 4]
    kept = hole[:, ::remains].copy() if remains else None
    hole[:] = 255
    if kept is not None:
        hole[:, ::remains] = kept
    return drawn


def test_a_ruling_of_which_dots_remain_is_put_back_where_the_network_sees_it(page_of, draw_table) -> None:
    page = page_of(torn(draw_table, remains=4))
    (ruled,) = find_tables(page)
    (found,) = with_maps(page, [ruled], maps_of(CELLS))
    assert list(found.grid.cells) == CELLS
    assert found.grid.xs == ruled.grid.xs
    assert found.grid.ys == ruled.grid.ys


def test_nothing_is_split_without_ink_or_without_the_network(page_of, draw_table) -> None:
    merged = sorted([c for c in CELLS if (c.row, c.column) not in ((3, 2), (4, 2))] + [GridCell(3, 2, 2, 1)])
    (bare,) = find_tables(page_of(torn(draw_table, remains=0)))
    assert list(bare.grid.cells) == merged
    assert completed(bare, maps_of(CELLS)) is bare, "the network may see what is not printed"
    assert completed(bare, maps_of(merged)) is bare


def test_print_beside_an_edge_is_no_ruling(page_of, draw_table) -> None:
    """Two characters of a spanning header, the gap between them where the network sees a ruling."""
    cells = sorted([c for c in CELLS if (c.row, c.column) not in ((4, 2), (4, 3))] + [GridCell(4, 2, 1, 2)])
    drawn = draw_table(XS, YS, cells)
    for x in (XS[3] - 22, XS[3] + 2):
        drawn[YS[4] + 10 : YS[5] - 10, x : x + 20] = 0
        drawn[YS[4] + 13 : YS[5] - 13, x + 3 : x + 17] = 255
    (found,) = find_tables(page_of(drawn))
    assert list(found.grid.cells) == cells
    assert completed(found, maps_of(CELLS)) is found


@pytest.mark.parametrize("across", [True, False])
def test_print_that_runs_over_an_edge_is_not_cut(page_of, draw_table, across) -> None:
    """A spanning cell with a stroke of print right across the place where the network sees a ruling."""
    span = GridCell(4, 2, 1, 2) if across else GridCell(4, 2, 2, 1)
    slots = [(r, c) for r in range(4, 4 + span.row_span) for c in range(2, 2 + span.column_span)]
    cells = sorted([c for c in CELLS if (c.row, c.column) not in slots] + [span])
    drawn = draw_table(XS, YS, cells)
    if across:
        drawn[YS[4] + 6 : YS[5] - 6 : 3, XS[3] - 30 : XS[3] + 30] = 0
        drawn[YS[4] + 8 : YS[5] - 8, XS[3] - 30 : XS[3] + 30 : 6] = 0
    else:
        drawn[YS[5] - 12 : YS[5] + 12, XS[2] + 20 : XS[3] - 20 : 6] = 0
        drawn[YS[5] - 12 : YS[5] + 12 : 6, XS[2] + 20 : XS[3] - 20] = 0
    (found,) = find_tables(page_of(drawn))
    assert completed(found, maps_of(CELLS)).grid.cells == found.grid.cells


def test_the_strokes_of_a_character_are_no_rest_of_a_ruling(page_of, draw_table) -> None:
    """A character with an upright stroke where the network sees a ruling, and far from it the one before."""
    cells = sorted([c for c in CELLS if (c.row, c.column) not in ((4, 2), (4, 3))] + [GridCell(4, 2, 1, 2)])
    drawn = draw_table(XS, YS, cells, marks=False)
    drawn[YS[4] + 10 : YS[5] - 10, XS[3] - 40 : XS[3] - 30] = 0
    drawn[YS[4] + 10 : YS[5] - 10, XS[3] - 1 : XS[3] + 2] = 0
    for y in (YS[4] + 10, YS[5] - 12):
        drawn[y : y + 3, XS[3] - 1 : XS[3] + 22] = 0
    (found,) = find_tables(page_of(drawn))
    assert list(found.grid.cells) == cells
    assert completed(found, maps_of(CELLS)) is found
