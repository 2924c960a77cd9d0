from __future__ import annotations

import numpy as np

from ocr_pipeline.document import Cell, Place, Reading, Table
from ocr_pipeline.engine import Recognition
from ocr_pipeline.geometry import Box
from ocr_pipeline.tables import hear_witness

IMAGE = np.full((20, 20), 255, np.uint8)


class Second:
    name = "second"

    def __init__(self, text: str, confidence: float = 0.9) -> None:
        self.text, self.confidence, self.asked = text, confidence, 0

    def recognize(self, images, *, alphabet=None, beams=5):
        self.asked += len(images)
        typed = (Reading(text=self.text, log_prob=-0.1, engine=self.name),)
        return [Recognition(self.text, self.confidence, typed) for _ in images]


def place(column: int) -> Place:
    return Place(page=0, box=Box(column * 10, 0, column * 10 + 10, 10))


def table(*texts: str) -> Table:
    cells = tuple(Cell(row=0, column=c, text=text, places=(place(c),)) for c, text in enumerate(texts))
    return Table(id="t1", rows=1, columns=len(texts), cells=cells)


def test_only_the_wanted_cells_are_asked_for() -> None:
    second = Second("8")
    (heard,) = hear_witness([table("0", "0")], {"t1": {(0, 1)}}, {place(0): IMAGE, place(1): IMAGE}, second)
    assert second.asked == 1
    assert [[w.text for w in c.witnesses] for c in heard.cells] == [[], ["8"]]


def test_words_with_figures_are_read_freely() -> None:
    (heard,) = hear_witness([table("增加 33")], {"t1": {(0, 0)}}, {place(0): IMAGE}, Second("增加33", 0.5))
    (witness,) = heard.cells[0].witnesses
    assert witness.text == "增加33"
    assert np.isclose(witness.log_prob, 4 * np.log(0.5))


def test_a_cell_without_an_image_has_no_witness() -> None:
    assert hear_witness([table("0")], {"t1": {(0, 0)}}, {}, Second("0")) == (table("0"),)
