from __future__ import annotations

import importlib.util
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from ocr_pipeline.tables.marks import is_dotted_zero, leans_like_a_slash, lone_mark


def trimmed(picture: np.ndarray) -> np.ndarray:
    rows, columns = np.nonzero(picture)
    return picture[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]


def glyph(text: str, size: int, *, blur: bool = False) -> np.ndarray:
    spec = importlib.util.find_spec("layoutparser")
    assert spec is not None
    assert spec.origin is not None
    font = next(Path(spec.origin).parent.rglob("NotoSerifCJKjp-Regular.otf"))
    image = Image.new("L", (4 * size, 3 * size), 0)
    ImageDraw.Draw(image).text((size, size), text, 255, ImageFont.truetype(str(font), size))
    pixels = np.asarray(image)
    if blur:
        pixels = cv2.GaussianBlur(pixels, (0, 0), 1.0)
    return trimmed(np.where(pixels > 90, np.uint8(255), np.uint8(0)))


@pytest.mark.parametrize("size", [20, 28, 40])
@pytest.mark.parametrize("blur", [False, True])
def test_a_slash_and_a_dash_are_told_from_figures(size: int, blur: bool) -> None:
    assert lone_mark(glyph("/", size, blur=blur)) == "/"
    assert lone_mark(glyph("—", size)) == "—"
    for figure in "0123456789":
        assert lone_mark(glyph(figure, size, blur=blur)) is None
        assert not (figure == "1" and leans_like_a_slash(glyph(figure, size, blur=blur)))
    assert leans_like_a_slash(glyph("/", size, blur=blur))
    assert lone_mark(glyph("11", size)) is None
    assert lone_mark(glyph("74", size)) is None


@pytest.mark.parametrize("lean", [-0.08, 0.0, 0.08])
def test_a_plain_stroke_is_a_one(lean: float) -> None:
    picture = np.zeros((60, 60), np.uint8)
    cv2.line(picture, (30 - round(15 * lean), 15), (30 + round(15 * lean), 45), 255, 4)
    assert lone_mark(trimmed(picture)) is None


def zero(height: int, *, dot: float = 0.5, blur: float = 0.0) -> np.ndarray:
    """A zero of a font for programs; ``dot`` is how far down it its dot stands, 0 for none."""
    picture = np.zeros((2 * height, 2 * height), np.uint8)
    width, stroke = round(0.6 * height), max(2, round(0.11 * height))
    cv2.ellipse(picture, (height, height), (width // 2, height // 2), 0, 0, 360, 255, stroke)
    if dot:
        cv2.circle(picture, (height, round(height * (0.5 + dot))), max(1, round(0.07 * height)), 255, -1)
    if blur:
        picture = cv2.GaussianBlur(picture, (0, 0), blur)
    return trimmed(np.where(picture > 110, np.uint8(255), np.uint8(0)))


@pytest.mark.parametrize("height", [18, 26, 40])
def test_a_zero_with_a_dot_is_told_from_whatever_else_is_round(height: int) -> None:
    assert is_dotted_zero(zero(height))
    assert is_dotted_zero(zero(height, blur=0.6))
    assert not is_dotted_zero(zero(height, dot=0)), "recognisers read it"
    assert not is_dotted_zero(zero(height, dot=0.25)), "a speck"
    others = "0123456789日目曰OQD◎" + ("回" if height > 20 else "")  # at 18 px that is a zero with a dot
    for other in others:
        assert not is_dotted_zero(glyph(other, height)), other
