from __future__ import annotations

import pytest

from ocr_pipeline.geometry import Box
from ocr_pipeline.tables.cell_ink import CellInk
from ocr_pipeline.tables.cell_task import CellTask
from ocr_pipeline.tables.grid import GridCell

INTERIOR = Box(0, 0, 100, 40)
REST = Box(0, 0, 5, 40)
"""The rest of a ruling, as high as the cell."""
DIGITS = [Box(10, 12, 20, 30), Box(22, 12, 32, 30), Box(34, 11, 44, 30)]


def task(parts: list[Box], *lines: tuple[float, float]) -> CellTask:
    boxes = [Box(0, top, 44, bottom) for top, bottom in lines]
    return CellTask(GridCell(0, 0), CellInk(INTERIOR, tuple(parts)), boxes, vertical=False)


def test_print_that_was_cut_in_two_is_one_line() -> None:
    assert task([REST, *DIGITS], (0, 17), (17, 40)).line_cut_through() == Box(10, 11, 44, 30)


@pytest.mark.parametrize(
    ("parts", "lines"),
    [
        ([REST, *DIGITS], [(0, 40)]),
        ([REST, Box(10, 2, 20, 18), Box(10, 22, 20, 38)], [(0, 20), (20, 40)]),
        ([REST, *DIGITS], [(0, 16), (19, 40)]),
        ([REST, *DIGITS, Box(50, 33, 60, 39)], [(0, 17), (17, 40)]),
        ([REST], [(0, 17), (17, 40)]),
    ],
    ids=["one line", "two lines of print", "white between them", "print below", "nothing but the rest"],
)
def test_other_lines_stay_as_they_are(parts: list[Box], lines: list[tuple[float, float]]) -> None:
    assert task(parts, *lines).line_cut_through() is None


STROKE = Box(2, 0, 30, 40)
"""Of a pen, which runs through the cell and touches the first digit."""


@pytest.mark.parametrize(
    ("parts", "line", "lacks"),
    [
        ([STROKE, *DIGITS[2:]], Box(34, 11, 44, 30), True),
        ([STROKE, *DIGITS], Box(2, 0, 44, 40), False),
        (DIGITS, Box(10, 11, 44, 30), False),
        ([Box(0, 0, 20, 40), *DIGITS[2:]], Box(34, 11, 44, 30), False),
        ([Box(2, 0, 30, 14), *DIGITS[2:]], Box(34, 11, 44, 30), False),
        ([Box(26, 0, 45, 40), *DIGITS[2:]], Box(34, 11, 44, 30), True),
    ],
    ids=["beside it", "in the line", "none", "too far off", "above", "around it"],
)
def test_a_stroke_that_no_line_holds_may_have_a_digit_in_it(parts: list[Box], line: Box, lacks: bool) -> None:
    found = CellTask(GridCell(0, 0), CellInk(INTERIOR, tuple(parts)), [line], vertical=False)
    assert found.may_lack_digit() is lacks
