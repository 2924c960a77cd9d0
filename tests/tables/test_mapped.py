from __future__ import annotations

import itertools
from dataclasses import replace

import cv2
import numpy as np
import pytest

from ocr_pipeline.geometry import Box
from ocr_pipeline.page_net.maps import MAP_DPI, MAPS, PageMaps
from ocr_pipeline.tables import find_tables
from ocr_pipeline.tables.choosing import with_maps
from ocr_pipeline.tables.grid import GridCell
from ocr_pipeline.tables.mapped import find_mapped
from ocr_pipeline.tables.options import TableOptions

UNPRINTED = TableOptions(least_printed=0.0)
XS, YS = [60, 200, 290, 380, 470, 700], [100, 140, 180, 220, 260, 300, 340]
CELLS = sorted(
    [GridCell(r, c) for r in range(6) for c in range(5) if not (c == 0 and r in (2, 3))] + [GridCell(2, 0, 2, 1)]
)


def maps_of(cells, *, printed=True, angle=0.0, area=True) -> PageMaps:
    """Maps of a page of 900 x 1200 pixels at 200 dpi as the network would see these cells."""
    size, dpi = (1200, 900), 200.0
    scale = MAP_DPI / dpi
    values = np.zeros((len(MAPS), round(size[0] * scale), round(size[1] * scale)), np.uint8)
    if area:
        inside = Box(XS[0], YS[0], XS[-1], YS[-1]).scaled(scale).slices()
        values[(MAPS.index("table"), *inside)] = 255
    for cell in cells:
        left, right = XS[cell.column], XS[cell.column + cell.column_span]
        top, bottom = YS[cell.row], YS[cell.row + cell.row_span]
        for name, (start, end) in (
            ("rows", ((left, top), (right, top))),
            ("rows", ((left, bottom), (right, bottom))),
            ("columns", ((left, top), (left, bottom))),
            ("columns", ((right, top), (right, bottom))),
        ):
            ends = [tuple(round((v * scale - 0.5) * 16) for v in point) for point in (start, end)]
            for canvas in (name, {"rows": "across", "columns": "upright"}[name] if printed else name):
                cv2.line(values[MAPS.index(canvas)], ends[0], ends[1], 255, 2, cv2.LINE_8, 4)
    if angle:
        turn = cv2.getRotationMatrix2D((values.shape[2] / 2, values.shape[1] / 2), angle, 1.0)
        values = np.stack([cv2.warpAffine(v, turn, v.shape[::-1]) for v in values])
    return PageMaps(values, (scale, scale))


def test_a_table_without_any_ruling_is_found_by_its_maps(page_of) -> None:
    page = page_of(np.full((1200, 900), 255, np.uint8))
    assert find_mapped(page, maps_of(CELLS, printed=False)) == [], "only on request: its rows may run together"
    (found,) = find_mapped(page, maps_of(CELLS, printed=False), UNPRINTED)
    assert found.guessed
    assert list(found.grid.cells) == CELLS
    assert np.allclose(np.array(found.grid.xs) + found.flattening.box.left, XS, atol=3)
    assert np.allclose(np.array(found.grid.ys) + found.flattening.box.top, YS, atol=3)


@pytest.mark.parametrize("shift", [-3, 2])
def test_printed_lines_are_put_where_their_ink_is(page_of, draw_table, shift) -> None:
    """The maps know a place to some pixels, the ink to one."""
    drawn = draw_table([x + shift for x in XS], [y + shift for y in YS], CELLS, thickness=1)
    (found,) = find_mapped(page_of(drawn), maps_of(CELLS))
    assert list(found.grid.cells) == CELLS
    assert np.allclose(np.array(found.grid.xs) + found.flattening.box.left, np.array(XS) + shift, atol=1)
    assert np.allclose(np.array(found.grid.ys) + found.flattening.box.top, np.array(YS) + shift, atol=1)


@pytest.mark.parametrize("angle", [-0.6, 0.6])
def test_remaining_skew_is_straightened(page_of, angle) -> None:
    page = page_of(np.full((1200, 900), 255, np.uint8))
    (found,) = find_mapped(page, maps_of(CELLS, printed=False, angle=angle), UNPRINTED)
    assert list(found.grid.cells) == CELLS


