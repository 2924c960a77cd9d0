from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.geometry import Box
from ocr_pipeline.tables.aligned_header import Frame
from ocr_pipeline.tables.aligned_lines import Span
from ocr_pipeline.tables.borders import SeenBorders
from ocr_pipeline.tables.words import Word
from ocr_pipeline.tables.wrapped_figures import wrapped_figures

EM, LEADING = 24.0, 30.0


def frame(columns: int) -> Frame:
    xs = [100.0 * k for k in range(columns + 1)]
    return Frame(xs, [x + 50 for x in xs[:-1]], 1, EM, LEADING, SeenBorders(None))


def figures(column: int, middle: float, lines: int, wide: float = 20) -> list[tuple[Word, Span]]:
    """A figure in so many lines about a height."""
    first = middle - LEADING * (lines - 1) / 2
    return [
        (Word(Box(100 * column, y - 9, 100 * column + wide, y + 9), figure=True), (column, column + 1))
        for y in (first + LEADING * k for k in range(lines))
    ]


class Unseen(SeenBorders):
    def across(self, box: Box) -> float:
        return 0.1


@given(st.lists(st.integers(1, 4), min_size=1, max_size=5), st.integers(2, 6))
def test_lines_about_the_height_of_their_row_go_on(lines: list[int], rows: int) -> None:
    """Each row has two figures in one line, and further ones in several, narrower than two characters."""
    given_frame = Frame(frame(8).xs, frame(8).centres, 1, EM, LEADING, Unseen(None))
    values, more = [], 0
    for row in range(rows):
        y = 100 + 6 * LEADING * row
        values += [*figures(1, y, 1), *figures(2, y, 1)]
        for column, count in enumerate(lines, 3):
            values += figures(column, y, count)
            more += count - 1
    assert len(set(wrapped_figures(values, [], given_frame))) == more


def test_figures_of_rows_as_close_as_lines_do_not() -> None:
    given_frame = Frame(frame(4).xs, frame(4).centres, 1, EM, LEADING, Unseen(None))
    values = [pair for column in (1, 2, 3) for row in range(5) for pair in figures(column, 100 + LEADING * row, 1)]
    labels = [Word(Box(0, 91 + LEADING * row, 60, 109 + LEADING * row), figure=False) for row in range(5)]
    assert wrapped_figures(values, labels, given_frame) == []
