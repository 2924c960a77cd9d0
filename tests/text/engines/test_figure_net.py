from __future__ import annotations

import math

import numpy as np
import pytest
from PIL import Image, ImageDraw

from ocr_pipeline.engine import FIGURE_ALPHABET, Recognizer
from ocr_pipeline.errors import ConfigurationError, WeightsError
from ocr_pipeline.evaluation.synthetic.fonts import FALLBACK, load
from ocr_pipeline.text.engines.figure_net import FigureReader
from ocr_pipeline.text.figure_intake import HEIGHT, STEP, normalized
from ocr_pipeline.weights import resolve


def picture(text: str, *, ink: int = 0, size: int = 24) -> np.ndarray:
    font = load(FALLBACK, size)
    left, top, right, bottom = font.getbbox(text)
    sheet = Image.new("L", (int(right - left) + 14, int(bottom - top) + 14), 255)
    ImageDraw.Draw(sheet).text((7 - left, 7 - top), text, font=font, fill=ink)
    return np.asarray(sheet, dtype=np.uint8)


@pytest.fixture(scope="module")
def reader() -> FigureReader:
    return FigureReader()


def test_it_reads_figures_and_nothing_else(reader) -> None:
    assert isinstance(reader, Recognizer)
    texts = ["0", "7", "35", "1207", "-913", "+8", "3.5", "总计", "/", "法律服务机构"]
    found = reader.recognize([picture(text) for text in texts], alphabet=FIGURE_ALPHABET)
    assert [r.text for r in found] == [*texts[:7], "", "", ""]
    for text, recognition in zip(texts[:7], found, strict=False):
        assert recognition.typed[0].text == text
        assert math.exp(recognition.typed[0].log_prob) > 0.5
    assert all(math.exp(r.typed[0].log_prob) < 0.2 for r in found[7:] if r.typed)


def test_hardly_a_sign_is_lost_and_none_for_sure(reader) -> None:
    """The minus of this face is as thin as a hairline; single ones are lost with any weights."""
    texts = [f"-{number}" for number in range(11, 1000, 49)]
    shown = [(text, size) for size in (16, 20, 24, 28, 34) for text in texts]
    found = reader.recognize([picture(text, size=size) for text, size in shown], alphabet=FIGURE_ALPHABET)
    lost = [seen for (text, _), seen in zip(shown, found, strict=True) if seen.text != text]
    assert len(shown) == 105
    assert len(lost) <= 2
    assert all(math.exp(seen.typed[0].log_prob) < 0.9 for seen in lost)


def test_faint_print_reads_as_black_print_does(reader) -> None:
    texts = ["0", "48", "-913"]
    faint = reader.recognize([picture(text, ink=185) for text in texts], alphabet=FIGURE_ALPHABET)
    assert [r.text for r in faint] == texts


def test_a_reading_does_not_depend_on_its_company(reader) -> None:
    images = [picture(text) for text in ("5", "61", "2024", "8", "77")]
    together = reader.recognize(images, alphabet=FIGURE_ALPHABET)
    alone = [reader.recognize([image], alphabet=FIGURE_ALPHABET)[0] for image in images]
    assert [r.text for r in together] == [r.text for r in alone]
    assert np.allclose([r.typed[0].log_prob for r in together], [r.typed[0].log_prob for r in alone], atol=1e-4)
    assert reader.recognize([]) == []
    assert reader.recognize([np.zeros((0, 4), np.uint8)])[0].text == ""


def test_wrong_weights_and_unknown_characters_are_refused(reader) -> None:
    with pytest.raises(ConfigurationError):
        reader.recognize([picture("1")], alphabet="0123x")
    with pytest.raises(WeightsError):
        FigureReader(resolve("page_net"))


@pytest.mark.parametrize("shape", [(3, 3), (12, 500), (90, 40), (32, 33)])
def test_the_intake_keeps_its_limits(shape) -> None:
    ink = normalized(np.full(shape, 250, np.uint8))
    assert ink.shape[0] == HEIGHT
    assert ink.shape[1] % STEP == 0
    assert 16 <= ink.shape[1] <= 448
    assert not ink.any(), "paper is no ink"
