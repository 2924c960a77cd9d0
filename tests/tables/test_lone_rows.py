"""Rows that page breaks cut off are tables, frames of other things are not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from ocr_pipeline.tables import find_tables
from ocr_pipeline.tables.grid import GridCell

COLUMNS = ([60, 840], [60, 300, 840], [60, 300, 400, 500, 840])


def _row(draw_table: Any, xs: list[int], top: int, height: int) -> Any:
    return draw_table(xs, [top, top + height], [GridCell(0, c) for c in range(len(xs) - 1)])


@pytest.mark.parametrize("xs", COLUMNS)
@pytest.mark.parametrize("height", [24, 32, 38, 46, 80])
def test_a_row_at_the_foot_of_a_page_is_a_table(draw_table, page_of, xs: list[int], height: int) -> None:
    (found,) = find_tables(page_of(_row(draw_table, xs, 1050, height)))
    assert list(found.grid.cells) == [GridCell(0, c) for c in range(len(xs) - 1)]
    assert found.box.as_tuple() == pytest.approx((60, 1050, 840, 1050 + height), abs=3)


@pytest.mark.parametrize("xs", COLUMNS)
@pytest.mark.parametrize("height", [24, 38, 60])
def test_a_row_at_the_top_is_a_table_but_on_the_first_page(draw_table, page_of, xs: list[int], height: int) -> None:
    page = page_of(_row(draw_table, xs, 120, height))
    assert len(find_tables(replace(page, index=1))) == 1
    assert len(find_tables(page)) == (len(xs) > 3)


@pytest.mark.parametrize("height", [24, 60])
def test_a_frame_in_the_middle_of_a_page_is_none(draw_table, page_of, height: int) -> None:
    page = replace(page_of(_row(draw_table, [60, 300, 840], 560, height)), index=1)
    assert find_tables(page) == []


def test_a_framed_text_is_none(draw_table, page_of) -> None:
    assert find_tables(page_of(_row(draw_table, [60, 840], 950, 180))) == []
    assert find_tables(page_of(_row(draw_table, [60, 200], 1050, 40))) == []


def test_rulings_without_sides_are_no_row(page_of) -> None:
    page = np.full((1200, 900), 255, np.uint8)
    for top in (60, 92, 1000, 1030, 1070):
        page[top : top + 2, 80:800] = 30
    assert find_tables(replace(page_of(page), index=1)) == []


def test_a_table_keeps_its_rows(draw_table, page_of) -> None:
    """The low rows of a table are not taken a second time."""
    ys = list(range(800, 1100, 26))
    cells = [GridCell(r, c) for r in range(len(ys) - 1) for c in range(2)]
    (found,) = find_tables(page_of(draw_table([60, 300, 840], ys, cells)))
    assert list(found.grid.cells) == cells
