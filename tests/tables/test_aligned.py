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
from ocr_pipeline.geometry import Box, Transform
from ocr_pipeline.page_net import MAPS, PageMaps
from ocr_pipeline.report.table_html import table_html
from ocr_pipeline.tables import among, find_aligned, holds_figures
from ocr_pipeline.tables.aligned_body import body_stacks
from ocr_pipeline.tables.aligned_header import Frame, header_stacks
from ocr_pipeline.tables.aligned_lines import AlignedLine
from ocr_pipeline.tables.aligned_rows import aligned_cells
from ocr_pipeline.tables.borders import SeenBorders
from ocr_pipeline.tables.find import FoundTable
from ocr_pipeline.tables.gaps import column_lines, spans, touched
from ocr_pipeline.tables.label_lines import assign_lines
from ocr_pipeline.tables.outer_labels import OuterLabels
from ocr_pipeline.tables.words import Word


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


def test_few_figures_will_do_where_the_network_surely_sees_a_table() -> None:
    cells = [Cell(row=r, column=c, text="一段没有数字的文字") for r in range(8) for c in range(3)]
    for number in (4, 10, 16):
        cells[number] = cells[number].model_copy(update={"text": "12"})
    table = Table(id="t", rows=8, columns=3, cells=tuple(cells))
    assert not holds_figures(table)
    assert holds_figures(table, seen=True)
    assert not holds_figures(table.model_copy(update={"cells": tuple(cells[12:])}), seen=True)


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
    found, _ = assign_lines(lines, rows)
    assert found == [((own[0], own[-1] + 1), row) for row, own in enumerate(truth)]


def test_a_label_without_figures_is_a_row_where_a_border_parts_it() -> None:
    lines, rows = [0.0, 20.0, 40.0], [0.0, 40.0]
    apart, _ = assign_lines(lines, rows, [1.0, 1.0], 20.0)
    assert apart == [((0, 1), 0), ((1, 2), None), ((2, 3), 1)]
    together, middle = assign_lines([0.0, 20.0, 40.0], [10.0, 40.0], [0.0, 1.0], 20.0)
    assert middle
    assert together == [((0, 2), 0), ((2, 3), 1)]


def test_lines_further_apart_than_any_of_one_label_are_two_labels() -> None:
    """Rows of one line each; the network is not quite sure of the border above a row without figures."""
    found, _ = assign_lines([0.0, 47.0, 94.0, 141.0], [0.0, 47.0, 141.0], [0.95, 0.85, 0.8], 25.0)
    assert found == [((0, 1), 0), ((1, 2), 1), ((2, 3), None), ((3, 4), 2)]


def _words(texts: list[tuple[float, float, float]], figure: bool = False) -> list[Word]:
    """Words of one line each by left, right and the height of their middle, 20 pixels high."""
    return [Word(Box(left, y - 10, right, y + 10), figure) for left, right, y in texts]


def test_header_rows_follow_who_stands_above_whom_and_not_heights() -> None:
    xs = (0.0, 100.0, 200.0, 300.0, 400.0)
    # A corner, a header of three columns, and below it two low ones and one that runs over two lines.
    words = _words(
        [(10, 90, 40), (220, 280, 20), (120, 180, 62), (220, 280, 52), (220, 280, 74), (320, 380, 62)],
    )
    frame = Frame(xs, (50.0, 150.0, 250.0, 350.0), 1, 20.0, 22.0, SeenBorders(None))
    stacks, levels = header_stacks(words, frame)
    assert levels == 2
    assert sorted((s.row, s.stop, s.span) for s in stacks) == [
        (0, 1, (1, 4)),
        (0, 2, (0, 1)),
        (1, 2, (1, 2)),
        (1, 2, (2, 3)),
        (1, 2, (3, 4)),
    ]


