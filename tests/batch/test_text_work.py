"""The models behind the room: what several documents ask for at once is read as it is read alone."""

from __future__ import annotations

import importlib.metadata
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from ocr_pipeline.batch.gathering import Gatherer
from ocr_pipeline.batch.shared_models import ModelsOfAnother, TextWork
from ocr_pipeline.engine import FIGURE_ALPHABET, Recognition
from ocr_pipeline.errors import WeightsError
from ocr_pipeline.text.load import load_text_engine
from ocr_pipeline.text.options import TextOptions
from ocr_pipeline.weights import resolve

TEXTS = (
    "0",
    "7",
    "12",
    "1,234",
    "+85",
    "-13",
    "52.15",
    "本年新收",
    "三、本年度办理结果",
    "根据条例第二十条，现予公布。",
)


@cache
def font(size: int) -> ImageFont.FreeTypeFont:
    files = importlib.metadata.files("layoutparser") or []
    [file] = [file for file in files if file.name == "NotoSerifCJKjp-Regular.otf"]
    return ImageFont.truetype(str(file.locate()), size)


def drawn(text: str, size: int) -> np.ndarray:
    image = Image.new("RGB", (round(font(size).getlength(text)) + 12, round(size * 1.5)), "white")
    ImageDraw.Draw(image).text((6, 0), text, fill="black", font=font(size))
    return np.asarray(image, dtype=np.uint8)


def page(lines: int) -> np.ndarray:
    sheet = np.full((400 + lines, 640, 3), 255, np.uint8)
    for line in range(lines):
        image = drawn(TEXTS[-1 - line % 3], 20)
        sheet[40 + 60 * line : 40 + 60 * line + image.shape[0], 50 : 50 + image.shape[1]] = image
    return sheet


class Counted:
    """Counts the wishes of each batch, and begins when so many wait."""

    def __init__(self, work: TextWork) -> None:
        self._work = work
        self.sizes: list[int] = []

    def bucket(self, wish: Any) -> Any:
        return self._work.bucket(wish)

    def run(self, wishes: Any) -> Any:
        self.sizes.append(len(wishes))
        return self._work.run(wishes)


@pytest.fixture(scope="module", params=["onnxruntime", "torch"])
def options(request: pytest.FixtureRequest) -> TextOptions:
    if request.param == "torch":
        pytest.importorskip("torch", reason="needs torch: pip install 'ocr-pipeline[torch]'")
        pytest.importorskip("transformers", reason="needs transformers: pip install 'ocr-pipeline[torch]'")
        try:
            resolve("PP-OCRv6_small_rec_torch")
        except WeightsError as error:
            pytest.skip(str(error))
    return TextOptions(threads=1, runtime=request.param)


def alike(one: Recognition, other: Recognition) -> None:
    assert one.text == other.text
    assert one.confidence == pytest.approx(other.confidence, abs=1e-4)
    assert [reading.text for reading in one.typed[:1]] == [reading.text for reading in other.typed[:1]]
    for mine, theirs in zip(one.typed[:1], other.typed[:1], strict=True):
        assert mine.log_prob == pytest.approx(theirs.log_prob, rel=1e-3, abs=1e-3)


def test_documents_read_together_are_read_as_alone(options: TextOptions) -> None:
    """Three documents at once, of different lines in different orders, against each read by models of its own."""
    counted = Counted(TextWork(options))
    gatherer: Gatherer[Any, Any] = Gatherer(counted, before=lambda tokens: None, after=lambda: None)
    documents = [[drawn(text, 22 + number) for text in TEXTS[number:] + TEXTS[:number]] for number in range(3)]
    pages = [page(1 + number) for number in range(3)]
    own = load_text_engine(options)

    def read(number: int) -> tuple[list[Recognition], list[Recognition], Any]:
        calls = iter(range(10))
        shared = load_text_engine(
            options,
            shared=ModelsOfAnother(lambda wishes: gatherer.ask(wishes, f"{number}/{next(calls)}")),
        )
        assert shared.second is not None
        figures = shared.recognizer.recognize(documents[number], alphabet=FIGURE_ALPHABET)
        return figures, shared.second.recognize(documents[number]), shared.detector.detect(pages[number])

    with ThreadPoolExecutor(3) as threads:
        together = list(threads.map(read, range(3)))
    assert own.second is not None
    for number, (figures, words, boxes) in enumerate(together):
        for one, other in zip(
            figures, own.recognizer.recognize(documents[number], alphabet=FIGURE_ALPHABET), strict=True
        ):
            alike(one, other)
        for one, other in zip(words, own.second.recognize(documents[number]), strict=True):
            alike(one, other)
        assert boxes == own.detector.detect(pages[number])
        assert len(boxes) == 1 + number
    # Lines of several documents have met, or each of them would have been alone in its bucket.
    assert max(counted.sizes) > 2
    assert sum(counted.sizes) == 3 * (2 * len(TEXTS) + 1)
