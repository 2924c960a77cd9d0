from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

import ocr_pipeline.report.overlay as overlay
from ocr_pipeline.document import Region, RegionKind, Status, Table, Value
from ocr_pipeline.report.palette import REGION_COLORS, STATUS_STYLES

WHITE = np.full((600, 800, 3), 255, np.uint8)
Draw = Callable[[], NDArray[np.uint8]]


def test_regions_in_the_colour_of_their_kind(regions: tuple[Region, ...]) -> None:
    drawn = overlay.draw_regions(WHITE, regions)
    assert drawn.dtype == np.uint8
    assert drawn.shape[1:] == (800, 3)
    assert drawn.shape[0] > 600, "no legend"
    assert tuple(drawn[439, 400]) == REGION_COLORS[RegionKind.TABLE]
    assert tuple(drawn[440, 400]) == (255, 255, 255), "boxes are half-open"
    assert tuple(drawn[89, 250]) == REGION_COLORS[RegionKind.HEADING]
    assert (WHITE == 255).all(), "the input was painted on"


def test_grids_tell_spanning_and_empty_cells_apart(form_table: Table) -> None:
    drawn = overlay.draw_tables(WHITE, (form_table,), 0)
    spanning, plain, empty = drawn[220, 350], drawn[300, 480], drawn[380, 550]
    assert len({tuple(spanning), tuple(plain), tuple(empty)}) == 3
    assert (drawn[100, :] == 255).all()
    assert (overlay.draw_tables(WHITE, (form_table,), 1)[:600] == 255).all(), "drawn on another page"


def test_values_in_the_colour_of_their_status(values: tuple[Value, ...], form_table: Table) -> None:
    drawn = overlay.draw_values(WHITE, values, (form_table,), 0)
    for value in values:
        right, bottom = 100 + 100 * (value.column or 0) + 99, 200 + 40 * (value.row or 0) + 39
        assert tuple(drawn[bottom, right - 20]) == STATUS_STYLES[value.status].color, value.id


def test_a_value_without_a_cell_is_not_drawn(form_table: Table) -> None:
    lost = Value(id="a/b/c", value=None, status=Status.MISSING, confidence=0, table="t1")
    assert (overlay.draw_values(WHITE, (lost,), (form_table,), 0)[:600] == 255).all()


def test_without_the_font_there_is_no_text(
    monkeypatch: pytest.MonkeyPatch, values: tuple[Value, ...], form_table: Table
) -> None:
    with_text = overlay.draw_values(WHITE, values, (form_table,), 0)
    monkeypatch.setattr(overlay, "_font", lambda size: None)
    bare = overlay.draw_values(WHITE, values, (form_table,), 0)
    assert bare.shape[1] == 800
    assert (bare[:600] != with_text[:600]).any()


def test_the_font_is_found_without_importing_layoutparser() -> None:
    code = (
        "import sys; from ocr_pipeline.report.overlay import _font;"
        "assert _font(12); assert 'layoutparser' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_boxes_over_the_edge_of_the_page(regions: tuple[Region, ...]) -> None:
    small = np.zeros((50, 120, 3), np.uint8)
    assert overlay.draw_regions(small, regions).shape[1] == 120
    assert overlay.draw_regions(small, ()).shape[1] == 120
