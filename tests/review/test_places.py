from __future__ import annotations

from ocr_pipeline.review.desk import Desk
from ocr_pipeline.review.places import views
from tests.review.true_reports import MISREAD, NOT_FOUND


def test_every_view_lies_on_its_page_and_shows_its_cell(desk: Desk, key: str) -> None:
    opened = desk.store.open(key)
    for value in opened.report.values:
        for view in views(opened, value):
            page = view.page
            assert 0 <= view.box.left < view.box.right <= page.width, (value.id, view)
            assert 0 <= view.box.top < view.box.bottom <= page.height, (value.id, view)
            if view.cell is not None:
                assert view.box.contains_point(view.cell.center), (value.id, view)


def test_a_figure_is_shown_with_the_head_of_its_column_and_its_row(desk: Desk, key: str) -> None:
    opened = desk.store.open(key)
    found = {view.kind: view for view in views(opened, opened.values[MISREAD])}
    assert list(found) == ["cell", "head", "row"]
    label = next(c for c in opened.places.tables["t2"].cells if c.text.replace("\n", "") == "自然人")
    assert found["head"].cell is not None
    assert found["head"].cell.right == label.places[0].box.right
    # Their columns are in line.
    assert (found["head"].box.left, found["head"].box.right) == (found["row"].box.left, found["row"].box.right)


def test_the_head_stands_on_the_page_before_where_a_break_cut_the_table(desk: Desk, key: str) -> None:
    opened = desk.store.open(key)
    value = opened.values["applications/4/total"]
    pages = {view.kind: view.page.index for view in views(opened, value)}
    assert pages["head"] < pages["row"]


def test_a_cell_over_a_page_break_is_shown_on_both_pages(desk: Desk, key: str) -> None:
    opened = desk.store.open(key)
    cut = next(value for value in opened.report.values if len(opened.places.of(value)) > 1)
    assert len([view for view in views(opened, cut) if view.kind == "cell"]) == 2


def test_of_a_cell_that_was_not_found_the_table_is_shown(desk: Desk, key: str) -> None:
    opened = desk.store.open(key)
    (view,) = views(opened, opened.values[NOT_FOUND])
    assert view.kind == "table"
    assert view.cell is None
    assert opened.places.tables["t3"].places[0].box.share_inside(view.box) > 0.99
