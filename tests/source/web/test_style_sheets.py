"""Style sheets of a page: what they say of characters in cells, and of nothing larger."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.source.web.html_tables import place_cells, read_table
from ocr_pipeline.source.web.markup import parse_page, text_lines
from ocr_pipeline.source.web.style_sheets import apply_style_sheets


def shown(sheet: str, cell: str, around: str = "<table class=data><tr><td>项目<td>{}</table>") -> list[str]:
    page = f"<html><head>{sheet}</head><body><main>{around.format(cell)}</main></body></html>"
    root = parse_page(page)
    apply_style_sheets(root)
    return text_lines(root.find("body"))


@pytest.mark.parametrize(
    ("rules", "cell", "text"),
    [
        (".x { display: none }", "12<span class=x>3</span>", "12"),
        ("td > span + span { font-size: 0 }", "<span>12</span><span>3</span>", "12"),
        ("@media screen { .x { visibility: hidden } }", "12<b class=x>3</b>", "12"),
        ("@media print { .x { display: none } }", "12<b class=x>3</b>", "123"),
        (".x { display: none } .data .x { display: inline }", "12<b class=x>3</b>", "123"),
        (".data .x { display: none } .x { display: inline }", "12<b class=x>3</b>", "12"),
        (".x { display: none !important } .data .x { display: inline }", "12<b class=x>3</b>", "12"),
        (".x { display: none }", "12<b class=x style='display: inline'>3</b>", "123"),
        (".x { display: none !important }", "12<b class=x style='display: inline'>3</b>", "12"),
        (".x { color: #fff }", "12<b class=x>3</b>", "12"),
        (".x { color: #fff; background: navy }", "12<b class=x>3</b>", "123"),
        (".n { vertical-align: super }", "12<i class=n>3</i>", "12³"),
        ("", "<ruby>12<rt>3</rt></ruby>", "12³"),
        (".old { text-decoration: line-through }", "<i class=old>3</i>12", "12"),
        (".x:hover { display: none }", "12<b class=x>3</b>", "123"),
        (".x::before { display: none }", "12<b class=x>3</b>", "123"),
        ("}} .x { display: none", "12<b class=x>3</b>", "123"),
    ],
)
def test_characters_of_a_cell(rules: str, cell: str, text: str) -> None:
    assert shown(f"<style>{rules}</style>", cell) == ["项目", text]


def test_only_sheets_for_the_screen_count() -> None:
    assert shown("<style media=print>b { display: none }</style>", "1<b>2</b>") == ["项目", "12"]
    assert shown("<style media=Screen>b { display: none }</style>", "1<b>2</b>") == ["项目", "1"]


def test_nothing_larger_is_hidden_by_a_sheet() -> None:
    sheet = "<style>.tab, td, .x { display: none }</style>"
    assert shown(sheet, "12") == ["项目", "12"]
    assert shown(sheet, "12<div class=x>3</div>") == ["项目", "12", "3"]
    assert shown(sheet, "12", "<div class=tab><p class=x>总体</p><table><tr><td>项目<td>{}</table></div>") == [
        "总体", "项目", "12"
    ]  # fmt: skip
    inner = "<table><tr><td><span class=x><table><tr><td>项目<td>{}</table></span></table>"
    assert shown(sheet, "12", inner) == ["项目", "12"]


@given(st.text(alphabet="{}.#:;,>@*()[]!\"'\\ abdisplaynone-0\n", max_size=80))
def test_any_sheet_leaves_a_grid(rules: str) -> None:
    root = parse_page(f"<html><head><style>{rules}</style></head><body><table><tr><td>a<td>b</table></body></html>")
    apply_style_sheets(root)
    table = next(root.iter("table"))
    assert len(read_table(place_cells(table, 100), "t1").cells) == 2


@pytest.mark.parametrize(
    ("rules", "cell", "marked"),
    [
        ("", "12", False),
        ("", "<p class=x><b>12</b></p>", False),
        ("", "<span style='position: relative; top: 1pt; width: 40px'>12</span>", False),
        ("", "<bdo dir=rtl>21</bdo>", True),
        ("", "12<details><summary></summary>3</details>", True),
        ("", "<span style='unicode-bidi: bidi-override; direction: rtl'>21</span>", True),
        ("", "<i style='float: right'>2</i><i style='float: right'>1</i>", True),
        ("", "12<i style='color: rgba(0, 0, 0, 0)'>3</i>", True),
        ("", "12<i style='transform: scale(0)'>3</i>", True),
        ("", "12<div style='max-height: 0; overflow: hidden'>3</div>", True),
        ("", "12<i style='width: 0.5em'>3</i>", False),
        (".sr-only { position: absolute; clip: rect(0, 0, 0, 0) }", "12<i class=sr-only>3</i>", True),
        (".x { display: var(--none) }", "12<i class=x>3</i>", True),
    ],
)
def test_a_cell_whose_parts_only_a_browser_places_is_marked(rules: str, cell: str, marked: bool) -> None:
    page = f"<style>{rules}</style><table><tr><td>项目<td>{cell}</table>"
    root = parse_page(page)
    apply_style_sheets(root)
    table = read_table(place_cells(root.find(".//table"), max_slots=100), "t")
    assert [c.marked for c in table.cells] == [False, marked]
