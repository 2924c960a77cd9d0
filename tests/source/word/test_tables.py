"""Native tables: places of cells, merged cells, tables within tables, tables that only arrange."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.document import Table
from ocr_pipeline.errors import LimitExceededError
from ocr_pipeline.flow import FlowPicture, FlowTable, FlowText
from ocr_pipeline.source import SourceOptions
from ocr_pipeline.source.word.docx import read_docx

Read = Callable[..., Any]
Place = tuple[int, int, int, int, str]


def _p(text: str = "") -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def _tc(content: str = "", properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content if content.startswith('<') else _p(content)}</w:tc>"


def _tr(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def _tbl(*rows: str) -> str:
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(rows)}</w:tbl>"


def _span(n: int) -> str:
    return f'<w:gridSpan w:val="{n}"/>'


def _wide(twips: int) -> str:
    return f'<w:tcW w:w="{twips}" w:type="dxa"/>'


DOWN = '<w:vMerge w:val="restart"/>'
ON = "<w:vMerge/>"
PICTURE = '<w:p><w:r><w:drawing><wp:inline><a:blip r:embed="m0"/></wp:inline></w:drawing></w:r></w:p>'


def _table(read_body: Read, *rows: str, **rest: Any) -> Table:
    blocks, _ = read_body(_tbl(*rows), **rest)
    tables = [block.table for block in blocks if isinstance(block, FlowTable)]
    assert len(tables) == 1
    return tables[0]


def _places(table: Table) -> list[Place]:
    return sorted((cell.row, cell.column, cell.row_span, cell.column_span, cell.text) for cell in table.cells)


def test_merged_cells(read_body: Read) -> None:
    table = _table(
        read_body,
        _tr(_tc("甲", DOWN + _span(2)), _tc("乙")),
        _tr(_tc("不显示", ON + _span(2)), _tc("丙")),
        _tr(_tc("丁"), _tc("戊"), _tc("己")),
    )
    assert _places(table) == [(0, 0, 2, 2, "甲"), (0, 2, 1, 1, "乙"), (1, 2, 1, 1, "丙"),
                              (2, 0, 1, 1, "丁"), (2, 1, 1, 1, "戊"), (2, 2, 1, 1, "己")]  # fmt: skip
    assert (table.rows, table.columns, table.ruling, table.id) == (3, 3, "markup", "t1")
    assert all(cell.ink is None and not cell.places for cell in table.cells)


def test_a_cell_goes_on_only_below_one_of_the_same_columns(read_body: Read) -> None:
    table = _table(
        read_body,
        _tr(_tc("甲", DOWN + _span(2)), _tc("乙")),
        _tr(_tc("丙", ON), _tc("丁"), _tc("戊", ON)),
    )
    assert _places(table) == [(0, 0, 1, 2, "甲"), (0, 2, 1, 1, "乙"),
                              (1, 0, 1, 1, "丙"), (1, 1, 1, 1, "丁"), (1, 2, 1, 1, "戊")]  # fmt: skip


def test_two_merged_cells_below_each_other_stay_two(read_body: Read) -> None:
    rows = [_tr(_tc(text, merge), _tc("值")) for text, merge in (("甲", DOWN), ("", ON), ("乙", DOWN), ("", ON))]
    assert [p for p in _places(_table(read_body, *rows)) if p[1] == 0] == [(0, 0, 2, 1, "甲"), (2, 0, 2, 1, "乙")]


def test_rows_that_begin_late_or_end_early_leave_holes(read_body: Read) -> None:
    late = '<w:gridBefore w:val="1"/>'
    early = '<w:gridAfter w:val="2"/>'
    table = _table(
        read_body, _tr(_tc("1"), _tc("2"), _tc("3")), _tr(_tc("4"), _tc("5"), properties=late),
        _tr(_tc("6"), properties=early),
    )  # fmt: skip
    assert [p[:2] for p in _places(table)] == [(0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 0)]


def test_old_merges_across(read_body: Read) -> None:
    table = _table(
        read_body,
        _tr(_tc("甲", '<w:hMerge w:val="restart"/>'), _tc("", "<w:hMerge/>"), _tc("乙")),
        _tr(_tc("1"), _tc("2"), _tc("3")),
    )
    assert _places(table)[:2] == [(0, 0, 1, 2, "甲"), (0, 2, 1, 1, "乙")]


def test_rows_without_spans_are_placed_by_their_widths(read_body: Read) -> None:
    table = _table(
        read_body,
        _tr(_tc("甲", _wide(3000)), _tc("乙", _wide(3010))),
        _tr(_tc("1", _wide(1500)), _tc("2", _wide(1500)), _tc("3", _wide(3000))),
    )
    assert _places(table) == [(0, 0, 1, 2, "甲"), (0, 2, 1, 1, "乙"),
                              (1, 0, 1, 1, "1"), (1, 1, 1, 1, "2"), (1, 2, 1, 1, "3")]  # fmt: skip


def test_rows_in_controls_count_and_deleted_ones_do_not(read_body: Read) -> None:
    control = "<w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>".format
    controlled = control(_tr(_tc("1"), control(_tc("2"))))
    table = _table(
        read_body, _tr(_tc("x"), _tc("y"), properties="<w:del/>"), controlled,
        _tr(_tc("3"), _tc("4"), properties="<w:ins/>"),
    )  # fmt: skip
    assert [p[4] for p in _places(table)] == ["1", "2", "3", "4"]


def test_header_rows_and_direction(read_body: Read) -> None:
    head = "<w:tblHeader/>"
    table = _table(
        read_body,
        _tr(_tc("甲"), _tc("乙", '<w:textDirection w:val="tbRlV"/>'), properties=head),
        _tr(_tc("1"), _tc("2", '<w:textDirection w:val="lrTb"/>')),
    )
    assert table.header_rows == 1
    assert [(cell.header, cell.vertical) for cell in table.cells] == [
        (True, False), (True, True), (False, False), (False, False)]  # fmt: skip


def test_paragraphs_and_breaks_of_a_cell_become_lines(read_body: Read) -> None:
    broken = "<w:p><w:r><w:t>结果</w:t><w:br/><w:t>维持</w:t></w:r></w:p><w:p/>" + _p("件")
    assert _places(_table(read_body, _tr(_tc(broken), _tc("2"))))[0][4] == "结果\n维持\n件"


def test_a_small_table_in_a_cell_is_its_text(read_body: Read) -> None:
    inner = _tbl(_tr(_tc("元"), _tc("12"))) + "<w:p/>"
    table = _table(read_body, _tr(_tc("收费"), _tc(inner)), _tr(_tc("合计"), _tc("3")))
    assert _places(table)[1][4] == "元 12"


@pytest.mark.timeout(20)
def test_a_long_table_takes_time_by_its_length_only(read_body: Read) -> None:
    table = _table(read_body, *[_tr(_tc("1"), _tc("2"))] * 20_000)
    assert len(table.cells) == 40_000


def test_a_table_around_a_larger_one_only_arranges(read_body: Read) -> None:
    inner = _tbl(*(_tr(*(_tc(f"{r}{c}") for c in range(3))) for r in range(3)))
    blocks, _ = read_body(_tbl(_tr(_tc("标题"), _tc(inner + _p("注")))))
    assert [type(block) for block in blocks] == [FlowText, FlowTable, FlowText]
    assert blocks[1].table.columns == 3


def test_a_table_of_one_column_is_text(read_body: Read) -> None:
    blocks, _ = read_body(_tbl(_tr(_tc("一、总体情况")), _tr(_tc("正文"))))
    assert blocks == [FlowText("一、总体情况"), FlowText("正文")]


def test_a_table_of_pictures_is_pictures(read_body: Read, make_png: Callable[..., bytes]) -> None:
    blocks, findings = read_body(_tbl(_tr(_tc(PICTURE), _tc(PICTURE))), media={"1.png": make_png()})
    assert [type(block) for block in blocks] == [FlowPicture, FlowPicture]
    assert findings == ()


def test_a_picture_in_a_cell_follows_its_table_and_the_cell_is_not_blank(
    read_body: Read, make_png: Callable[..., bytes]
) -> None:
    blocks, findings = read_body(_tbl(_tr(_tc("总计"), _tc(PICTURE), _tc())), media={"1.png": make_png()})
    assert [type(block) for block in blocks] == [FlowTable, FlowPicture]
    assert [cell.ink for cell in blocks[0].table.cells] == [None, True, None]
    assert [finding.code for finding in findings] == ["picture-in-cell"]


def test_tables_in_order_with_text(read_body: Read) -> None:
    table = _tbl(_tr(_tc("1"), _tc("2")))
    blocks, _ = read_body(_p("前") + table + _p("中") + table + _p("后"))
    assert [block.table.id if isinstance(block, FlowTable) else block.text for block in blocks] == [
        "前", "t1", "中", "t2", "后"]  # fmt: skip


@pytest.mark.parametrize("row", [_tr(_tc("1", _span(300))), _tr(*[_tc("1")] * 12)])
def test_a_table_too_large(make_docx: Callable[..., bytes], row: str) -> None:
    data = make_docx(_tbl(row, row))
    with pytest.raises(LimitExceededError, match=r"a table of 2 rows and .*max_table_slots"):
        read_docx(data, "r.docx", SourceOptions(max_table_slots=16))


@st.composite
def _tilings(draw: st.DrawFn) -> tuple[int, int, list[Place]]:
    """A grid cut into rectangles at random."""
    rows, columns = draw(st.integers(2, 7)), draw(st.integers(2, 7))
    free = {(r, c) for r in range(rows) for c in range(columns)}
    cells: list[Place] = []
    while free:
        row, column = min(free)
        width = height = 1
        while (row, column + width) in free and draw(st.booleans()):
            width += 1
        while {(row + height, column + c) for c in range(width)} <= free and draw(st.booleans()):
            height += 1
        free -= {(row + r, column + c) for r in range(height) for c in range(width)}
        cells.append((row, column, height, width, draw(st.sampled_from(["", "0", "12", "一、新收", "（一）"]))))
    return rows, columns, sorted(cells)


@given(_tilings())
def test_any_grid_comes_back(read_body: Read, tiling: tuple[int, int, list[Place]]) -> None:
    rows, columns, cells = tiling
    lines = []
    for number in range(rows):
        line = []
        for row, _, height, width, text in sorted(cells, key=lambda cell: cell[1]):
            if row <= number < row + height:
                merge = "" if height == 1 else DOWN if number == row else ON
                line.append(_tc(text if number == row else "", _span(width) + merge))
        lines.append(_tr(*line))
    blocks, _ = read_body(_p("前") + _tbl(*lines))
    if any(sum(cell[0] == number for cell in cells) > 1 for number in range(rows)):
        table = blocks[1].table
        assert (table.rows, table.columns) == (rows, columns)
        assert _places(table) == cells
    else:
        assert all(isinstance(block, FlowText) for block in blocks)
