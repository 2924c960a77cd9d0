from __future__ import annotations

import math

import numpy as np

from ocr_pipeline.document import Cell, PageImage, Place, Reading, Table
from ocr_pipeline.engine import Recognition
from ocr_pipeline.geometry import Box, Transform
from ocr_pipeline.tables import ReadTable, doubt_under_seals
from tests.fakes.scripted_viewer import ScriptedViewer

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


class Specialist:
    """Sees a 7 wherever there is ink darker than ``limit``."""

    name = "specialist"

    def __init__(self, limit: int) -> None:
        self.limit = limit

    def recognize(self, images, *, alphabet=None, beams=5):
        texts = ["7" if (image < self.limit).any() else "" for image in images]
        return [
            Recognition(text, 1.0, (Reading(text=text, log_prob=-0.02),)) if text else Recognition("", 0.0)
            for text in texts
        ]


def sheet(ink: int) -> ReadTable:
    """Ten figures in black; the one that a seal touches has this tone."""
    image = np.full((20, 12), 255, np.uint8)
    image[4:16, 5:8] = 20
    touched = np.where(image < 255, ink, 255).astype(np.uint8)
    others = {Place(page=0, box=Box(x, 100, x + 9, 120)): image for x in range(0, 90, 10)}
    return ReadTable(read().table, {PLACES[1]: touched, **others})


def test_a_figure_that_is_seen_without_pale_ink_keeps_its_worth() -> None:
    stamped = page((86, 100))
    kept = doubt_under_seals(sheet(20), SEAL, stamped, Specialist(limit=200))
    assert kept.table == read().table
    assert PLACES[1] not in kept.figures, "no second recogniser verifies it"
    for other in (sheet(190), sheet(20)):
        limit = 200 if other.figures[PLACES[1]].min() > 20 else 10
        doubted = doubt_under_seals(other, SEAL, stamped, Specialist(limit))
        assert math.exp(doubted.table.cells[1].readings[0].log_prob) < 0.51
    assert doubt_under_seals(sheet(20), SEAL, stamped).table != read().table, "nobody was asked"


def test_on_a_copy_without_colour_the_network_says_what_a_seal_touches() -> None:
    """One seal's ink is grey there; the second figure stands on it, and the first beside it."""
    grey = page((0, 0))
    maps = ScriptedViewer({"seal": [Box(80, 0, 104, 60)]}, (120, 60)).maps
    doubted = doubt_under_seals(read(), SEAL, grey, maps=maps)
    first, second = doubted.table.cells
    assert first == read().table.cells[0]
    assert math.exp(second.readings[0].log_prob) < 0.51
    assert set(doubted.figures) == {PLACES[0]}
    assert doubt_under_seals(read(), SEAL, grey).table == read().table, "colour alone sees nothing"
