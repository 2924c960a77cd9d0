"""Pages come out upright, straight and clean, and every pixel still knows where it was."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ocr_pipeline.errors import DamagedSourceError
from ocr_pipeline.geometry import Box, Transform
from ocr_pipeline.pages import PageOptions, prepare
from ocr_pipeline.pages.resolution import glyph_height


def _farthest(found: list[tuple[float, float]], expected: np.ndarray) -> float:
    """The largest distance from an expected point to the nearest found one."""
    distances = np.hypot(*(np.asarray(found)[None, :, :] - expected[:, None, :]).transpose(2, 0, 1))
    return float(distances.min(axis=1).max())


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(angle=st.floats(-14, 14), turns=st.integers(0, 3), rulings=st.booleans())
def test_marks_map_back_to_where_they_were_drawn(
    angle: float, turns: int, rulings: bool,
    make_sheet: Any, make_skewed: Any, pixel_page: Any, fixed_orienter: Any, find_marks: Any, mark_places: Any,
) -> None:  # fmt: skip
    drawn, moved = make_skewed(make_sheet(rulings=rulings), angle)
    height, width = drawn.shape[:2]
    laid = Transform.from_array(moved).then(Transform.quarter_turns(turns, width, height))
    pixels = np.ascontiguousarray(np.rot90(drawn, -turns))
    orienter = fixed_orienter(-90 * turns % 360, 0.95)
    result = prepare(pixel_page(pixels), orienter=orienter)

    assert result.rotation == -90 * turns % 360
    assert abs(result.skew - angle) < 0.12
    found = find_marks(result.gray, result.dpi)
    assert len(found) >= 4
    back = result.transform.points(found)
    assert _farthest(back, np.asarray(laid.points(mark_places))) < 1.0


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    angle=st.sampled_from([0.0, 0.4, -7.0]),
    turns=st.integers(0, 3),
    left=st.floats(0, 600), top=st.floats(0, 900), width=st.floats(1, 200), height=st.floats(1, 200),
)  # fmt: skip
def test_box_to_the_source_and_back(
    angle: float, turns: int, left: float, top: float, width: float, height: float,
    make_sheet: Any, make_skewed: Any, pixel_page: Any, fixed_orienter: Any,
) -> None:  # fmt: skip
    pixels = np.ascontiguousarray(np.rot90(make_skewed(make_sheet(), angle)[0], turns))
    result = prepare(pixel_page(pixels, unit="pt"), orienter=fixed_orienter(90 * turns % 360, 0.95))
    box = Box(left, top, left + width, top + height)
    again = [result.transform.inverse().points([p])[0] for p in result.transform.points(box.corners)]
    assert np.allclose(again, box.corners, atol=1e-6)
    # Lengths are those of points: 72 of them are one inch, whichever way the page lies.
    (x0, y0), (x1, y1) = result.transform.points([(left, top), (left + result.dpi, top)])
    assert np.hypot(x1 - x0, y1 - y0) == pytest.approx(72, rel=0.01)


def test_straight_page_keeps_its_pixels(make_sheet: Any, pixel_page: Any) -> None:
    pixels = cv2.resize(make_sheet(), None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    result = prepare(pixel_page(pixels, native_dpi=200.0), orienter=None)
    assert (result.color == pixels).all()
    assert (result.rotation, result.skew, result.findings) == (0, 0.0, ())
    assert result.transform == Transform.identity()


@pytest.mark.parametrize(
    ("native", "unit", "expected"),
    [(100.0, "pt", 200), (100.0, "px", 200), (240.0, "pt", 240), (600.0, "pt", 300), (None, "pt", 200)],
)
def test_resolution(native: float | None, unit: Any, expected: float, make_sheet: Any, pixel_page: Any) -> None:
    result = prepare(pixel_page(make_sheet(), native_dpi=native, unit=unit), orienter=None)
    assert result.dpi == pytest.approx(expected)
    inches = result.source_size[0] / (72.0 if unit == "pt" else native or 200)
    assert result.width == pytest.approx(inches * expected, abs=2)


@pytest.mark.parametrize("scale", [0.5, 1.0, 2.6])
def test_picture_of_unknown_resolution_is_brought_to_readable_size(
    scale: float, make_sheet: Any, pixel_page: Any
) -> None:
    pixels = cv2.resize(make_sheet(), None, fx=2 * scale, fy=2 * scale, interpolation=cv2.INTER_AREA)
    result = prepare(pixel_page(pixels, native_dpi=None), orienter=None)
    # The boxes of text are 13 pixels at 100 dpi, so about 26 at the size wanted.
    assert 1.5 < result.width / make_sheet().shape[1] < 2.9
    assert result.transform.points([(result.width, result.height)])[0] == pytest.approx(
        (pixels.shape[1], pixels.shape[0]), abs=0.01
    )


def test_pixel_limit_holds_for_enlargements(make_sheet: Any, pixel_page: Any) -> None:
    result = prepare(pixel_page(make_sheet()), orienter=None, options=PageOptions(max_pixels=1_200_000))
    assert result.width * result.height < 1_210_000
    assert result.dpi == pytest.approx(100 * (1_200_000 / (850 * 1180)) ** 0.5, rel=0.01)


@pytest.mark.parametrize("shade", [255, 0, 128])
def test_page_without_anything_comes_back_as_it_is(shade: int, pixel_page: Any, fixed_orienter: Any) -> None:
    pixels = np.full((600, 400, 3), shade, np.uint8)
    result = prepare(pixel_page(pixels), orienter=fixed_orienter(180, 0.9))
    assert (result.rotation, result.skew) == (0, 0.0)


def test_noise_is_neither_straightened_nor_cut_out(pixel_page: Any) -> None:
    noise = np.random.default_rng(1).integers(200, 255, (1100, 800, 1), dtype=np.uint8)
    result = prepare(pixel_page(np.repeat(noise, 3, axis=2)), orienter=None)
    assert result.skew == 0.0
    assert not {finding.code for finding in result.findings} & {"photographed-sheet", "straightened-rulings"}


@pytest.mark.parametrize("size", [(1, 1), (3, 200), (40, 30)])
def test_tiny_page_is_a_page(size: tuple[int, int], pixel_page: Any, fixed_orienter: Any) -> None:
    result = prepare(pixel_page(np.full((*size, 3), 7, np.uint8)), orienter=fixed_orienter(90, 0.9))
    assert result.gray.shape == result.color.shape[:2] == (2 * size[0], 2 * size[1]), "100 dpi become 200"


def test_error_of_the_source_passes(pixel_page: Any) -> None:
    error = DamagedSourceError("broken", page=0)
    with pytest.raises(DamagedSourceError) as caught:
        prepare(pixel_page(np.zeros((5, 5, 3), np.uint8), error=error), orienter=None)
    assert caught.value is error


def test_turned_page_is_reported(make_sheet: Any, pixel_page: Any, fixed_orienter: Any) -> None:
    result = prepare(pixel_page(make_sheet()), orienter=fixed_orienter(180, 0.9))
    assert [finding.code for finding in result.findings] == ["low-resolution", "turned-page"]


def test_a_turned_page_of_the_palest_print_is_turned_and_darkened(
    make_sheet: Any, pixel_page: Any, fixed_orienter: Any
) -> None:
    pixels = (255 - 0.13 * (255.0 - make_sheet())).astype(np.uint8)
    assert pixels.min() > 200
    result = prepare(pixel_page(pixels), orienter=fixed_orienter(180, 0.95))
    assert result.rotation == 180
    assert result.gray.min() < 170


def test_perspective_is_taken_out_by_the_rulings(
    make_sheet: Any, make_projected: Any, pixel_page: Any, find_marks: Any, mark_places: Any
) -> None:
    matrix = np.array([[1.0, 0.006, 4.0], [-0.004, 1.0, 9.0], [1.2e-5, -1.5e-5, 1.0]])
    pixels = make_projected(make_sheet(), matrix, (850, 1180), 250)
    result = prepare(pixel_page(pixels), orienter=None)
    assert "straightened-rulings" in [finding.code for finding in result.findings]
    marks = np.array(sorted(find_marks(result.gray, result.dpi), key=lambda p: (round(p[1] / 400), p[0])))
    assert len(marks) == 4
    # The corners of the rectangle of marks are right angles again.
    assert abs(marks[0, 1] - marks[1, 1]) < 2.5
    assert abs(marks[2, 1] - marks[3, 1]) < 2.5
    assert abs(marks[0, 0] - marks[2, 0]) < 2.5
    assert abs(marks[1, 0] - marks[3, 0]) < 2.5
    expected = np.asarray(Transform.from_array(matrix).points(mark_places))
    assert _farthest(result.transform.points([(float(x), float(y)) for x, y in marks]), expected) < 1.0


def test_photographed_sheet_is_cut_out(
    make_sheet: Any, make_projected: Any, pixel_page: Any, find_marks: Any, mark_places: Any
) -> None:
    matrix = np.array([[0.92, 0.03, 60.0], [-0.02, 0.9, 70.0], [2e-5, -3e-5, 1.0]])
    pixels = make_projected(make_sheet(paper=235), matrix, (960, 1260), 90)
    light = np.linspace(1.0, 0.6, 960)[None, :, None]
    result = prepare(pixel_page((pixels * light).astype(np.uint8)), orienter=None)
    assert "photographed-sheet" in [finding.code for finding in result.findings]
    assert np.percentile(result.gray[8:-8, 8:-8], 30) > 240
    expected = np.asarray(Transform.from_array(matrix).points(mark_places))
    assert _farthest(result.transform.points(find_marks(result.gray, result.dpi)), expected) < 1.5


def test_framed_table_on_white_is_no_sheet(pixel_page: Any) -> None:
    pixels = np.full((1180, 850, 3), 252, np.uint8)
    cv2.rectangle(pixels, (60, 80), (790, 1100), (0, 0, 0), 6)
    cv2.rectangle(pixels, (60, 80), (790, 200), (150, 190, 230), -1)
    result = prepare(pixel_page(pixels), orienter=None)
    assert "photographed-sheet" not in [finding.code for finding in result.findings]
    assert abs(result.skew) < 0.05


def test_the_size_of_print_that_touches_rulings_and_its_neighbours_is_known() -> None:
    """At a low resolution all of a table is one piece of ink."""
    picture = np.full((170, 730, 3), 255, np.uint8)
    for y in range(40, 131, 15):
        cv2.line(picture, (40, y), (690, y), (60, 60, 60), 1)
    for x in range(40, 691, 50):
        cv2.line(picture, (x, 40), (x, 130), (60, 60, 60), 1)
    for y in range(42, 125, 15):
        for x in range(44, 640, 50):
            for left in (x, x + 13, x + 26):
                cv2.rectangle(picture, (left, y), (left + 10, y + 11), (60, 60, 60), 1)
    pale = (255 - 0.09 * (255.0 - picture)).astype(np.uint8)
    for shown in (picture, pale):
        height = glyph_height(shown)
        assert height is not None
        assert 10 <= height <= 13
