from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from ocr_pipeline.engine import Recognition
from ocr_pipeline.tables import find_tables, read_table
from ocr_pipeline.tables.grid import GridCell

XS, YS = [60, 200, 290, 380, 470], [100, 140, 180, 220, 260]
CELLS = [GridCell(r, c) for r in range(4) for c in range(4)]


class Counter:
    """Reads every image as a figure with as many digits as it has pieces of ink; one broad piece is a word."""

    name = "counter"

    def recognize(self, images, *, alphabet=None, beams=5):
        pieces = [cv2.connectedComponents((image < 128).astype(np.uint8))[0] - 1 for image in images]
        words = [count == 1 and image.shape[1] > 30 for count, image in zip(pieces, images, strict=True)]
        return [Recognition("合计" if w else "1" * n, 0.99) for n, w in zip(pieces, words, strict=True)]


def figure(page, x, y) -> None:
    cv2.ellipse(page, (x, y), (4, 8), 0, 0, 360, 40, 2)


def read(page, page_of):
    (found,) = find_tables(page_of(page))
    return read_table(found, Counter(), id="t1").table


def erased(page, x, row) -> None:
    page[YS[row] + 3 : YS[row + 1] - 2, x - 3 : x + 4] = 255


@pytest.mark.parametrize("row", [1, 2, 3])
def test_a_ruling_lost_in_one_row_is_put_back_where_the_row_above_has_it(draw_table, page_of, row: int) -> None:
    page = draw_table(XS, YS, CELLS)
    erased(page, XS[2], row)
    table = read(page, page_of)
    assert [(c.row, c.column, c.text) for c in table.cells] == [(r, c, "1") for r in range(4) for c in range(4)]
    assert {(c.row, c.column) for c in table.cells if c.divided} == {(row, 1), (row, 2)}


def test_one_lost_throughout_is_put_back_where_no_label_stands_across_it(draw_table, page_of) -> None:
    page = draw_table(XS, YS, CELLS)
    for row in range(4):
        erased(page, XS[2], row)
        page[YS[row] - 1 : YS[row] + 2, XS[2] - 5 : XS[2] + 6] = 40
    table = read(page, page_of)
    assert table.columns == 4
    assert {c.text for c in table.cells} == {"1"}
    assert {c.column for c in table.cells if c.divided} == {1, 2}


def test_digits_spread_over_a_cell_stay_one_figure_that_nobody_takes(draw_table, page_of) -> None:
    cells = [GridCell(r, c) for r in range(4) for c in range(3)]
    page = draw_table([60, 200, 380, 470], YS, cells, marks=False)
    for row in range(1, 4):
        for x in (240, 290, 340):
            figure(page, x, YS[row] + 20)
    # The label of the column: one word in its middle.
    cv2.rectangle(page, (270, 112), (310, 128), 40, 2)
    cv2.line(page, (270, 112), (310, 128), 40, 2)
    table = read(page, page_of)
    assert table.columns == 3
    assert not any(c.divided for c in table.cells)
    assert {c.text for c in table.cells if c.row and c.column == 1} == {"111 ?"}


def test_words_and_figures_that_part_at_a_line_of_another_block_are_two_columns(draw_table, page_of) -> None:
    cells = [GridCell(r, c) for r in range(4) for c in range(4) if r < 2 or c not in (1, 2)]
    page = draw_table(XS, YS, sorted([*cells, GridCell(2, 1, 1, 2), GridCell(3, 1, 1, 2)]), marks=False)
    for row in range(4):
        for x in (245, 335):
            cv2.rectangle(page, (x - 12, YS[row] + 13), (x + 12, YS[row] + 27), 40, 2)
    table = read(page, page_of)
    assert [(c.row, c.column) for c in table.cells if c.row >= 2] == [(r, c) for r in (2, 3) for c in range(4)]
    assert {(c.row, c.column) for c in table.cells if c.divided} == {(r, c) for r in (2, 3) for c in (1, 2)}


@pytest.mark.parametrize("between", [1, 3])
def test_labels_and_figures_between_captions_over_all_columns_part_where_other_rows_do(
    draw_table, page_of, between: int
) -> None:
    """Of three lines in the gap, along that of most rows."""
    cells = [GridCell(0, 0), GridCell(0, 1, 1, 3), *(GridCell(1, c) for c in range(4))]
    cells += [GridCell(r, 0, 1, 4) for r in (2, 3, 4, 5)]
    ys = [100, 140, 180, 220, 260, 300, 340]
    page = draw_table(XS, ys, cells, marks=False)
    for x in (130, 245, 335, 425):
        cv2.rectangle(page, (x - 12, ys[1] + 13), (x + 12, ys[1] + 27), 40, 2)
    cv2.rectangle(page, (300, ys[0] + 13), (400, ys[0] + 27), 40, 2)
    for row in (2, 5):
        cv2.rectangle(page, (180, ys[row] + 13), (220, ys[row] + 27), 40, 2)
    for row in (3, 4):
        cv2.rectangle(page, (100, ys[row] + 13), (140, ys[row] + 27), 40, 2)
        if row != between:
            cv2.rectangle(page, (400, ys[row] + 13), (430, ys[row] + 27), 40, 2)
    table = read(page, page_of)
    cut = {(c.row, c.column, c.column_span) for c in table.cells if c.divided}
    assert cut == (set() if between == 3 else {(r, *place) for r in (3, 4) for place in ((0, 1), (1, 3))})


