"""Where values stand, and what is shown of the page for them."""

from __future__ import annotations

import pytest

from ocr_pipeline.document import Place, Table, Value
from ocr_pipeline.geometry import Box
from ocr_pipeline.report import Report
from ocr_pipeline.report.places import Places

CONFLICT = "applications/3.3.1/total"


def _moved(report: Report, field: str, **changes: object) -> tuple[Places, Value]:
    values = tuple(v.model_copy(update=changes) if v.id == field else v for v in report.values)
    changed = Report(**{**dict(report), "values": values})
    return Places(changed), changed.value(field)


def test_the_cell_and_its_row(report: Report, form_table: Table) -> None:
    value = report.value(CONFLICT)
    places = Places(report)
    (place,) = places.of(value)
    cell = next(c for c in form_table.cells if (c.row, c.column) == (value.row, value.column))
    assert place == cell.places[0]
    close, row = places.views(value)
    assert (close.kind, row.kind) == ("cell", "row")
    for view in (close, row):
        assert view.cell == place.box
        assert place.box.share_inside(view.box) == pytest.approx(1.0)
        assert view.box == view.box.clipped(view.page.width, view.page.height)
    assert row.box.width > form_table.places[0].box.width


def test_a_value_without_a_cell_is_found_by_its_box(report: Report) -> None:
    places, value = _moved(report, CONFLICT, table=None, row=None, column=None, box=Box(200, 150, 250, 170))
    assert places.of(value) == (Place(page=0, box=Box(400, 300, 500, 340)),)
    assert [view.kind for view in places.views(value)] == ["cell"]


def test_a_value_that_was_not_found_shows_its_table(report: Report, form_table: Table) -> None:
    places, value = _moved(report, CONFLICT, row=None, column=None, page=None, box=None)
    assert places.of(value) == ()
    (view,) = places.views(value)
    assert (view.kind, view.cell) == ("table", None)
    assert form_table.places[0].box.share_inside(view.box) == pytest.approx(1.0)
    places, value = _moved(report, CONFLICT, table=None, row=None, column=None, page=None, box=None)
    assert places.views(value) == ()


def test_places_on_pages_that_are_not_there(report: Report) -> None:
    places, value = _moved(report, CONFLICT, table=None, page=7)
    assert places.views(value) == ()


def test_a_wide_cell_at_the_edge(report: Report) -> None:
    places, value = _moved(report, CONFLICT, table=None, row=None, column=None, box=Box(0, 290, 400, 300))
    (view,) = places.views(value)
    assert view.box.bottom == 600
    assert view.box.width == pytest.approx(3.0 * 144)
