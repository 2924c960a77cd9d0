from __future__ import annotations

import numpy as np
import pytest

from ocr_pipeline.geometry import Box
from ocr_pipeline.tables.cell_ink import CellInk
from ocr_pipeline.tables.cell_task import CellTask
from ocr_pipeline.tables.grid import GridCell
from ocr_pipeline.tables.low_marks import low_marks, usual_print

_HIGH, _WIDE = 60, 120
_PRINT = 28.0


class Sheet:
    """Cells one below the other, with a stroke each, and what was read of them."""

    def __init__(self) -> None:
        self.mask = np.zeros((40 * _HIGH, _WIDE), np.uint8)
        self.tasks: list[CellTask] = []

    def add(self, width: int, height: int, text: str = "mniosn", *, off: float = 0.0) -> CellTask:
        """A stroke ``off`` pixels below the middle of the next cell."""
        row = len(self.tasks)
        top, left = row * _HIGH + round((_HIGH - height) / 2 + off), (_WIDE - width) // 2
        self.mask[top : top + height, left : left + width] = 255
        line = Box(left, top, left + width, top + height)
        interior = Box(0, row * _HIGH, _WIDE, (row + 1) * _HIGH)
        task = CellTask(GridCell(row, 0), CellInk(interior, (line,)), [line], vertical=False)
        task.text, task.confidence = text, 0.3
        self.tasks.append(task)
        return task

    def marks(self) -> list[CellTask]:
        return low_marks(self.tasks, self.mask, _PRINT)


@pytest.mark.parametrize("text", ["mniosn", "1", "", "0"])
def test_a_dash_is_one_whatever_was_read(text: str) -> None:
    sheet = Sheet()
    dash = sheet.add(24, 5, text)
    assert sheet.marks() == [dash]


def test_nearly_square_hyphens_are_told_by_the_others() -> None:
    sheet = Sheet()
    hyphens = [sheet.add(8, 3), sheet.add(7, 3), sheet.add(9, 4), sheet.add(7, 4), sheet.add(8, 4)]
    assert sheet.marks() == hyphens


def test_thick_hyphens_are_told_by_what_is_read_where_they_are_several_and_alike() -> None:
    sheet = Sheet()
    hyphens = [sheet.add(8, 5, "一"), sheet.add(8, 5, "-"), sheet.add(7, 5, "一"), sheet.add(8, 5, "1")]
    sheet.add(16, 5, "1")
    assert sheet.marks()[:4] == hyphens
    few = Sheet()
    few.add(8, 5, "一")
    few.add(8, 5, "-")
    assert few.marks() == []


def test_thick_pieces_that_are_read_as_figures_are_no_hyphens() -> None:
    sheet = Sheet()
    for text in ("1", "7", "4", "1"):
        sheet.add(8, 5, text)
    assert sheet.marks() == []


def test_a_nearly_square_piece_alone_is_no_hyphen() -> None:
    sheet = Sheet()
    sheet.add(7, 4)
    assert sheet.marks() == []


@pytest.mark.parametrize(("width", "height", "off"), [(14, 4, -10), (14, 4, 10), (8, 3, 9)])
def test_the_bar_of_a_worn_figure_stands_higher_or_lower(width: int, height: int, off: float) -> None:
    sheet = Sheet()
    hyphens = [sheet.add(8, 3) for _ in range(4)]
    sheet.add(width, height, off=off)
    assert sheet.marks() == hyphens


def test_a_piece_of_another_size_is_not_like_the_others() -> None:
    sheet = Sheet()
    dashes = [sheet.add(24, 4) for _ in range(4)]
    sheet.add(6, 4)
    assert sheet.marks() == dashes


def test_print_as_high_as_a_character_is_no_mark() -> None:
    sheet = Sheet()
    sheet.add(70, 24, "1234")
    assert sheet.marks() == []


def test_usual_print_leaves_out_dashes_read_as_words() -> None:
    sheet = Sheet()
    for _ in range(8):
        sheet.add(24, 5)
    sheet.add(70, 24, "信息内容")
    assert usual_print(sheet.tasks, 200) == 24
    assert usual_print(sheet.tasks[:8], 200) == 0
