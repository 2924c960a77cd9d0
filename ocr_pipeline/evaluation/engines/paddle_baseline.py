"""PaddleOCR as anybody would call it: ``PaddleOCR(...).predict(page)`` with its defaults, on the same weights.

The steps whose weights are in no installed package (page orientation, unwarping, orientation of single lines) are
switched off; they would only make it slower.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.errors import DependencyError
from ocr_pipeline.text.engines.model_folder import (
    detection_config,
    prepare_folder,
    read_characters,
    recognition_config,
)
from ocr_pipeline.weights import cache_folder, find, resolve

__all__ = ["PaddleBaseline"]


class PaddleBaseline:
    """PaddleOCR with a detector and a recogniser of the manifest."""

    def __init__(self, detector: str, recognizer: str, models_folder: Path | None = None) -> None:
        """Load the models.

        Raises:
            ConfigurationError: no such model in the manifest.
            WeightsError: weights are missing or altered.
            DependencyError: paddleocr cannot be imported.
        """
        # Read on import. Without the first, a model host is asked for each model, which takes seconds off the network.
        os.environ.setdefault("PADDLE_PDX_DISABLE_MODEL_SOURCE_CHECK", "True")
        os.environ.setdefault("PADDLE_PDX_CACHE_HOME", str(cache_folder() / "paddlex"))
        try:
            from paddleocr import PaddleOCR
        except ImportError as error:
            raise DependencyError(f"paddleocr cannot be imported: {error}") from error
        weights = resolve(recognizer, models_folder)
        listed = find(recognizer, models_folder).characters
        characters = read_characters(weights, None if listed is None else resolve(listed, models_folder))
        self._engine = PaddleOCR(
            text_detection_model_name=detector,
            text_detection_model_dir=str(prepare_folder(resolve(detector, models_folder), detection_config(detector))),
            text_recognition_model_name=recognizer,
            text_recognition_model_dir=str(prepare_folder(weights, recognition_config(recognizer, characters))),
            use_doc_orientation_classify=False,
            use_doc_unwarping=False,
            use_textline_orientation=False,
            engine="onnxruntime",
        )

    def predict(self, pages: Sequence[NDArray[np.uint8]]) -> int:
        """Read page images (height x width x 3, RGB) one after the other; returns how many."""
        for page in pages:
            self._engine.predict(np.ascontiguousarray(page[:, :, ::-1]))
        return len(pages)
