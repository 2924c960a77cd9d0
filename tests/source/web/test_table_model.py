"""The grid that the markup of a table means."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.errors import LimitExceededError
from ocr_pipeline.flow import FlowTable
from ocr_pipeline.source import open_source
from ocr_pipeline.source.web.table_model import WrittenCell, form_table

Rectangle = tuple[int, int, int, int]


@st.composite
def grids(draw: st.DrawFn) -> list[Rectangle]:
    """Rectangles (row, column, height, width) that tile a grid in which every line is the start of some cell."""
    rows, columns = draw(st.integers(1, 6)), draw(st.integers(2, 6))
    free = {(row, column) for row in range(rows) for column in range(columns)}
    cells: list[Rectangle] = []
    for row in range(rows):
        for column in range(columns):
            if (row, column) not in free:
                continue
            width = draw(st.integers(1, 3))
            while any((row, column + step) not in free for step in range(width)):
                width -= 1
            height = draw(st.integers(1, 3))
            while any((row + down, column + step) not in free for down in range(height) for step in range(width)):
                height -= 1
            cells.append((row, column, height, width))
            free -= {(row + down, column + step) for down in range(height) for step in range(width)}
    return _compact(cells)


def _compact(cells: list[Rectangle]) -> list[Rectangle]:
    rows, columns = sorted({c[0] for c in cells}), sorted({c[1] for c in cells})
    return [
        (
            rows.index(row),
            columns.index(column),
            sum(row <= start < row + height for start in rows),
            sum(column <= start < column + width for start in columns),
        )
        for row, column, height, width in cells
    ]


@given(grids())
def test_a_grid_written_as_a_page_is_read_as_the_same_grid(cells: list[Rectangle]) -> None:
    rows: list[list[str]] = [[] for _ in range(max(row for row, *_ in cells) + 1)]
    for number, (row, _, height, width) in enumerate(cells):
        rows[row].append(f"<td rowspan={height} colspan={width}>格{number}</td>")
    page = "<p>表</p><table>" + "".join(f"<tr>{''.join(row)}</tr>" for row in rows) + "</table>"
    with open_source(page.encode()) as source:
        tables = [block.table for block in source.flow or () if isinstance(block, FlowTable)]
    if len(cells) == 1:
        assert tables == []  # a frame around something is no table
        return
    (table,) = tables
    read = [(c.row, c.column, c.row_span, c.column_span) for c in table.cells]
    assert read == cells
    assert [cell.text for cell in table.cells] == [f"格{number}" for number in range(len(cells))]


Rows = list[list[WrittenCell[str]]]
SPANS = st.sampled_from([0, 1, 1, 1, 2, 3, 7, 70000])


@given(st.lists(st.lists(st.lists(st.builds(WrittenCell, st.just("x"), SPANS, SPANS.map(lambda n: n or 1)), max_size=4),
       max_size=4), max_size=3))  # fmt: skip
def test_whatever_the_markup_cells_never_overlap_or_vanish(groups: list[Rows]) -> None:
    placed = form_table(groups, max_slots=10**6)
    assert len(placed) == sum(len(row) for group in groups for row in group)
    slots = [
        (row, column)
        for cell in placed
        for row in range(cell.row, cell.row + cell.row_span)
        for column in range(cell.column, cell.column + cell.column_span)
    ]
    assert len(slots) == len(set(slots))
    for axis in ("row", "column"):
        starts = {getattr(cell, axis) for cell in placed}
        assert starts == set(range(len(starts)))  # no line on which no cell begins


def _form(*groups: Rows) -> list[tuple[str, int, int, int, int]]:
    placed = form_table(groups, max_slots=100)
    return [(cell.content, cell.row, cell.column, cell.row_span, cell.column_span) for cell in placed]


def test_a_rowspan_of_zero_reaches_the_end_of_its_group_and_no_span_leaves_it() -> None:
    body: Rows = [[WrittenCell("a", 0), WrittenCell("b")], [WrittenCell("c", 9)]]
    foot: Rows = [[WrittenCell("d"), WrittenCell("e")]]
    assert _form(body, foot) == [
        ("a", 0, 0, 2, 1), ("b", 0, 1, 1, 1), ("c", 1, 1, 1, 1), ("d", 2, 0, 1, 1), ("e", 2, 1, 1, 1)
    ]  # fmt: skip


def test_a_cell_that_would_cover_another_ends_before_it() -> None:
    rows: Rows = [
        [WrittenCell("a"), WrittenCell("b"), WrittenCell("tall", 2)],
        [WrittenCell("wide", 1, 3)],
    ]
    assert _form(rows)[-1] == ("wide", 1, 0, 1, 2)


def test_lines_that_nobody_can_see_are_taken_out() -> None:
    rows: Rows = [[WrittenCell("a", 1, 4), WrittenCell("b", 1, 4)], [], [WrittenCell("c", 1, 8)]]
    assert _form(rows) == [("a", 0, 0, 1, 1), ("b", 0, 1, 1, 1), ("c", 1, 0, 1, 2)]


def test_a_table_of_absurd_size_is_refused() -> None:
    square: Rows = [[WrittenCell("x") for _ in range(20)] for _ in range(20)]
    with pytest.raises(LimitExceededError, match="20 rows and 20 columns, and at most 100"):
        _form(square)
    with pytest.raises(LimitExceededError, match="more than 100 columns"):
        _form([[WrittenCell("x", 1, 1000)]])
