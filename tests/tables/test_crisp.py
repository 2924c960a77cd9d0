from __future__ import annotations

from ocr_pipeline.tables import find_tables
from ocr_pipeline.tables.choosing import with_maps
from ocr_pipeline.tables.crisp import is_crisp
from ocr_pipeline.tables.grid import GridCell
from tests.tables.test_mapped import CELLS, XS, YS, maps_of


def test_rulings_inked_from_end_to_end_are_crisp(draw_table, page_of) -> None:
    (found,) = find_tables(page_of(draw_table(XS, YS, CELLS)))
    assert is_crisp(found)


def test_small_gaps_all_over_are_a_fax_and_a_few_large_ones_were_printed(draw_table, page_of) -> None:
    drawn = draw_table(XS, YS, CELLS)
    drawn[YS[2] - 3 : YS[2] + 4, XS[4] + 90 : XS[4] + 140] = 255
    (found,) = find_tables(page_of(drawn))
    assert is_crisp(found)
    for x in (0, 1, 2):
        drawn[:, x::20] = 255
    (found,) = find_tables(page_of(drawn))
    assert not is_crisp(found)


def test_too_few_borders_say_nothing(draw_table, page_of) -> None:
    cells = [GridCell(r, c) for r in range(2) for c in range(2)]
    (found,) = find_tables(page_of(draw_table([60, 300, 600], [100, 200, 300], cells)))
    assert not is_crisp(found)


def test_where_rulings_are_whole_the_network_cuts_no_caption(draw_table, page_of) -> None:
    """It sees captions over all columns cut like the rows below them."""
    rows = (0, 1, 4)
    cells = sorted([*(c for c in CELLS if c.row not in rows), *(GridCell(row, 0, 1, 5) for row in rows)])
    page = page_of(draw_table(XS, YS, cells))
    (found,) = with_maps(page, find_tables(page), maps_of(CELLS))
    assert list(found.grid.cells) == cells
    assert not found.guessed
