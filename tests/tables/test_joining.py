from __future__ import annotations

from collections.abc import Sequence

import pytest

from ocr_pipeline.document import Cell, Place, Reading, Table
from ocr_pipeline.geometry import Box
from ocr_pipeline.tables import join_tables

COLUMNS = (0.0, 120.0, 400.0, 500.0, 600.0)


def piece(page: int, rows: Sequence[Sequence[str | None]], *, spans: dict[tuple[int, int], int] | None = None) -> Table:
    """A table on one page; None where a cell above spans down, ``spans`` gives its rows."""
    spans = spans or {}
    top = 900.0 if page == 0 else 100.0
    cells = []
    for r, texts in enumerate(rows):
        for c, text in enumerate(texts):
            if text is None:
                continue
            span = spans.get((r, c), 1)
            box = Box(50 + COLUMNS[c], top + 30 * r, 50 + COLUMNS[c + 1], top + 30 * (r + span))
            figure = text.isdigit()
            cells.append(
                Cell(
                    row=r,
                    column=c,
                    row_span=span,
                    text=text,
                    ink=bool(text),
                    places=(Place(page=page, box=box),),
                    readings=(Reading(text=text, log_prob=-0.01),) if figure else (),
                )
            )
    frame = Box(50, top, 50 + COLUMNS[-1], top + 30 * len(rows))
    return Table(id=f"p{page}", rows=len(rows), columns=4, cells=tuple(cells), places=(Place(page=page, box=frame),))


def join(*pieces: Table, adjoining: bool = True) -> tuple[Table, ...]:
    return join_tables(pieces, adjoining=lambda a, b: adjoining, dpi=lambda page: 200.0)


def texts(table: Table) -> list[list[str]]:
    return [[cell.text if cell else "?" for cell in row] for row in table.grid()]


def test_whole_rows_are_appended() -> None:
    (table,) = join(piece(0, [["一、", "甲", "1", "2"]]), piece(1, [["二、", "乙", "3", "4"]]))
    assert texts(table) == [["一、", "甲", "1", "2"], ["二、", "乙", "3", "4"]]
    assert [p.page for p in table.places] == [0, 1]


def test_a_label_cut_in_two_goes_on() -> None:
    upper = piece(0, [["（三）", "1.属于国家秘密", "0", "1"], ["（四）", "2.其他法律行政法规", "3", "4"]])
    lower = piece(1, [["", "禁止公开", "", ""], ["（五）", "3.重复申请", "5", "6"]])
    (table,) = join(upper, lower)
    assert texts(table)[1:] == [["（四）", "2.其他法律行政法规禁止公开", "3", "4"], ["（五）", "3.重复申请", "5", "6"]]
    cut = next(c for c in table.cells if c.row == 1 and c.column == 1)
    assert [p.page for p in cut.places] == [0, 1]


def test_the_figures_may_be_in_the_lower_half() -> None:
    (table,) = join(
        piece(0, [["一、", "2.其他法律行政法规", "", ""]]),
        piece(1, [["", "禁止公开", "3", "4"], ["二、", "丁", "5", "6"]]),
    )
    assert texts(table) == [["一、", "2.其他法律行政法规禁止公开", "3", "4"], ["二、", "丁", "5", "6"]]
    figure = next(c for c in table.cells if c.row == 0 and c.column == 2)
    assert figure.readings[0].text == "3"


def test_a_row_of_its_own_is_not_swallowed() -> None:
    upper = piece(0, [["一、", "1.属于国家秘密", "0", "1"]])
    lower = piece(1, [["二、", "2.其他法律行政法规", "", ""]])
    (table,) = join(upper, lower)
    assert table.rows == 2


def test_figures_on_both_sides_are_two_rows() -> None:
    (table,) = join(piece(0, [["一、", "甲", "1", "2"]]), piece(1, [["", "乙", "3", "4"]]))
    assert table.rows == 2


def test_a_spanning_label_goes_on_over_the_break() -> None:
    upper = piece(0, [["三、本年度", "甲", "1", "2"], [None, "乙", "3", "4"]], spans={(0, 0): 2})
    lower = piece(1, [["办理结果", "丙", "5", "6"], [None, "丁", "7", "8"]], spans={(0, 0): 2})
    (table,) = join(upper, lower)
    label = table.cells[0]
    assert (label.text, label.row_span) == ("三、本年度办理结果", 4)


