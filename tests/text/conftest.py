from __future__ import annotations

import importlib.metadata
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from ocr_pipeline.document import PageImage
from ocr_pipeline.geometry import Transform
from ocr_pipeline.text.engines.paddle import PaddleRecognizer
from ocr_pipeline.text.load import TextEngine, load_text_engine
from ocr_pipeline.text.options import TextOptions

Pixels = NDArray[np.uint8]
Draw = Callable[..., Pixels]


@pytest.fixture(scope="session")
def font_file() -> Path:
    """A CJK font that is always there; the package is located, not imported."""
    files = importlib.metadata.files("layoutparser") or []
    [font] = [file for file in files if file.name == "NotoSerifCJKjp-Regular.otf"]
    return Path(str(font.locate()))


@pytest.fixture(scope="session")
def draw(font_file: Path) -> Draw:
    """draw(text, size=36, margin=8): the text in black on white, RGB, cut to its ink with a margin."""

    def drawn(text: str, *, size: int = 36, margin: int = 8) -> Pixels:
        font = ImageFont.truetype(str(font_file), size)
        left, top, right, bottom = font.getbbox(text)
        image = Image.new("RGB", (round(right - left) + 2 * margin, round(bottom - top) + 2 * margin), "white")
        ImageDraw.Draw(image).text((margin - left, margin - top), text, fill="black", font=font)
        return np.asarray(image, dtype=np.uint8)

    return drawn


@pytest.fixture(scope="session")
def engine() -> TextEngine:
    return load_text_engine(TextOptions(threads=1))


@pytest.fixture(scope="session")
def recognizer(engine: TextEngine) -> PaddleRecognizer:
    assert isinstance(engine.recognizer, PaddleRecognizer)
    return engine.recognizer


@pytest.fixture
def page_of() -> Callable[[Pixels], PageImage]:
    """A gray image as a page at 200 dpi."""

    def page(gray: Pixels) -> PageImage:
        return PageImage(
            index=0,
            color=np.repeat(gray[:, :, None], 3, axis=2),
            gray=gray,
            dpi=200.0,
            transform=Transform.identity(),
            source_size=(float(gray.shape[1]), float(gray.shape[0])),
        )

    return page
