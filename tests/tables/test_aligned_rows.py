from __future__ import annotations

from ocr_pipeline.geometry import Box
from ocr_pipeline.tables.aligned_header import Stack
from ocr_pipeline.tables.aligned_rows import aligned_cells, row_edges
from ocr_pipeline.tables.borders import SeenBorders
from ocr_pipeline.tables.grid import GridCell
from ocr_pipeline.tables.words import Word


def stack(column: int, row: int, y: float, *, figure: bool) -> Stack:
    box = Box(100 * column, y - 12, 100 * column + 50, y + 12)
    return Stack((column, column + 1), [Word(box, figure=figure)], row, row + 1)


def test_edges_run_between_the_print_of_two_rows() -> None:
    stacks = [stack(column, row, 100 + 40 * row, figure=column > 0) for row in range(3) for column in range(3)]
    assert row_edges(stacks, 3, 30.0)[1:-1] == (120.0, 160.0)


def test_a_label_given_to_a_wrong_row_draws_no_edge_into_figures() -> None:
    """The label of a group below stands at the height of its first row, but was given to the row above."""
    stacks = [stack(column, row, 100 + 40 * row, figure=column > 1) for row in range(3) for column in range(1, 4)]
    wrong = stack(0, 0, 140, figure=False)
    assert row_edges([*stacks, wrong], 3, 30.0)[1:-1] == (120.0, 160.0)


def line(y: float, *middles: float, figure: bool) -> list[Word]:
    """A label in the first column, and words about these places."""
    label = Word(Box(20, y - 12, 80, y + 12), figure=False)
    return [label, *(Word(Box(x - 24, y - 12, x + 24, y + 12), figure=figure) for x in middles)]


def test_what_is_blank_under_a_header_of_two_columns_is_one_cell() -> None:
    """Headers of two blocks share columns out in two ways; a hyphen was too small for a word."""
    first = [
        line(20, 150, 300, 450, figure=False),
        line(60, 150, 300, 450, figure=True),
        line(100, 150, 450, figure=True),
    ]
    second = [line(140, 187, 412, figure=False), line(180, 187, 412, figure=True), line(220, 412, figure=True)]
    xs, centres = (0.0, 100.0, 225.0, 300.0, 375.0, 525.0), (50.0, 150.0, None, None, 450.0)
    found = aligned_cells([*first, *second], xs, centres, 24.0, SeenBorders(None))
    assert found is not None
    assert {GridCell(0, 2, 1, 2), GridCell(1, 2, 1, 2), GridCell(2, 2, 1, 2)} <= set(found.cells)
    assert {GridCell(3, 1, 1, 2), GridCell(4, 1, 1, 2), GridCell(5, 1, 1, 2)} <= set(found.cells)
