from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from PIL import Image

from ocr_pipeline.pages.halftone import without_halftone

STROKES = [((100, 100), (300, 100)), ((100, 160), (300, 165)), ((350, 80), (350, 300)), ((400, 80), (460, 300))]


def page(paper: int) -> np.ndarray:
    """Grey, with strokes three pixels thick."""
    sheet = np.full((400, 500, 3), paper, np.uint8)
    for first, last in STROKES:
        cv2.line(sheet, first, last, (10, 10, 10), 3)
    return sheet


def dithered(sheet: np.ndarray) -> np.ndarray:
    return np.asarray(Image.fromarray(sheet).convert("1").convert("RGB"))


def checkered(sheet: np.ndarray) -> np.ndarray:
    dots = np.indices(sheet.shape[:2]).sum(axis=0) % 2
    return (sheet * np.where(dots, 1.0, 0.5)[..., None]).astype(np.uint8)


def lined(sheet: np.ndarray) -> np.ndarray:
    return (sheet * np.where(np.arange(len(sheet)) % 3, 1.0, 0.5)[:, None, None]).astype(np.uint8)


def turned(sheet: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(lined(np.ascontiguousarray(sheet.transpose(1, 0, 2))).transpose(1, 0, 2))


@pytest.mark.parametrize("screened", [dithered, checkered, lined, turned])
def test_dots_of_the_paper_are_merged_and_print_is_left(screened: Callable[[np.ndarray], np.ndarray]) -> None:
    dots = screened(page(190))
    even = without_halftone(dots)
    ground = cv2.erode((page(190)[..., 0] > 100).astype(np.uint8), np.ones((15, 15), np.uint8)) > 0
    assert dots[ground].std() > 25
    assert even[ground].std() < 12
    stroke = page(190)[..., 0] < 100
    assert even[stroke].mean() < even[ground].mean() - 60


def test_paper_with_grain_and_without_is_left_as_it_is() -> None:
    grain = np.random.default_rng(0).normal(0, 12, (400, 500, 1))
    for sheet in (page(255), page(120), np.clip(page(200) + grain, 0, 255).astype(np.uint8)):
        assert without_halftone(sheet) is sheet


@pytest.mark.parametrize("shape", [(0, 0, 3), (2, 9, 3), (3, 3, 3), (19, 1, 3)])
def test_tiny_pages_are_no_error(shape: tuple[int, int, int]) -> None:
    sheet = np.zeros(shape, np.uint8)
    assert without_halftone(sheet) is sheet