def test_a_word_across_a_line_of_another_block_holds_its_column_together(draw_table, page_of) -> None:
    cells = [GridCell(r, c) for r in range(4) for c in range(4) if r < 1 or c not in (1, 2)]
    page = draw_table(XS, YS, sorted([*cells, *(GridCell(r, 1, 1, 2) for r in (1, 2, 3))]), marks=False)
    for row in (2, 3):
        for x in (245, 335):
            cv2.rectangle(page, (x - 12, YS[row] + 13), (x + 12, YS[row] + 27), 40, 2)
    cv2.rectangle(page, (270, YS[1] + 13), (310, YS[1] + 27), 40, 2)
    table = read(page, page_of)
    assert not any(c.divided for c in table.cells)


class Words(Counter):
    """Takes what has a broad piece of ink for words."""

    def recognize(self, images, *, alphabet=None, beams=5):
        read = super().recognize(images, alphabet=alphabet, beams=beams)
        stats = [cv2.connectedComponentsWithStats((image < 128).astype(np.uint8))[2][1:] for image in images]
        broad = [any(width > 20 for _, _, width, _, _ in pieces) for pieces in stats]
        return [Recognition("词", 0.99) if b else r for b, r in zip(broad, read, strict=True)]


def word(page, x, y) -> None:
    cv2.rectangle(page, (x - 14, y - 7), (x + 14, y + 7), 40, -1)


def test_one_row_of_figures_falls_apart_where_its_header_does(draw_table, page_of) -> None:
    cells = [GridCell(r, c) for r in range(2) for c in range(4)]
    page = draw_table(XS, YS[:3], cells, marks=False)
    for row in range(2):
        erased(page, XS[2], row)
    page[YS[1] - 1 : YS[1] + 2, XS[2] - 5 : XS[2] + 6] = 40
    page[YS[0] : YS[0] + 3, XS[2] - 5 : XS[2] + 6] = page[YS[2] - 2 : YS[2] + 1, XS[2] - 5 : XS[2] + 6] = 40
    for column in range(4):
        x = (XS[column] + XS[column + 1]) // 2
        word(page, x, YS[0] + 20)
        figure(page, x, YS[1] + 20)
    (found,) = find_tables(page_of(page))
    table = read_table(found, Words(), id="t1").table
    assert [(c.row, c.column, c.text) for c in table.cells if c.row == 1] == [(1, c, "1") for c in range(4)]
    assert {(c.row, c.column) for c in table.cells if c.divided} == {(r, c) for r in (0, 1) for c in (1, 2)}


@pytest.mark.parametrize(("header", "at", "parted"), [(245, 335, True), (245, 245, False), (290, 360, False)])
def test_figures_beside_the_header_of_a_broad_column_are_those_of_another(
    draw_table, page_of, header, at, parted
) -> None:
    """The ruling between a blank column and the next was lost; their headers stand in different rows."""
    xs = [60, 150, 200, 380, 470]
    cells = [GridCell(r, c) for r in range(4) for c in range(4)]
    page = draw_table(xs, YS, cells, marks=False)
    for row in range(4):
        for x in (105, 175, 425):
            (word if row == 0 else figure)(page, x, YS[row] + 20)
    word(page, header, YS[0] + 20)
    figure(page, at, YS[2] + 20)
    (found,) = find_tables(page_of(page))
    table = read_table(found, Words(), id="t1").table
    assert table.columns == 4 + parted
    assert any(c.divided for c in table.cells) == parted


@pytest.mark.parametrize("beyond", [True, False])
def test_figures_right_of_their_header_are_under_it_where_no_column_beyond_is_blank(
    draw_table, page_of, beyond: bool
) -> None:
    """No upright ruling is printed, so columns are as wide as their print: figures are set to the right."""
    xs = [60, 150, 200, 380, 470]
    page = draw_table(xs, YS, [GridCell(r, c) for r in range(4) for c in range(4)], marks=False)
    for row in range(4):
        for x in (105, 175, 425):
            if row == 0 or x < 400 or beyond:
                (word if row == 0 else figure)(page, x, YS[row] + 20)
    word(page, 245, YS[0] + 20)
    figure(page, 335, YS[2] + 20)
    (found,) = find_tables(page_of(page))
    table = read_table(replace(found, ruling="none", guessed=True), Words(), id="t1").table
    assert table.columns == (4 if beyond else 5)


