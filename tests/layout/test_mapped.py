from __future__ import annotations

import cv2
import numpy as np
import pytest
from layoutparser.elements import Layout, Rectangle, TextBlock
from layoutparser.models.base_layoutmodel import BaseLayoutModel

from ocr_pipeline.geometry import Box
from ocr_pipeline.layout.engines.page_net import PageNetDetector
from ocr_pipeline.layout.mapped import mapped_headings, mapped_seals, mapped_tables
from ocr_pipeline.page_net import MAPS
from tests.fakes.scripted_viewer import ScriptedViewer

SIZE = (1654, 2339)
TABLE, HEADING, SEAL = Box(200, 800, 1400, 1500), Box(300, 300, 700, 340), Box(900, 1700, 1220, 2020)


class _Other:
    """Calls the table a figure, as the packaged model often does, and sees a page header."""

    def detect(self, image):
        blocks = [("figure", TABLE), ("table", Box(100, 100, 300, 200)), ("header", Box(100, 40, 900, 80))]
        return Layout([TextBlock(Rectangle(*box.as_tuple()), type=kind, score=0.6) for kind, box in blocks])


def _page() -> np.ndarray:
    page = np.full((SIZE[1], SIZE[0]), 255, np.uint8)
    cv2.putText(page, "0123456789", (305, 335), cv2.FONT_HERSHEY_SIMPLEX, 1.6, 0, 4)
    return page


def test_areas_are_found_where_they_are_seen() -> None:
    viewer = ScriptedViewer({"table": [TABLE], "seal": [SEAL]}, SIZE)
    assert mapped_tables(viewer.maps) == [TABLE]
    assert mapped_seals(viewer.maps)[0].iou(SEAL) > 0.9
    assert mapped_headings(viewer.maps, _page(), 200.0) == []


@pytest.mark.parametrize("rulings", [(174, 182), (174,), (182,), ()])
def test_two_tables_with_little_white_between_their_rulings_are_two(rulings: tuple[int, ...]) -> None:
    """The map is unsure of the white, and some looks like table; where a fax lost a ruling, there is one table."""
    upper, lower = Box(200, 300, 1400, 700), Box(240, 728, 1360, 1100)
    maps = ScriptedViewer({"table": [upper, lower]}, SIZE).maps
    table, across = maps.values[MAPS.index("table")], maps.values[MAPS.index("across")]
    table[175:182, 50:190] = 150
    table[175:182, 190:350] = 40
    for row in rulings:
        across[row, 60:340] = 255
    found = mapped_tables(maps)
    if len(rulings) == 2:
        first, second = found
        assert first.iou(Box(200, 300, 1400, 714)) > 0.9
        assert second.iou(lower) > 0.8
    else:
        assert [box.iou(Box(200, 300, 1400, 1100)) > 0.9 for box in found] == [True]


def test_a_narrow_table_below_a_wide_one_is_no_dip() -> None:
    whole = ScriptedViewer({"table": [Box(200, 300, 1400, 700), Box(200, 700, 700, 1100)]}, SIZE).maps
    whole.values[MAPS.index("across")][170:180, 50:350] = 255
    assert len(mapped_tables(whole)) <= 1


def test_a_heading_is_trimmed_to_its_ink() -> None:
    page = _page()
    rows, columns = np.nonzero(page < 128)
    ink = Box(columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
    rough = Box(ink.left - 6, ink.top + 5, ink.right + 6, ink.bottom - 5)
    (box,) = mapped_headings(ScriptedViewer({"heading": [rough]}, SIZE).maps, page, 200.0)
    assert box.iou(ink) > 0.95


def test_a_heading_may_lean_a_little() -> None:
    """A degree and a half over the width of a page are more than the height of a line."""
    maps = ScriptedViewer({}, SIZE).maps
    heading = maps.values[MAPS.index("heading")]
    cv2.line(heading, (60, 100), (360, 108), (255,), 6)
    (box,) = mapped_headings(maps, _page(), 200.0)
    assert box.iou(Box(240, 385, 1440, 450)) > 0.6
    cv2.line(heading, (60, 300), (360, 400), (255,), 6)
    cv2.line(heading, (360, 300), (60, 400), (255,), 6)
    assert len(mapped_headings(maps, _page(), 200.0)) == 1, "a cross is no line of print"


def test_specks_and_flat_strips_are_no_regions() -> None:
    seen = {"table": [Box(0, 0, 40, 40)], "heading": [Box(0, 0, 20, 8)], "seal": [Box(0, 0, 1600, 60)]}
    viewer = ScriptedViewer(seen, SIZE)
    assert mapped_tables(viewer.maps) == []
    assert mapped_headings(viewer.maps, _page(), 200.0) == []
    assert mapped_seals(viewer.maps) == []


def test_the_network_is_a_layoutparser_model_beside_the_packaged_one() -> None:
    viewer = ScriptedViewer({"table": [TABLE], "heading": [HEADING], "seal": [SEAL]}, SIZE)
    detector = PageNetDetector(viewer, _Other())
    assert isinstance(detector, BaseLayoutModel)
    layout = detector.detect(cv2.cvtColor(_page(), cv2.COLOR_GRAY2RGB))
    assert sorted(block.type for block in layout) == ["figure", "header", "seal", "table", "title"]
    assert [block.coordinates for block in layout if block.type == "table"] == [TABLE.as_tuple()]
    assert viewer.asked == [2339 / 11.69]
