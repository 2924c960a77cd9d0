from __future__ import annotations

import cv2
import numpy as np

from ocr_pipeline.geometry import Box
from ocr_pipeline.tables.cell_ink import CellInk
from ocr_pipeline.tables.cell_task import CellTask
from ocr_pipeline.tables.faded import faded
from ocr_pipeline.tables.grid import GridCell
from ocr_pipeline.tables.ink import ink_map

_WIDE, _HIGH = 90, 60


def sheet(inks: list[int], texts: list[str]) -> tuple[list[CellTask], np.ndarray]:
    """Cells in a row with two strokes each, as dark as said."""
    gray = np.full((_HIGH, _WIDE * len(inks)), 255, np.uint8)
    tasks = []
    for column, (ink, text) in enumerate(zip(inks, texts, strict=True)):
        left = column * _WIDE + 30
        for x in (left, left + 12):
            cv2.ellipse(gray, (x + 6, 30), (5, 10), 0, 0, 360, ink, 2)
        line = Box(left, 19, left + 24, 42)
        interior = Box(column * _WIDE, 0, (column + 1) * _WIDE, _HIGH)
        tasks.append(CellTask(GridCell(0, column), CellInk(interior, (line,)), [line], vertical=False, text=text))
    return tasks, gray


def test_a_figure_far_paler_than_the_others_is_faded() -> None:
    tasks, gray = sheet([40, 60, 50, 40, 170, 55], ["15"] * 6)
    assert faded(tasks, ink_map(gray, 200.0)) == [tasks[4]]


def test_where_all_are_pale_none_is_faded() -> None:
    tasks, gray = sheet([170, 180, 165, 175, 170, 185], ["15"] * 6)
    assert faded(tasks, ink_map(gray, 200.0)) == []


def test_words_and_few_figures_tell_nothing() -> None:
    tasks, gray = sheet([40, 60, 50, 40, 170, 55], ["15"] * 4 + ["合计", "15"])
    assert faded(tasks, ink_map(gray, 200.0)) == []
    tasks, gray = sheet([40, 60, 50, 170], ["15"] * 4)
    assert faded(tasks, ink_map(gray, 200.0)) == []
