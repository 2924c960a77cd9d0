from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from ocr_pipeline.errors import WeightsError
from ocr_pipeline.evaluation.page_net.held_out import held_out_pages
from ocr_pipeline.evaluation.page_net.measures import Counts, box_counts, pixel_counts
from ocr_pipeline.evaluation.page_net.recipe import DataRecipe
from ocr_pipeline.page_net import MAPS, Viewer
from ocr_pipeline.page_net.engines.loading import load_viewer
from ocr_pipeline.page_net.engines.onnx_viewer import OnnxViewer
from ocr_pipeline.resources import data_folder
from ocr_pipeline.tables.mapped import find_mapped
from ocr_pipeline.weights import resolve


@pytest.fixture(scope="module")
def viewer() -> Viewer:
    return load_viewer()


@pytest.fixture(scope="module")
def pages():
    """Pages of a font that every machine has, at seeds that training did not use."""
    recipe = DataRecipe(
        seed=970_000, pages=4, faces=("bundled-serif",), dpi=(150,), profiles={"scan": 1, "faint": 1}, seal_share=0
    )
    return list(held_out_pages(recipe))


def test_the_weights_travel_with_the_program() -> None:
    assert resolve("page_net") == data_folder("models") / "page_net" / "page_net.onnx"
    assert resolve("page_net").stat().st_size <= 8_000_000


def test_it_sees_tables_and_lines_where_they_are(viewer, pages) -> None:
    cells, lines = Counts(), Counts()
    for page in pages:
        maps = viewer.look(page.image.color, page.image.dpi)
        lines += pixel_counts(page.maps["line"], maps.likely("line"))
        found = find_mapped(page.image, maps)
        said = [table.flattening.box_to_page(table.grid.box(cell)) for table in found for cell in table.grid.cells]
        cells += box_counts(page.cells, said, 0.6)
    assert cells.true > 20
    assert cells.f1 > 0.6, "some of these tables have no rulings"
    assert lines.f1 > 0.9


@pytest.mark.parametrize("shade", [0, 255])
def test_a_page_of_one_colour_shows_no_table(viewer, shade) -> None:
    maps = viewer.look(np.full((2339, 1654, 3), shade, np.uint8), 200.0)
    assert maps.likely("table").mean() < 0.01
    assert maps.likely("line").mean() < 0.01


@pytest.mark.parametrize("size", [(1, 1), (31, 17), (333, 517), (4000, 300)])
def test_any_size_of_page_is_looked_at_in_bounded_time(viewer, size) -> None:
    color = np.random.default_rng(0).integers(0, 256, (*size, 3), dtype=np.uint8)
    # The time of this thread, in which the network runs: others may be at work on the machine.
    started = time.thread_time()
    maps = viewer.look(color, 200.0)
    assert time.thread_time() - started < 10
    assert maps.values.shape[0] == len(MAPS)
    assert maps.enlarged("table", (size[1], size[0])).shape == size


def test_a_page_is_looked_at_once_however_often_it_is_asked_for(viewer, pages) -> None:
    first, second = pages[0].image, pages[1].image
    maps = viewer.look(first.color, first.dpi)
    assert viewer.look(first.color, 72.0) is maps, "who asks again need not know the resolution"
    with ThreadPoolExecutor(max_workers=1) as other:
        seen = other.submit(viewer.look, second.color, second.dpi).result()
    assert viewer.look(first.color, first.dpi) is maps, "what another thread looks at changes nothing"
    again = viewer.look(second.color.copy(), second.dpi)
    assert np.array_equal(again.values, seen.values)


def test_other_files_are_refused(tmp_path) -> None:
    broken = tmp_path / "page_net.onnx"
    broken.write_bytes(b"nothing")
    for path in (broken, resolve("layout_cdla")):
        with pytest.raises(WeightsError):
            OnnxViewer(path)
