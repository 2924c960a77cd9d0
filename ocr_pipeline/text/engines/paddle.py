"""PaddleOCR's text detector and recogniser behind the protocols of ``ocr_pipeline.engine``.

PaddleOCR loads the models and finds the lines. For recognition its own ``predict`` is passed by, for two reasons: it
gives no probabilities but those of the best path, and it pads every crop to 320 pixels, which costs a single figure
five times its work. Preprocessing is PaddleOCR's to the pixel, so the readings are too.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from pathlib import Path
from threading import Lock
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.crew import Crew
from ocr_pipeline.document import Reading
from ocr_pipeline.engine import Recognition
from ocr_pipeline.errors import ConfigurationError, WeightsError
from ocr_pipeline.geometry import Polygon
from ocr_pipeline.text.batches import BatchedLines, LineImage, LineReader
from ocr_pipeline.text.decode import Steps, beam_search, greedy
from ocr_pipeline.text.engines.model_folder import (
    detection_config,
    prepare_folder,
    read_characters,
    recognition_config,
)
from ocr_pipeline.text.engines.network import Network, onnx_network, torch_network
from ocr_pipeline.text.engines.runtime import load_predictor
from ocr_pipeline.text.options import TextOptions
from ocr_pipeline.weights import find, resolve

__all__ = ["PaddleDetector", "PaddleRecognizer", "bucket_width"]

Image = NDArray[np.uint8]

_HEIGHT = 48
_LEAST_WIDTH, _STEP = 48, 32
"""Most lines in tables are lone figures no broader than high: a quarter less work than 64 pixels are."""
_LONG = 8
"""Widths against its height from which a line is long: eight Chinese characters, and more digits than a figure has."""
_EMPTY = Recognition("", 0.0)
_GRAIN, _STAMP = 32, 64
"""Sides that the detector takes are multiples of the first; smaller images than the second PaddleOCR pads."""


def bucket_width(width: int) -> int:
    """The input width for an image of that width at 48 px height.

    It depends on the image alone, so a reading does not change with the company it is read in. Finer steps would leave
    figures nobody to share a batch with; for long lines a batch of one is as fast as any.
    """
    return _LEAST_WIDTH if width <= _LEAST_WIDTH else math.ceil(width / _STEP) * _STEP


class PaddleDetector:
    """Finds lines of text with PaddleOCR's ``TextDetection`` (differentiable binarization)."""

    def __init__(self, options: TextOptions, models_folder: Path | None = None) -> None:
        """Load the detector that the options name.

        Raises:
            ConfigurationError: no such model or device.
            WeightsError: its weights are missing or altered.
            DependencyError: paddleocr cannot be imported.
        """
        self.name = options.detector
        folder = prepare_folder(resolve(options.detector, models_folder), detection_config(options.detector))
        self.predictor = load_predictor(
            "TextDetection",
            options.detector,
            folder,
            device=options.device,
            limit_side_len=options.detection_side,
            limit_type="max",
            thresh=options.pixel_threshold,
            box_thresh=options.box_threshold,
            unclip_ratio=options.unclip,
        )
        self._side = options.detection_side
        # PaddleOCR keeps state in a predictor.
        self._turn = Lock()

    def detect(self, image: Image) -> list[Polygon]:
        """Quadrilaterals around the lines of a page (height x width, or x 3 RGB, uint8), clockwise from the top left.

        A longer side than ``detection_side`` is shrunk for the search; coordinates are those of ``image``.
        """
        return self.detect_all([image])[0]

    def detect_all(self, images: Sequence[Image]) -> list[list[Polygon]]:
        """``detect`` of each of several images of one ``bucket``, all at once."""
        if any(image.size == 0 for image in images):
            return [[] for _ in images]
        with self._turn:
            found = list(self.predictor.predict([_bgr(image) for image in images], batch_size=len(images)))
        return [[Polygon(tuple((float(x), float(y)) for x, y in quad)) for quad in page["dt_polys"]] for page in found]

    def bucket(self, image: Image) -> Hashable:
        """Images of the same bucket may be given to ``detect_all`` together; it depends on the image alone.

        PaddleOCR gives the network the image at the next size that it can take, and does not pad: paper around a page
        would change what is found on it.
        """
        height, width = image.shape[:2]
        if image.size == 0 or height + width < _STAMP:
            return height, width
        ratio = min(1.0, self._side / max(height, width))
        return tuple(max(_GRAIN, round(int(side * ratio) / _GRAIN) * _GRAIN) for side in (height, width))


