from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocr_pipeline.geometry import Box
from ocr_pipeline.layout.parting import parted_at_white
from ocr_pipeline.page_net import MAPS, PageMaps
from tests.fakes.scripted_viewer import ScriptedViewer

DPI, SIZE = 200.0, (1654, 2339)
AREA = Box(200, 300, 1400, 1500)


def _rows(first: int, last: int, columns: tuple[int, ...]) -> np.ndarray:
    """A page with rows of figures, 50 pixels each."""
    gray = np.full((SIZE[1], SIZE[0]), 255, np.uint8)
    for y in range(first, last, 50):
        for x in columns:
            cv2.putText(gray, "680", (x, y + 38), cv2.FONT_HERSHEY_SIMPLEX, 1.2, 0, 3)
    return gray


def _maps(*doubted: tuple[int, int]) -> PageMaps:
    """Sure of the area but for these rows of the page."""
    maps = ScriptedViewer({"table": [AREA]}, SIZE).maps
    for top, bottom in doubted:
        maps.values[MAPS.index("table"), top // 4 : bottom // 4] = 120
    return maps


@pytest.mark.parametrize(("white", "doubted", "tables"), [(80, True, 2), (80, False, 1), (10, True, 1)])
def test_unruled_tables_are_parted_at_their_widest_white_where_the_map_has_doubts(
    white: int, doubted: bool, tables: int
) -> None:
    upper, lower = _rows(300, 850, (200, 700, 1330)), _rows(850 + white, 1480, (220, 500, 900))
    maps = _maps((846, 854 + white)) if doubted else _maps()
    found = parted_at_white([AREA], maps, np.minimum(upper, lower), DPI)
    assert len(found) == tables
    assert found[0].top == AREA.top
    assert found[-1].bottom == AREA.bottom
    assert all(box.left == AREA.left and box.right == AREA.right for box in found)
    if tables == 2:
        assert 820 <= found[0].bottom <= 860
        assert 850 + white - 20 <= found[1].top <= 850 + white + 30


@pytest.mark.parametrize("level", [40, 215])
@pytest.mark.parametrize(("through", "doubted", "tables"), [(False, True, 2), (False, False, 1), (True, True, 1)])
def test_tables_are_parted_where_their_outer_rulings_end(level: int, through: bool, doubted: bool, tables: int) -> None:
    """Also where no ruling is left of the last row of one; a pale ruling that goes on makes one table."""
    gray = _rows(310, 1480, (240, 700, 1300))
    gray[900:960] = 255
    for top, bottom in ((300, 920), (944, 1490)):
        gray[top:bottom, 201:204] = gray[top:bottom, 1396:1399] = level
    gray[300:303, 200:1400] = gray[944:947, 200:1400] = level
    if through:
        gray[900:960, 201:204] = gray[900:960, 1396:1399] = 215
    found = parted_at_white([AREA], _maps((916, 948)) if doubted else _maps(), gray, DPI)
    assert len(found) == tables


def test_the_edges_of_a_fill_are_no_rulings() -> None:
    gray = _rows(310, 1480, (240, 700, 1300))
    gray[900:980] = 255
    gray[780:900, 200:1400] = gray[944:1060, 200:1400] = 120
    gray[300:303, 200:1400] = gray[1490:1493, 200:1400] = 120
    assert parted_at_white([AREA], _maps((900, 944)), np.asarray(gray, np.uint8), DPI) == [AREA]


def test_areas_that_the_map_is_sure_of_stay_as_they_are() -> None:
    areas = [AREA, Box(200, 1600, 1400, 1700)]
    blank = np.full((SIZE[1], SIZE[0]), 255, np.uint8)
    assert parted_at_white(areas, ScriptedViewer({"table": areas}, SIZE).maps, blank, DPI) == areas
    assert parted_at_white([], _maps(), blank, DPI) == []
