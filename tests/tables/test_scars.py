from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from ocr_pipeline.document import Cell, PageImage, Place, Reading, Table
from ocr_pipeline.geometry import Box, Point, Transform
from ocr_pipeline.tables import ReadTable, doubt_beside_scars, doubt_blanks

PLACES = [Place(page=0, box=Box(x, 0, x + 100, 60)) for x in (0, 100, 200)]
"""A figure, a figure, a cell without print."""


def read() -> ReadTable:
    texts = ("7", "12", "")
    cells = tuple(
        Cell(
            row=0,
            column=column,
            text=text,
            ink=bool(text),
            places=(place,),
            readings=(Reading(text=text, log_prob=-0.01),) if text else (),
        )
        for column, (text, place) in enumerate(zip(texts, PLACES, strict=True))
    )
    images = dict.fromkeys(PLACES[:2], np.zeros((4, 4), np.uint8))
    return ReadTable(Table(id="t1", rows=1, columns=3, cells=cells), images)


def page(*scars: tuple[Point, Point]) -> PageImage:
    gray = np.full((60, 300), 255, np.uint8)
    for x in (50, 150):
        gray[22:38, x - 6 : x + 6] = 20
    image = PageImage(0, np.dstack([gray] * 3), gray, 200.0, Transform.identity(), (300, 60), "px")
    return replace(image, scars=scars)


def test_a_figure_that_may_have_lost_a_digit_is_doubted() -> None:
    """The scar lies where a digit before the 12 would stand; nothing of one is left."""
    told = doubt_beside_scars(read(), page(((134.0, 0.0), (134.0, 60.0))))
    first, second, third = told.table.cells
    assert (first, third) == (read().table.cells[0], read().table.cells[2])
    assert math.exp(second.readings[0].log_prob) < 0.51
    assert second.text == "12"
    assert set(told.figures) == {PLACES[0]}


def test_a_scar_far_from_the_figure_casts_no_doubt() -> None:
    told = doubt_beside_scars(read(), page(((104.0, 0.0), (106.0, 60.0))))
    assert told.table == read().table
    assert set(told.figures) == set(PLACES[:2])


def test_a_blank_that_a_scar_crosses_is_none() -> None:
    told = doubt_beside_scars(read(), page(((240.0, 0.0), (250.0, 60.0))))
    assert [cell.ink for cell in told.table.cells] == [True, True, True]


def test_a_page_without_scars_is_left_as_it_is() -> None:
    before = read()
    assert doubt_beside_scars(before, page()) is before


def test_a_blank_where_the_whole_page_has_print_is_none() -> None:
    """A pale stroke in the third cell went with the watermark."""
    whole = page()
    assert doubt_blanks(read(), whole).table == read().table
    whole.gray[20:40, 244:250] = 120
    told = doubt_blanks(read(), whole)
    assert [cell.ink for cell in told.table.cells] == [True, True, True]
    assert set(told.figures) == set(PLACES[:2])
