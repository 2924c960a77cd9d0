from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocr_pipeline.engine import Recognition
from ocr_pipeline.tables import find_tables, read_table
from ocr_pipeline.tables.grid import GridCell, cells_between

XS, YS = [60, 230, 340, 450, 560], [100, 140, 180, 220, 260, 300]
CELLS = [GridCell(r, c) for r in range(5) for c in range(4)]


class Shapes:
    """Reads a broad piece of ink as a word and any other as a digit."""

    name = "shapes"

    def recognize(self, images, *, alphabet=None, beams=5):
        found = []
        for image in images:
            stats = cv2.connectedComponentsWithStats((image < 128).astype(np.uint8))[2][1:]
            broad = any(width > 2 * height for _, _, width, height, _ in stats)
            found.append(Recognition("合计" if broad else "1" * len(stats), 0.99))
        return found


def word(page: np.ndarray, x: int, y: int, width: int) -> None:
    cv2.rectangle(page, (x - width // 2, y - 7), (x + width // 2, y + 7), 40, 2)
    cv2.line(page, (x - width // 2, y - 7), (x + width // 2, y + 7), 40, 1)


def drawn(draw_table, lost: int, cells=CELLS) -> np.ndarray:
    """Words and figures in four columns; the ruling below a row is lost throughout, the upright ones are not."""
    page = draw_table(XS, YS, cells, marks=False)
    page[YS[lost + 1] - 3 : YS[lost + 1] + 4, XS[0] + 3 : XS[-1] - 2] = 255
    for x in XS[1:-1]:
        cv2.line(page, (x, YS[lost]), (x, YS[lost + 2]), 40, 2)
    return page


def read(page, page_of):
    (found,) = find_tables(page_of(page))
    return read_table(found, Shapes(), id="t1").table


@pytest.mark.parametrize("lost", [1, 3])
def test_lines_of_several_cells_at_the_same_heights_are_rows(draw_table, page_of, lost: int) -> None:
    page = drawn(draw_table, lost)
    for row in range(5):
        word(page, 145, YS[row] + 20, 80)
        for x in (285, 395, 505):
            cv2.ellipse(page, (x, YS[row] + 20), (4, 8), 0, 0, 360, 40, 2)
    table = read(page, page_of)
    expected = [(r, c, "1" if c else "合计") for r in range(5) for c in range(4)]
    assert [(c.row, c.column, c.text) for c in table.cells] == expected
    assert {c.row for c in table.cells if c.divided} == {lost, lost + 1}


@pytest.mark.parametrize("width", [110, 150])
@pytest.mark.parametrize("middle", [True, False])
def test_a_label_that_had_no_room_is_one_row(draw_table, page_of, middle: bool, width: int) -> None:
    """Its figures stand in its middle or beside its first line; a long word leaves room before it."""
    page = drawn(draw_table, 1)
    for row in (0, 1, 2, 3, 4):
        word(page, 145, YS[row] + 20, width)
        y = {1: YS[2] if middle else YS[1] + 20}.get(row, YS[row] + 20)
        for x in (285, 395, 505) if row != 2 else ():
            cv2.ellipse(page, (x, y), (4, 8), 0, 0, 360, 40, 2)
    table = read(page, page_of)
    assert table.rows == 4
    assert not any(c.divided for c in table.cells)


def test_a_caption_that_no_upright_ruling_divides_is_one_cell(draw_table, page_of) -> None:
    cells = [GridCell(r, 0, 1, 4) if r == 2 else GridCell(r, c) for r in range(5) for c in range(4)]
    page = draw_table(XS, YS, sorted(set(cells)), marks=False)
    page[YS[3] - 3 : YS[3] + 4, XS[0] + 3 : XS[-1] - 2] = 255
    for x in XS[1:-1]:
        cv2.line(page, (x, YS[3]), (x, YS[4]), 40, 2)
    word(page, 285, YS[2] + 20, 60)
    for row in (0, 1, 3, 4):
        word(page, 145, YS[row] + 20, 60)
        for x in (285, 395, 505):
            word(page, x, YS[row] + 20, 30)
    table = read(page, page_of)
    assert [(c.row, c.column, c.column_span) for c in table.cells if c.row == 2] == [(2, 0, 4)]
    assert table.rows == 5


@pytest.mark.parametrize("words", [4, 3])
def test_a_caption_and_a_header_whose_rulings_are_all_lost(draw_table, page_of, words: int) -> None:
    """As on a shaded header that was faxed; a word for each column of the row below shows them."""
    cells = [GridCell(0, 0, 1, 4), *(GridCell(r, c) for r in range(1, 4) for c in range(4))]
    ys = [100, 180, 220, 260, 300]
    page = draw_table(XS, ys, cells, marks=False)
    word(page, 310, 120, 60)
    for x in (145, 285, 395, 505)[:words]:
        word(page, x, 160, 50)
    for row in (1, 2, 3):
        word(page, 145, ys[row] + 20, 60)
    table = read(page, page_of)
    assert table.rows == (5 if words == 4 else 4)
    assert [(c.row, c.column, c.column_span) for c in table.cells if c.row < 2] == [
        (0, 0, 4),
        *((1, c, 1) for c in range(4)),
    ]


def test_no_cell_is_cut_through_its_words_that_can_be_cut_elsewhere() -> None:
    """A header over two columns lost half of the ruling below it."""
    across, down = np.array([[0.0, 1.0]]), np.array([[0.1], [1.0]])
    words = np.array([[0.0, 0.0]]), np.array([[1.0], [0.0]])
    assert cells_between(across, down, words) == [GridCell(0, 0, 1, 2), GridCell(1, 0), GridCell(1, 1)]
    assert cells_between(across, down) == [GridCell(0, 0, 2), GridCell(0, 1), GridCell(1, 1)]
