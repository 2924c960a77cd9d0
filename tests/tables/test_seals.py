from __future__ import annotations

import math

import numpy as np

from ocr_pipeline.document import Cell, PageImage, Place, Reading, Table
from ocr_pipeline.geometry import Box, Transform
from ocr_pipeline.tables import ReadTable, doubt_under_seals

PLACES = [Place(page=0, box=Box(x, 0, x + 60, 60)) for x in (0, 60)]


def read() -> ReadTable:
    cells = tuple(
        Cell(row=0, column=c, text="7", places=(place,), readings=(Reading(text="7", log_prob=-0.01),))
        for c, place in enumerate(PLACES)
    )
    image = np.zeros((4, 4), np.uint8)
    return ReadTable(Table(id="t1", rows=1, columns=2, cells=cells), dict.fromkeys(PLACES, image))


def page(red: tuple[int, int]) -> PageImage:
    """Print in the middle of both cells; red ink in a stretch of columns."""
    color = np.full((60, 120, 3), 255, np.uint8)
    gray = np.full((60, 120), 255, np.uint8)
    for x in (30, 90):
        color[22:38, x - 4 : x + 4] = gray[22:38, x - 4 : x + 4] = 20
    color[:, slice(*red), 1:] = 60
    return PageImage(0, color, gray, 200.0, Transform.identity(), (120, 60), "px")


SEAL = [Box(0, 0, 120, 60)]


def test_only_print_that_the_seal_touches_is_doubted() -> None:
    doubted = doubt_under_seals(read(), SEAL, page((86, 100)))
    first, second = doubted.table.cells
    assert first == read().table.cells[0]
    assert math.exp(second.readings[0].log_prob) < 0.51
    assert second.text == "7"
    assert set(doubted.figures) == {PLACES[0]}


def test_the_bare_inside_of_a_seal_casts_no_doubt() -> None:
    assert doubt_under_seals(read(), SEAL, page((54, 66))).table == read().table


def test_a_page_without_seals_is_left_as_it_is() -> None:
    before = read()
    assert doubt_under_seals(before, [], page((86, 100))) is before
