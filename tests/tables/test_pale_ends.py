"""Print that is paler than the rest of its line."""

from __future__ import annotations

import numpy as np
import pytest

from ocr_pipeline.geometry import Box
from ocr_pipeline.tables.cell_ink import CellInk
from ocr_pipeline.tables.ink import InkMap
from ocr_pipeline.tables.pale_ends import runs_into_ruling, with_pale_ends

CELL = Box(0, 0, 120, 40)
LINE = Box(50, 10, 60, 26)


def ends(*marks: tuple[Box, int], own: int = 100, line: Box = LINE) -> tuple[float, float]:
    """Left and right end of a line of print of that depth, with other ink in its cell; rulings have a depth of 250."""
    depth = np.zeros((40, 120), np.uint8)
    for box, value in ((LINE, own), *marks):
        depth[box.slices()] = value
    found = with_pale_ends(line, CellInk(CELL, (LINE,)), InkMap(depth, 250.0, 1.0), 16.0)
    assert (found.top, found.bottom) == (line.top, line.bottom)
    return found.left, found.right


def test_a_paler_figure_and_a_pale_minus_belong_to_the_line() -> None:
    assert ends((Box(64, 11, 74, 25), 60)) == (50, 74)
    assert ends((Box(40, 17, 46, 19), 60)) == (40, 60)
    # One carries on to the next.
    assert ends((Box(64, 11, 74, 25), 60), (Box(78, 11, 88, 25), 60)) == (50, 88)


@pytest.mark.parametrize(
    ("box", "depth", "own"),
    [
        (Box(64, 11, 74, 25), 30, 100),  # too pale beside its line: dirt, a shadow
        (Box(64, 11, 74, 25), 60, 240),  # too pale beside solid print
        (Box(64, 17, 66, 19), 60, 100),  # a speck
        (Box(90, 11, 100, 25), 60, 100),  # too far away
        (Box(110, 11, 120, 25), 60, 100),  # the halo of a ruling
        (Box(64, 28, 74, 38), 60, 100),  # on another line
    ],
)
def test_nothing_else_does(box: Box, depth: int, own: int) -> None:
    assert ends((box, depth), own=own) == (50, 60)


def test_a_line_without_pixels_stays_as_it_is() -> None:
    assert ends(line=Box(50, 10, 50, 10)) == (50, 50)


@pytest.mark.parametrize(
    ("box", "doubted"),
    [
        (Box(113, 11, 120, 25), True),  # a digit that the blur of the right ruling reaches
        (Box(117, 11, 120, 25), False),  # the blur itself
        (Box(113, 11, 119, 25), False),  # a digit that stands free, and is part of the line
        (Box(113, 11, 120, 15), False),  # as low as no digit is
        (Box(96, 11, 120, 25), False),  # as broad as no digit is
    ],
)
def test_a_digit_that_runs_into_the_ruling_is_told(box: Box, doubted: bool) -> None:
    line = Box(95, 10, 105, 26)
    depth = np.zeros((40, 120), np.uint8)
    depth[line.slices()] = 100
    depth[box.slices()] = 60
    assert runs_into_ruling(line, CellInk(CELL, (line,)), InkMap(depth, 250.0, 1.0)) == doubted
