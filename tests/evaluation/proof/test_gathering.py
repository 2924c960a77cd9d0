from __future__ import annotations

from dataclasses import replace
from itertools import islice

import numpy as np
import pytest

from ocr_pipeline.document import Cell, Place, Table
from ocr_pipeline.engine import Recognition
from ocr_pipeline.evaluation.proof import hardship
from ocr_pipeline.evaluation.proof.alone import read_alone
from ocr_pipeline.evaluation.proof.counting import printed_number
from ocr_pipeline.evaluation.proof.gathering import Gatherer
from ocr_pipeline.evaluation.proof.hardship import gather_harsh
from ocr_pipeline.evaluation.proof.samples import HARSH, PartSample
from ocr_pipeline.evaluation.synthetic.browser import find_chromium
from ocr_pipeline.evaluation.synthetic.options import ContentOptions
from ocr_pipeline.evaluation.synthetic.report import draw_report
from ocr_pipeline.geometry import Box
from ocr_pipeline.pages.options import PageOptions
from ocr_pipeline.templates import TemplateOptions
from ocr_pipeline.templates.deciding import decide
from ocr_pipeline.templates.readers import second_readings, third_readings

SEED = 45_001


@pytest.fixture(scope="module")
def gatherer() -> Gatherer:
    return Gatherer()


def right(sample: PartSample) -> float:
    """Share of the figures that the readers as a program would have them read right."""
    figures = [c for c in sample.cells if printed_number(c) is not None]
    told = [decide(c.cell, c.kind, TemplateOptions()).value == printed_number(c) for c in figures]
    return sum(told) / len(told)


@pytest.mark.skipif(find_chromium() is None, reason="no Chromium (Debian: apt-get install chromium)")
def test_a_browser_lays_out_the_same_report() -> None:
    content = ContentOptions(prose=False, parts=("disputes",))
    own, other = Gatherer().draw(SEED, content), Gatherer(layout="browser").draw(SEED, content)
    assert other.truth.fields == own.truth.fields
    assert [page.shape[:2] for page in other.pages] == [(p.height, p.width) for p in other.truth.pages]
    assert other.pages[0].shape != own.pages[0].shape or (other.pages[0] != own.pages[0]).any()


def test_dotted_rulings_of_harsh_pages_are_drawn_through_as_the_program_does() -> None:
    report = draw_report(SEED, content=ContentOptions(prose=False, parts=("disputes",)))
    scale = report.truth.pages[0].dpi / 200
    page = np.full_like(report.pages[0], 250)
    step, thick, left, top = (round(scale * pixels) for pixels in (9, 3, 300, 400))
    for x in range(left, left + 60 * step, step):
        page[top : top + thick, x : x + step // 2] = 40
    gray = hardship._page(replace(report, pages=(page,)), 0, PageOptions()).gray
    assert (gray[top + thick // 2, left : left + 59 * step] < 128).all()


class Reader:
    """Reads every picture as how wide it is."""

    name = "fake"

    def recognize(self, images, *, alphabet=None, beams=5):
        return [Recognition(str(image.shape[1]), 0.9) for image in images]


def test_the_first_recogniser_is_heard_by_itself_where_there_is_one_picture() -> None:
    places = [Place(page=0, box=Box(n, 0, n + 1, 1)) for n in range(4)]
    cells = [Cell(row=0, column=n, text="5", places=(place,)) for n, place in enumerate(places[:3])]
    cells[2] = cells[2].model_copy(update={"places": (places[2], places[3])})
    table = Table(id="t", rows=1, columns=3, cells=tuple(cells))
    figures = {place: np.zeros((4, 7, 3), np.uint8) for place in (places[0], places[2], places[3])}
    found = read_alone([table], figures, Reader())
    assert {key: cell.text for key, cell in found.items()} == {("t", 0, 0): "7"}


@pytest.mark.slow
def test_every_cell_is_heard_by_three_readers(gatherer: Gatherer) -> None:
    parts = list(gatherer.gather([SEED], ["scan"]))
    assert {part.part for part in parts} == {"proactive", "applications", "disputes"}
    applications = next(part for part in parts if part.part == "applications")
    assert right(applications) > 0.95
    figures = [c.cell for c in applications.cells if c.cell.readings]
    assert sum(bool(second_readings(c) and third_readings(c)) for c in figures) > 0.9 * len(figures)
    alone = [c.alone for c in applications.cells if c.cell.readings and c.alone is not None]
    assert len(alone) > 0.9 * len(figures)
    assert not any(c.witnesses for c in alone)


@pytest.mark.slow
def test_harsh_samples_keep_the_cells_of_the_clean_page(gatherer: Gatherer) -> None:
    # Which typefaces there are decides what is drawn, and a clean page that is not read whole gives no samples.
    firsts = (next(gather_harsh(gatherer, [seed]), None) for seed in range(SEED, SEED + 6))
    samples = list(islice((sample for sample in firsts if sample is not None), 2))
    assert len(samples) == 2
    assert {sample.profile for sample in samples} == {HARSH}
    # Worn as they are, most figures are read: they were not taken for their neighbours.
    assert all(right(sample) > 0.4 for sample in samples)