@pytest.mark.parametrize("framed", [True, False])
def test_worn_rulings_are_printed_ones_in_a_printed_frame(page_of, framed: bool) -> None:
    """A fax leaves a third of them, in dashes, and most of the frame."""
    page, maps = page_of(np.full((1200, 900), 255, np.uint8)), maps_of(CELLS)
    left, top, right, bottom = (round(v * MAP_DPI / 200) for v in (XS[0], YS[0], XS[-1], YS[-1]))
    dashes = np.arange(12) % 12 < 4
    for name, axis in (("across", 1), ("upright", 0)):
        plane = maps.values[MAPS.index(name)]
        kept = np.resize(dashes, plane.shape[axis])
        worn = plane * (kept[None, :] if axis else kept[:, None])
        inside = (slice(top + 3, bottom - 2), slice(left + 3, right - 2))
        plane[inside if framed else ...] = worn[inside if framed else ...]
    found = find_mapped(page, maps)
    assert [list(table.grid.cells) for table in found] == ([CELLS] if framed else [])


def test_maps_of_nothing_show_no_table(page_of) -> None:
    page = page_of(np.full((1200, 900), 255, np.uint8))
    assert find_mapped(page, maps_of([])) == []
    assert find_mapped(page, maps_of(CELLS, area=False)) == [], "borders where there is no table"
    assert find_mapped(page, maps_of([GridCell(0, 0, 6, 5)])) == [], "a frame is no table"


def test_rulings_that_are_all_there_win_and_lost_ones_lose(page_of, draw_table) -> None:
    whole = page_of(draw_table(XS, YS, CELLS))
    ruled = find_tables(whole)
    assert with_maps(whole, ruled, maps_of(CELLS)) == ruled
    torn = draw_table(XS, YS, CELLS)
    for y in YS[1:-1]:
        torn[y - 2 : y + 3, XS[0] + 4 : XS[-1] - 4] = 255
    page = page_of(torn)
    (found,) = with_maps(page, find_tables(page), maps_of(CELLS))
    assert list(found.grid.cells) == CELLS


def test_a_table_that_only_one_of_them_sees_is_kept(page_of, draw_table) -> None:
    page = page_of(draw_table(XS, [y + 500 for y in YS], CELLS))
    ruled = find_tables(page)
    both = with_maps(page, ruled, maps_of(CELLS))
    assert both[1:] == ruled
    assert list(both[0].grid.cells) == CELLS
    assert all(a.box.bottom < b.box.top for a, b in itertools.pairwise(both))
    assert both[0].box.iou(Box(XS[0], YS[0], XS[-1], YS[-1])) > 0.95


def test_two_tables_that_rulings_run_together_are_both_the_networks(page_of, draw_table) -> None:
    """Rulings make one table of two; when one of the network's is taken for it, the other must not be lost."""
    upper = [cell for cell in CELLS if cell.row < 2]
    lower = [cell for cell in CELLS if cell.row > 3]
    page = page_of(draw_table(XS, YS, upper + lower))
    (whole,) = find_tables(page_of(draw_table(XS, YS, [GridCell(0, 0, 2, 5), GridCell(2, 0, 2, 5), *lower])))
    found = with_maps(page, [whole], maps_of(upper + lower))
    assert [(table.grid.rows, table.grid.columns) for table in found] == [(2, 5), (2, 5)]


def test_two_tables_that_hang_together_by_a_seal_are_two(page_of, draw_table) -> None:
    """Their rulings explain all that the network sees; only the band between them shows that they are two."""
    upper = [cell for cell in CELLS if cell.row < 2]
    lower = [GridCell(r, c) for r in range(3, 6) for c in range(5)]
    drawn = draw_table(XS, YS, upper + lower)
    for x in (XS[0], XS[-1]):
        drawn[YS[2] : YS[3], x - 1 : x + 1] = 0
    page = page_of(drawn)
    ruled = find_tables(page)
    assert len(ruled) == 1
    maps = maps_of(upper + lower)
    assert with_maps(page, ruled, maps)[0].box.iou(ruled[0].box) > 0.95
    values = maps.values.copy()
    band = Box(XS[0], YS[2] + 8, XS[-1], YS[3] - 8).scaled(MAP_DPI / 200).slices()
    values[(MAPS.index("table"), *band)] = 0
    found = with_maps(page, ruled, PageMaps(values, maps.scale))
    assert [(table.grid.rows, table.grid.columns) for table in found] == [(2, 5), (3, 5)]


