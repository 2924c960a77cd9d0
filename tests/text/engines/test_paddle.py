from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ocr_pipeline.engine import FIGURE_ALPHABET, Recognizer, TextDetector
from ocr_pipeline.errors import ConfigurationError
from ocr_pipeline.text.engines.paddle import PaddleDetector, PaddleRecognizer, bucket_width
from ocr_pipeline.text.load import TextEngine
from ocr_pipeline.text.options import TextOptions

FIGURES = ("0", "7", "12", "1,234", "+85", "-13", "52.15")
SENTENCE = "根据《中华人民共和国政府信息公开条例》，现予公布（第二十条）。"

Draw = Callable[..., np.ndarray]


def test_the_models_keep_the_protocols(engine: TextEngine) -> None:
    assert isinstance(engine.detector, TextDetector)
    assert isinstance(engine.recognizer, Recognizer)
    assert isinstance(engine.second, Recognizer)
    assert engine.recognizer.name != engine.second.name


def test_both_models_read_figures(engine: TextEngine, draw: Draw) -> None:
    images = [draw(text) for text in FIGURES]
    for model in (engine.recognizer, engine.second):
        assert model is not None
        readings = model.recognize(images, alphabet=FIGURE_ALPHABET)
        assert [reading.text for reading in readings] == list(FIGURES)
        assert [reading.typed[0].text for reading in readings] == list(FIGURES)
        assert all(reading.typed[0].engine == model.name for reading in readings)


def test_both_models_read_a_sentence(engine: TextEngine, draw: Draw) -> None:
    for model in (engine.recognizer, engine.second):
        assert model is not None
        [reading] = model.recognize([draw(SENTENCE)])
        assert reading.text == SENTENCE
        assert reading.confidence > 0.9
        assert reading.typed == ()


def test_a_word_forced_into_digits_is_very_improbable(recognizer: PaddleRecognizer, draw: Draw) -> None:
    figure, word = recognizer.recognize([draw("10"), draw("总计")], alphabet=FIGURE_ALPHABET)
    assert figure.typed[0].log_prob > -0.1
    assert word.text == "总计"
    assert word.typed == () or word.typed[0].log_prob < -5


def test_typed_readings_come_best_first_and_are_limited(recognizer: PaddleRecognizer, draw: Draw) -> None:
    image = cv2.GaussianBlur(draw("38", size=20), (0, 0), 1.5)
    [reading] = recognizer.recognize([image], alphabet=FIGURE_ALPHABET, beams=3)
    scores = [item.log_prob for item in reading.typed]
    assert len(scores) == 3
    assert scores == sorted(scores, reverse=True)
    assert sum(np.exp(scores)) <= 1 + 1e-6


def test_a_reading_does_not_depend_on_its_company(recognizer: PaddleRecognizer, draw: Draw) -> None:
    images = [draw(text) for text in (*FIGURES, SENTENCE)]
    together = recognizer.recognize(images, alphabet=FIGURE_ALPHABET)
    backwards = recognizer.recognize(images[::-1], alphabet=FIGURE_ALPHABET)[::-1]
    alone = [recognizer.recognize([image], alphabet=FIGURE_ALPHABET)[0] for image in images]
    for first, *others in zip(together, backwards, alone, strict=True):
        for other in others:
            assert other.text == first.text
            assert other.confidence == pytest.approx(first.confidence, abs=1e-4)
            assert other.typed[0].text == first.typed[0].text
            assert other.typed[0].log_prob == pytest.approx(first.typed[0].log_prob, rel=1e-3, abs=1e-3)


@pytest.mark.parametrize("text", [SENTENCE, "52.15"])
def test_same_reading_as_paddleocr_itself(recognizer: PaddleRecognizer, draw: Draw, text: str) -> None:
    image = draw(text)
    [theirs] = recognizer.predictor.predict(np.ascontiguousarray(image[:, :, ::-1]))
    [ours] = recognizer.recognize([image])
    assert ours.text == theirs["rec_text"]
    # PaddleOCR pads a short image to 320 pixels, which moves the probabilities a little.
    assert ours.confidence == pytest.approx(theirs["rec_score"], abs=0.02)


