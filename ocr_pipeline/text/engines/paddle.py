"""PaddleOCR's text detector and recogniser behind the protocols of ``ocr_pipeline.engine``.

PaddleOCR loads the models and finds the lines. For recognition its own ``predict`` is passed by, for two reasons: it
gives no probabilities but those of the best path, and it pads every crop to 320 pixels, which costs a single figure
five times its work. Preprocessing is PaddleOCR's to the pixel, so the readings are too.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.crew import Crew
from ocr_pipeline.document import Reading
from ocr_pipeline.engine import Recognition
from ocr_pipeline.errors import ConfigurationError, WeightsError
from ocr_pipeline.geometry import Polygon
from ocr_pipeline.text.decode import beam_search, greedy
from ocr_pipeline.text.engines.model_folder import (
    detection_config,
    prepare_folder,
    read_characters,
    recognition_config,
)
from ocr_pipeline.text.engines.network import onnx_network, torch_network
from ocr_pipeline.text.engines.runtime import load_predictor
from ocr_pipeline.text.options import TextOptions
from ocr_pipeline.weights import find, resolve

__all__ = ["PaddleDetector", "PaddleRecognizer", "bucket_width"]

Image = NDArray[np.uint8]

_HEIGHT = 48
_LEAST_WIDTH = 64
_EMPTY = Recognition("", 0.0)


def bucket_width(width: int) -> int:
    """The input width for an image of that width at 48 px height: finer steps for figures than for long lines.

    It depends on the image alone, so a reading does not change with the company it is read in.
    """
    step = 32 if width <= 512 else 128
    return max(_LEAST_WIDTH, math.ceil(width / step) * step)


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
        # PaddleOCR keeps state in a predictor.
        self._turn = Lock()

    def detect(self, image: Image) -> list[Polygon]:
        """Quadrilaterals around the lines of a page (height x width, or x 3 RGB, uint8), clockwise from the top left.

        A longer side than ``detection_side`` is shrunk for the search; coordinates are those of ``image``.
        """
        if image.size == 0:
            return []
        with self._turn:
            [result] = self.predictor.predict(_bgr(image), batch_size=1)
        return [Polygon(tuple((float(x), float(y)) for x, y in quad)) for quad in result["dt_polys"]]


@dataclass(frozen=True)
class _Prepared:
    index: int
    pixels: Image
    bucket: int


class PaddleRecognizer:
    """Reads images of single lines with a model that PaddleOCR's ``TextRecognition`` loads."""

    def __init__(
        self, model: str, options: TextOptions, models_folder: Path | None = None, crew: Crew | None = None
    ) -> None:
        """Load the recogniser ``model`` of the manifest; a crew shares the batches of one call.

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
        self._options = options
        self._crew = crew or Crew()
        self._characters = ("", *characters, " ")
        self.predictor = None
        if options.runtime == "torch" and entry.torch is not None:
            torch_weights = resolve(entry.torch, models_folder)
            self._network = torch_network(torch_weights, len(self._characters), device=options.device)
            return
        self.predictor = load_predictor(
            "TextRecognition",
            model,
            prepare_folder(weights, recognition_config(model, characters)),
            device=options.device,
        )
        session = self.predictor.paddlex_predictor.runner.session
        outputs = session.get_outputs()[0].shape[-1]
        if outputs != len(self._characters):
            raise WeightsError(f"{model} has {outputs} outputs for {len(self._characters)} characters")
        self._network = onnx_network(session)

    def recognize(self, images: Sequence[Image], *, alphabet: str | None = None, beams: int = 5) -> list[Recognition]:
        """Read each image; see ``ocr_pipeline.engine.Recognizer``.

        Raises:
            ConfigurationError: the model cannot write a character of the alphabet.
        """
        columns = None if alphabet is None else self._columns(alphabet)

        def read(batch: list[_Prepared]) -> list[Recognition]:
            return [self._decoded(p, alphabet, columns, beams) for p in self._infer(batch)]

        batches = list(self._batches(images))
        readings = [_EMPTY] * len(images)
        for batch, read_batch in zip(batches, self._crew.map(read, batches), strict=True):
            for item, reading in zip(batch, read_batch, strict=True):
                readings[item.index] = reading
        return readings

    def _decoded(
        self, probabilities: NDArray[np.float32], alphabet: str | None, columns: list[int] | None, beams: int
    ) -> Recognition:
        text, confidence = greedy(probabilities, self._characters)
        if alphabet is None or columns is None:
            return Recognition(text, confidence)
        strings = beam_search(probabilities[:, columns], alphabet, beams=beams)
        typed = tuple(Reading(text=string, log_prob=log_prob, engine=self.name) for string, log_prob in strings)
        return Recognition(text, confidence, typed)

    def _columns(self, alphabet: str) -> list[int]:
        try:
            return [0, *(self._characters.index(character) for character in alphabet)]
        except ValueError:
            unknown = sorted(set(alphabet) - set(self._characters))
            raise ConfigurationError(f"{self.name} cannot write {unknown}") from None

    def _batches(self, images: Sequence[Image]) -> Iterator[list[_Prepared]]:
        """Images of one bucket together, as many as ``batch_width`` allows, so that memory is bounded."""
        prepared = [self._prepare(index, image) for index, image in enumerate(images) if image.size > 0]
        batch: list[_Prepared] = []
        for item in sorted(prepared, key=lambda p: p.bucket):
            if batch and (item.bucket != batch[0].bucket or (len(batch) + 1) * item.bucket > self._options.batch_width):
                yield batch
                batch = []
            batch.append(item)
        if batch:
            yield batch

    def _prepare(self, index: int, image: Image) -> _Prepared:
        height, width = image.shape[:2]
        scaled = min(max(1, math.ceil(_HEIGHT * width / height)), self._options.max_width)
        pixels = cv2.resize(_bgr(image), (scaled, _HEIGHT))
        return _Prepared(index, np.asarray(pixels, dtype=np.uint8), bucket_width(scaled))

    def _infer(self, batch: list[_Prepared]) -> NDArray[np.float32]:
        """Probabilities, batch x steps x characters."""
        # The models were trained with padding of 0 after normalisation (neutral grey); white makes lone zeros vanish.
        tensor = np.zeros((len(batch), 3, _HEIGHT, batch[0].bucket), dtype=np.float32)
        for row, item in zip(tensor, batch, strict=True):
            row[:, :, : item.pixels.shape[1]] = item.pixels.transpose(2, 0, 1)
            row[:, :, : item.pixels.shape[1]] /= 127.5
            row[:, :, : item.pixels.shape[1]] -= 1.0
        return self._network(tensor)


def _bgr(image: Image) -> Image:
    """PaddleOCR's models see blue first."""
    if image.ndim == 2:
        return np.asarray(cv2.cvtColor(image, cv2.COLOR_GRAY2BGR), dtype=np.uint8)
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2BGR), dtype=np.uint8)