def test_ruled_tables_with_a_gap_stay_two_where_the_network_runs_their_borders_together(page_of, draw_table) -> None:
    upper = [GridCell(0, c, 2, 1) for c in range(5)]
    lower = [GridCell(r, c) for r in range(3, 6) for c in range(5)]
    page = page_of(draw_table(XS, YS, upper + lower))
    ruled = [table for cells in (upper, lower) for table in find_tables(page_of(draw_table(XS, YS, cells)))]
    maps = maps_of(CELLS)
    assert len(with_maps(page, ruled, maps)) == 1, "it is sure of borders that the rulings do not explain"
    values = maps.values.copy()
    band = Box(XS[0], YS[2] + 8, XS[-1], YS[3] - 8).scaled(MAP_DPI / 200).slices()
    values[(MAPS.index("table"), *band)] = 0
    found = with_maps(page, ruled, PageMaps(values, maps.scale))
    assert [table.box for table in found] == [table.box for table in ruled]


def test_a_single_row_of_which_the_network_sees_nothing_is_none(page_of, draw_table) -> None:
    page = page_of(draw_table(XS, YS, CELLS))
    (whole,) = find_tables(page)
    row = replace(whole, grid=replace(whole.grid, ys=tuple(whole.grid.ys[:2]), cells=tuple(CELLS[:5])))
    nothing = PageMaps(np.zeros_like(maps_of(CELLS).values), maps_of(CELLS).scale)
    assert with_maps(page, [row], nothing) == []
    assert with_maps(page, [whole], nothing) == [whole]


def test_a_band_that_is_no_gap_parts_no_table(page_of, draw_table) -> None:
    page = page_of(draw_table(XS, YS, CELLS))
    ruled = find_tables(page)
    maps = maps_of(CELLS)
    values = maps.values.copy()
    band = Box(XS[0], YS[2] + 8, XS[-1], YS[3] - 8).scaled(MAP_DPI / 200).slices()
    values[(MAPS.index("table"), *band)] = 0
    (found,) = with_maps(page, ruled, PageMaps(values, maps.scale))
    assert list(found.grid.cells) == CELLS


@pytest.mark.parametrize("sides", [False, True])
def test_strokes_of_a_heading_above_and_below_a_table_are_no_rows_of_it(page_of, draw_table, sides) -> None:
    """Their level strokes, in one line with each other, look like a ruling; upright ones like those of columns."""
    drawn = draw_table(XS, YS, CELLS)
    true = find_tables(page_of(drawn))[0].grid
    for y, near in ((YS[0] - 45, YS[0]), (YS[-1] + 45, YS[-1])):
        cv2.line(drawn, (XS[0], y), (XS[-1], y), 40, 2)
        for x in (XS[0], XS[-1], *((XS[1] + 30, XS[3] + 25) if sides else ())):
            cv2.line(drawn, (x, min(y, near)), (x, max(y, near)), 40, 2)
    (ruled,) = find_tables(page_of(drawn))
    assert ruled.grid.rows == 8
    (found,) = with_maps(page_of(drawn), [ruled], maps_of(CELLS))
    assert list(found.grid.cells) == CELLS
    assert found.box.iou(Box(XS[0], YS[0], XS[-1], YS[-1])) > 0.98
    assert np.allclose(np.diff(found.grid.xs), np.diff(true.xs), atol=1)


def test_a_table_of_which_the_network_sees_little_keeps_its_rows(page_of, draw_table) -> None:
    (ruled,) = find_tables(page_of(draw_table(XS, YS, CELLS)))
    maps = maps_of(CELLS, area=False)
    maps.values[MAPS.index("table"), round(YS[2] / 4) : round(YS[3] / 4)] = 255
    (found,) = with_maps(page_of(draw_table(XS, YS, CELLS)), [ruled], maps)
    assert found.grid.ys == ruled.grid.ys


def test_a_strip_that_nothing_stands_in_is_no_column(page_of) -> None:
    """Where rulings are lost, the side of a column of zeros passes for a border."""
    cells = [GridCell(0, 0, 1, 2), *(GridCell(r, c) for r in range(6) for c in range(5) if r or c > 1)]
    page = np.full((1200, 900), 255, np.uint8)
    for cell in cells:
        if cell.column or not cell.row:
            left, right = XS[cell.column], XS[cell.column + cell.column_span]
            cv2.ellipse(page, ((left + right) // 2, (YS[cell.row] + YS[cell.row + 1]) // 2), (5, 9), 0, 0, 360, 40, 2)
    (found,) = find_mapped(page_of(page), maps_of(cells))
    assert list(found.grid.cells) == [GridCell(r, c) for r in range(6) for c in range(4)]
