from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.geometry import Box
from ocr_pipeline.layout.columns import column_flows, page_flows
from tests.layout.strategies import BOXES


@given(st.lists(BOXES, max_size=60), st.floats(1, 80))
def test_every_box_in_one_flow(boxes: list[Box], em: float) -> None:
    for flows in (column_flows(boxes, em), page_flows(boxes, em, 2400, 1700)):
        assert sorted(i for flow in flows for i in flow) == list(range(len(boxes)))


def _column(left: int, right: int, top: int, rows: int) -> list[Box]:
    return [Box(left, top + 60 * n, right, top + 60 * n + 40) for n in range(rows)]


def test_two_columns_below_a_line_across() -> None:
    boxes = [Box(200, 100, 1450, 150), *_column(200, 800, 200, 8), *_column(850, 1450, 202, 8)]
    flows = column_flows(boxes, 38)
    assert flows == [[0], list(range(1, 9)), list(range(9, 17))]


def test_single_column_stays_one_flow() -> None:
    boxes = _column(200, 1450, 200, 20)
    assert column_flows(boxes, 38) == [list(range(20))]


def test_labels_and_figures_side_by_side_are_no_columns() -> None:
    labels = [Box(200, 200 + 60 * n, 400 + 30 * (n % 3), 240 + 60 * n) for n in range(10)]
    figures = [Box(900, 200 + 60 * n, 930, 240 + 60 * n) for n in range(10)]
    assert len(column_flows(labels + figures, 38)) == 1


def test_of_two_pages_side_by_side_the_left_one_comes_first() -> None:
    left = [*_column(200, 1450, 100, 2), Box(200, 240, 1450, 2000)]
    right = [Box(1860, 100, 3100, 1000), *_column(1860, 3100, 1100, 3)]
    assert page_flows([*right, *left], 38, 3312, 2345) == [[4, 5, 6], [0, 1, 2, 3]]


def test_a_line_across_or_a_sheet_that_is_upright_shows_one_page() -> None:
    left, right = _column(200, 1450, 300, 3), _column(1860, 3100, 300, 3)
    across = Box(900, 100, 2400, 150)
    assert len(page_flows([across, *left, *right], 38, 3312, 2345)) == 1
    assert len(page_flows([*left, *right], 38, 3312, 4600)) == 1


def test_a_wide_table_without_rulings_shows_one_page() -> None:
    labels = [Box(200, 300 + 60 * n, 600, 340 + 60 * n) for n in range(10)]
    figures = [Box(2000 + 300 * k, 300 + 60 * n, 2040 + 300 * k, 340 + 60 * n) for k in range(4) for n in range(10)]
    assert len(page_flows([*labels, *figures], 38, 3312, 2345)) == 1
