from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ocr_pipeline.geometry import Box
from ocr_pipeline.tables import find_tables
from ocr_pipeline.tables.edges import Direction
from ocr_pipeline.tables.find import FoundTable, not_nested
from ocr_pipeline.tables.flatten import Flattening
from ocr_pipeline.tables.grid import Grid, GridCell


@st.composite
def partitions(draw):
    """Line positions and cells that tile the grid; each inner line is an edge of some cell."""
    n, m = draw(st.integers(2, 6)), draw(st.integers(3, 6))
    ys = np.cumsum([80, *[draw(st.integers(26, 70)) for _ in range(n)]]).tolist()
    xs = np.cumsum([70, *[draw(st.integers(45, 130)) for _ in range(m)]]).tolist()
    taken = np.zeros((n, m), bool)
    cells = []
    for r in range(n):
        for c in range(m):
            if taken[r, c]:
                continue
            # The first row and column stay whole, so that no line is lost altogether.
            free = r > 0 and c > 0
            height = draw(st.integers(1, min(2, n - r))) if free else 1
            width = draw(st.integers(1, min(3, m - c))) if free else 1
            while taken[r : r + height, c : c + width].any():
                width -= 1
            taken[r : r + height, c : c + width] = True
            cells.append(GridCell(r, c, height, width))
    return xs, ys, sorted(cells)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(partitions(), st.integers(1, 4))
def test_grid_and_spans_are_found_exactly(draw_table, page_of, partition, thickness) -> None:
    xs, ys, cells = partition
    (found,) = find_tables(page_of(draw_table(xs, ys, cells, thickness=thickness)))
    assert list(found.grid.cells) == cells
    assert np.allclose(np.array(found.grid.xs) + found.flattening.box.left, xs, atol=3)
    assert np.allclose(np.array(found.grid.ys) + found.flattening.box.top, ys, atol=3)


XS, YS = [60, 200, 290, 380, 470, 700], [100, 140, 180, 220, 260, 300, 340]
CELLS = sorted(
    [GridCell(r, c) for r in range(6) for c in range(5) if not (c == 0 and r in (2, 3))] + [GridCell(2, 0, 2, 1)]
)


@pytest.mark.parametrize("angle", [-0.8, -0.3, 0.3, 0.8])
def test_remaining_skew_is_straightened(draw_table, page_of, angle) -> None:
    page = draw_table(XS, YS, CELLS)
    turn = cv2.getRotationMatrix2D((450, 600), angle, 1.0)
    (found,) = find_tables(page_of(cv2.warpAffine(page, turn, (900, 1200), borderValue=255)))
    assert list(found.grid.cells) == CELLS
    corner = turn @ [XS[0], YS[0], 1.0]
    first = found.flattening.to_page([(found.grid.xs[0], found.grid.ys[0])])[0]
    assert np.hypot(first[0] - corner[0], first[1] - corner[1]) < 3


def test_a_broken_ruling_still_separates(draw_table, page_of) -> None:
    page = draw_table(XS, YS, CELLS)
    page[:, 95:900:23] = 255
    page[110:800:19, :] = 255
    (found,) = find_tables(page_of(page))
    assert list(found.grid.cells) == CELLS


def test_a_faint_table_is_found(draw_table, page_of) -> None:
    rng = np.random.default_rng(4)
    page = draw_table(XS, YS, CELLS, ink=190, thickness=1).astype(np.int16)
    noisy = np.clip(page + rng.normal(0, 4, page.shape), 0, 255).astype(np.uint8)
    (found,) = find_tables(page_of(noisy))
    assert list(found.grid.cells) == CELLS


def test_a_doubled_frame_is_one_line(draw_table, page_of) -> None:
    page = draw_table(XS, YS, CELLS)
    cv2.rectangle(page, (XS[0] - 6, YS[0] - 6), (XS[-1] + 6, YS[-1] + 6), 40, 2)
    (found,) = find_tables(page_of(page))
    assert (found.grid.rows, found.grid.columns) == (6, 5)


