from __future__ import annotations

import math

import numpy as np

from ocr_pipeline.document import Cell, Place, Reading, Table
from ocr_pipeline.geometry import Box
from ocr_pipeline.tables import ReadTable, doubt_under_seals

PLACES = [Place(page=0, box=Box(x, 0, x + 10, 10)) for x in (0, 10)]


def read() -> ReadTable:
    cells = tuple(
        Cell(row=0, column=c, text="7", places=(place,), readings=(Reading(text="7", log_prob=-0.01),))
        for c, place in enumerate(PLACES)
    )
    image = np.zeros((4, 4), np.uint8)
    return ReadTable(Table(id="t1", rows=1, columns=2, cells=cells), dict.fromkeys(PLACES, image))


def test_only_cells_under_a_seal_are_doubted() -> None:
    doubted = doubt_under_seals(read(), [Box(12, 2, 30, 30)])
    first, second = doubted.table.cells
    assert first == read().table.cells[0]
    assert math.exp(second.readings[0].log_prob) < 0.51
    assert second.text == "7"
    assert set(doubted.figures) == {PLACES[0]}


def test_a_page_without_seals_is_left_as_it_is() -> None:
    before = read()
    assert doubt_under_seals(before, []) is before
