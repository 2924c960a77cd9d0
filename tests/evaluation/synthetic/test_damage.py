from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocr_pipeline.errors import ConfigurationError
from ocr_pipeline.evaluation.synthetic import warp
from ocr_pipeline.evaluation.synthetic.damage import PROFILES, Damage, damage, draw_damage
from ocr_pipeline.evaluation.synthetic.options import ContentOptions
from ocr_pipeline.evaluation.synthetic.report import SyntheticReport, draw_report
from ocr_pipeline.evaluation.synthetic.style import ReportStyle
from ocr_pipeline.evaluation.synthetic.truth import ReportTruth
from ocr_pipeline.geometry import Box, Transform


@pytest.fixture(scope="module")
def table() -> SyntheticReport:
    """One page with one table of plain numbers."""
    content = ContentOptions(
        scale="large", zero="0", broken=0, blank_totals="none", parts=("applications",), prose=False
    )
    return draw_report(1, form="A", style=ReportStyle(dpi=120, table_pt=9.0), content=content)


def square(image_size: tuple[int, int], box: Box) -> np.ndarray:
    image = np.full((*image_size, 3), 255, dtype=np.uint8)
    image[box.slices()] = 0
    return image


def ink_box(image: np.ndarray) -> Box:
    rows, columns = np.nonzero(image.min(axis=2) < 128)
    return Box(columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)


@settings(max_examples=30)
@given(
    st.integers(60, 200), st.integers(60, 200), st.integers(0, 3), st.floats(-3, 3), st.sampled_from([0.5, 1.0, 1.7])
)
def test_maps_say_where_the_pixels_went(left: int, top: int, turns: int, degrees: float, factor: float) -> None:
    box = Box(left, top, left + 40, top + 24)
    image = square((300, 280), box)
    image, a = warp.skewed(image, degrees)
    image, b = warp.rescaled(image, factor)
    image, c = warp.turned(image, turns)
    expected = a.then(b).then(c).box(box)
    found = ink_box(image)
    assert np.allclose(found.as_tuple(), expected.as_tuple(), atol=1.5)


def test_a_photograph_maps_the_page_onto_the_desk() -> None:
    box = Box(100, 80, 160, 120)
    image, transform, mask = warp.photographed(square((400, 300), box), 0.03, np.random.default_rng(4))
    page = transform.box(Box(0, 0, 300, 400))
    assert page.left >= 0
    assert page.bottom <= image.shape[0]
    inside = cv2.erode(mask.astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
    dark = np.where(inside[..., None], image, 255).astype(np.uint8)
    assert ink_box(dark).iou(transform.box(box)) > 0.8


@pytest.mark.parametrize("profile", [*PROFILES, "seal+scan"])
def test_boxes_follow_the_damage(table: SyntheticReport, profile: str) -> None:
    damaged = damage(table, profile, 7)
    page = damaged.truth.pages[0]
    assert (page.image_height, page.image_width) == damaged.pages[0].shape[:2]
    assert (page.width, page.height) == (table.pages[0].shape[1], table.pages[0].shape[0])
    # Taken back by the map, the picture must fit the original: print dark where print was, paper light.
    restored = warp.warped(damaged.pages[0], page.transform.inverse(), (page.width, page.height), (255, 255, 255))
    for area in (a.box.expanded(-2) for a in page.tables):
        before = table.pages[0][area.slices()].min(axis=2).astype(float)
        after = restored[area.slices()].max(axis=2).astype(float)
        shape = (before.shape[0] // 6, before.shape[1] // 6)
        coarse = [_averaged(part, shape).ravel() for part in (before, after)]
        correlation = float(np.corrcoef(*coarse)[0, 1])
        assert correlation > 0.45, profile


def _averaged(image: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    height, width = shape
    return image[: height * 6, : width * 6].reshape(height, 6, width, 6).mean(axis=(1, 3))


def test_damage_repeats_and_leaves_the_original_alone(table: SyntheticReport) -> None:
    before = table.pages[0].copy()
    first, second = damage(table, "scan", 3), damage(table, "scan", 3)
    assert np.array_equal(first.pages[0], second.pages[0])
    assert not np.array_equal(first.pages[0], damage(table, "scan", 4).pages[0])
    assert np.array_equal(before, table.pages[0])
    assert table.truth.pages[0].transform == Transform.identity()


def test_damage_keeps_the_figures_and_says_its_name(table: SyntheticReport) -> None:
    damaged = damage(table, "fax", 1)
    assert damaged.truth.profile == "fax"
    assert damaged.truth.fields == table.truth.fields
    assert damaged.truth.grids == table.truth.grids
    assert ReportTruth.model_validate_json(damaged.truth.model_dump_json()).profile == "fax"


def test_a_fax_has_two_levels_and_low_resolution_is_low(table: SyntheticReport) -> None:
    assert set(np.unique(damage(table, "fax", 1).pages[0])) == {0, 255}
    low = damage(table, Damage(dpi=60), 1)
    assert low.truth.pages[0].image_dpi == 60
    assert low.pages[0].shape[0] == round(table.pages[0].shape[0] / 2)


def test_seals_are_red_and_print_shows_through(table: SyntheticReport) -> None:
    sealed = damage(table, Damage(seals=1), 2).pages[0].astype(int)
    original = table.pages[0].astype(int)
    red = (sealed[..., 0] - sealed[..., 1]) > 60
    assert 0.0005 < red.mean() < 0.1
    print_below = original.max(axis=2) < 60
    assert sealed[print_below].max() < 80


def test_faint_print_is_lighter(table: SyntheticReport) -> None:
    faint = damage(table, Damage(contrast=0.3), 5).pages[0]
    assert faint.min() > 100


def test_an_unknown_profile_names_the_known_ones(table: SyntheticReport) -> None:
    with pytest.raises(ConfigurationError, match="scan"):
        damage(table, "blurry", 1)


def test_strength_comes_from_the_seed() -> None:
    assert draw_damage("scan", 1) == draw_damage("scan", 1)
    assert len({step.model_dump_json() for seed in range(20) for step in draw_damage("photo", seed)}) == 20
