from __future__ import annotations

import math

import numpy as np
import pytest

from ocr_pipeline.document import Cell, Place, Reading
from ocr_pipeline.engine import CLOSER_LOOKS, Recognition
from ocr_pipeline.geometry import Box
from ocr_pipeline.tables import look_closer
from ocr_pipeline.tables.closer import views

PLACE = Place(page=0, box=Box(0, 0, 40, 30))
CELL = Cell(row=0, column=0, text="8", places=(PLACE,))


def picture(color: bool = False) -> np.ndarray:
    image = np.full((30, 40, 3) if color else (30, 40), 255, np.uint8)
    image[8:22, 15:24] = 40
    return image


class Swaying:
    """Finds 8 in the first view and 0 in all others."""

    name = "swaying"

    def __init__(self) -> None:
        self.shown: list[np.ndarray] = []

    def recognize(self, images, *, alphabet=None, beams=5):
        self.shown += images
        texts = ["8" if n == 0 else "0" for n in range(len(images))]
        return [Recognition(t, 0.9, (Reading(text=t, log_prob=math.log(0.6), engine=self.name),)) for t in texts]


@pytest.mark.parametrize("color", [False, True])
def test_every_view_shows_the_print_and_no_two_are_alike(color: bool) -> None:
    shown = list(views(picture(color)))
    assert len(shown) == 12
    assert all(view.dtype == np.uint8 and view.ndim == (3 if color else 2) for view in shown)
    assert all(view.min() < 130 and np.median(view) > 230 for view in shown)
    assert len({(view.shape, view.tobytes()) for view in shown}) == len(shown)


def test_what_each_reader_finds_is_averaged_over_the_views() -> None:
    readers = [Swaying(), Swaying(), Swaying()]
    closer = look_closer({"a": CELL}, {PLACE: picture()}, readers)["a"]
    assert {w.engine for w in closer.witnesses} == set(CLOSER_LOOKS)
    assert [(w.text, w.engine) for w in closer.witnesses[:2]] == [("0", CLOSER_LOOKS[0]), ("8", CLOSER_LOOKS[0])]
    assert math.isclose(math.exp(closer.witnesses[1].log_prob), 0.6 / 12)
    assert {len(reader.shown) for reader in readers} == {12}


def test_cells_without_a_picture_stay_as_they_are() -> None:
    other = CELL.model_copy(update={"places": ()})
    assert look_closer({"a": other}, {PLACE: picture()}, [Swaying(), Swaying(), Swaying()]) == {"a": other}
