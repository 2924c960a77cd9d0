"""Pages that hold no report: an error or a remark in bounded time, never a value."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from ocr_pipeline.errors import NoTextError
from ocr_pipeline.pipeline import Reader
from ocr_pipeline.resources import bundled_font

pytestmark = pytest.mark.slow

Pixels = NDArray[np.uint8]
_WIDTH, _HEIGHT = 1240, 1754  # A4 at 150 dpi
_SECONDS = 60  # of computing, whatever else the machine does


def blank() -> Pixels:
    return np.full((_HEIGHT, _WIDTH), 255, dtype=np.uint8)


def black() -> Pixels:
    return np.zeros((_HEIGHT, _WIDTH), dtype=np.uint8)


def noise() -> Pixels:
    return np.random.default_rng(0).integers(0, 255, (_HEIGHT, _WIDTH), dtype=np.uint8)


def landscape() -> Pixels:
    """Soft shapes in colour, as of a photograph that shows no document."""
    down, across = np.mgrid[0:_HEIGHT, 0:_WIDTH].astype(np.float32)
    waves = (np.sin(across / 300 + down / 500), np.cos(across / 200 - down / 340), np.sin(down / 150))
    grain = np.random.default_rng(1).normal(0, 20, (_HEIGHT, _WIDTH, 3))
    picture = 128 + 90 * np.stack(waves, axis=-1) + grain
    return cv2.GaussianBlur(picture, (0, 0), 2).clip(0, 255).astype(np.uint8)


def with_drawing(width: int, draw: Callable[[ImageDraw.ImageDraw], None]) -> Pixels:
    image = Image.new("L", (width, _HEIGHT), 255)
    draw(ImageDraw.Draw(image))
    return np.asarray(image)


def grid(pen: ImageDraw.ImageDraw, left: int, top: int, size: tuple[int, int], cell: tuple[int, int]) -> None:
    rows, columns = size
    for row in range(rows + 1):
        pen.line((left, top + row * cell[1], left + columns * cell[0], top + row * cell[1]), fill=0, width=2)
    for column in range(columns + 1):
        pen.line((left + column * cell[0], top, left + column * cell[0], top + rows * cell[1]), fill=0, width=2)


def font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(bundled_font()), size)


def four_hundred_columns() -> Pixels:
    def draw(pen: ImageDraw.ImageDraw) -> None:
        grid(pen, 40, 100, (4, 400), (28, 48))
        for row in range(4):
            for column in range(400):
                pen.text((48 + column * 28, 110 + row * 48), str(row * column % 10), fill=0, font=font(20))

    return with_drawing(400 * 28 + 80, draw)


def another_script() -> Pixels:
    def draw(pen: ImageDraw.ImageDraw) -> None:
        lines = [
            "Отчёт о работе с обращениями за 2020 год",
            "Поступило 120 обращений, удовлетворено 45",
            "Αναφορά 2020",
        ]
        pen.multiline_text((100, 100), "\n".join(lines * 6), fill=0, font=font(30), spacing=12)
        grid(pen, 100, 1100, (4, 4), (240, 60))
        for row in range(4):
            for column in range(4):
                text = str(row * 37 + column) if column else "Отдел"
                pen.text((120 + column * 240, 1112 + row * 60), text, fill=0, font=font(28))

    return with_drawing(_WIDTH, draw)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


def saved(pixels: Pixels, folder: Path) -> Path:
    path = folder / "page.png"
    Image.fromarray(pixels).save(path, dpi=(150, 150))
    return path


@pytest.mark.parametrize("page", [blank, black, noise, landscape])
def test_a_page_without_print_is_an_error(page: Callable[[], Pixels], reader: Reader, tmp_path: Path) -> None:
    began = time.process_time()
    with pytest.raises(NoTextError, match=r"page\.png: no text on any page"):
        reader.read(saved(page(), tmp_path))
    assert time.process_time() - began < _SECONDS


@pytest.mark.parametrize("page", [four_hundred_columns, another_script])
def test_a_page_of_something_else_gives_no_values(page: Callable[[], Pixels], reader: Reader, tmp_path: Path) -> None:
    began = time.process_time()
    report = reader.read(saved(page(), tmp_path))
    assert time.process_time() - began < _SECONDS
    assert report.values == ()
    assert "no-known-table" in {finding.code for finding in report.findings}