def test_a_blank_cell_among_divided_ones_is_divided_as_they_are(draw_table, page_of) -> None:
    page = draw_table(XS, YS, CELLS)
    for row in range(4):
        erased(page, XS[2], row)
        page[YS[row] - 1 : YS[row] + 2, XS[2] - 5 : XS[2] + 6] = 40
    page[YS[2] + 5 : YS[3] - 4, XS[1] + 5 : XS[3] - 4] = 255
    table = read(page, page_of)
    assert [(c.row, c.column) for c in table.cells] == [(r, c) for r in range(4) for c in range(4)]
    assert {c.text for c in table.cells if c.row == 2 and c.column in (1, 2)} == {""}


@pytest.mark.parametrize("left_of_it", [0, 3])
def test_a_label_that_ran_together_with_a_figure_is_cut_along_the_line_of_other_rows(
    draw_table, page_of, left_of_it: int
) -> None:
    cells = [GridCell(r, c) for r in range(4) for c in range(4) if r != 2 or c > 1]
    page = draw_table(XS, YS, sorted([*cells, GridCell(2, 0, 1, 2)]), marks=False)
    page[YS[2] + 14 : YS[2] + 26, XS[1] - 1 : XS[1] - 1 + left_of_it] = 40
    for row in range(4):
        word(page, 130, YS[row] + 20)
        for x in (245, 335, 425):
            (word if row == 0 else figure)(page, x, YS[row] + 20)
    (found,) = find_tables(page_of(page))
    table = read_table(found, Words(), id="t1").table
    assert {(c.row, c.column) for c in table.cells if c.divided} == {(2, 0), (2, 1)}


