from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from ocr_pipeline.evaluation.synthetic.fonts import FALLBACK
from ocr_pipeline.evaluation.synthetic.options import ContentOptions
from ocr_pipeline.evaluation.synthetic.report import SyntheticReport, draw_report
from ocr_pipeline.evaluation.synthetic.style import ReportStyle, TableStyle, draw_style
from ocr_pipeline.evaluation.synthetic.truth import CellPiece, ReportTruth
from ocr_pipeline.geometry import Box

STYLE = ReportStyle(dpi=100, body_pt=14.0, table_pt=9.0)


def ink(report: SyntheticReport, page: int, box: Box) -> bool:
    """Whether anything stands out from the background inside of a box."""
    rows, columns = box.slices()
    part = report.pages[page][rows, columns].astype(np.int16)
    if part.size == 0:
        return False
    background = np.median(part.reshape(-1, 3), axis=0)
    return bool((np.abs(part - background).max(axis=2) > 60).any())


def inside(report: SyntheticReport, piece: CellPiece) -> Box:
    return piece.box.expanded(-4)


def test_the_same_seed_gives_the_same_report() -> None:
    first, second = draw_report(5, style=STYLE), draw_report(5, style=STYLE)
    assert first.truth == second.truth
    assert all(np.array_equal(a, b) for a, b in zip(first.pages, second.pages, strict=True))
    assert draw_report(6, style=STYLE).truth.fields != first.truth.fields


def test_there_is_ink_in_a_cell_exactly_where_it_has_text(drawn: SyntheticReport) -> None:
    for grid in drawn.truth.grids:
        for cell in grid.cells:
            for piece in cell.pieces:
                assert ink(drawn, piece.page, inside(drawn, piece)) == bool(piece.lines), (cell.text, piece)


def test_no_text_leaves_its_cell_or_the_page(drawn: SyntheticReport) -> None:
    for grid in drawn.truth.grids:
        for cell in grid.cells:
            for piece in cell.pieces:
                for line in piece.lines:
                    assert line.box.share_inside(piece.box.expanded(-1)) == 1.0, line
    for page in drawn.truth.pages:
        paper = Box(0, 0, page.width, page.height)
        assert all(line.box.share_inside(paper.expanded(-5)) == 1.0 for line in page.lines)
        assert not any(line.box.intersection_area(area.box) for line in page.lines for area in page.tables)


def test_lines_have_ink_where_they_say(drawn: SyntheticReport) -> None:
    for page in drawn.truth.pages:
        for line in page.lines:
            assert ink(drawn, page.index, line.box.expanded(2)), line


def test_cells_tile_their_table_on_the_grid_and_on_each_page(drawn: SyntheticReport) -> None:
    for number, grid in enumerate(drawn.truth.grids):
        slots = Counter(
            (row, column)
            for cell in grid.cells
            for row in range(cell.row, cell.row + cell.row_span)
            for column in range(cell.column, cell.column + cell.column_span)
        )
        assert set(slots) == {(row, column) for row in range(grid.rows) for column in range(grid.columns)}
        assert set(slots.values()) == {1}
        for page in drawn.truth.pages:
            boxes = [piece.box for cell in grid.cells for piece in cell.pieces if piece.page == page.index]
            areas = [area.box for area in page.tables if area.table == number]
            assert len(areas) == (1 if boxes else 0)
            if boxes:
                whole = Box.union_of(boxes)
                assert sum(box.area for box in boxes) == pytest.approx(whole.area)
                assert whole.share_inside(areas[0]) == pytest.approx(1.0)


def test_cells_print_all_of_their_text_and_the_fields(drawn: SyntheticReport) -> None:
    fields: dict[str, str] = {}
    for grid in drawn.truth.grids:
        for cell in grid.cells:
            printed = "".join(piece.text for piece in cell.pieces if not piece.repeated)
            assert printed.replace(" ", "") == cell.text.replace(" ", "")
            if cell.field:
                fields[cell.field] = cell.text
    assert fields == drawn.truth.fields


def test_truth_survives_json(drawn: SyntheticReport) -> None:
    again = ReportTruth.model_validate_json(drawn.truth.model_dump_json())
    assert again.fields == drawn.truth.fields
    assert again.tables == drawn.truth.tables
    assert again == ReportTruth.model_validate_json(again.model_dump_json())
    assert again.tables == tuple(grid.html for grid in again.grids)


