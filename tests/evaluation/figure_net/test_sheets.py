from __future__ import annotations

import random
from collections import Counter

import numpy as np
import pytest

from ocr_pipeline.document import Reading
from ocr_pipeline.engine import FIGURE_ALPHABET, Recognition
from ocr_pipeline.errors import ConfigurationError, OutputError
from ocr_pipeline.evaluation.figure_net.batches import batches, changed, targets
from ocr_pipeline.evaluation.figure_net.cache import StoredCrops, render
from ocr_pipeline.evaluation.figure_net.contents import draw_content
from ocr_pipeline.evaluation.figure_net.measuring import format_shares, measure
from ocr_pipeline.evaluation.figure_net.recipe import SheetRecipe, load_recipe
from ocr_pipeline.evaluation.figure_net.sheets import HARSH, WORN, crops
from ocr_pipeline.text.figure_intake import HEIGHT, OTHER, STEP, SYMBOLS

RECIPE = SheetRecipe(
    seed=5,
    sheets=1,
    chinese_faces=("bundled-serif",),
    latin_faces=(),
    dpi=(200,),
    profiles={"scan": 1},
    figure_share=0.6,
)


@pytest.fixture(scope="module")
def drawn():
    return list(crops(RECIPE))


def test_what_is_printed_is_a_figure_of_the_alphabet_or_none() -> None:
    rng = random.Random(1)
    drawn = [draw_content(rng, 0.6) for _ in range(3000)]
    figures = [(printed, text) for printed, text in drawn if text != OTHER]
    assert 0.5 < len(figures) / len(drawn) < 0.7
    assert all(set(text) <= set(FIGURE_ALPHABET) for _, text in figures)
    assert all(len(printed) == len(text) for printed, text in figures)
    assert {text for _, text in figures} >= set("0123456789")
    assert any(text.startswith("-") for _, text in figures)
    assert any(printed.isdecimal() is False and "元" in printed for printed, text in drawn if text == OTHER)


def test_a_sheet_gives_the_crops_that_the_program_would_read(drawn) -> None:
    assert len(drawn) > 150
    assert Counter(crop.text == OTHER for crop in drawn)[True] > 30
    again = list(crops(RECIPE))
    assert all(np.array_equal(a.image, b.image) and a.text == b.text for a, b in zip(drawn, again, strict=True))
    single = [crop.image for crop in drawn if crop.text == "0"]
    assert all((image < 128).any() and image[0].min() > 100 for image in single)


def heights(drawn) -> list[int]:
    return [crop.image.shape[0] for crop in drawn if crop.text != OTHER]


def test_print_touches_rulings_and_grids_stray_where_the_recipe_says_so(drawn) -> None:
    touching = list(crops(RECIPE.model_copy(update={"touching_share": 1.0})))
    strayed = list(crops(RECIPE.model_copy(update={"stray_share": 1.0})))
    # What stands in a ruling is lost with it.
    assert np.mean(heights(touching)) < 0.95 * np.mean(heights(drawn))
    assert heights(strayed) != heights(drawn)


def test_harsh_sheets_are_told_from_those_of_their_profile() -> None:
    harsh = list(crops(RECIPE.model_copy(update={"harsh_share": 1.0})))
    assert {crop.profile for crop in harsh} == {HARSH}
    assert len(harsh) > 100


def test_worn_figures_are_cut_as_high_as_their_row_where_the_recipe_says_so() -> None:
    worn = RECIPE.model_copy(update={"seed": 9, "worn_share": 1.0, "bars": False, "own_faces": 1})
    as_left, mended = list(crops(worn)), list(crops(worn.model_copy(update={"mended_share": 1.0})))
    assert {crop.profile for crop in (*as_left, *mended)} == {WORN}
    assert [crop.text for crop in as_left] == [crop.text for crop in mended]
    higher = [b > a for a, b in zip(heights(as_left), heights(mended), strict=True)]
    assert 0.1 < np.mean(higher) < 0.9
    assert all(b >= a for a, b in zip(heights(as_left), heights(mended), strict=True))


def test_no_bar_stands_for_no_figure_where_the_recipe_says_so() -> None:
    rng = random.Random(2)
    drawn = {bars: [draw_content(rng, 0.0, bars=bars)[0] for _ in range(2000)] for bars in (True, False)}
    assert "|" in drawn[True]
    assert "|" not in drawn[False]
    assert "/" in drawn[False]


def test_what_is_changed_for_training_stays_a_crop_of_its_size() -> None:
    rng = np.random.default_rng(4)
    image = np.zeros((HEIGHT, 40), np.uint8)
    image[8:24, 15:25] = 255
    made = [changed(image, rng) for _ in range(200)]
    assert {(one.shape, one.dtype) for one in made} == {((HEIGHT, 40), np.dtype(np.uint8))}
    assert all(one[10:22, 16:24].mean() > one[:, :6].mean() for one in made)


def test_stored_crops_come_back_and_are_changed_for_training(tmp_path, drawn) -> None:
    assert list(render(RECIPE, tmp_path)) == [len(drawn)]
    stored = StoredCrops(tmp_path)
    assert stored.texts == [crop.text for crop in drawn]
    assert all(image.shape[0] == HEIGHT and image.shape[1] % STEP == 0 for image in stored.images)
    (first,) = batches(stored, 16, 1, seed=3)
    ink, widths, texts = first
    assert ink.shape[:3] == (16, 1, HEIGHT)
    assert ink.shape[3] == widths.max()
    numbers, lengths = targets(texts)
    assert "".join(SYMBOLS[n] for n in numbers) == "".join(texts)
    assert lengths.sum() == len(numbers)
    with pytest.raises(OutputError):
        StoredCrops(tmp_path / "nothing")


class Stubborn:
    """Reads 0 everywhere."""

    name = "stubborn"

    def recognize(self, images, *, alphabet=None, beams=5):
        return [Recognition("0", 1.0, (Reading(text="0", log_prob=-0.01, engine=self.name),)) for _ in images]


def test_the_measure_counts_what_is_right_wrong_and_invented(drawn) -> None:
    (share,) = measure(drawn, {"stubborn": Stubborn()}).values()
    zeros = sum(crop.text == "0" for crop in drawn)
    assert share.right == zeros
    assert share.wrong == share.figures - zeros
    assert share.invented == share.others
    assert "| scan | stubborn |" in format_shares({("scan", "stubborn"): share})


def test_the_recipe_in_the_package_keeps_faces_for_the_measure_apart(tmp_path) -> None:
    recipe = load_recipe()
    assert recipe.further is not None
    for learned in (recipe.train, recipe.further.sheets):
        assert not {*learned.chinese_faces, *learned.latin_faces} & {
            *recipe.held_out.chinese_faces,
            *recipe.held_out.latin_faces,
        }
        assert recipe.held_out.seed > learned.seed + learned.sheets
    assert recipe.further.sheets.seed > recipe.train.seed + recipe.train.sheets
    (tmp_path / "bad.yaml").write_text("train: 3", encoding="utf-8")
    with pytest.raises(ConfigurationError):
        load_recipe(tmp_path / "bad.yaml")
