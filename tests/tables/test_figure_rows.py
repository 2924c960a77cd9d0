from __future__ import annotations

import pytest

from ocr_pipeline.geometry import Box
from ocr_pipeline.tables.cell_ink import CellInk
from ocr_pipeline.tables.cell_task import CellTask
from ocr_pipeline.tables.figure_rows import apart_cuts, figure_cuts, first_column
from ocr_pipeline.tables.grid import GridCell


def task(column: int, *lines: tuple[float, str], row_span: int = 1, wide: float = 20, top: float = 100) -> CellTask:
    """A cell of the row that begins at 100, read line by line: the middle of each, and its text."""
    left = 100.0 * column
    boxes = [Box(left + 10, y - 8, left + 10 + wide, y + 8) for y, _ in lines]
    texts = tuple(text for _, text in lines)
    interior = Box(left, top, left + 90, 260)
    cell = GridCell(3 - row_span, column, row_span)
    return CellTask(cell, CellInk(interior, tuple(boxes)), boxes, False, text="".join(texts), texts=texts)


def values(*heights: float, columns: tuple[int, ...] = (2, 3, 4)) -> list[CellTask]:
    return [task(column, *((y, "0") for y in heights)) for column in columns]


def test_figures_of_several_columns_at_two_heights_are_two_rows() -> None:
    label = task(1, (120, "2.没有现成信息需要另行"), (142, "制作"), (180, "3.补正后申请内容仍不明"), (202, "确"))
    found = figure_cuts([task(0, (150, "（四）"), (170, "无法提供")), label, *values(131, 191)], 100, 2)
    assert found is not None
    assert found.places == (pytest.approx(161),)
    assert {cell.column for cell in found.cells} == {1, 2, 3, 4}


def test_words_above_the_figures_are_a_header() -> None:
    corner = task(1, (60, "（本列数据"), (130, "之和）"), (210, "1.属于国家秘密"), row_span=2)
    headers = [task(c, (125, "商业"), (147, "企业"), (210, "8")) for c in (2, 3)]
    above = task(4, (80, "总计"), (210, "9"), row_span=2)
    found = figure_cuts([corner, *headers, above], 100, 2)
    assert found is not None
    assert found.places == (pytest.approx((155 + 202) / 2),)
    assert {cell.column for cell in found.cells} == {1, 2, 3, 4}


@pytest.mark.parametrize(
    "tasks",
    [
        pytest.param([task(1, (120, "合计")), *values(120)], id="one row"),
        pytest.param([task(1, (120, "甲"), (180, "乙")), *values(120, 180, columns=(2,))], id="one column alone"),
        pytest.param([task(1, (150, "合计")), *values(120, 180)], id="one label"),
        pytest.param([*values(120, 180)], id="no label"),
        pytest.param([task(1, (120, "甲"), (180, "乙"), (240, "丙")), *values(120, 180)], id="a label without figures"),
        pytest.param(
            [task(1, (120, "甲"), (180, "乙")), *[task(c, (120, "1234"), (180, "56"), wide=84) for c in (2, 3)]],
            id="figures that wrapped",
        ),
        pytest.param(
            [task(1, (120, "甲"), (180, "乙")), *values(120, 180), task(5, (150, "备注"))], id="words at other heights"
        ),
    ],
)
def test_what_may_be_one_row_stays_one(tasks: list[CellTask]) -> None:
    assert figure_cuts(tasks, 100, 2) is None


def test_a_table_without_labels_has_rows_too() -> None:
    headers = [task(c, (125, "结果"), (147, "维持"), (210, "8")) for c in (0, 1, 2)]
    found = figure_cuts(headers, 100, 0)
    assert found is not None
    assert len(found.places) == 1


def test_numbers_of_a_label_tell_its_rows_though_only_one_has_figures() -> None:
    label = task(1, (120, "7.属于行政执法案卷"), (180, "8.属于行政查询事项"))
    found = figure_cuts([label, task(2), *values(180, columns=(3,))], 100, 2)
    assert found is not None
    assert found.places == (pytest.approx(150),)
    assert {cell.column for cell in found.cells} == {1, 2, 3}


