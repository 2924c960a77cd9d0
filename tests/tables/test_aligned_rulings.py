from __future__ import annotations

import cv2
import numpy as np

from ocr_pipeline.tables.aligned_rulings import level_rulings, upright_rulings
from ocr_pipeline.tables.ink import ink_map
from ocr_pipeline.tables.options import TableOptions
from ocr_pipeline.tables.rulings import find_rulings

EM = 24.0


def seen(page: np.ndarray):
    ink = ink_map(page, 200)
    return find_rulings(ink, 200, TableOptions()), ink.mask(0.3)


def bold(page: np.ndarray, left: int, top: int, count: int) -> None:
    """Bold characters with level strokes that nearly touch."""
    for k in range(count):
        x = left + 25 * k
        for y in (top, top + 8, top + 16):
            page[y : y + 4, x : x + 23] = 20
        page[top : top + 20, x + 8 : x + 14] = 20


def test_level_strokes_of_bold_print_are_no_rulings() -> None:
    page = np.full((400, 900), 255, np.uint8)
    bold(page, 100, 100, 6)
    masks, ink = seen(page)
    assert masks.horizontal[95:130].any()
    assert not level_rulings(masks, ink, EM).any()


def test_rulings_between_lines_of_print_stay() -> None:
    page = np.full((400, 900), 255, np.uint8)
    for y in (90, 140, 190):
        page[y : y + 2, 60:840] = 20
    page[165:167, 300:420] = 20  # over two columns of a header
    bold(page, 100, 100, 6)
    bold(page, 320, 145, 3)
    masks, ink = seen(page)
    found = level_rulings(masks, ink, EM)
    assert all(found[y : y + 2, 70:830].all() for y in (90, 140, 190))
    assert not found[100:120].any()


def test_upright_rulings_are_longer_than_strokes() -> None:
    page = np.full((400, 900), 255, np.uint8)
    cv2.line(page, (200, 60), (200, 300), 20, 2)
    cv2.line(page, (400, 60), (400, 105), 20, 2)
    masks, ink = seen(page)
    found = upright_rulings(masks, ink, EM)
    assert found[70:290, 195:205].any(axis=1).all()
    assert not found[:, 390:410].any()


def test_upright_strokes_of_bold_words_that_run_down_are_no_rulings() -> None:
    page = np.full((400, 900), 255, np.uint8)
    bold(page, 100, 100, 6)
    page[300:302, 300:420] = 20  # beside the lines of a header
    page = np.ascontiguousarray(page.T)
    masks, ink = seen(page)
    assert masks.vertical[:, 95:130].any()
    found = upright_rulings(masks, ink, EM)
    assert not found[:, 95:130].any()
    assert found[310:410, 296:306].any(axis=1).all()
