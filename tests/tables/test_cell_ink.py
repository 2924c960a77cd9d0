from __future__ import annotations

import numpy as np
import pytest

from ocr_pipeline.geometry import Box
from ocr_pipeline.tables.cell_ink import cell_ink, group_lines

CELL = Box(10, 10, 130, 46)
STROKE, DIGIT = (3, 20), (13, 20)
"""Width and height of a 1 without serifs and of another figure, in pixels at 200 dpi."""


def ruled(*marks: tuple[int, int, tuple[int, int]]) -> np.ndarray:
    """Ink of a cell with rulings of three pixels; marks are hollow boxes at (x, y)."""
    mask = np.zeros((60, 150), np.uint8)
    for x in (10, 130):
        mask[9:48, x - 1 : x + 2] = 255
    for y in (10, 46):
        mask[y - 1 : y + 2, 9:132] = 255
    for x, y, (width, height) in marks:
        mask[y : y + height, x : x + width] = 255
        mask[y + 3 : y + height - 3, x + 3 : x + width - 3] = 0
    return mask


def reach(mask: np.ndarray) -> tuple[float, float]:
    parts = cell_ink(mask, CELL, 200).parts
    return min(p.left for p in parts), max(p.right for p in parts)


@pytest.mark.parametrize("top", [13, 20])
@pytest.mark.parametrize("x", [55, 85])
def test_a_one_belongs_to_the_figure_however_close_the_ruling_above_it_is(top, x) -> None:
    mask = ruled((x, top, STROKE), (65, top, DIGIT))
    assert reach(mask) == (min(x, 65), max(x + 3, 78))


def test_two_ones_in_a_row_belong_to_the_figure() -> None:
    assert reach(ruled((84, 13, STROKE), (95, 13, STROKE), (65, 13, DIGIT))) == (65, 98)


@pytest.mark.parametrize("x", [13, 125])
def test_a_one_close_to_the_ruling_at_its_side_belongs_to_the_figure(x) -> None:
    digit = 21 if x == 13 else 107
    mask = ruled((x, 18, STROKE), (digit, 18, DIGIT))
    assert reach(mask) == (min(x, digit), max(x + 3, digit + 13))


def test_a_minus_close_to_the_ruling_belongs_to_the_figure() -> None:
    """Else a decrease would be handed out as an increase."""
    mask = ruled((21, 18, DIGIT))
    mask[27:29, 12:18] = 255
    assert reach(mask) == (13, 34)
    mask = ruled((21, 18, DIGIT))
    mask[18:20, 12:18] = 255
    assert reach(mask) == (21, 34), "a stub of a ruling at the top of the figure"


def test_what_is_left_of_rulings_is_no_figure() -> None:
    """A piece beside a side ruling, and an inner ruling that was not found, as high as the cell."""
    assert reach(ruled((13, 12, (3, 20)), (60, 18, DIGIT))) == (60, 73)
    assert reach(ruled((100, 10, (3, 36)), (60, 18, DIGIT))) == (60, 73)
    assert cell_ink(ruled((70, 10, (3, 36))), CELL, 200).parts == ()


def test_the_inner_side_of_a_doubled_frame_is_no_print() -> None:
    """As print it is one line as high as the cell, cut in two through the figure: 256 was read as 256256."""
    mask = ruled((65, 18, DIGIT))
    alone = cell_ink(mask, CELL, 200).parts
    mask[14:16, 13:128], mask[42:44, 13:128], mask[14:44, 13:15], mask[14:44, 126:128] = 255, 255, 255, 255
    framed = cell_ink(mask, CELL, 200)
    assert framed.parts == alone
    assert len(group_lines(framed, mask, 20.0)) == 1
    mask[18:38, 15:30] = 255
    assert reach(mask)[0] < 15, "print that touches the frame must not be lost with it"


@pytest.mark.parametrize("thick", [3, 7])
@pytest.mark.parametrize("beyond", [5, 8])
def test_a_thick_inner_line_beyond_the_paper_of_a_doubled_ruling_is_no_print(thick, beyond) -> None:
    """A fax made the line thicker than a ruling is; beside the figure it was read as a 1."""
    mask = ruled((65, 18, DIGIT))
    mask[9:48, 130 - beyond - thick : 130 - beyond] = 255
    mask[9:48, 10 + beyond : 10 + beyond + thick] = 255
    assert reach(mask) == (65, 78)


@pytest.mark.filterwarnings("error")
def test_a_cell_that_is_nothing_but_its_rulings_is_left_as_it_is() -> None:
    mask = np.zeros((60, 150), np.uint8)
    mask[10:13] = mask[15:19] = 255
    cell = Box(10, 10.7, 130, 18.1)
    assert cell_ink(mask, cell, 200).interior == cell


def test_a_one_is_not_as_high_as_its_cell_however_thick() -> None:
    mask = ruled((116, 14, (7, 28)))
    assert reach(mask) == (116, 123)


def test_what_is_left_of_the_ruling_beside_a_figure_is_no_print() -> None:
    tall = Box(10, 10, 130, 130)
    mask = np.zeros((150, 150), np.uint8)
    for x, y, width, height in ((60, 56, 13, 30), (12, 20, 2, 35), (12, 85, 2, 30)):
        mask[y : y + height, x : x + width] = 255
    seen = cell_ink(mask, tall, 200)
    assert seen.parts == (Box(60, 56, 73, 86),)
    mask[56:86, 60:73] = 0
    assert len(cell_ink(mask, tall, 200).parts) == 2, "alone it may be a thin 1, and the cell is not blank"


def test_a_stub_of_a_ruling_along_the_rim_is_no_print() -> None:
    """Long as a minus, but where no minus stands; a fax leaves such steps where a ruling is not quite level."""
    mask = ruled((60, 20, DIGIT))
    mask[12:15, 50:80] = 255
    mask[14:23, 11:16] = 255
    parts = cell_ink(mask, CELL, 200).parts
    assert [(p.left, p.top, p.right, p.bottom) for p in parts] == [(60, 20, 73, 40)]


@pytest.mark.parametrize(("x", "y"), [(98, 28), (20, 17), (53, 42), (75, 15)])
def test_a_large_speck_off_the_print_is_dirt(x, y) -> None:
    mask = ruled((60, 20, DIGIT))
    mask[y : y + 3, x : x + 5] = 255
    ink = cell_ink(mask, CELL, 200)
    assert group_lines(ink, mask, 20.0) == [Box(60, 20, 73, 40)]


def test_a_short_minus_well_off_its_figure_is_no_dirt() -> None:
    """Else a decrease would be handed out as an increase."""
    mask = ruled((80, 18, DIGIT))
    mask[27:29, 58:65] = 255
    assert reach(mask) == (58, 93)


def test_a_minus_at_the_side_of_its_cell_is_print_however_far_its_figure() -> None:
    mask = ruled((60, 18, DIGIT))
    mask[27:29, 12:24] = 255
    assert reach(mask)[0] < 20


def test_what_broke_off_a_figure_is_no_dirt() -> None:
    mask = ruled((60, 20, DIGIT))
    mask[35:37, 50:80] = 0
    lines = group_lines(cell_ink(mask, CELL, 200), mask, 20.0)
    assert (lines[0].top, lines[-1].bottom) == (20, 40)
    mask = ruled((60, 20, DIGIT), (90, 20, DIGIT))
    mask[38:41, 80:84] = 255
    assert cell_ink(mask, CELL, 200).parts[1:2] == (Box(80, 38, 84, 41),), "a decimal point"
