from __future__ import annotations

import numpy as np
import pytest

from ocr_pipeline.document import Line, PageImage, Region, RegionKind
from ocr_pipeline.geometry import Box, Transform
from ocr_pipeline.layout.unread import unread_areas
from tests.fakes.scripted_viewer import ScriptedViewer

SIZE = (1654, 2339)
FIRST, SECOND, THIRD = (Box(200, top, 1400, top + 36) for top in (400, 456, 512))
AREA = Box(200, 800, 1400, 1500)


def page(transform: Transform | None = None) -> PageImage:
    blank = np.full((SIZE[1], SIZE[0]), 255, np.uint8)
    return PageImage(3, np.dstack([blank] * 3), blank, 200.0, transform or Transform.identity(), SIZE)


def text(*boxes: Box) -> Region:
    lines = tuple(Line(text="本年度", box=box, confidence=0.9) for box in boxes)
    return Region(kind=RegionKind.TEXT, box=Box.union_of(boxes), lines=lines)


def seen(**maps: list[Box]):
    return ScriptedViewer(maps, SIZE).maps


def test_print_that_no_line_covers_is_remarked_upon() -> None:
    """A paragraph of which the middle line was not read: its region is no proof that it was."""
    maps = seen(line=[FIRST, SECOND, THIRD])
    (found,) = unread_areas(page(), [text(FIRST, THIRD)], [], maps)
    assert (found.code, found.page) == ("unread-print", 3)
    assert found.box is not None
    assert found.box.iou(SECOND) > 0.6
    assert not list(unread_areas(page(), [text(FIRST, SECOND, THIRD)], [], maps))


def test_lines_that_stand_together_are_one_remark_on_the_source_page() -> None:
    (found,) = unread_areas(page(Transform.scaling(0.5)), [], [], seen(line=[FIRST, SECOND, THIRD]))
    assert found.box is not None
    assert found.box.iou(Box.union_of([FIRST, SECOND, THIRD]).scaled(0.5)) > 0.9


@pytest.mark.parametrize("kind", [RegionKind.FIGURE, RegionKind.SEAL])
def test_print_in_pictures_seals_and_cells_is_none(kind: RegionKind) -> None:
    maps = seen(line=[FIRST, THIRD])
    inside = Region(kind=kind, box=FIRST.expanded(20))
    assert not list(unread_areas(page(), [inside], [THIRD.expanded(20)], maps))


def test_page_numbers_and_what_lies_at_the_edge_are_none() -> None:
    number, edge = Box(800, 2200, 880, 2230), Box(200, 4, 1400, 40)
    assert not list(unread_areas(page(), [], [], seen(line=[number, edge])))


def test_a_table_that_got_no_cells_is_remarked_upon() -> None:
    table = Region(kind=RegionKind.TABLE, box=AREA, lines=(Line(text="合计", box=AREA, confidence=0.9),))
    (found,) = unread_areas(page(), [table], [FIRST], seen(table=[AREA], line=[AREA]))
    assert (found.code, found.box) == ("table-without-cells", AREA)
    assert not list(unread_areas(page(), [table], [AREA.expanded(3)], seen(table=[AREA])))
    rows = [Box(AREA.left, AREA.top, AREA.right, 1140), Box(AREA.left, 1160, AREA.right, AREA.bottom)]
    assert not list(unread_areas(page(), [table], rows, seen(table=[AREA])))
