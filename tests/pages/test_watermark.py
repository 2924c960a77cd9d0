"""A watermark is left out of what is read; print, pale print and pictures of other kinds stay as they are."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocr_pipeline.evaluation.synthetic.marking import watermarked
from ocr_pipeline.pages.watermark import without_watermark

DPI = 200.0


def page(ink: int = 30, ruling: int = 30) -> np.ndarray:
    """A ruled table of figures and lines of print above it."""
    image = np.full((1600, 1200, 3), 252, np.uint8)
    for top in range(120, 420, 60):
        cv2.putText(
            image, "Report 2021 of the county 46 18 07", (90, top), cv2.FONT_HERSHEY_SIMPLEX, 1.1, (ink,) * 3, 2
        )
    for y in range(500, 1501, 100):
        image[y : y + 3, 90:1113] = ruling
        for x in range(120, 1100, 170):
            if y < 1500:
                cv2.putText(image, str(x * y % 97), (x + 30, y + 62), cv2.FONT_HERSHEY_SIMPLEX, 0.9, (ink,) * 3, 2)
    for x in range(90, 1111, 170):
        image[500:1502, x : x + 3] = ruling
    return image


def marked(image: np.ndarray, strength: float) -> np.ndarray:
    return np.ascontiguousarray(watermarked(image, strength, 1.0, np.random.default_rng(5))[..., 0])


@pytest.mark.parametrize("strength", [0.22, 0.28, 0.34])
def test_the_watermark_goes_and_the_print_stays(strength: float) -> None:
    clean = page()
    bare = without_watermark(marked(clean, strength), DPI)
    assert bare is not None
    paper = cv2.erode(clean[..., 0], np.ones((9, 9), np.uint8)) > 240
    assert (bare.gray[paper] == 255).mean() > 0.99
    core = clean[..., 0] < 60
    assert (bare.gray[core] < 100).mean() > 0.99
    assert bare.ruled


def test_the_coloured_page_is_cleared_as_well() -> None:
    image = watermarked(page(), 0.24, 1.0, np.random.default_rng(5))
    bare = without_watermark(np.ascontiguousarray(image[..., 0]), DPI)
    assert bare is not None
    cleared = bare.clears(image)
    assert ((cleared > 60) & (cleared < 240)).mean() < 0.3 * ((image > 60) & (image < 240)).mean()


def test_a_page_whose_rulings_are_as_pale_keeps_them_elsewhere() -> None:
    bare = without_watermark(marked(page(ruling=190), 0.24), DPI)
    assert bare is not None
    assert not bare.ruled


@pytest.mark.parametrize(
    "image",
    [page(), page(ink=150), page(ink=190), page(ruling=190), np.full((1600, 1200, 3), 255, np.uint8)],
    ids=["dark", "pale", "paler", "pale rulings", "blank"],
)
def test_pages_without_one_are_left_alone(image: np.ndarray) -> None:
    assert without_watermark(np.ascontiguousarray(image[..., 0]), DPI) is None


def test_print_as_pale_as_the_watermark_is_not_taken_out_with_it() -> None:
    assert without_watermark(marked(page(ink=170), 0.3), DPI) is None


def test_a_large_pale_title_is_no_watermark() -> None:
    image = page()
    cv2.putText(image, "ANNUAL REPORT", (120, 80), cv2.FONT_HERSHEY_SIMPLEX, 2.6, (170,) * 3, 9)
    assert without_watermark(np.ascontiguousarray(image[..., 0]), DPI) is None