def test_a_repeated_header_is_dropped() -> None:
    header = ["项目", "内容", "自然人", "总计"]
    (table,) = join(piece(0, [header, ["一、", "甲", "1", "2"]]), piece(1, [header, ["二、", "乙", "3", "4"]]))
    assert [row[1] for row in texts(table)] == ["内容", "甲", "乙"]


def test_equal_rows_of_figures_are_no_header() -> None:
    row = ["", "", "0", "0"]
    (table,) = join(piece(0, [row, row]), piece(1, [row, row]))
    assert table.rows == 4


def test_tables_that_do_not_adjoin_stay_two() -> None:
    assert len(join(piece(0, [["a", "b", "1", "2"]]), piece(1, [["c", "d", "3", "4"]]), adjoining=False)) == 2


@pytest.mark.parametrize("shift", [0.0, 30.0])
def test_columns_must_agree(shift: float) -> None:
    lower = piece(1, [["c", "d", "3", "4"]])
    cells = []
    for cell in lower.cells:
        box = cell.places[0].box
        moved = Box(
            box.left + (shift if cell.column > 1 else 0),
            box.top,
            box.right + (shift if cell.column in (1, 2) else 0),
            box.bottom,
        )
        cells.append(cell.model_copy(update={"places": (Place(page=1, box=moved),)}))
    lower = lower.model_copy(update={"cells": tuple(cells)})
    assert len(join(piece(0, [["a", "b", "1", "2"]]), lower)) == (1 if shift == 0 else 2)


def moved(table: Table, edge: int, by: float, *, divided: bool) -> Table:
    """The table with the border between two columns elsewhere, guessed or seen."""
    cells = []
    for cell in table.cells:
        place = cell.places[0]
        left = place.box.left + by * (cell.column == edge)
        right = place.box.right + by * (cell.column + cell.column_span == edge)
        box = Box(left, place.box.top, right, place.box.bottom)
        told = divided and edge in (cell.column, cell.column + cell.column_span)
        cells.append(cell.model_copy(update={"places": (Place(page=place.page, box=box),), "divided": told}))
    return table.model_copy(update={"cells": tuple(cells)})


def test_a_border_that_was_guessed_is_where_the_other_piece_has_it() -> None:
    upper, lower = piece(0, [["一、", "甲", "1", "2"]]), piece(1, [["二、", "乙", "3", "4"]])
    (table,) = join(upper, moved(lower, 3, -60, divided=True))
    assert texts(table) == [["一、", "甲", "1", "2"], ["二、", "乙", "3", "4"]]
    assert len(join(upper, moved(lower, 3, -60, divided=False))) == 2


def test_a_border_that_was_guessed_is_not_any_border() -> None:
    lower = moved(piece(1, [["二、", "乙", "3", "4"]]), 3, -60, divided=True)
    finer = piece(0, [["一、", "甲", "1", "2"]])
    inner = Cell(row=1, column=0, column_span=2, text="丙", places=finer.cells[0].places)
    few = finer.model_copy(update={"columns": 2, "cells": (finer.cells[0], inner), "rows": 2})
    assert len(join(few, lower)) == 2


def nearer(table: Table, times: float) -> Table:
    """The piece on a page that was photographed from nearer."""

    def larger(place: Place) -> Place:
        box = place.box
        wide = Box(50 + times * (box.left - 50), box.top, 50 + times * (box.right - 50), box.bottom)
        return place.model_copy(update={"box": wide})

    cells = tuple(c.model_copy(update={"places": tuple(map(larger, c.places))}) for c in table.cells)
    return table.model_copy(update={"cells": cells, "places": tuple(map(larger, table.places))})


@pytest.mark.parametrize(("times", "count"), [(1.06, 1), (0.94, 1), (1.3, 2)])
def test_a_piece_on_a_page_photographed_from_nearer_is_joined(times: float, count: int) -> None:
    below = nearer(piece(1, [["二、", "乙", "3", "4"]]), times)
    assert len(join(piece(0, [["一、", "甲", "1", "2"]]), below)) == count


def test_a_wider_table_of_other_columns_is_another(monkeypatch: pytest.MonkeyPatch) -> None:
    above = piece(0, [["一、", "甲", "1", "2"]])
    monkeypatch.setattr("tests.tables.test_joining.COLUMNS", (0.0, 160.0, 400.0, 500.0, 600.0))
    assert len(join(above, nearer(piece(1, [["二、", "乙", "3", "4"]]), 1.06))) == 2