class PaddleRecognizer:
    """Reads images of single lines with a model that PaddleOCR's ``TextRecognition`` loads."""

    def __init__(
        self,
        model: str,
        options: TextOptions,
        models_folder: Path | None = None,
        crew: Crew | None = None,
        lines: LineReader | None = None,
    ) -> None:
        """Load the recogniser ``model`` of the manifest; a crew shares the batches of one call.

        With ``lines``, its network is elsewhere, and none is loaded.

        Raises:
            ConfigurationError: no such model or device.
            WeightsError: its weights are missing or altered.
            DependencyError: paddleocr, or torch where it is asked for, cannot be imported.
        """
        entry = find(model, models_folder)
        weights = resolve(model, models_folder)
        listed = None if entry.characters is None else resolve(entry.characters, models_folder)
        characters = read_characters(weights, listed)
        self.name = model
        self._max_width, self._line_width = options.max_width, options.line_width
        self._characters = ("", *characters, " ")
        self._index = {character: index for index, character in reversed(list(enumerate(self._characters)))}
        self.predictor: Any = None
        # What reads them; of this process unless it was given.
        self.lines: LineReader = lines or BatchedLines(
            self._network(options, models_folder), options.batch_width, crew or Crew()
        )

    def _network(self, options: TextOptions, models_folder: Path | None) -> Network:
        weights, torch_weights = resolve(self.name, models_folder), find(self.name, models_folder).torch
        if options.runtime == "torch" and torch_weights is not None:
            found = resolve(torch_weights, models_folder)
            return torch_network(found, len(self._characters), device=options.device)
        self.predictor = load_predictor(
            "TextRecognition",
            self.name,
            prepare_folder(weights, recognition_config(self.name, self._characters[1:-1])),
            device=options.device,
        )
        session = self.predictor.paddlex_predictor.runner.session
        outputs = session.get_outputs()[0].shape[-1]
        if outputs != len(self._characters):
            raise WeightsError(f"{self.name} has {outputs} outputs for {len(self._characters)} characters")
        return onnx_network(session)

    def recognize(self, images: Sequence[Image], *, alphabet: str | None = None, beams: int = 5) -> list[Recognition]:
        """Read each image; see ``ocr_pipeline.engine.Recognizer``.

        Raises:
            ConfigurationError: the model cannot write a character of the alphabet.
        """
        columns = [] if alphabet is None else self._columns(alphabet)

        def decode(steps: Steps) -> Recognition:
            text, confidence = greedy(steps, self._characters)
            if alphabet is None:
                return Recognition(text, confidence)
            strings = beam_search(steps.picked, alphabet, beams=beams)
            typed = tuple(Reading(text=string, log_prob=log_prob, engine=self.name) for string, log_prob in strings)
            return Recognition(text, confidence, typed)

        there = [index for index, image in enumerate(images) if image.size > 0]
        read = self.lines.read([self._prepare(images[index]) for index in there], columns, decode)
        readings = [_EMPTY] * len(images)
        for index, reading in zip(there, read, strict=True):
            readings[index] = reading
        return readings

    def _columns(self, alphabet: str) -> list[int]:
        unknown = sorted(set(alphabet) - set(self._index))
        if unknown:
            raise ConfigurationError(f"{self.name} cannot write {unknown}")
        return [0, *(self._index[character] for character in alphabet)]

    def _prepare(self, image: Image) -> LineImage:
        height, width = image.shape[:2]
        # Resized in one step: a line that was narrowed before would be blurred twice.
        share = self._line_width if width >= _LONG * height else 1.0
        scaled = min(max(1, math.ceil(share * _HEIGHT * width / height)), self._max_width)
        pixels = cv2.resize(_bgr(image), (scaled, _HEIGHT))
        return LineImage(np.asarray(pixels, dtype=np.uint8), bucket_width(scaled))


def _bgr(image: Image) -> Image:
    """PaddleOCR's models see blue first."""
    if image.ndim == 2:
        return np.asarray(cv2.cvtColor(image, cv2.COLOR_GRAY2BGR), dtype=np.uint8)
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2BGR), dtype=np.uint8)