def test_colours_reach_the_model_in_the_order_it_was_trained_with(draw: Draw) -> None:
    """Red on blue, so that the order matters to the model; at 48 x 640 nothing is scaled, narrowed or padded."""
    recognizer = PaddleRecognizer("PP-OCRv6_small_rec", TextOptions(threads=1, line_width=1.0))
    text = draw("政府信息公开年度报告", size=30)
    image = np.full((48, 640, 3), 255, np.uint8)
    image[: min(48, text.shape[0]), 20 : 20 + text.shape[1]] = text[:48]
    image[:, :, 0] = 255 - image[:, :, 0]
    image[:, :, 1] = 0
    [theirs] = recognizer.predictor.predict(np.ascontiguousarray(image[:, :, ::-1]))
    [swapped] = recognizer.predictor.predict(image)
    [ours] = recognizer.recognize([image])
    assert ours.text == theirs["rec_text"]
    assert ours.confidence == pytest.approx(theirs["rec_score"], abs=1e-5)
    assert abs(swapped["rec_score"] - theirs["rec_score"]) > 1e-3


def test_gray_and_colour_are_read_alike(recognizer: PaddleRecognizer, draw: Draw) -> None:
    image = draw("合计120")
    gray, colour = recognizer.recognize([image[:, :, 0], image])
    assert gray == colour


def test_nothing_to_read(recognizer: PaddleRecognizer) -> None:
    assert recognizer.recognize([]) == []
    nothing, sliver = recognizer.recognize(
        [np.zeros((0, 5), np.uint8), np.full((40, 1), 255, np.uint8)], alphabet=FIGURE_ALPHABET
    )
    assert (nothing.text, nothing.confidence, nothing.typed) == ("", 0.0, ())
    assert sliver.text == ""


def test_an_alphabet_the_model_does_not_know(recognizer: PaddleRecognizer, draw: Draw) -> None:
    with pytest.raises(ConfigurationError, match="cannot write"):
        recognizer.recognize([draw("1")], alphabet="0123\x07")


def test_an_unknown_model_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ConfigurationError, match="PP-OCRv6_small_rec"):
        PaddleRecognizer("no-such-model", TextOptions())


def test_the_detector_finds_each_line_in_page_coordinates(engine: TextEngine, draw: Draw) -> None:
    page = np.full((900, 1400, 3), 255, np.uint8)
    for top, text in ((100, "一、总体情况"), (300, SENTENCE)):
        image = draw(text)
        page[top : top + image.shape[0], 120 : 120 + image.shape[1]] = image
    boxes = sorted(quad.bounds for quad in engine.detector.detect(page))
    boxes.sort(key=lambda box: box.top)
    assert len(boxes) == 2
    assert [round(box.top, -2) for box in boxes] == [100, 300]
    assert all(abs(box.left - 125) < 25 for box in boxes)
    assert engine.detector.detect(np.zeros((0, 0, 3), np.uint8)) == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(st.integers(1, 2500), st.integers(1, 2500))
def test_pages_of_a_bucket_are_pages_that_paddleocr_makes_the_same_size(
    engine: TextEngine, height: int, width: int
) -> None:
    detector = engine.detector
    assert isinstance(detector, PaddleDetector)
    resize = detector.predictor.paddlex_predictor.pre_tfs["Resize"]
    side = TextOptions().detection_side
    [resized], _ = resize(imgs=[np.zeros((height, width, 3), np.uint8)], limit_side_len=side, limit_type="max")
    bucket = detector.bucket(np.zeros((height, width, 3), np.uint8))
    assert bucket == resized.shape[:2] or height + width < 64


def test_pages_looked_at_together_show_what_they_show_alone(engine: TextEngine, draw: Draw) -> None:
    detector = engine.detector
    assert isinstance(detector, PaddleDetector)
    pages = [np.full((size, 400, 3), 255, np.uint8) for size in (190, 199)]
    for page, text in zip(pages, FIGURES[3:5], strict=True):
        image = draw(text)
        page[80 : 80 + image.shape[0], 50 : 50 + image.shape[1]] = image
    assert detector.bucket(pages[0]) == detector.bucket(pages[1])
    together = detector.detect_all(pages)
    assert together == [detector.detect(page) for page in pages]
    assert [len(found) for found in together] == [1, 1]


@given(st.integers(1, 4000))
def test_buckets_hold_the_image_and_waste_little(width: int) -> None:
    bucket = bucket_width(width)
    assert bucket >= max(48, width)
    assert bucket == 48 or bucket % 32 == 0
    assert bucket - width < 48
    assert bucket_width(bucket) == bucket
