"""Rows of a table that hold nothing but a title, and rows that look like them."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocr_pipeline.tables.grid import Grid, GridCell
from ocr_pipeline.tables.lone_titles import with_whole_titles

XS, YS = (10.0, 210.0, 330.0, 450.0, 590.0), (10.0, 60.0, 110.0, 160.0)
CELLS = tuple(GridCell(row, column) for row in range(3) for column in range(4))
TITLE = [GridCell(0, 0, 1, 4)]


def _ink(left: int, characters: int, *, step: int = 24) -> np.ndarray:
    """A line of characters in the first row, and a figure in each cell of the others."""
    mask = np.zeros((170, 600), np.uint8)
    for k in range(characters):
        cv2.rectangle(mask, (left + k * step, 26), (left + k * step + 19, 45), 255, 3)
    for row in (1, 2):
        for x in XS[:-1]:
            cv2.ellipse(mask, (round(x) + 60, round(YS[row]) + 25), (5, 9), 0, 0, 360, 255, 2)
    return mask


def _first(mask: np.ndarray, cells: tuple[GridCell, ...] = CELLS) -> list[GridCell]:
    grid = with_whole_titles(Grid(YS, XS, cells), mask, 200)
    assert [cell for cell in grid.cells if cell.row > 0] == [cell for cell in cells if cell.row > 0]
    return [cell for cell in grid.cells if cell.row == 0]


@pytest.mark.parametrize(("characters", "step"), [(3, 24), (9, 24), (5, 42)])
def test_a_title_in_the_middle_of_a_row_without_rulings_has_the_row(characters: int, step: int) -> None:
    left = 300 - ((characters - 1) * step + 20) // 2
    assert _first(_ink(left, characters, step=step)) == TITLE
    # Borders that the network cut the title with are no reason, nor are fewer of them.
    assert _first(_ink(left, characters, step=step), (GridCell(0, 0), GridCell(0, 1, 1, 3), *CELLS[4:])) == TITLE


def test_print_beside_the_middle_is_the_header_of_a_column() -> None:
    assert len(_first(_ink(40, 5))) == 4
    assert len(_first(_ink(340, 4))) == 4


def test_two_headers_of_two_columns_are_no_title() -> None:
    assert len(_first(_ink(60, 4) | _ink(450, 4))) == 4


def test_a_printed_ruling_parts_the_row() -> None:
    mask = _ink(240, 5)
    mask[10:60, 208:212] = 255
    assert len(_first(mask)) == 4
    faded = _ink(240, 5)
    faded[12:20, 329:331] = 255
    assert len(_first(faded)) == 4


def test_a_row_without_print_and_one_beside_a_taller_cell_stay() -> None:
    assert len(_first(_ink(240, 0))) == 4
    tall = tuple(sorted((GridCell(0, 0, 2), *CELLS[1:4], *CELLS[5:])))
    assert with_whole_titles(Grid(YS, XS, tall), _ink(300, 3), 200).cells == tall


@pytest.mark.parametrize("tall", [(0,), (0, 3), (3,)])
def test_a_title_above_a_group_of_columns_has_the_group(tall: tuple[int, ...]) -> None:
    cells = tuple(sorted(GridCell(0, c, 2) if c in tall else GridCell(0, c) for c in range(4)))
    cells = (*cells, *(GridCell(1, c) for c in range(4) if c not in tall), *CELLS[8:])
    group = [c for c in range(4) if c not in tall]
    middle = (XS[group[0]] + XS[group[-1] + 1]) / 2
    mask = _ink(round(middle) - 58, 5)
    # The rulings beside the group are printed, those in it are not.
    for column in tall:
        for x in XS[column : column + 2]:
            mask[10:110, round(x) - 2 : round(x) + 2] = 255
    fresh = with_whole_titles(Grid(YS, XS, tuple(sorted(cells))), mask, 200)
    assert [cell for cell in fresh.cells if cell.row == 0 and cell.row_span == 1] == [
        GridCell(0, group[0], 1, len(group))
    ]


def test_a_figure_in_the_middle_of_blank_cells_stays_in_its_own() -> None:
    """Without the rulings between them: its column is the one that it stands in."""
    cells = (GridCell(0, 0, 2), *CELLS[1:4], *CELLS[5:])
    mask = _ink(0, 0)
    mask[10:110, 208:212] = 255
    cv2.ellipse(mask, (400, 35), (5, 9), 0, 0, 360, 255, 2)
    grid = Grid(YS, XS, tuple(sorted(cells)))
    assert with_whole_titles(grid, mask, 200).cells == grid.cells
