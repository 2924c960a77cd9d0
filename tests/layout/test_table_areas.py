from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocr_pipeline.document import PageImage
from ocr_pipeline.geometry import Box
from ocr_pipeline.layout.table_areas import is_stray, settled
from ocr_pipeline.page_net import PageMaps
from tests.fakes.scripted_viewer import ScriptedViewer

DPI = 200.0
TABLE, BELOW = Box(200, 300, 1400, 900), Box(200, 960, 1400, 1300)


def page(*tables: Box) -> np.ndarray:
    """Frames of tables, a pixel inside their boxes."""
    gray = np.full((2339, 1654), 255, np.uint8)
    for box in tables:
        cv2.rectangle(gray, (int(box.left) + 1, int(box.top) + 1), (int(box.right) - 2, int(box.bottom) - 2), 0, 2)
    return gray


def near(found: list[Box], true: list[Box]) -> bool:
    sides = [[side for box in boxes for side in box.as_tuple()] for boxes in (found, true)]
    return len(found) == len(true) and np.allclose(*sides, atol=2)


def test_rulings_are_believed_to_the_pixel_where_an_area_says_the_same() -> None:
    ruled = Box(201.5, 301.5, 1398.5, 898.5)
    assert settled([ruled], [Box(192, 290, 1410, 908)], page(TABLE), DPI, ruled=True) == [ruled]


@pytest.mark.parametrize(
    "ruled",
    [
        Box(200, 300, 1000, 900),  # the outer columns are lost
        Box(200, 600, 1400, 900),  # the upper rows are lost
        Box(200, 40, 1400, 900),  # a heading and the text above are taken for rows
    ],
)
def test_rulings_that_stop_short_or_run_on_make_way_for_the_area(ruled: Box) -> None:
    found = settled([ruled], [Box(196, 304, 1404, 896)], page(TABLE), DPI, ruled=True)
    assert near(found, [TABLE])


def test_one_grid_over_two_tables_and_two_pieces_of_one_are_what_the_areas_show() -> None:
    areas = [Box(196, 304, 1404, 896), Box(196, 964, 1404, 1296)]
    over = settled([Box(200, 300, 1400, 1300)], areas, page(TABLE, BELOW), DPI, ruled=True)
    assert near(over, [TABLE, BELOW])
    pieces = [Box(200, 300, 1400, 500), Box(200, 640, 1400, 900)]
    assert near(settled(pieces, areas[:1], page(TABLE), DPI, ruled=True), [TABLE])


def test_a_table_that_no_area_or_a_small_one_shows_stays() -> None:
    assert settled([TABLE], [BELOW], page(TABLE, BELOW), DPI, ruled=True) == [TABLE]
    assert settled([TABLE], [Box(300, 400, 600, 600)], page(TABLE), DPI, ruled=True) == [TABLE]
    assert settled([], [BELOW], page(BELOW), DPI, ruled=True) == []


def test_without_rulings_a_table_ends_where_the_area_or_its_print_ends() -> None:
    wide = Box(150, 290, 1480, 910)
    assert near(settled([wide], [Box(196, 304, 1404, 896)], page(TABLE), DPI), [TABLE])
    assert near(settled([wide], [], page(TABLE), DPI), [TABLE])


def test_tables_of_one_area_are_parted_where_their_rulings_say_so() -> None:
    close = Box(200, 910, 1400, 1300)
    gray = page(TABLE, close)
    gray[600:602, 200:1400] = gray[1100:1102, 200:1400] = 0
    found = settled([Box(150, 290, 1480, 1310)], [Box(196, 304, 1404, 1296)], gray, DPI)
    assert near(found, [TABLE, close])