@pytest.mark.parametrize(("side", "top"), [(73.0, False), (56.0, True)])
def test_a_header_takes_no_column_whose_own_stands_beside_it(side: float, top: bool) -> None:
    """Three columns between two others stand under one header, and all of them under another with the same middle."""
    xs = tuple(100.0 * k for k in range(6))
    words = _words([(200, 300, 20), (190, 310, 56), (20, 80, side), (420, 480, side)])
    for x in (150.0, 250.0, 350.0):
        words += _words([(x - 30, x + 30, 92)])
    if top:
        words += _words([(320, 380, 116)])
    maps = PageMaps(np.zeros((len(MAPS), 50, 150), np.uint8), (0.25, 0.25))
    frame = Frame(xs, tuple(x + 50 for x in xs[:-1]), 0, 20.0, 24.0, SeenBorders(maps))
    stacks, levels = header_stacks(words, frame)
    assert levels == 3
    spans_of = {s.span: (s.row, s.stop) for s in stacks}
    assert spans_of[0, 5] == (0, 1)
    assert spans_of[1, 4] == (1, 2)
    assert spans_of[0, 1] == spans_of[4, 5] == (1, 3)


@pytest.mark.parametrize("touching", [False, True])
def test_characters_of_a_word_that_runs_down_may_touch(touching: bool) -> None:
    """One column of four characters, two of them in one piece where they touch, and sisters whose characters do not."""
    xs = (0.0, 100.0, 200.0, 300.0)
    words = _words([(130, 270, 20)])
    heights = (52, 74, 96, 118)
    for x in (40.0, 140.0):
        words += _words([(x, x + 20, y) for y in heights])
    words += _words([(240, 260, 52), (240, 260, 118)])
    words += [Word(Box(240, 64, 260, 106), False)] if touching else _words([(240, 260, 74), (240, 260, 96)])
    maps = PageMaps(np.zeros((len(MAPS), 50, 150), np.uint8), (0.25, 0.25))
    frame = Frame(xs, (50.0, 150.0, 250.0), 0, 20.0, 22.0, SeenBorders(maps))
    stacks, levels = header_stacks(words, frame)
    assert levels == 2
    assert sorted((s.row, s.stop, s.span) for s in stacks) == [
        (0, 1, (1, 3)),
        (0, 2, (0, 1)),
        (1, 2, (1, 2)),
        (1, 2, (2, 3)),
    ]


def test_a_remark_below_a_table_takes_all_columns() -> None:
    rows = [_words([(110, 190, 20), (210, 290, 20), (310, 390, 20)])]
    rows += [_words([(10, 90, y)]) + _words([(x, x + 12, y) for x in (144, 244, 344)], figure=True) for y in (60, 100)]
    xs, centres = (0.0, 100.0, 200.0, 300.0, 400.0), (50.0, 150.0, 250.0, 350.0)
    rows.append(_words([(10, 220, 140)]))
    found = aligned_cells(rows, xs, centres, 20.0, SeenBorders(None))
    assert found is not None
    assert [(c.column, c.column_span) for c in found.cells if c.row == 3] == [(0, 4)]


def test_labels_of_several_rows_stand_in_their_middle() -> None:
    rows = [Box(100, 40.0 * k, 300, 40.0 * k + 20) for k in range(5)]
    labels = OuterLabels((0.0, 80.0, 320.0), 24.0, SeenBorders(None))
    words = [(word, (0, 1)) for word in _words([(10, 60, 30), (10, 60, 110)])]
    found = labels.settle(words, rows, [1, 1, 1, 1, 0], zone=2)
    assert [(s.row, s.stop) for s in found] == [(0, 2), (2, 4)]
    assert labels.starts == [1, 1, 1, 1, 0]
    # Where no label stands beside rows, their own labels reach to the left edge.
    alone = OuterLabels((0.0, 80.0, 320.0), 24.0, SeenBorders(None))
    assert alone.settle([], rows, [1] * 5, zone=2) == []
    assert alone.starts == [0] * 5


@pytest.mark.parametrize("beside", [True, False])
def test_a_figure_beside_others_of_a_row_does_not_go_on_with_the_one_above(beside: bool) -> None:
    nothing = PageMaps(np.zeros((len(MAPS), 50, 100), np.uint8), (0.25, 0.25))
    xs = (0.0, 100.0, 200.0, 300.0)
    frame = Frame(xs, (50.0, 150.0, 250.0), 1, 20.0, 24.0, SeenBorders(nothing))
    lines = []
    for y in (20.0, 44.0):
        words = [*_words([(10, 90, y)]), *_words([(130, 170, y)], figure=True)]
        if beside or y == 20:
            words += _words([(240, 252, y)], figure=True)
        lines.append(AlignedLine(words, [(0, 1), (1, 2), (2, 3)][: len(words)], "values"))
    if not beside:
        lines[1] = AlignedLine(lines[1].words[1:], [(1, 2)], "more")
    found, rows = body_stacks(lines, [], frame)
    assert rows == 1 + beside
    assert [len(s.words) for s in found if s.span == (1, 2)] == ([1, 1] if beside else [2])


