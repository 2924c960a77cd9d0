from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocr_pipeline.document import PageImage
from ocr_pipeline.geometry import Transform
from ocr_pipeline.tables.ink import ink_map
from ocr_pipeline.tables.stamped import without_stamped

RING = ((400, 300), 150)
SHARE = 0.3


def stamped(black: int = 15) -> tuple[PageImage, np.ndarray]:
    """A page with rows of figures, a ring of a seal over some of them, and dark rests of it in its grey image.

    Also the print alone, 0/255.
    """
    gray = np.full((600, 800), 250, np.uint8)
    for top in range(100, 560, 50):
        cv2.putText(gray, "2020 12 345 678", (250, top), cv2.FONT_HERSHEY_SIMPLEX, 0.9, black, 2)
    ring = cv2.circle(np.zeros_like(gray), *RING, 255, 10)
    color = np.repeat(gray[:, :, None], 3, axis=2)
    color = np.where(ring[:, :, None] > 0, (color * np.array([0.85, 0.25, 0.25])).astype(np.uint8), color)
    edges = cv2.subtract(ring, cv2.erode(ring, np.ones((3, 3), np.uint8)))
    left = np.where((edges > 0) & (gray > 200), np.uint8(140), gray)
    return PageImage(0, color, left, 200.0, Transform.identity(), (800, 600), "px"), np.where(gray < 200, 255, 0)


def test_rests_of_a_seal_are_no_print_and_print_under_it_is() -> None:
    page, print_ = stamped()
    ink = ink_map(page.gray, page.dpi)
    before = ink.mask(SHARE)
    after = without_stamped(before, ink, page)
    bare = cv2.dilate(print_.astype(np.uint8), np.ones((11, 11), np.uint8)) == 0
    assert (before[bare] > 0).sum() > 200
    assert not after[bare].any()
    assert (after[print_ > 0] > 0).mean() > 0.99


@pytest.mark.parametrize("black", [15, 150])
def test_print_beside_a_seal_stays_however_pale(black: int) -> None:
    page, _ = stamped(black)
    ink = ink_map(page.gray, page.dpi)
    far = cv2.circle(np.zeros(page.gray.shape, np.uint8), *RING, 255, 60) == 0
    assert (without_stamped(ink.mask(SHARE), ink, page) == ink.mask(SHARE))[far].all()


def test_a_page_without_red_is_left_as_it_is() -> None:
    page, _ = stamped()
    grey = PageImage(0, np.repeat(page.gray[:, :, None], 3, axis=2), page.gray, 200.0, page.transform, (800, 600), "px")
    ink = ink_map(page.gray, page.dpi)
    mask = ink.mask(SHARE)
    assert without_stamped(mask, ink, grey) is mask
