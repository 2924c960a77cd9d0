"""Struck figures and the marks of notes, in the program's own typefaces."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw

from ocr_pipeline.evaluation.synthetic.fonts import CHINESE_FACES, FALLBACK, FIGURE_FACES, LATIN_FACES, available, load
from ocr_pipeline.tables.marked import has_note_mark, is_struck

FONTS = (FALLBACK, *available({**CHINESE_FACES, **LATIN_FACES, **FIGURE_FACES}))
FIGURES = ("0", "12", "44", "88", "555", "1000", "2483", "-35", "+7", "12.5", "97310642")


def printed(
    text: str, font: str, size: int, *, note: str = "", shrunk: float = 0.83, line: tuple[int, int] | None = None
) -> np.ndarray:
    """Ink of a figure, trimmed; ``line`` are the first and last character that a line runs through."""
    image = Image.new("L", (12 * size, 4 * size), 0)
    draw = ImageDraw.Draw(image)
    face, foot = load(font, size), 2 * size
    draw.text((size, foot), text, 255, face, anchor="ls")
    if note:
        # Browsers and word processors set it a third of the size higher, at two thirds to five sixths of it.
        end = size + draw.textlength(text, face)
        draw.text((end, foot - size / 3), note, 255, load(font, round(shrunk * size)), anchor="ls")
    if line is not None:
        left, right = (size + draw.textlength(text[:n], face) for n in (line[0], line[1] + 1))
        y = foot - 0.35 * size
        draw.line((left, y, right, y), 255, max(1, size // 14))
    pixels = cv2.GaussianBlur(np.asarray(image), (0, 0), size / 40)
    ink = np.where(pixels > 110, np.uint8(255), np.uint8(0))
    rows, columns = np.nonzero(ink)
    return ink[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]


def test_hardly_any_plain_figure_is_marked() -> None:
    plain = [(text, font, size) for text in FIGURES for font in FONTS for size in (18, 24, 30, 40)]
    marked = [case for case in plain if is_struck(ink := printed(*case)) or has_note_mark(ink)]
    # Two bars that touch, as in 44, are one line.
    assert len(marked) <= 0.02 * len(plain), marked


@pytest.mark.parametrize("size", [18, 30])
def test_a_line_through_two_digits_is_seen(size: int) -> None:
    for font in FONTS:
        assert is_struck(printed("12", font, size, line=(0, 1)))
        assert is_struck(printed("3745", font, size, line=(0, 1)))
        assert is_struck(printed("80", font, size, line=(0, 1)))


@pytest.mark.parametrize("size", [18, 24, 40])
def test_a_note_is_seen(size: int) -> None:
    for font in FONTS:
        for text in ("0", "12", "2483"):
            assert has_note_mark(printed(text, font, size, note="1"))
            assert has_note_mark(printed(text, font, size, note="2"))


def test_a_digit_that_lost_its_foot_is_none() -> None:
    ink = np.zeros((30, 60), np.uint8)
    ink[:, 5:20] = ink[:18, 30:45] = 255
    assert not has_note_mark(ink)
    raised = np.pad(ink, ((6, 0), (0, 0)))
    raised[:, 30:45] = 0
    raised[:18, 30:45] = 255
    assert has_note_mark(raised)


def test_dashes_and_rulings_are_no_lines_through_figures() -> None:
    dash = np.full((3, 40), 255, np.uint8)
    assert not is_struck(dash)
    minus = np.zeros((24, 60), np.uint8)
    minus[11:13, :26] = 255
    minus[:, 40:52] = 255
    assert not is_struck(minus)
    underlined = np.zeros((24, 30), np.uint8)
    underlined[:18, 4:10] = underlined[:18, 16:22] = underlined[22:, :] = 255
    assert not is_struck(underlined)


def test_ink_of_a_few_pixels_is_none() -> None:
    for shape in ((1, 1), (3, 9), (7, 7)):
        assert not is_struck(np.full(shape, 255, np.uint8))
        assert not has_note_mark(np.full(shape, 255, np.uint8))
