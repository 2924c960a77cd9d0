from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from ocr_pipeline.document import PageImage
from ocr_pipeline.engine import Recognition
from ocr_pipeline.geometry import Box, Polygon
from ocr_pipeline.text.lines import read_lines
from ocr_pipeline.text.load import TextEngine
from ocr_pipeline.text.options import TextOptions
from tests.fakes.scripted_detector import ScriptedDetector
from tests.fakes.scripted_recognizer import ScriptedRecognizer

PageOf = Callable[[np.ndarray], PageImage]


def blank(height: int = 1000, width: int = 800) -> np.ndarray:
    return np.full((height, width), 255, np.uint8)


def test_boxes_come_back_in_page_pixels(page_of: PageOf) -> None:
    gray = blank()
    gray[400:440, 200:600] = 0
    # Ink starts at (200, 400), the searched area 20 px before it; it is looked at with half the resolution.
    detector = ScriptedDetector([Box(10, 10, 210, 30)])
    [line] = read_lines(page_of(gray), detector, ScriptedRecognizer([" 一、 "]), options=TextOptions(detection_dpi=100))
    assert line.text == "一、"
    assert line.box == Box(200, 400, 600, 440)
    assert detector.images[0].shape == (40, 220, 3)


def test_excluded_areas_are_not_seen(page_of: PageOf) -> None:
    gray = blank()
    gray[100:120, 100:700] = 0
    gray[500:900, 100:700] = 0
    detector = ScriptedDetector([Box(0, 0, 100, 20)])
    read_lines(page_of(gray), detector, ScriptedRecognizer(["a"]), exclude=[Box(101, 502, 699, 898)])
    assert detector.images[0].shape[0] < 40
    assert gray[600, 300] == 0


def test_a_page_of_nothing_but_a_table_is_not_searched(page_of: PageOf) -> None:
    gray = blank()
    gray[100:900, 100:700] = 0
    detector = ScriptedDetector([Box(0, 0, 10, 10)])
    assert read_lines(page_of(gray), detector, ScriptedRecognizer(["a"]), exclude=[Box(100, 100, 700, 900)]) == []
    assert detector.images == []


def test_pale_print_is_looked_for_and_grain_is_not(page_of: PageOf) -> None:
    grain = np.random.default_rng(3).normal(0, 5, (1000, 800))
    detector = ScriptedDetector([Box(0, 0, 100, 20)])
    noise = np.clip(255 + grain, 0, 255).astype(np.uint8)
    assert read_lines(page_of(noise), detector, ScriptedRecognizer(["a"])) == []
    pale = 255 + grain
    pale[400:440:2, 200:600] -= 70  # strokes as wide as the gaps between them
    read_lines(page_of(np.clip(pale, 0, 255).astype(np.uint8)), detector, ScriptedRecognizer(["a"]))
    [searched] = detector.images
    assert searched.shape[0] < 100


@pytest.mark.parametrize("answer", ["", "  ", Recognition("……", 0.1)])
def test_dirt_is_no_line(page_of: PageOf, answer: str | Recognition) -> None:
    gray = blank()
    gray[400:440, 200:600] = 0
    detector = ScriptedDetector([Box(0, 0, 100, 20)])
    assert read_lines(page_of(gray), detector, ScriptedRecognizer([answer])) == []


def test_a_tilted_line_is_straightened(page_of: PageOf) -> None:
    gray = blank()
    corners = np.array([(100, 300), (698, 352), (695, 392), (97, 340)])
    cv2.fillPoly(gray, [corners.astype(np.int32)], 0)
    recognizer = ScriptedRecognizer(["a"])
    origin = np.array([97 - 20, 300 - 20])
    quad = Polygon(tuple((float(x), float(y)) for x, y in corners - origin))
    read_lines(page_of(gray), ScriptedDetector([quad]), recognizer, options=TextOptions(detection_dpi=600))
    [image] = recognizer.images
    assert image.shape[0] == 40
    inside = image[3:-3, 10:-10]
    assert inside.max() < 40


def test_a_page_read_by_the_real_models(page_of: PageOf, engine: TextEngine, draw: Callable[..., np.ndarray]) -> None:
    texts = [
        "一、总体情况",
        "全年公开各类信息1,204条，同比增长6.82%。",
        "（一）主动公开。《条例》第二十条、第二十一条；",
    ]
    gray = blank(1100, 1600)
    for top, text in zip((120, 320, 520), texts, strict=True):
        image = draw(text)[:, :, 0]
        gray[top : top + image.shape[0], 200 : 200 + image.shape[1]] = image
    gray[700:1000, 200:1400] = 90
    lines = read_lines(page_of(gray), engine.detector, engine.recognizer, exclude=[Box(200, 700, 1400, 1000)])
    assert [line.text for line in sorted(lines, key=lambda line: line.box.top)] == texts
