from __future__ import annotations

import pytest

from ocr_pipeline.evaluation.synthetic.forms import PARTS, Form, Halves, Part, form_grid

SHAPES = {
    ("proactive", "A"): (18, 4, 22),
    ("proactive", "B"): (14, 4, 10),
    ("applications", "A"): (26, 10, 23 * 7),
    ("applications", "B"): (28, 10, 25 * 7),
    ("disputes", "A"): (4, 15, 15),
    ("disputes", "B"): (4, 15, 15),
}


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("form", ["A", "B"])
def test_the_official_shapes(part: Part, form: Form) -> None:
    grid = form_grid(part, form)
    assert (grid.rows, grid.columns, len(set(grid.fields))) == SHAPES[part, form]


@pytest.mark.parametrize("halves", ["left", "right", "even"])
def test_cells_tile_however_two_columns_share_the_width(halves: Halves) -> None:
    grid = form_grid("proactive", "A", halves=halves)
    covered = [
        (row, column)
        for cell in grid.cells
        for row in range(cell.row, cell.row + cell.row_span)
        for column in range(cell.column, cell.column + cell.column_span)
    ]
    assert sorted(covered) == [(row, column) for row in range(grid.rows) for column in range(grid.columns)]
    assert grid.columns == (5 if halves == "even" else 4)
    assert len(grid.edges) == grid.columns
    assert grid.edges[0] == 0.0
    assert grid.edges[-1] == 1.0


def test_roles() -> None:
    roles = {cell.text: cell.role for cell in form_grid("applications", "B").cells if cell.text}
    assert roles["三、本年度办理结果"] == "group"
    assert roles["（六）其他处理"] == "group"
    assert roles["（七）总计"] == "label"
    assert roles["法人或其他组织"] == "header"
    assert roles["（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"] == "corner"