def test_sections_and_headings_agree(drawn: SyntheticReport) -> None:
    headings = "".join(line.text for page in drawn.truth.pages for line in page.headings)
    assert headings.startswith(drawn.truth.title)
    assert "".join(section.title for section in drawn.truth.sections) in headings
    assert next(s.title[:2] for s in drawn.truth.sections if s.level == 1) == "一、"
    body = "".join(line.text for page in drawn.truth.pages for line in page.lines if line.role == "text")
    assert all(
        section.text.replace("\n", "").replace(" ", "") in body.replace(" ", "") for section in drawn.truth.sections
    )


@pytest.mark.parametrize("side", ["upper", "lower"])
def test_a_page_break_can_run_through_a_row(side: str) -> None:
    table = TableStyle(split_values=side, span_text="middle", label_share=0.3)  # type: ignore[arg-type]
    style = STYLE.model_copy(update={"table": table})
    cut = []
    for seed in range(30):
        truth = draw_report(seed, form="B", style=style, content=ContentOptions(zero="0", blank_totals="none")).truth
        cut = [c for g in truth.grids for c in g.cells if c.row_span == 1 and len(c.pieces) == 2]
        if cut:
            break
    labels = [cell for cell in cut if cell.role == "label"]
    values = [cell for cell in cut if cell.role == "value"]
    assert labels
    assert values
    assert all(first.lines and second.lines for first, second in (cell.pieces for cell in labels))
    full = 0 if side == "upper" else 1
    assert all(cell.pieces[full].text == cell.text and not cell.pieces[1 - full].lines for cell in values)
    assert all(cell.pieces[0].page + 1 == cell.pieces[1].page for cell in cut)


def test_header_rows_are_repeated_on_request() -> None:
    table = TableStyle(repeat_header=True)
    truth = draw_report(2, form="B", style=STYLE.model_copy(update={"table": table})).truth
    repeated = [cell for grid in truth.grids for cell in grid.cells if any(piece.repeated for piece in cell.pieces)]
    assert {cell.role for cell in repeated} == {"corner", "header"}


def test_a_mixture_takes_each_table_from_its_form() -> None:
    truth = draw_report(9, form="mixed", style=STYLE).truth
    assert truth.form == "mixed"
    assert set(truth.forms.values()) == {"A", "B"}
    assert [grid.form for grid in truth.grids] == [truth.forms[grid.part] for grid in truth.grids]


def test_tables_alone() -> None:
    content = ContentOptions(parts=("disputes",), prose=False)
    report = draw_report(1, style=STYLE, content=content)
    assert len(report.pages) == 1
    assert [grid.part for grid in report.truth.grids] == ["disputes"]
    assert report.truth.pages[0].lines == ()


def test_styles_differ_and_the_fallback_font_is_enough() -> None:
    styles = [draw_style(seed, faces=(FALLBACK,)) for seed in range(40)]
    assert {style.body_face for style in styles} == {FALLBACK}
    assert len({style.table.model_dump_json() for style in styles}) == 40
    assert draw_style(7) == draw_style(7)


@pytest.mark.parametrize("look", [{"dash_px": 9}, {"worn": 0.5}, {"cell_gap_px": 6}])
def test_rulings_may_be_broken_or_doubled_and_their_truth_is_whole(look: dict[str, object]) -> None:
    plain, other = (
        draw_report(
            5, form="A", style=draw_style(5).model_copy(update={"table": TableStyle().model_copy(update=changes)})
        )
        for changes in ({}, look)
    )
    ink = [
        [np.count_nonzero(page[box.slices()] < 128) for box in (r.box for r in truth.rulings)]
        for page, truth in ((report.pages[0], report.truth.pages[0]) for report in (plain, other))
    ]
    count = len(plain.truth.pages[0].rulings), len(other.truth.pages[0].rulings)
    if "cell_gap_px" in look:
        assert count[1] > 1.5 * count[0], "every cell has a frame of its own"
    else:
        assert count[1] == count[0]
        assert 0.25 * sum(ink[0]) < sum(ink[1]) < 0.9 * sum(ink[0])


@pytest.mark.parametrize("ruling", ["horizontal", "none"])
def test_tables_without_rulings(ruling: str) -> None:
    table = TableStyle(ruling=ruling)  # type: ignore[arg-type]
    report = draw_report(3, style=STYLE.model_copy(update={"table": table}), content=ContentOptions(prose=False))
    dark = report.pages[0].min(axis=2) < 128
    assert dark.mean(axis=0).max() < 0.3, "a vertical ruling"
    widest = dark.mean(axis=1).max()
    assert (widest > 0.5) == (ruling == "horizontal")
