"""The packaged layout model: PicoDet trained on CDLA, a data set of Chinese documents, run by ONNX Runtime.

Pre- and post-processing follow PaddleDetection's PicoDet (Yu et al., "PP-PicoDet: A Better Real-Time Object Detector
on Mobile Devices", 2021): four levels, each side of a box as a distribution over eight distances.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

import cv2
import numpy as np
from layoutparser.elements import Layout, Rectangle, TextBlock
from layoutparser.models.base_layoutmodel import BaseLayoutModel
from numpy.typing import NDArray

from ocr_pipeline.engines.onnx_session import open_session
from ocr_pipeline.errors import WeightsError

__all__ = ["LABELS", "CdlaDetector"]

LABELS = (
    "text",
    "title",
    "figure",
    "figure_caption",
    "table",
    "table_caption",
    "header",
    "footer",
    "reference",
    "equation",
)
_STRIDES = (8, 16, 32, 64)
_MEAN = np.array([0.485, 0.456, 0.406], dtype=np.float32)
_STD = np.array([0.229, 0.224, 0.225], dtype=np.float32)
_MAX_BOXES = 100


class CdlaDetector(BaseLayoutModel):  # type: ignore[misc]
    """A LayoutParser model that needs no backend but ONNX Runtime and downloads nothing.

    Args:
        path: the ONNX file.
        threads: threads of one run, at least 1.
        min_score: boxes below are not given, 0..1.
        max_iou: of two boxes of one label that overlap more, the surer is kept, 0..1.

    Raises:
        WeightsError: the file cannot be loaded, or is another model.
    """

    DEPENDENCIES: ClassVar[list[str]] = []
    DETECTOR_NAME = "picodet"
    MODEL_CATALOG: ClassVar[dict[str, dict[str, str]]] = {}

    def __init__(self, path: Path | str, *, threads: int = 1, min_score: float = 0.3, max_iou: float = 0.5) -> None:
        self._session = open_session(path, threads=threads, purpose="the layout model")
        inputs, outputs = self._session.get_inputs(), self._session.get_outputs()
        if len(inputs) != 1 or len(inputs[0].shape) != 4 or len(outputs) != 2 * len(_STRIDES):
            raise WeightsError("not the layout model that was expected", source=path)
        self._input = inputs[0].name
        self._height, self._width = (int(size) for size in inputs[0].shape[2:])
        self._min_score = min_score
        self._max_iou = max_iou

    def image_loader(self, image: Any) -> NDArray[np.uint8]:
        """An image of Pillow or an array, as RGB, height x width x 3, uint8."""
        array = np.asarray(image.convert("RGB") if hasattr(image, "convert") else image)
        if array.ndim == 2:
            array = np.repeat(array[..., None], 3, axis=2)
        return np.ascontiguousarray(array[..., :3], dtype=np.uint8)

    def detect(self, image: Any) -> Layout:
        """Regions of a page image, the surest first, with LayoutParser's TextBlock for each."""
        pixels = self.image_loader(image)
        resized = cv2.resize(pixels, (self._width, self._height)).astype(np.float32) / 255.0
        tensor = ((resized - _MEAN) / _STD).transpose(2, 0, 1)[None].astype(np.float32)
        outputs = self._session.run(None, {self._input: tensor})
        scores = np.concatenate([level[0] for level in outputs[: len(_STRIDES)]])
        boxes = np.concatenate(
            [self._decode(level[0], stride) for level, stride in zip(outputs[len(_STRIDES) :], _STRIDES, strict=True)]
        )
        boxes *= np.array([pixels.shape[1] / self._width, pixels.shape[0] / self._height] * 2)
        boxes[:, 0::2] = boxes[:, 0::2].clip(0, pixels.shape[1])
        boxes[:, 1::2] = boxes[:, 1::2].clip(0, pixels.shape[0])
        blocks = [
            TextBlock(Rectangle(*(float(v) for v in boxes[i])), type=LABELS[label], score=float(scores[i, label]))
            for label in range(len(LABELS))
            for i in self._keep(boxes, scores[:, label])
        ]
        return Layout(sorted(blocks, key=lambda block: -block.score))

    def _decode(self, distances: NDArray[np.float32], stride: int) -> NDArray[np.float64]:
        """Boxes (left, top, right, bottom) in input pixels from the distributions of their four distances."""
        columns, rows = np.meshgrid(np.arange(-(-self._width // stride)), np.arange(-(-self._height // stride)))
        centres = (np.stack([columns.ravel(), rows.ravel()], axis=1) + 0.5) * stride
        logits = distances.reshape(len(centres), 4, -1)
        weights = np.exp(logits - logits.max(axis=2, keepdims=True))
        weights /= weights.sum(axis=2, keepdims=True)
        reach = (weights * np.arange(logits.shape[2])).sum(axis=2) * stride
        decoded: NDArray[np.float64] = np.concatenate([centres - reach[:, :2], centres + reach[:, 2:]], axis=1)
        return decoded

    def _keep(self, boxes: NDArray[np.float64], scores: NDArray[np.float32]) -> list[int]:
        """Indices of the boxes of one label after non-maximum suppression."""
        candidates = np.flatnonzero(scores > self._min_score)
        if candidates.size == 0:
            return []
        corners = boxes[candidates]
        sizes = np.column_stack([corners[:, :2], corners[:, 2:] - corners[:, :2]])
        kept = cv2.dnn.NMSBoxes(
            sizes.tolist(), scores[candidates].tolist(), self._min_score, self._max_iou, top_k=_MAX_BOXES
        )
        return [int(candidates[i]) for i in np.asarray(kept).ravel()]