@pytest.mark.parametrize(("at", "parted"), [(245, True), (290, False)])
def test_a_figure_under_two_headers_goes_under_the_one_it_stands_below(draw_table, page_of, at, parted) -> None:
    """In the middle of both, nobody knows."""
    cells = [GridCell(r, c) for r in range(4) for c in range(4) if r == 0 or c not in (1, 2)]
    page = draw_table(XS, YS, sorted([*cells, *(GridCell(r, 1, 1, 2) for r in (1, 2, 3))]), marks=False)
    for column in range(4):
        word(page, (XS[column] + XS[column + 1]) // 2, YS[0] + 20)
    figure(page, at, YS[2] + 20)
    (found,) = find_tables(page_of(page))
    table = read_table(found, Words(), id="t1").table
    assert {(c.row, c.column) for c in table.cells if c.divided} == (
        {(r, c) for r in (1, 2, 3) for c in (1, 2)} if parted else set()
    )
    assert {(c.column, c.column_span) for c in table.cells if c.row == 2 and c.text} == {(1, 1 if parted else 2)}


@pytest.mark.parametrize("x", [206, 220])
def test_strokes_close_to_the_side_of_cells_are_no_column(draw_table, page_of, x: int) -> None:
    """What is left of a ruling beside its ruling; further off they may be figures."""
    page = draw_table(XS, YS, CELLS)
    for row in range(4):
        erased(page, XS[2], row)
        page[YS[row] - 1 : YS[row] + 2, XS[2] - 5 : XS[2] + 6] = 40
        page[YS[row] + 3 : YS[row + 1] - 2, XS[1] + 5 : XS[2] + 6] = 255
        page[YS[row] + 13 : YS[row] + 28, x : x + 3] = 40
    table = read(page, page_of)
    assert table.columns == (3 if x == 206 else 4)


@pytest.mark.parametrize(("second", "parted"), [(335, True), (None, False)])
def test_headers_that_fall_apart_are_those_of_two_columns_though_one_is_blank(
    draw_table, page_of, second: int | None, parted: bool
) -> None:
    """Both in two lines, as wide as nobody spaces the characters of one."""
    xs, ys = [60, 150, 200, 380, 470], [100, 170, 210, 250, 290]
    page = draw_table(xs, ys, CELLS, marks=False)
    for x in (105, 175, 425):
        word(page, x, 135)
        for row in (1, 2, 3):
            figure(page, x, ys[row] + 20)
    for y in (122, 148):
        for x in (245, second):
            if x is not None:
                word(page, x, y)
    figure(page, 245, ys[2] + 20)
    (found,) = find_tables(page_of(page))
    assert (read_table(found, Words(), id="t1").table.columns == 5) == parted


@pytest.mark.parametrize(("row", "parted"), [(0, False), (1, True)])
def test_a_word_at_one_side_above_a_centred_header_divides_no_column(
    draw_table, page_of, row: int, parted: bool
) -> None:
    """A piece of a caption that was cut; the header nearest to the figures is theirs."""
    xs, ys = [60, 150, 200, 380, 470], [100, 140, 180, 220, 260, 300]
    page = draw_table(xs, ys, [GridCell(r, c) for r in range(5) for c in range(4)], marks=False)
    for x in (105, 175, 425):
        for r in (0, 1):
            word(page, x, ys[r] + 20)
        for r in (2, 3, 4):
            figure(page, x, ys[r] + 20)
    word(page, 240, ys[row] + 20)
    word(page, 290, ys[1 - row] + 20)
    for r in (2, 3, 4):
        figure(page, 350, ys[r] + 20)
    (found,) = find_tables(page_of(page))
    assert (read_table(found, Words(), id="t1").table.columns == 5) == parted


def test_a_stroke_in_a_column_of_labels_divides_none(draw_table, page_of) -> None:
    xs, ys = [60, 240, 290, 340, 390], [100, 140, 180, 220, 260, 300]
    page = draw_table(xs, ys, [GridCell(r, c) for r in range(5) for c in range(4)], marks=False)
    for r in range(5):
        word(page, 180, ys[r] + 20) if r != 2 else figure(page, 90, ys[r] + 20)
        for x in (265, 315, 365):
            word(page, x, ys[r] + 20) if r == 0 else figure(page, x, ys[r] + 20)
    (found,) = find_tables(page_of(page))
    assert read_table(found, Words(), id="t1").table.columns == 4


class WordCounter(Counter):
    """Reads pieces of ink that are broad as words."""

    def recognize(self, images, *, alphabet=None, beams=5):
        stats = [cv2.connectedComponentsWithStats((image < 128).astype(np.uint8))[2][1:] for image in images]
        return [Recognition("合计" * len(s) if max(s[:, 2]) > 30 else "1" * len(s), 0.99) for s in stats]


def test_lines_put_back_are_those_of_rows_further_off_where_no_print_stands_between(draw_table, page_of) -> None:
    """A line drawn in the middle of a gap beside the grid's own makes one column of the table two."""
    ys = [*YS, 300]
    cells = [GridCell(r, 0, 1, 4) if r == 0 else GridCell(r, c) for r in range(4) for c in range(4 if r else 1)]
    page = draw_table(XS, ys, cells, marks=False)
    cv2.rectangle(page, (230, 112), (300, 128), 40, -1)
    for row in (1, 2, 3):
        for column in range(4):
            middle = (XS[column] + XS[column + 1]) // 2
            if row == 1:
                cv2.rectangle(page, (middle - 36, ys[1] + 12), (middle + 18, ys[1] + 28), 40, -1)
            else:
                figure(page, middle - 20, ys[row] + 20)
    for row in (1, 2):
        erased(page, XS[2], row)
    page[ys[2] - 1 : ys[2] + 2, XS[2] - 5 : XS[2] + 6] = 40
    (found,) = find_tables(page_of(page))
    table = read_table(found, WordCounter(), id="t1").table
    assert {(c.row, c.column, c.column_span) for c in table.cells if c.row > 0} == {
        (r, c, 1) for r in (1, 2, 3) for c in range(4)
    }


class Broad:
    """Reads what has a piece of ink broader than a figure as a word, and figures as ``Counter`` does."""

    name = "broad"

    def recognize(self, images, *, alphabet=None, beams=5):
        found = []
        for image, counted in zip(images, Counter().recognize(images), strict=True):
            stats = cv2.connectedComponentsWithStats((image < 128).astype(np.uint8))[2][1:]
            broad = any(width > 2 * height for width, height in stats[:, 2:4].tolist())
            found.append(Recognition("合计", 0.99) if broad else counted)
        return found


def test_a_column_that_the_first_row_shows_is_one_in_all_rows(draw_table, page_of) -> None:
    """The header and the first row fall apart alike; a word on one side hides it for the rest."""
    ys = [100, 140, 180, 220, 260, 300, 340]
    cells = [GridCell(r, c) for r in range(6) for c in range(4)]
    page = draw_table(XS, ys, cells, marks=False)
    for row in range(6):
        page[ys[row] + 3 : ys[row + 1] - 2, XS[2] - 3 : XS[2] + 4] = 255
        page[ys[row] - 1 : ys[row] + 2, XS[2] - 5 : XS[2] + 6] = 40
        for x in (130, 245, 335, 425):
            if row == 0:
                cv2.rectangle(page, (x - 20, 112), (x + 20, 128), 40, 2)
            elif row != 3 or x not in (245, 335):
                figure(page, x, ys[row] + 20)
    cv2.rectangle(page, (225, ys[3] + 12), (265, ys[3] + 28), 40, 2)
    (found,) = find_tables(page_of(page))
    table = read_table(found, Broad(), id="t1").table
    assert table.columns == 4
    assert not [c for c in table.cells if c.column_span > 1]
