from __future__ import annotations

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.document import Cell, Table
from ocr_pipeline.report import table_html


class _Grid(HTMLParser):
    """Places the cells of one HTML table as a browser does."""

    def __init__(self) -> None:
        super().__init__()
        self.slots: dict[tuple[int, int], str] = {}
        self.row = -1
        self.current: list[tuple[int, int]] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag == "tr":
            self.row += 1
        if tag in ("td", "th"):
            spans = {name: int(number or 1) for name, number in attrs}
            column = 0
            while (self.row, column) in self.slots:
                column += 1
            self.current = [
                (self.row + r, column + c)
                for r in range(spans.get("rowspan", 1))
                for c in range(spans.get("colspan", 1))
            ]
            self.slots |= dict.fromkeys(self.current, "")

    def handle_data(self, data: str) -> None:
        self.slots |= dict.fromkeys(self.current, data)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    rows, columns = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    taken: set[tuple[int, int]] = set()
    cells: list[Cell] = []
    for row in range(rows):
        for column in range(columns):
            if (row, column) in taken or (draw(st.booleans()) and draw(st.booleans())):
                continue
            height, width = draw(st.integers(1, rows - row)), draw(st.integers(1, columns - column))
            area = {(row + r, column + c) for r in range(height) for c in range(width)}
            if area & taken:
                height, width, area = 1, 1, {(row, column)}
            taken |= area
            text = draw(st.text(alphabet="0<>&\"'政府", max_size=4))
            cells.append(Cell(row=row, column=column, row_span=height, column_span=width, text=text))
    return Table(id="t", rows=rows, columns=columns, cells=tuple(cells))


@given(tables())
def test_a_browser_sees_the_same_grid(table: Table) -> None:
    parsed = _Grid()
    parsed.feed(table_html(table))
    seen = [[parsed.slots.get((row, column)) for column in range(table.columns)] for row in range(table.rows)]
    assert seen == [[cell.text if cell else "" for cell in row] for row in table.grid()]


def test_spans_and_escapes_as_the_ground_truth_writes_them() -> None:
    cells = (
        Cell(row=0, column=0, row_span=2, column_span=2, text="危及“三安全”<&>"),
        Cell(row=0, column=2, text="结果\n维持"),
        Cell(row=1, column=2, text="1"),
    )
    assert table_html(Table(id="t", rows=2, columns=3, cells=cells)) == (
        '<table><tr><td rowspan="2" colspan="2">危及“三安全”&lt;&amp;&gt;</td><td>结果维持</td></tr>'
        "<tr><td>1</td></tr></table>"
    )


def test_header_cells_are_marked_on_request_only(form_table: Table) -> None:
    marked, plain = _Grid(), _Grid()
    marked.feed(table_html(form_table, header_cells=True))
    plain.feed(table_html(form_table))
    assert marked.tags.count("th") == 5
    assert "th" not in plain.tags
