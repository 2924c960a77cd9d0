from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.document import Line, Region, RegionKind
from ocr_pipeline.geometry import Box
from ocr_pipeline.layout.table_headings import cut_at_headings, lone_headings, parts_between
from ocr_pipeline.page_net import MAPS, PageMaps
from tests.fakes.scripted_viewer import ScriptedViewer

SIZE, DPI = (1654, 2339), 200.0
AREA, HEADING = Box(200, 300, 1400, 1500), Box(220, 880, 700, 920)


def _maps(sure: int) -> PageMaps:
    """The map of tables, this sure of the heading's place."""
    maps = ScriptedViewer({"table": [AREA]}, SIZE).maps
    maps.values[MAPS.index("table")][maps.slices(HEADING.expanded(4))] = sure
    return maps


def _line(text: str, box: Box = HEADING) -> Line:
    return Line(text=text, confidence=0.9, box=box)


@pytest.mark.parametrize(
    ("text", "sure", "beside", "heading"),
    [
        ("三、收到和处理政府信息公开申请情况", 150, False, True),
        ("（二）改进措施", 0, False, True),
        ("（一）予以公开", 250, False, False),  # a label
        ("（一）予以公开", 150, True, False),  # a label with its figure
        ("本年度办理结果", 150, False, False),
        ("（六）", 150, False, False),
    ],
)
def test_a_numbered_line_that_stands_alone_where_the_map_has_doubts_is_a_heading(
    text: str, sure: int, beside: bool, heading: bool
) -> None:
    lines = [_line(text), _line("规章", Box(220, 800, 300, 840))]
    if beside:
        lines.append(_line("12", Box(1200, 884, 1240, 916)))
    assert lone_headings(lines, _maps(sure)) == ([HEADING] if heading else [])


def test_tables_and_areas_end_above_a_heading_and_begin_below_it() -> None:
    gray = np.full((SIZE[1], SIZE[0]), 255, np.uint8)
    for top in (310, 1480):
        gray[top : top + 4, 210:1390] = 0
    gray[860:864, 210:1390] = gray[940:944, 300:1200] = 0
    regions = [Region(kind=RegionKind.TABLE, box=AREA), Region(kind=RegionKind.FIGURE, box=AREA)]
    found, areas = cut_at_headings(regions, [AREA], [HEADING], gray, DPI)
    upper, lower = Box(210, 310, 1390, 864), Box(210, 940, 1390, 1484)
    assert [(region.kind, region.box) for region in found] == [
        (RegionKind.TABLE, upper),
        (RegionKind.TABLE, lower),
        (RegionKind.FIGURE, AREA),
    ]
    assert areas == [upper, lower]
    assert cut_at_headings(regions, [AREA], [HEADING.translated(0, 900)], gray, DPI) == (tuple(regions), [AREA])


def test_what_is_left_of_a_table_beside_a_heading_at_its_end_is_none() -> None:
    gray = np.full((SIZE[1], SIZE[0]), 255, np.uint8)
    gray[310:314, 210:1390] = gray[860:864, 210:1390] = 0
    area = Box(200, 300, 1400, 930)
    assert cut_at_headings([], [area], [HEADING], gray, DPI)[1] == [Box(210, 310, 1390, 864)]


@given(
    tops=st.lists(st.floats(0, 1000), max_size=5),
    heights=st.lists(st.floats(1, 200), min_size=5, max_size=5),
    room=st.floats(0, 30),
)
def test_the_parts_of_a_box_are_inside_it_in_order_and_beside_the_headings(
    tops: list[float], heights: list[float], room: float
) -> None:
    box = Box(0, 100, 500, 900)
    headings = [Box(10, top, 400, top + height) for top, height in zip(tops, heights, strict=False)]
    parts = parts_between(box, headings, room)
    assert all(box.top <= part.top < part.bottom <= box.bottom for part in parts)
    assert all(above.bottom <= below.top for above, below in pairwise(parts))
    assert all(part.overlap_y(heading) <= 1e-6 for part in parts for heading in headings)