@pytest.mark.parametrize(
    ("label", "figures", "border", "rows"),
    [(False, 2, False, 1), (True, 2, False, 2), (False, 3, False, 2), (False, 2, True, 2)],
)
def test_lines_of_fewer_figures_without_a_label_go_on_with_those_above(
    label: bool, figures: int, border: bool, rows: int
) -> None:
    """The second line of each is the wider one: 5,572 wraps behind its comma."""
    seen = np.zeros((len(MAPS), 50, 100), np.uint8)
    seen[MAPS.index("rows"), 7:9] = 255 * border
    frame = Frame(
        (0.0, 100.0, 200.0, 300.0, 400.0),
        (50.0, 150.0, 250.0, 350.0),
        1,
        20.0,
        24.0,
        SeenBorders(PageMaps(seen, (0.25, 0.25))),
    )
    lines = []
    for y, width, count in ((20.0, 15, 3), (44.0, 40, figures)):
        words = _words([(10, 90, y)]) if label or y == 20 else []
        words += _words([(130 + 100 * k, 130 + 100 * k + width, y) for k in range(count)], figure=True)
        spans_ = [(int(word.box.left // 100), int(word.box.left // 100) + 1) for word in words]
        lines.append(AlignedLine(words, spans_, "values"))
    stacks, found = body_stacks(lines, [], frame)
    assert found == rows
    assert sum(len(stack.words) for stack in stacks) == sum(len(line.words) for line in lines)


def test_a_label_takes_no_column_in_which_another_stands_beside_it() -> None:
    # A word that runs down beside three rows; their labels would stand in the middle of both columns.
    xs = (0.0, 40.0, 200.0, 300.0)
    frame = Frame(xs, (20.0, 120.0, 250.0), 2, 20.0, 24.0, SeenBorders(None))
    lines = []
    for k in range(3):
        y = 20.0 + 40 * k
        words = _words([(12, 28, y)]) + _words([(60, 140, y)]) + _words([(240, 260, y)], figure=True)
        lines.append(AlignedLine(words, [(0, 1), (1, 2), (2, 3)], "values"))
    found, rows = body_stacks(lines, [], frame)
    assert rows == 3
    assert sorted(s.span for s in found if s.span[0] < 2 and s.stop - s.row == 1) == [(1, 2)] * 3
    alone = [AlignedLine(line.words[1:], line.spans[1:], "values") for line in lines]
    found, _ = body_stacks(alone, [], frame)
    assert sorted(s.span for s in found if s.span[0] < 2) == [(0, 2)] * 3


def _maps(report: SyntheticReport, page: int) -> PageMaps:
    """What a network would see that never errs: every border of a cell, and the area of the tables."""
    truth = report.truth.pages[page]
    scale = 50 / truth.dpi
    size = (len(MAPS), round(report.pages[page].shape[0] * scale), round(report.pages[page].shape[1] * scale))
    values = np.zeros(size, np.uint8)
    for grid in report.truth.grids:
        for piece in (piece for cell in grid.cells for piece in cell.pieces if piece.page == page):
            left, top, right, bottom = (round(v * scale) for v in piece.box.as_tuple())
            values[MAPS.index("table"), top:bottom, left:right] = 255
            for y in (top, bottom):
                values[MAPS.index("rows"), y - 1 : y + 1, left:right] = 255
            for x in (left, right):
                values[MAPS.index("columns"), top:bottom, x - 1 : x + 1] = 255
    return PageMaps(values, (scale, scale))


@pytest.mark.parametrize("ruling", ["none", "horizontal"])
@pytest.mark.parametrize("part", ["proactive", "applications", "disputes"])
def test_what_the_network_sees_tells_rows_and_labels_apart(part: str, ruling: str) -> None:
    report = _report(part, ruling=ruling, row_height=14.0, pad_x=5.0)
    for index, (image, lines) in enumerate(_pages(report)):
        (found,) = find_aligned(image, lines, maps=_maps(report, index))
        if len(report.pages) == 1:
            assert teds(report.truth.grids[0].html, _html(found, _printed(report, 0))).teds >= 0.97


@pytest.mark.parametrize("kept", [slice(1, -1), slice(1, -2), slice(2, -1)])
def test_rows_beyond_the_outermost_rulings_belong_to_a_table_that_the_network_sees(kept: slice) -> None:
    """Edges of fills are rulings, too, and the last row of a table need not be on one."""
    report = _report("proactive", ruling="none", row_height=14.0, pad_x=5.0)
    ((image, lines),) = _pages(report)
    grid = report.truth.grids[0]
    boxes = [piece.box for cell in grid.cells for piece in cell.pieces]
    left, right = min(box.left for box in boxes), max(box.right for box in boxes)
    # Between the rows, as a fill of some of them would draw them.
    heights = sorted({round(box.top) for box in boxes} | {round(box.bottom) for box in boxes})
    for y in heights[kept]:
        image.gray[y - 1 : y + 2, round(left) : round(right)] = 60
    (found,) = find_aligned(image, lines, maps=_maps(report, 0))
    assert found.grid.rows == grid.rows
    assert teds(grid.html, _html(found, _printed(report, 0))).teds >= 0.97


def test_nothing_is_looked_for_where_a_table_was_found_before() -> None:
    report = _report("disputes", ruling="none")
    ((image, lines),) = _pages(report)
    (found,) = find_aligned(image, lines, maps=_maps(report, 0))
    outside = [line for line in lines if line.box.share_inside(found.box) < 0.5]
    assert find_aligned(image, outside, maps=_maps(report, 0), beside=[found]) == []
    assert [pair[1] for pair in among([(found, "before")], [(found, "later")])] == ["later"]


def test_borders_are_unknown_where_nobody_looked() -> None:
    box = Box(10, 10, 50, 60)
    assert SeenBorders(None).across(box) == SeenBorders(None).upright(box) == SeenBorders(None).in_table(box) == 0.5
    values = np.zeros((len(MAPS), 50, 50), np.uint8)
    values[MAPS.index("rows"), 15] = 255
    seen = SeenBorders(PageMaps(values, (0.5, 0.5)))
    assert seen.across(box) == 1.0
    assert seen.across(Box(10, 40, 50, 60)) == seen.upright(box) == seen.in_table(box) == 0.0
    ruled = np.zeros((100, 100), np.uint8)
    ruled[50, 10:30] = 255
    assert seen.ruled(ruled).across(box) == 0.5
    assert seen.ruled(ruled).across(Box(10, 20, 50, 40)) == 0.0


def test_columns_set_to_one_side_part_where_least_print_is() -> None:
    header = [(20.0, 60.0), (90.0, 130.0), (160.0, 200.0)]
    figures = [(60.0, 70.0), (130.0, 140.0), (200.0, 210.0)]
    rows = [_words([(a, b, 10.0) for a, b in header])]
    rows += [_words([(a, b, 40.0 * k) for a, b in figures], figure=True) for k in (1, 2)]
    lines = column_lines(rows, 20.0)
    assert len(lines) == 2
    assert 70 <= lines[0] <= 90
    assert 140 <= lines[1] <= 160


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


@pytest.mark.parametrize("across", [False, True])
def test_rows_as_close_as_the_lines_of_a_label_end_where_their_figures_do(across: bool) -> None:
    """The network sees a border below each line of label; only one that goes on beside the label ends a row."""
    values = np.zeros((len(MAPS), 60, 100), np.uint8)
    for y in (32.0, 56.0, 80.0, 104.0):
        columns = slice(0, 75) if across or y in (56.0, 104.0) else slice(0, 25)
        values[MAPS.index("rows"), round(y / 4), columns] = 255
    frame = Frame(
        (0.0, 100.0, 200.0, 300.0), (50.0, 150.0, 250.0), 1, 20.0, 24.0, SeenBorders(PageMaps(values, (0.25, 0.25)))
    )
    lines = []
    for k, y in enumerate((20.0, 44.0, 68.0, 92.0)):
        label = _words([(10, 90, y)])
        figures = _words([(140, 160, y), (240, 260, y)], figure=True) if k % 2 == 0 else []
        lines.append(
            AlignedLine(label + figures, [(0, 1), (1, 2), (2, 3)][: 1 + len(figures)], "values" if figures else "more")
        )
    found, rows = body_stacks(lines, [], frame)
    assert rows == (4 if across else 2)
    assert [len(s.words) for s in found if s.span == (0, 1)] == ([1] * 4 if across else [2, 2])
