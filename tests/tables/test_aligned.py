"""Tables without rulings, drawn by the project's own generator, against what is known of them."""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.document import Cell, Line, PageImage, Table
from ocr_pipeline.evaluation.synthetic.options import ContentOptions
from ocr_pipeline.evaluation.synthetic.report import SyntheticReport, draw_report
from ocr_pipeline.evaluation.synthetic.style import TableStyle, draw_style
from ocr_pipeline.evaluation.teds import teds
from ocr_pipeline.geometry import Transform
from ocr_pipeline.report.table_html import table_html
from ocr_pipeline.tables import find_aligned, holds_figures
from ocr_pipeline.tables.find import FoundTable
from ocr_pipeline.tables.gaps import spans, touched
from ocr_pipeline.tables.label_lines import assign_lines


def _report(part: str, *, prose: bool = False, **look: object) -> SyntheticReport:
    plain = {"header_fill": None, "header_color": (0, 0, 0), "row_split": False, "jitter": 0.0}
    style = draw_style(7)
    style = style.model_copy(update={"table": TableStyle().model_copy(update={**plain, **look})})
    return draw_report(7, form="A", content=ContentOptions(parts=(part,), prose=prose, zero="0"), style=style)


def _pages(report: SyntheticReport) -> list[tuple[PageImage, list[Line]]]:
    pages = []
    for index, (color, page) in enumerate(zip(report.pages, report.truth.pages, strict=True)):
        gray = cv2.cvtColor(color, cv2.COLOR_RGB2GRAY)
        size = (gray.shape[1], gray.shape[0])
        image = PageImage(index, color, gray, page.dpi, Transform.identity(), size, "px")
        printed = [(line.text, line.box) for line in page.lines] + _printed(report, index)
        pages.append((image, [Line(text=text, box=box) for text, box in printed if text]))
    return pages


def _printed(report: SyntheticReport, page: int) -> list[tuple[str, object]]:
    cells = [cell for grid in report.truth.grids for cell in grid.cells]
    pieces = [piece for cell in cells for piece in cell.pieces if piece.page == page]
    return [(line.text, line.box) for piece in pieces for line in piece.lines]


def _html(found: FoundTable, printed: list[tuple[str, object]]) -> str:
    cells = []
    for cell in found.grid.cells:
        box = found.flattening.box_to_page(found.grid.box(cell))
        inside = [p for p in printed if p[1].share_inside(box) > 0.5]
        text = "".join(p[0] for p in sorted(inside, key=lambda p: (p[1].center[1], p[1].left)))
        cells.append(
            Cell(row=cell.row, column=cell.column, row_span=cell.row_span, column_span=cell.column_span, text=text)
        )
    return table_html(Table(id="t", rows=found.grid.rows, columns=found.grid.columns, cells=tuple(cells)))


@pytest.mark.parametrize("ruling", ["none", "horizontal"])
@pytest.mark.parametrize("part", ["proactive", "disputes"])
def test_tables_without_upright_rulings_are_found_as_drawn(part: str, ruling: str) -> None:
    report = _report(part, ruling=ruling, middle=False, row_height=14.0)
    ((image, lines),) = _pages(report)
    (found,) = find_aligned(image, lines)
    assert found.ruling == ("none" if ruling == "none" else "partial")
    assert found.guessed, "figures one above the other are not joined where rows are inferred"
    assert teds(report.truth.grids[0].html, _html(found, _printed(report, 0))).teds >= 0.95


def test_pages_of_prose_have_no_aligned_tables() -> None:
    report = _report("disputes", prose=True, ruling="none")
    areas = {page.index for page in report.truth.pages if page.tables}
    free = [page for page in _pages(report) if page[0].index not in areas]
    assert free
    assert [find_aligned(image, lines) for image, lines in free] == [[] for _ in free]


def test_columns_of_words_are_no_table() -> None:
    cells = tuple(Cell(row=r, column=c, text="一段没有数字的文字") for r in range(6) for c in range(3))
    assert not holds_figures(Table(id="t", rows=6, columns=3, cells=cells))
    figures = tuple(c.model_copy(update={"text": "12"}) if c.column else c for c in cells)
    assert holds_figures(Table(id="t", rows=6, columns=3, cells=figures))


@given(
    st.lists(st.integers(1, 5), min_size=1, max_size=8),
    st.booleans(),
)
def test_lines_of_labels_go_to_the_row_that_they_are_set_at(counts: list[int], middle: bool) -> None:
    lines, rows, truth, y = [], [], [], 0.0
    for count in counts:
        own = [y + 20.0 * k for k in range(count)]
        truth.append(list(range(len(lines), len(lines) + count)))
        lines += own
        rows.append((own[0] + own[-1]) / 2 if middle else own[0])
        y += 20.0 * count + 6
    groups, _ = assign_lines(lines, rows)
    assert groups == truth


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(5, 60)), min_size=1, max_size=6))
def test_spans_hold_their_words_and_never_meet(drawn: list[tuple[int, int]]) -> None:
    words: list[tuple[float, float]] = []
    for left, width in sorted(drawn):
        start = max(float(left), words[-1][1] + 30 if words else 0.0)
        words.append((start, start + width))
    xs = [0.0, *((a[1] + b[0]) / 2 for a, b in pairwise(words)), words[-1][1] + 50]
    found = spans(words, xs, [None] * (len(xs) - 1), 20.0)
    assert all(a[1] <= b[0] for a, b in pairwise(found))
    for word, span in zip(words, found, strict=True):
        least = touched(word, xs, 20.0)
        assert span[0] <= least[0]
        assert span[1] >= least[1]


def test_a_white_page_has_no_table(page_of) -> None:
    assert find_aligned(page_of(np.full((1200, 900), 255, np.uint8)), []) == []
