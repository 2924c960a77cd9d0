from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np
import pytest

from ocr_pipeline.errors import OutputError
from ocr_pipeline.evaluation.page_net.cache import StoredPages, parts, render
from ocr_pipeline.evaluation.page_net.crops import draw_batch
from ocr_pipeline.evaluation.page_net.grids import draw_grid
from ocr_pipeline.evaluation.page_net.labels import keep_printed, paint
from ocr_pipeline.evaluation.page_net.recipe import DataRecipe, load_recipe
from ocr_pipeline.evaluation.page_net.samples import samples
from ocr_pipeline.evaluation.page_net.scenes import Scene, draw_scene
from ocr_pipeline.evaluation.synthetic.damage import Damage, damage
from ocr_pipeline.evaluation.synthetic.report import draw_report
from ocr_pipeline.evaluation.synthetic.style import TableStyle, draw_style
from ocr_pipeline.geometry import Transform
from ocr_pipeline.page_net.intake import ink_of, reduced
from ocr_pipeline.page_net.maps import MAPS

RECIPE = DataRecipe(
    seed=3,
    pages=2,
    faces=("bundled-serif",),
    dpi=(150,),
    profiles={"clean": 1},
    clutter_share=0,
    seal_share=1,
    skew=0.5,
    stray=0.002,
    zoom=0.1,
)


@pytest.fixture(scope="module")
def drawn():
    return list(samples(RECIPE))


def test_true_maps_lie_on_the_print(drawn) -> None:
    """However the page was turned and zoomed, what a map calls printed is dark, and the rest of the page is not."""
    for sample in drawn:
        ink = ink_of(reduced(sample.color, 200))
        half = ink[::2, ::2].max(axis=2).astype(float)
        rows, columns = sample.truth.shape[1:]
        half = np.pad(half, ((0, rows - half.shape[0]), (0, columns - half.shape[1])))
        printed = np.maximum.reduce([sample.truth[MAPS.index(name)] for name in ("across", "upright", "line", "seal")])
        assert half[printed > 0].mean() > 8 * half[printed == 0].mean()


def test_rulings_are_borders_of_cells_and_borders_lie_in_tables(drawn) -> None:
    for sample in drawn:
        maps = dict(zip(MAPS, sample.truth > 0, strict=True))
        table = maps["table"]
        assert (maps["rows"] & ~table).sum() <= 0.1 * maps["rows"].sum()
        assert (maps["across"] & maps["rows"]).sum() >= 0.9 * maps["across"].sum()
        assert (maps["upright"] & maps["columns"]).sum() >= 0.9 * maps["upright"].sum()


def test_the_same_seed_draws_the_same(drawn) -> None:
    again = list(samples(RECIPE))
    assert [s.name for s in again] == [s.name for s in drawn]
    assert all(np.array_equal(a.color, b.color) for a, b in zip(again, drawn, strict=True))
    assert all(np.array_equal(a.truth, b.truth) for a, b in zip(again, drawn, strict=True))


@pytest.mark.parametrize("captions", [False, True])
def test_drawn_tables_have_no_hole_and_no_overlap(captions: bool) -> None:
    import random

    within = 0
    for seed in range(60):
        grid, printed = draw_grid(random.Random(seed), captions=captions)
        within += sum(cell.role == "caption" and cell.row >= grid.header_rows for cell in grid.cells)
        taken = np.zeros((grid.rows, grid.columns), int)
        for cell in grid.cells:
            taken[cell.row : cell.row + cell.row_span, cell.column : cell.column + cell.column_span] += 1
        assert (taken == 1).all(), seed
        assert set(printed) == set(grid.fields)
    assert (within > 20) is captions


