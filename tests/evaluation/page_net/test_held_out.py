from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest

from ocr_pipeline.document import Document, Page, Region, RegionKind, SourceInfo
from ocr_pipeline.errors import NoTextError
from ocr_pipeline.evaluation.page_net.handed_out import handed_out
from ocr_pipeline.evaluation.page_net.held_out import HeldOutPage, held_out_pages
from ocr_pipeline.evaluation.page_net.recipe import DataRecipe
from ocr_pipeline.evaluation.page_net.samples import damaged_pages
from ocr_pipeline.geometry import Box, Transform

RECIPE = DataRecipe(
    seed=0, pages=6, faces=("bundled-serif",), dpi=(150,), profiles={"clean": 1}, clutter_share=0, seal_share=0
)


@pytest.fixture(scope="module")
def pages() -> list[HeldOutPage]:
    return list(held_out_pages(RECIPE))


def test_true_boxes_touch_their_print_on_all_sides(pages: list[HeldOutPage]) -> None:
    printed = [(page, page.printed_on(page.image)) for page in pages]
    boxes = [(page, box) for page, true in printed for box in (*true.tables, *true.heading_lines)]
    assert len(boxes) > 6
    for page, box in boxes:
        inside = page.image.color[box.slices()].min(axis=2) < 245
        rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
        assert max(rows[0], columns[0], len(inside) - 1 - rows[-1], inside.shape[1] - 1 - columns[-1]) <= 3


def test_the_lines_of_one_heading_are_one_and_neighbours_are_not(pages: list[HeldOutPage]) -> None:
    drawn = list(damaged_pages(RECIPE))
    for page, damaged in zip(pages, drawn, strict=True):
        lines = [line for line in damaged.page.lines if line.role in ("title", "heading")]
        titles = sum(1 for s in damaged.report.truth.sections if s.title and s.page == damaged.page.index)
        assert len(page.printed.headings) == titles + any(line.role == "title" for line in lines)
        assert len(page.printed.heading_lines) == len(lines)


@dataclass
class _TurningReader:
    """Turns the page upside down, and hands out one table in its upper left corner."""

    page: HeldOutPage

    def read(self, source, *, name, on_image):
        width, height = self.page.image.width, self.page.image.height
        turned = Transform.quarter_turns(2, width, height)
        on_image(replace(self.page.image, transform=turned.then(self.page.image.transform)))
        region = Region(kind=RegionKind.TABLE, box=Box(0, 0, 100, 50))
        return _Report(region)


class _Report:
    def __init__(self, region: Region) -> None:
        page = Page(
            index=0,
            width=1,
            height=1,
            dpi=150,
            source_width=1,
            source_height=1,
            source_unit="px",
            transform=Transform.identity(),
        )
        self.document = Document(
            source=SourceInfo(name="x", kind="png", sha256="0" * 64, size=1, page_count=1),
            pages=(page.model_copy(update={"regions": (region,)}),),
        )


class _RefusingReader:
    def read(self, source, *, name, on_image):
        raise NoTextError("no text")


def test_what_is_true_is_said_in_the_pixels_of_the_page_that_the_report_shows(pages: list[HeldOutPage]) -> None:
    page = next(page for page in pages if page.printed.tables)
    true, regions = handed_out(page, _TurningReader(page))
    assert [region.box for region in regions] == [Box(0, 0, 100, 50)]
    width, height = page.image.width, page.image.height
    straight = page.printed_on(page.image).tables[0]
    back = Box(width - straight.right, height - straight.bottom, width - straight.left, height - straight.top)
    assert true.tables[0].iou(back) > 0.99
    assert handed_out(page, _RefusingReader()) == (page.printed_on(page.image), ())