def test_inner_rulings_much_thicker_than_the_frame_separate(page_of) -> None:
    """As they are where the frames of neighbouring cells were joined."""
    gray = np.full((500, 900), 255, np.uint8)
    cv2.rectangle(gray, (60, 60), (820, 420), 30, 2)
    for y in range(120, 420, 60):
        gray[y - 5 : y + 6, 60:821] = 30
    gray[120:300, 300 - 5 : 300 + 6] = 30
    (table,) = find_tables(page_of(gray))
    assert (table.grid.rows, table.grid.columns, len(table.grid.cells)) == (6, 2, 9)


def test_two_tables_on_a_page_stay_apart(draw_table, page_of) -> None:
    page = np.minimum(draw_table(XS, YS, CELLS), draw_table(XS, [y + 400 for y in YS], CELLS))
    found = find_tables(page_of(page))
    assert [list(f.grid.cells) for f in found] == [CELLS, CELLS]
    assert found[0].box.bottom < found[1].box.top


def test_a_table_cut_by_the_page_has_open_ends(draw_table, page_of) -> None:
    page = draw_table(XS, YS, CELLS)
    page[YS[-1] - 4 :] = 255
    (found,) = find_tables(page_of(page))
    assert found.grid.open_bottom
    assert found.grid.rows == 6


def test_underlines_and_a_photograph_are_no_table(page_of) -> None:
    page = np.full((1200, 900), 255, np.uint8)
    for y in range(100, 500, 60):
        cv2.line(page, (100, y), (700, y), 30, 2)
    cv2.rectangle(page, (200, 700), (700, 1000), 60, -1)
    assert find_tables(page_of(page)) == []


def test_a_blank_and_a_black_page_have_no_table(page_of) -> None:
    assert find_tables(page_of(np.full((800, 600), 255, np.uint8))) == []
    assert find_tables(page_of(np.zeros((800, 600), np.uint8))) == []


def test_box_is_on_the_page(draw_table, page_of) -> None:
    (found,) = find_tables(page_of(draw_table(XS, YS, CELLS)))
    assert found.box.iou(Box(XS[0], YS[0], XS[-1], YS[-1])) > 0.98


def test_a_column_of_ones_is_no_ruling(draw_table, page_of) -> None:
    page = draw_table(XS, YS, CELLS, marks=False)
    for top, bottom in pairwise(YS):
        cv2.line(page, (245, top + 7), (245, bottom - 7), 40, 3)
    (found,) = find_tables(page_of(page))
    assert list(found.grid.cells) == CELLS


