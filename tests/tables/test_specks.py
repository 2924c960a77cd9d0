from __future__ import annotations

from ocr_pipeline.document import Reading
from ocr_pipeline.geometry import Box
from ocr_pipeline.tables.cell_ink import CellInk
from ocr_pipeline.tables.cell_task import CellTask
from ocr_pipeline.tables.grid import GridCell
from ocr_pipeline.tables.specks import too_high, too_low


def task(row: int, text: str, height: float, readings: tuple[str, ...] = ("0",)) -> CellTask:
    line = Box(10, 10, 22, 10 + height)
    made = CellTask(GridCell(row, 0), CellInk(Box(0, 0, 60, 60), (line,)), [line], vertical=False)
    made.text, made.confidence = text, 0.99
    made.readings = tuple(Reading(text=reading, log_prob=-0.01) for reading in readings)
    return made


FIGURES = [task(row, "0", 24 + row % 3) for row in range(6)]


def test_a_speck_read_as_a_zero_is_no_figure() -> None:
    specks = [task(7, "0", 7), task(8, "e", 8, ("0", "6"))]
    assert too_low([*FIGURES, *specks]) == specks


def test_smaller_print_marks_and_words_stay() -> None:
    others = [task(7, "12", 15), task(8, "-", 3, ()), task(9, "一", 4, ()), task(10, ".", 3, (".",))]
    assert too_low([*FIGURES, *others]) == []


def test_few_figures_tell_no_height() -> None:
    assert too_low([*FIGURES[:3], task(7, "0", 7)]) == []


def test_a_figure_with_ink_of_a_stamp_beside_it_is_too_high() -> None:
    """The 17 of a date that was stamped over the table stands before a 0."""
    stamped = task(7, "170", 46)
    assert too_high([*FIGURES, stamped, task(8, "1,234", 30), task(9, "（三）不予公开", 60, ())]) == [stamped]
    assert too_high([*FIGURES[:3], stamped]) == []