def test_without_rulings_a_table_stands_where_the_areas_in_its_rows_stand() -> None:
    """Punch holes and the desk of a photograph make its outer columns reach to the edges of the page."""
    narrow = Box(520, 300, 1130, 900)
    wide = [Box(4, 310, 1650, 600), Box(20, 590, 1600, 890)]
    assert near(settled(wide, [narrow.expanded(4)], page(narrow), DPI), [narrow])
    small = Box(20, 300, 180, 900)
    found = settled([Box(4, 290, 1650, 910)], [small], page(TABLE, small), DPI)
    assert near(found, [Box(20, 300, 1400, 900)]), "the network sees a piece of it"


def test_a_grid_over_two_areas_is_none_of_them_however_much_it_is_like_the_larger_one() -> None:
    areas = [Box(200, 300, 1400, 1200), Box(200, 1240, 1400, 1330)]
    found = settled([Box(200, 300, 1400, 1330)], areas, page(*areas), DPI, ruled=True)
    assert near(found, areas)


def _image(make) -> PageImage:
    return make["image"](np.full((2339, 1654), 255, np.uint8))


def _written(*lines: Box) -> PageMaps:
    return ScriptedViewer({"line": lines}, (1654, 2339)).maps


def test_the_grain_of_a_desk_that_runs_into_a_table_is_none(make) -> None:
    desk, written = Box(600, 20, 1650, 500), _written(Box(0, 0, 1654, 2339))
    assert is_stray(desk, [TABLE], _image(make), written)
    assert not is_stray(desk, [BELOW], _image(make), written), "it crosses no table: one that was missed, maybe"
    assert not is_stray(Box(205, 305, 1395, 880), [TABLE], _image(make), written)
    assert not is_stray(Box(200, 300, 1400, 340), [TABLE], _image(make), written), "a piece of a table"
    assert is_stray(Box(700, 10, 850, 70), [], _image(make), written), "tiny"


def test_the_edges_of_the_paper_about_tables_are_no_table(make) -> None:
    frame, small = Box(30, -2, 1640, 2300), Box(300, 400, 1300, 800)
    assert is_stray(frame, [small, BELOW], _image(make), _written(small))
    assert not is_stray(Box(60, 60, 1600, 2280), [small, BELOW], _image(make), _written(small)), "not at the edge"
    rows = [Box(40, y, 1630, y + 8) for y in range(860, 2290, 80)]
    ruled = ScriptedViewer({"across": rows}, (1654, 2339)).maps
    assert not is_stray(frame, [small], _image(make), ruled), "the network missed a part of it"
    assert not is_stray(frame, [frame.expanded(-60)], _image(make), _written(small)), "a table as large as the page"


def test_what_has_no_line_of_print_and_is_no_table_to_the_network_is_a_chart(make) -> None:
    chart = Box(250, 560, 1180, 2170)
    assert is_stray(chart, [], _image(make), _written())
    assert not is_stray(chart, [], _image(make), _written(*(Box(300, y, 1100, y + 40) for y in range(600, 2100, 100))))
    assert not is_stray(chart, [chart], _image(make), _written()), "the network sees a table"


def test_two_whole_tables_in_one_area_stay_two_where_nothing_goes_down_their_sides() -> None:
    upper, lower = Box(200, 300, 1400, 900), Box(200, 950, 1400, 1300)
    area = Box(192, 292, 1408, 1308)
    gray = page(upper, lower)
    cv2.putText(gray, "1. 0123456789", (260, 936), cv2.FONT_HERSHEY_SIMPLEX, 1.0, 0, 2)
    assert settled([upper, lower], [area], gray, DPI, ruled=True) == [upper, lower]
    gray[900:950, 200:202] = 0
    assert near(settled([upper, lower], [area], gray, DPI, ruled=True), [Box.union_of((upper, lower))])
    small = [Box(200, 300, 1400, 380), lower]
    assert len(settled(small, [area], page(*small), DPI, ruled=True)) == 1, "most of the area is in neither"


def test_what_area_and_rulings_each_lack_at_one_side_is_there() -> None:
    found = settled([Box(200, 300, 1000, 900)], [Box(500, 304, 1404, 896)], page(TABLE), DPI, ruled=True)
    assert near(found, [TABLE])