@pytest.mark.parametrize("number", ["8.", ""])
def test_figures_between_two_lines_of_a_label_are_those_of_both(number: str) -> None:
    label = task(1, (120, "7.属于行政执法"), (142, f"{number}案卷"))
    found = figure_cuts([label, *values(131)], 100, 2)
    assert found is None


def rows_beside_labels(count: int) -> list[list[CellTask]]:
    return [[task(1, (120, "合计")), *values(122)] for _ in range(count)]


def test_figures_below_their_label_are_those_of_a_row_whose_label_was_lost() -> None:
    found = apart_cuts([*rows_beside_labels(3), [task(1, (120, "3.其他")), task(2), *values(180, columns=(3,))]], 2)
    assert set(found) == {3}
    assert found[3].places == (pytest.approx(150),)
    assert {cell.column for cell in found[3].cells} == {1, 2, 3}


def test_a_table_whose_figures_stand_lower_than_their_labels_is_set_so() -> None:
    off = [[task(1, (120, "合计")), *values(180)] for _ in range(2)]
    assert apart_cuts([*rows_beside_labels(3), *off], 2) == {}
    assert len(apart_cuts([*rows_beside_labels(6), *off], 2)) == 2


def test_a_column_of_a_few_numbers_among_labels_is_none_of_figures() -> None:
    tasks = [task(0, (120, "1")), *(t for _ in range(5) for t in values(120))]
    assert first_column(tasks) == 2
    assert first_column([]) == 0


def wide(column: int, *digits: int) -> CellTask:
    """A cell with room for five digits, and lines of so many, read as one figure."""
    lines = [
        Box(100.0 * column + 10, 112 + 60 * k, 100.0 * column + 10 + 12 * n, 128 + 60 * k) for k, n in enumerate(digits)
    ]
    text = "".join("1" * n for n in digits)
    interior = Box(100.0 * column, 100, 100.0 * column + 60, 260)
    return CellTask(GridCell(2, column), CellInk(interior, tuple(lines)), lines, False, text=text, texts=(text,))


def test_figures_of_more_digits_than_fit_wrap() -> None:
    """All of them have as many in their first line as the longest of one line, whatever room there seems to be."""
    found = figure_cuts([wide(0, 3, 1), wide(1, 3), wide(2, 2), wide(3, 3, 2), wide(4, 1)], 100, 0)
    assert found is None


def test_figures_of_all_lengths_above_others_are_of_two_rows() -> None:
    for first in (1, 2):
        found = figure_cuts([wide(0, first, 1), wide(1, 3), wide(2, 2), wide(3, 3, 2), wide(4, 1)], 100, 0)
        assert found is not None


def test_specks_between_headers_and_figures_are_no_figures() -> None:
    """One of them made a header reach down to the figures of other columns."""
    headers = [task(c, (125, "商业"), (147, "企业"), (210, "8")) for c in (2, 3)]
    specks = task(4, (125, "其他"), (180, ".."), (210, "9"))
    specks.lines[1] = Box(412, 178, 418, 182)
    low = task(5, (125, "其他"), (196, "结果"), (210, "9"))
    low.lines[1] = Box(510, 188, 530, 204)
    found = figure_cuts([*headers, specks, low], 100, 0)
    assert found is not None
    assert found.places == (pytest.approx(203),)
    low.lines[1] = Box(510, 192, 530, 210)
    assert figure_cuts([*headers, specks, low], 100, 0) is None


def test_figures_that_wrapped_beside_others_that_did_not_are_one_line_of_their_row() -> None:
    """A narrow column: what is longer than its width goes on below, about the height of its row."""
    label = task(1, (120, "甲"), (180, "乙"), (240, "丙"))
    narrow = task(5, (120, "-"), (171, "93.1"), (189, "7"), (231, "28.4"), (249, "%"), wide=84)
    found = figure_cuts([label, *values(120, 180, 240), narrow], 100, 2)
    assert found is not None
    assert found.places == (pytest.approx((128 + 163) / 2), pytest.approx((197 + 223) / 2))
    assert narrow.cell in found.cells
