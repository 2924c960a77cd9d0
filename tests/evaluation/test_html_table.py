from __future__ import annotations

import pytest

from ocr_pipeline.evaluation.html_table import HtmlCell, parse_table


def _spans(html: str, *, compact: bool = True) -> list[tuple[int, int, int, int, str]]:
    return [(c.row, c.column, c.row_span, c.column_span, c.text) for c in parse_table(html, compact=compact).cells]


def test_cells_flow_around_those_that_reach_down_from_above() -> None:
    html = "<table><tr><td rowspan=2>a</td><td colspan='2'>b</td></tr><tr><td>c</td><td>d</td></tr></table>"
    assert _spans(html) == [(0, 0, 2, 1, "a"), (0, 1, 1, 2, "b"), (1, 1, 1, 1, "c"), (1, 2, 1, 1, "d")]


def test_grid_lines_on_which_no_cell_begins_are_taken_out() -> None:
    wide = "<table><tr><td colspan=12>h</td></tr>" + "<tr>" + "<td colspan=3>x</td>" * 4 + "</tr><tr></tr></table>"
    plain = "<table><tr><td colspan=4>h</td></tr>" + "<tr>" + "<td>x</td>" * 4 + "</tr></table>"
    assert parse_table(wide) == parse_table(plain)
    assert parse_table(wide, compact=False) != parse_table(plain, compact=False)


def test_rows_that_only_spanning_cells_reach_into_are_taken_out() -> None:
    below = "<tr></tr><tr></tr><tr><td>c</td><td>d</td></tr>"
    tall = f"<table><tr><td rowspan=3>a</td><td rowspan=3>b</td></tr>{below}</table>"
    assert _spans(tall) == [(0, 0, 1, 1, "a"), (0, 1, 1, 1, "b"), (1, 0, 1, 1, "c"), (1, 1, 1, 1, "d")]


def test_sections_and_header_cells_count_like_plain_ones() -> None:
    plain = "<table><tr><td>a</td></tr><tr><td>b</td></tr></table>"
    assert parse_table("<table><thead><tr><th>a</th></tr></thead><tbody><tr><td>b</td></tr></tbody></table>") == (
        parse_table(plain)
    )


def test_unclosed_tags_entities_and_markup_inside_cells() -> None:
    html = "<p>x</p><table><tr><td>a&nbsp;<b>b</b><br>c<td>&lt;1<tr><td>（d）</table><p>tail</p>"
    assert [cell.text for cell in parse_table(html).cells] == ["abc", "<1", "(d)"]


def test_text_between_cells_belongs_to_no_cell() -> None:
    assert [c.text for c in parse_table("<table>x<tr>y<td>a</td>z</tr>w</table>").cells] == ["a"]


def test_a_nested_table_is_text_of_its_cell_and_a_second_table_is_left_alone() -> None:
    html = "<table><tr><td>a<table><tr><td>b</td></tr></table></td></tr></table><table><tr><td>c</td></tr></table>"
    assert [cell.text for cell in parse_table(html).cells] == ["ab"]


@pytest.mark.parametrize(
    ("attribute", "expected"),
    [("rowspan=0", 2), ("rowspan=99", 2), ("rowspan='x'", 1), ("rowspan=-2", 1), ("rowspan", 1), ("rowspan=²", 1)],
)
def test_impossible_row_spans_end_at_the_last_row(attribute: str, expected: int) -> None:
    html = f"<table><tr><td {attribute}>a</td><td>b</td></tr><tr><td>c</td></tr></table>"
    assert parse_table(html, compact=False).cells[0].row_span == expected


def test_a_span_of_millions_is_cut() -> None:
    cell = parse_table("<table><tr><td colspan=99999999>a</td></tr></table>", compact=False).cells[0]
    assert cell == HtmlCell(0, 0, 1, 1000, "a")


def test_cells_before_any_row_make_one() -> None:
    assert [cell.text for cell in parse_table("<table><td>a</td><td>b</td></table>").rows[0]] == ["a", "b"]


@pytest.mark.parametrize("html", ["", "no table", "<tr><td>a</td></tr>"])
def test_text_without_a_table_is_refused(html: str) -> None:
    with pytest.raises(ValueError, match="no <table>"):
        parse_table(html)