def test_close_rows_are_as_close_as_the_lines_of_a_label() -> None:
    table = TableStyle(pad_y=0, row_height=8, leading=1.4, middle=False, ruling="none", label_share=0.3)
    style = draw_style(5, faces=("bundled-serif",))
    drawn = draw_report(5, style=style.model_copy(update={"table": table}))
    cells = [cell for grid in drawn.truth.grids for cell in grid.cells if cell.row_span == 1]
    pitches = {
        round((piece.box.bottom - piece.box.top) / len(piece.lines), 3)
        for cell in cells
        for piece in cell.pieces
        if len(cell.pieces) == 1 and cell.role == "label" and piece.lines
    }
    lines = [len(piece.lines) for cell in cells for piece in cell.pieces]
    assert max(lines) > 1
    assert len(pitches) == 1


def test_what_is_stored_is_what_was_drawn(tmp_path, drawn) -> None:
    assert list(render(RECIPE, tmp_path)) == [2]
    stored = StoredPages(tmp_path)
    assert len(stored) == 2
    for number, sample in enumerate(drawn):
        ink, maps = stored.page(number)
        assert np.array_equal(ink, ink_of(reduced(sample.color, 200)))
        assert np.array_equal(maps, sample.truth)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    assert list(render(RECIPE, tmp_path)) == [2], "what is there is not drawn again"
    assert before == {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    ink, maps = draw_batch(stored, 3, 1536, np.random.default_rng(0))
    assert ink.shape == (3, 3, 1536, 1536)
    assert maps.shape == (3, len(MAPS), 768, 768)


def test_an_empty_folder_is_said_to_be_empty(tmp_path) -> None:
    with pytest.raises(OutputError, match="no drawn pages"):
        StoredPages(tmp_path)


def test_parts_share_no_seed_and_hold_out_what_is_held_out() -> None:
    recipe = load_recipe()
    train = parts(recipe.train)
    assert sum(part.pages for part in train) == recipe.train.pages
    used = [set(range(part.seed, part.seed + part.pages)) for part in train]
    assert len(set().union(*used)) == sum(len(seeds) for seeds in used)
    assert recipe.held_out.seed > max(max(seeds) for seeds in used)
    assert not set(recipe.held_out.faces) & set(recipe.train.faces)


def test_of_rulings_only_what_is_left_is_true(drawn) -> None:
    """Of a faxed ruling too pale for it nothing is left, and its cells stay; a plain one is true from end to end."""
    pale = TableStyle(ruling="full", line_px=1, outer_px=1, line_color=(225, 225, 225))
    for look, share in ((pale, (0.0, 0.25)), (TableStyle(ruling="full"), (0.9, 1.01))):
        report = draw_report(
            5, form="A", style=draw_style(5, faces=("bundled-serif",)).model_copy(update={"table": look})
        )
        truth = report.truth.pages[0]
        fax = damage(report, Damage(fax=True), 1)
        page = np.asarray(fax.pages[0])
        scale = 200 / truth.dpi
        color = cv2.resize(page, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        to_input = Transform.scaling(100 / truth.dpi, 100 / truth.dpi)
        size = (-(-color.shape[1] // 4), -(-color.shape[0] // 4))
        maps = paint(truth, report.truth.grids, to_input, size)
        before = {name: maps[name].copy() for name in ("across", "upright", "rows")}
        keep_printed(maps, ink_of(reduced(color, 200)).max(axis=2))
        for name in ("across", "upright"):
            assert share[0] <= maps[name].sum() / before[name].sum() <= share[1]
        assert np.array_equal(maps["rows"], before["rows"])


def test_hard_scenes_stack_small_tables_of_every_ruling() -> None:
    scene = Scene(("bundled-serif",), (150,), clutter=0, known_forms=0, hard=1)
    drawn = [draw_scene(seed, scene).truth for seed in range(12)]
    assert {"full", "horizontal", "none"} <= {table.ruling for truth in drawn for table in truth.grids}
    assert max(len(page.tables) for truth in drawn for page in truth.pages) >= 3
    for truth in drawn:
        for page in truth.pages:
            boxes = [area.box for area in page.tables]
            assert all(
                a.intersection_area(b) < 0.02 * a.area for a, b in pairwise(sorted(boxes, key=lambda box: box.top))
            )
