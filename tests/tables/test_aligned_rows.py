from __future__ import annotations

from ocr_pipeline.geometry import Box
from ocr_pipeline.tables.aligned_header import Stack
from ocr_pipeline.tables.aligned_rows import row_edges
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
