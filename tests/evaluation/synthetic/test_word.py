"""Word files of drawn reports hold what the reports say."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ocr_pipeline.errors import OutputError
from ocr_pipeline.evaluation.synthetic.report import SyntheticReport, draw_report
from ocr_pipeline.evaluation.synthetic.word import write_docx
from ocr_pipeline.flow import FlowPicture, FlowTable, FlowText
from ocr_pipeline.source import open_source


@pytest.fixture(scope="module")
def report() -> SyntheticReport:
    return draw_report(3)


@pytest.mark.parametrize("seed", range(4))
def test_native_tables_have_the_grid_that_was_drawn(seed: int, tmp_path: Path) -> None:
    drawn = draw_report(seed)
    with open_source(write_docx(drawn, tmp_path / "r.docx")) as source:
        tables = [block.table for block in source.flow or () if isinstance(block, FlowTable)]
    for table, truth in zip(tables, drawn.truth.grids, strict=True):
        assert (table.rows, table.columns, table.header_rows) == (truth.rows, truth.columns, truth.header_rows)
        found, true = (
            sorted((c.row, c.column, c.row_span, c.column_span, c.text, c.vertical) for c in cells)
            for cells in (table.cells, truth.cells)
        )
        assert found == true


@pytest.mark.parametrize("styled", [False, True])
def test_text_and_headings(report: SyntheticReport, styled: bool, tmp_path: Path) -> None:
    with open_source(write_docx(report, tmp_path / "r.docx", styled=styled)) as source:
        texts = [block for block in source.flow or () if isinstance(block, FlowText)]
    truth = report.truth
    assert texts[0] == FlowText(truth.title, 0 if styled else None)
    headings = [(block.level, block.text) for block in texts[1:] if block.level is not None]
    assert headings == (
        [(section.level, section.title) for section in truth.sections if section.title] if styled else []
    )
    body = "".join(section.title + section.text for section in truth.sections).replace("\n", "")
    assert "".join(block.text for block in texts[1:]) == body


def test_a_table_stands_under_its_heading(report: SyntheticReport, tmp_path: Path) -> None:
    for kind in ("native", "pictures"):
        with open_source(write_docx(report, tmp_path / "r.docx", tables=kind, styled=True)) as source:  # type: ignore[arg-type]
            headings: list[str] = []
            last = ""
            for block in source.flow or ():
                if isinstance(block, FlowText):
                    last = block.text if block.level is not None else last
                elif last not in headings:
                    headings.append(last)
        assert headings == [table.heading for table in report.truth.grids]


def test_pictures_are_those_of_the_tables(report: SyntheticReport, tmp_path: Path) -> None:
    with open_source(write_docx(report, tmp_path / "r.docx", tables="pictures")) as source:
        shown = [block for block in source.flow or () if isinstance(block, FlowPicture)]
    areas = [area for number in range(3) for page in report.truth.pages for area in page.tables if area.table == number]
    assert len(shown) == len(areas)
    for picture, area in zip(shown, areas, strict=True):
        width, height = Image.open(io.BytesIO(picture.data)).size
        assert abs(width - area.box.width) <= 14
        assert abs(height - area.box.height) <= 14


def test_pages_are_the_pages(report: SyntheticReport, tmp_path: Path) -> None:
    with open_source(write_docx(report, tmp_path / "r.docx", tables="pages")) as source:
        flow = source.flow or ()
    assert len(flow) == len(report.pages)
    for block, page in zip(flow, report.pages, strict=True):
        assert isinstance(block, FlowPicture)
        assert np.array_equal(np.asarray(Image.open(io.BytesIO(block.data)).convert("RGB")), page)


def test_a_file_that_cannot_be_written(report: SyntheticReport, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match=r"r\.docx"):
        write_docx(report, tmp_path / "file" / "r.docx")
