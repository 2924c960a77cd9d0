from __future__ import annotations

from ocr_pipeline.geometry import Box
from ocr_pipeline.tables.cell_ink import CellInk
from ocr_pipeline.tables.cell_task import CellTask
from ocr_pipeline.tables.grid import Grid, GridCell
from ocr_pipeline.tables.known_rows import known_rows

YS, XS = (0.0, 40.0, 80.0, 120.0), (0.0, 60.0, 200.0, 260.0, 320.0, 380.0)
GRID = Grid(YS, XS, ())


def task(cell: GridCell, *lines: tuple[float, str], height: float = 16) -> CellTask:
    """A cell that was read: the middle of each line, and its text."""
    left = XS[cell.column] + 10
    boxes = [Box(left, y - height / 2, left + 20, y + height / 2) for y, _ in lines]
    texts = tuple(text for _, text in lines)
    return CellTask(cell, CellInk(GRID.box(cell), tuple(boxes)), boxes, False, text="".join(texts), texts=texts)


def rows_of(column: int, *texts: str) -> list[CellTask]:
    return [task(GridCell(row, column), (40 * row + 20, text)) for row, text in enumerate(texts)]


MERGED = task(GridCell(0, 3, 2), (20, "4"), (60, "15"))
GROUP = task(GridCell(0, 0, 3), (44, "（三）"), (64, "不予公开"))
LABEL = task(GridCell(0, 1, 2), (20, "1.属于国家秘密"), (60, "2.其他"))


def test_figures_and_their_labels_are_cut_along_a_line_that_others_have() -> None:
    tasks = [
        GROUP,
        LABEL,
        task(GridCell(2, 1), (100, "3.危及")),
        *rows_of(2, "1", "2", "0"),
        MERGED,
        *rows_of(4, "0", "1", "3"),
    ]
    assert known_rows(GRID, tasks) == {MERGED.cell: (1,), LABEL.cell: (1,)}


def test_what_is_left_of_the_ruling_is_no_print() -> None:
    rest = Box(70, 38, 90, 42)
    merged = task(GridCell(0, 3, 2), (20, "4"), (60, "15"))
    merged.lines.insert(1, rest)
    merged.texts = ("4", "—", "15")
    assert known_rows(GRID, [*rows_of(2, "1", "2", "0"), merged])[merged.cell] == (1,)


def test_words_over_a_figure_are_a_header() -> None:
    header = task(GridCell(0, 3, 3), (20, "结果"), (45, "维持"), (100, "7"))
    assert known_rows(GRID, [header, *rows_of(4, "其他", "", "1")]) == {header.cell: (2,)}


def test_a_word_of_two_lines_and_figures_across_the_line_stay_whole() -> None:
    header = task(GridCell(0, 3, 2), (20, "自然"), (60, "人"))
    across = task(GridCell(0, 4, 2), (20, "4"), (41, "15"))
    two = task(GridCell(0, 2, 2), (14, "4"), (32, "15"), (60, "1"))
    assert known_rows(GRID, [header, across, two, *rows_of(2, "1", "2", "0")]) == {}


def test_a_label_of_several_rows_stays_whole_where_its_lines_stand_across() -> None:
    label = task(GridCell(0, 1, 2), (40, "1.属于国家秘密"))
    found = known_rows(GRID, [label, *rows_of(2, "1", "2", "0"), MERGED])
    assert found == {MERGED.cell: (1,)}


def test_a_character_that_may_be_a_figure_is_one_where_two_columns_say_so() -> None:
    doubtful = task(GridCell(0, 4, 2), (20, "日"), (60, "日"))
    alone = [MERGED, doubtful]
    assert known_rows(GRID, alone) == {MERGED.cell: (1,)}
    assert known_rows(GRID, [*rows_of(2, "1", "2", "0"), *alone]) == {MERGED.cell: (1,), doubtful.cell: (1,)}


def test_a_rest_of_an_upright_ruling_makes_no_line_of_two_labels() -> None:
    label = task(GridCell(0, 0, 2, 2), (20, "1.属于国家秘密"), (60, "2.其他"))
    tasks = [*rows_of(2, "1", "2", "0"), MERGED]
    for x, cut in ((XS[1], True), (XS[1] + 30, False)):
        ink = CellInk(label.ink.interior, (*label.ink.parts, Box(x - 1, 5, x + 1, 75)))
        whole = CellTask(label.cell, ink, [Box(10, 5, 100, 75)], False, text="属于其他")
        assert (whole.cell in known_rows(GRID, [whole, *tasks])) == cut


def test_labels_that_begin_with_numbers_part_without_figures_that_do() -> None:
    figures = [*rows_of(3, "1", "2", "0"), *rows_of(4, "0", "1", "3")]
    label = task(GridCell(0, 1, 2), (20, "1.本机关不掌握"), (60, "2.没有现成信息"))
    assert known_rows(GRID, [label, *figures]) == {label.cell: (1,)}
    wrapped = task(GridCell(0, 1, 3), (12, "1.本机关不掌握"), (28, "相关信息"), (60, "2.没有现成"), (100, "3.补正后"))
    assert known_rows(GRID, [wrapped, *figures]) == {wrapped.cell: (1, 2)}
    for lines in (((20, "（四）无法"), (60, "提供")), ((40, "1.本机关"),), ((20, "1.本机关"), (60, "1.本机关"))):
        whole = task(GridCell(0, 1, 2), *lines)
        assert known_rows(GRID, [whole, *figures]) == {}


def test_words_above_a_figure_may_stand_across_a_line_that_others_have() -> None:
    header = task(GridCell(0, 3, 3), (22, "结果维"), (42, "持"), (100, "7"))
    assert known_rows(GRID, [header, *rows_of(4, "其他", "", "1")]) == {header.cell: (2,)}
    figure = task(GridCell(0, 3, 3), (22, "结果维"), (80, "7"))
    assert known_rows(GRID, [figure, *rows_of(4, "其他", "", "1")]) == {}