def test_dotted_rulings_separate(draw_table, page_of) -> None:
    page = draw_table(XS, YS, CELLS, marks=False)
    inner = page[YS[0] + 3 : YS[-1] - 3, XS[0] + 3 : XS[-1] - 3]
    rows, columns = np.indices(inner.shape)
    inner[((rows // 3 + columns // 3) % 2 == 0)] = 255
    (found,) = find_tables(page_of(page))
    assert list(found.grid.cells) == CELLS


def test_labels_that_touch_their_ruling_leave_it_standing(draw_table, page_of) -> None:
    page = draw_table(XS, YS, CELLS)
    for top, bottom in pairwise(YS):
        for x in range(XS[1] + 4, XS[1] + 70, 9):
            cv2.line(page, (x, top + 8), (x, bottom - 8), 40, 2)
    (found,) = find_tables(page_of(page))
    assert list(found.grid.cells) == CELLS


def test_a_drawing_has_the_rulings_that_print_hides(draw_table, page_of) -> None:
    drawing = draw_table(XS, YS, CELLS, marks=False)
    printed = drawing.copy()
    # Print right up to a ruling, from row to row: on the page alone the ruling is lost in it.
    printed[YS[0] : YS[-1], XS[2] - 12 : XS[2] + 12] = 40
    alone = find_tables(page_of(printed))
    assert not alone or list(alone[0].grid.cells) != CELLS
    (found,) = find_tables(page_of(printed), drawing=drawing)
    assert list(found.grid.cells) == CELLS
    assert (found.gray < 128).sum() > (drawing < 128).sum()


def test_what_the_drawing_lacks_is_taken_from_the_page(draw_table, page_of) -> None:
    page = draw_table(XS, YS, CELLS)
    blank = np.full_like(page, 255)
    frame = draw_table(XS, YS, [GridCell(0, 0, 6, 5)], marks=False)
    for drawing in (blank, frame, None):
        (found,) = find_tables(page_of(page), drawing=drawing)
        assert list(found.grid.cells) == CELLS


def test_tables_of_page_and_drawing_come_together_from_top_to_bottom(draw_table, page_of) -> None:
    upper = draw_table(XS, YS, CELLS)
    lower = draw_table(XS, [y + 500 for y in YS], CELLS, marks=False)
    found = find_tables(page_of(np.minimum(upper, lower)), drawing=lower)
    assert [round(table.box.top, -1) for table in found] == [YS[0], YS[0] + 500]


def test_strokes_of_text_in_line_with_a_ruling_are_no_ruling(draw_table, page_of) -> None:
    """三 in a narrow spanning cell at the height of a row's ruling; the side of 开 below a column's ruling."""
    page = draw_table(XS, YS, CELLS, marks=False)
    cell = next(cell for cell in CELLS if cell.row_span == 2)
    middle, ruling = (XS[0] + XS[1]) // 2, YS[cell.row + 1]
    for offset, half in ((-16, 45), (-8, 35), (0, 55)):
        cv2.line(page, (middle - half, ruling + offset), (middle + half, ruling + offset), 40, 2)
    joined = [c for c in CELLS if not (c.row == 4 and c.column in (1, 2))] + [GridCell(4, 1, 1, 2)]
    page[YS[4] + 2 : YS[5] - 1, XS[2] - 3 : XS[2] + 4] = 255
    cv2.line(page, (XS[2], YS[4] + 7), (XS[2], YS[5] - 9), 40, 2)
    cv2.line(page, (XS[2] - 14, YS[4] + 14), (XS[2] + 8, YS[4] + 14), 40, 2)
    (found,) = find_tables(page_of(page))
    assert list(found.grid.cells) == sorted(joined)


def test_a_gap_in_a_ruling_joins_no_cells(draw_table, page_of) -> None:
    page = draw_table(XS, YS, CELLS)
    page[YS[2] - 2 : YS[2] + 3, XS[1] + 20 : XS[1] + 45] = 255
    page[YS[3] - 2 : YS[3] + 3, XS[4] + 2 : XS[4] + 60] = 255
    (found,) = find_tables(page_of(page))
    assert list(found.grid.cells) == CELLS


@pytest.mark.parametrize("side", [0, -1])
def test_a_side_of_the_frame_that_is_not_drawn(draw_table, page_of, side: int) -> None:
    page = draw_table(XS, YS, CELLS)
    page[YS[0] + 3 : YS[-1] - 2, XS[side] - 2 : XS[side] + 3] = 255
    (found,) = find_tables(page_of(page))
    assert list(found.grid.cells) == CELLS


def test_one_ruling_that_runs_on_shows_a_row_above_the_first_line_drawn(draw_table, page_of) -> None:
    """The ruling at the top and both sides beside the first row are not drawn, nor are the others in it."""
    cells = [GridCell(0, 0), GridCell(0, 1, 1, 4), *(cell for cell in CELLS if cell.row)]
    top = YS[0] - 20
    page = draw_table(XS, [top, *YS[1:]], cells)
    for x in (XS[0], XS[-1]):
        page[top - 3 : YS[1] - 2, x - 3 : x + 4] = 255
    page[top - 3 : top + 4] = 255
    (found,) = find_tables(page_of(page))
    assert list(found.grid.cells) == cells


def test_a_doubled_frame_whose_lines_run_together(draw_table, page_of) -> None:
    """A scan fills the gap of a doubled frame, whose sides are all that holds the rows of captions."""
    cells = [GridCell(r, 0, 1, 5) if r in (0, 3) else GridCell(r, c) for r in range(6) for c in range(5)]
    page = draw_table(XS, YS, sorted(set(cells)))
    cv2.rectangle(page, (XS[0] - 8, YS[0] - 8), (XS[-1] + 8, YS[-1] + 8), 40, 2)
    cv2.rectangle(page, (XS[0] - 4, YS[0] - 4), (XS[-1] + 4, YS[-1] + 4), 150, 6)
    (found,) = find_tables(page_of(page))
    assert list(found.grid.cells) == sorted(set(cells))


def test_strokes_that_cross_in_a_heavy_character_are_no_table(page_of) -> None:
    page = np.full((1200, 900), 255, np.uint8)
    for y in (400, 420, 440):
        cv2.line(page, (300, y), (440, y), 30, 3)
    for x in (300, 340, 440):
        cv2.line(page, (x, 400), (x, 440), 30, 3)
    assert find_tables(page_of(page)) == []


def test_lines_above_a_table_are_none_of_its_short_ones(draw_table, page_of) -> None:
    """A ruling that stands between two neighbouring columns only does so inside the table."""
    xs = [60, 120, 290, 380, 470, 700]
    page = draw_table(xs, YS, [GridCell(r, c) for r in range(6) for c in range(5)])
    lines = Direction.of(255 - page, [float(y) for y in YS], 80, 200, 0.02, upright=False)
    cv2.line(page, (60, 70), (700, 70), 40, 2)
    across = replace(lines, slack=page < 128)
    assert across.with_short_lines([float(y) for y in YS], [float(x) for x in xs], 12) == [float(y) for y in YS]


@pytest.mark.parametrize("sag", [1, 4])
def test_a_sheet_whose_edge_frays_when_straightened_leaves_its_tables_apart(draw_table, page_of, sag) -> None:
    """Else two tables on a photographed sheet become one with the space between them."""
    xs, upper, lower = [40, 100, 300, 450, 600, 860], list(range(40, 290, 60)), list(range(360, 1150, 60))
    tables = [[GridCell(r, c) for r in range(len(ys) - 1) for c in range(5)] for ys in (upper, lower)]
    page = np.minimum(draw_table(xs, upper, tables[0]), draw_table(xs, lower, tables[1]))
    along = np.arange(6, 895)
    bow = sag * np.sin(np.pi * (along - 6) / 889)
    for edge in (5, 1184):
        cv2.polylines(page, [np.column_stack([along, edge + bow]).round().astype(np.int32)], False, 190, 1)
    for x in (6, 894):
        cv2.line(page, (x, 5), (x, 1189), 190, 1)
    assert [list(found.grid.cells) for found in find_tables(page_of(page))] == tables


def test_the_half_of_a_ruling_that_a_fax_left_separates(draw_table, page_of) -> None:
    """Ink close beside it on one side, as of a step in a line that is not quite level, does not make it print."""
    page = draw_table(XS, YS, CELLS)
    page[YS[3] - 2 : YS[3] + 3, XS[4] + 4 : XS[4] + 80] = 255
    page[YS[3] - 7 : YS[3] - 3, XS[4] + 150 : XS[5] - 3 : 2] = 40
    (found,) = find_tables(page_of(page))
    assert list(found.grid.cells) == CELLS


def test_print_at_the_height_of_a_ruling_of_other_columns_cuts_no_cell(draw_table, page_of) -> None:
    """A label of two lines fills its cell; level strokes of the first stand where the ruling beside it does."""
    xs, ys = [60, 180, 300, 420, 540, 660], [100, 150, 200, 280, 330]
    cells = [GridCell(0, c) for c in range(5)] + [GridCell(3, c) for c in range(5)]
    cells += [GridCell(1, 0, 2, 1)] + [GridCell(r, c) for r in (1, 2) for c in range(1, 5)]
    page = draw_table(xs, ys, sorted(cells), marks=False)
    for y in (192, 200, 208):
        for x in range(64, 172, 16):
            page[y : y + 3, x : x + 13] = 40
    for x in range(64, 172, 16):
        page[192:211, x + 6 : x + 9] = 40
    (found,) = find_tables(page_of(page))
    assert list(found.grid.cells) == sorted(cells)


def test_pale_rulings_in_a_frame_show_beside_darker_print_elsewhere(draw_table, page_of) -> None:
    page = draw_table(XS, YS, CELLS, ink=220)
    cv2.rectangle(page, (XS[0], YS[0]), (XS[-1], YS[-1]), 130, 2)
    for x in range(80, 800, 12):
        for y in range(600, 1100, 40):
            cv2.rectangle(page, (x, y), (x + 6, y + 18), 0, -1)
    (found,) = find_tables(page_of(page))
    assert list(found.grid.cells) == CELLS


@pytest.mark.parametrize("sides", [True, False])
def test_both_pieces_of_a_ruling_with_a_gap_separate_where_each_crosses_one_side_only(
    draw_table, page_of, sides
) -> None:
    """No upright ruling stands between the sides of these rows."""
    xs, ys = [60, 300, 500, 700], [100, 150, 200, 250, 300]
    cells = [GridCell(r, c) for r in range(2) for c in range(3)] + [GridCell(r, 0, 1, 3) for r in (2, 3)]
    drawn = draw_table(xs, ys, cells)
    drawn[ys[3] - 2 : ys[3] + 3, 420:450] = 255
    if not sides:
        drawn[ys[3] - 2 : ys[3] + 3, 64:697] = 255
        cells = [*cells[:-2], GridCell(2, 0, 1, 3)]
    (found,) = find_tables(page_of(drawn))
    assert list(found.grid.cells) == cells


@pytest.mark.parametrize(("end", "columns"), [(250, 2), (280, 2), (220, 1)])
def test_a_piece_of_an_upright_ruling_separates_where_it_goes_on(draw_table, page_of, end: int, columns: int) -> None:
    """It stands in the row below, and up to here in this one."""
    xs, ys = [60, 200, 300, 400, 500], [100, 200, 300, 340]
    cells = [GridCell(r, c) for r in range(3) for c in range(4)]
    drawn = draw_table(xs, ys, cells, marks=False)
    drawn[ys[0] + 3 : ys[1] - 2, xs[2] - 3 : xs[2] + 4] = 255
    drawn[ys[1] + 3 : 500 - end, xs[2] - 3 : xs[2] + 4] = 255
    (found,) = find_tables(page_of(drawn))
    assert len([cell for cell in found.grid.cells if cell.row == 1 and 1 <= cell.column <= 2]) == columns
    assert len([cell for cell in found.grid.cells if cell.row == 0]) == 3


@pytest.mark.parametrize("seed", [0, 1])
def test_rulings_in_the_grain_of_a_tinted_header_stand_above_pale_rows(draw_table, page_of, seed: int) -> None:
    """Close beside them grain looks like print, and rulings have print on no side."""
    xs, ys = [60, 160, 260, 360, 460, 560, 660], [60, 160, *range(200, 1000, 40)]
    cells = [GridCell(row, column) for row in range(len(ys) - 1) for column in range(len(xs) - 1)]
    page = draw_table(xs, ys, cells, ink=120)
    head = page[ys[0] : ys[1]]
    head[head < 255] = 0
    for x in xs[1:-1]:
        for y in range(10, 90, 20):
            head[y : y + 2, x - 3 : x + 4] = 255
    grain = np.abs(cv2.GaussianBlur(np.random.default_rng(seed).normal(0, 1, head.shape), (0, 0), 0.8))
    head[:] = np.clip(head - 14 * grain / grain.std(), 0, 255)
    (found,) = find_tables(page_of(page))
    assert list(found.grid.cells) == cells


def _table(box: Box, rows: int, columns: int) -> FoundTable:
    cells = tuple(GridCell(row, column) for row in range(rows) for column in range(columns))
    ys, xs = np.linspace(0, box.height, rows + 1), np.linspace(0, box.width, columns + 1)
    gray = np.full((round(box.height), round(box.width)), 255, np.uint8)
    return FoundTable(0, box, Flattening(box), gray, Grid(tuple(ys), tuple(xs), cells), 200.0)


@pytest.mark.parametrize("first", [True, False])
def test_what_lies_partly_over_a_table_of_many_more_cells_is_none(first: bool) -> None:
    table, edges = _table(Box(300, 200, 1200, 1500), 18, 10), _table(Box(50, 20, 1450, 320), 5, 4)
    found = [edges, table] if first else [table, edges]
    assert not_nested(found) == [table]


def test_tables_that_hardly_touch_or_are_about_as_large_stay() -> None:
    upper, lower = _table(Box(100, 100, 1100, 400), 6, 4), _table(Box(100, 395, 1100, 1500), 18, 10)
    assert not_nested([upper, lower]) == [upper, lower]
    beside = _table(Box(90, 300, 1090, 600), 20, 5)
    assert not_nested([beside, lower]) == [beside, lower]


def test_a_frame_around_a_table_is_none_and_a_table_in_a_cell_of_another_is_part_of_it() -> None:
    frame, inner = _table(Box(100, 100, 1100, 900), 2, 1), _table(Box(200, 300, 1000, 800), 4, 4)
    assert not_nested([frame, inner]) == [inner]
    outer = _table(Box(100, 100, 1100, 900), 5, 4)
    assert not_nested([outer, inner]) == [outer]
