"""The reader of figures run by ONNX Runtime: a small network of this project's own that reads nothing but figures.

General recognisers take a broken 0 for ``()`` or ``C``, and share their probability among thousands of characters. This
one knows the ways a figure breaks on faxes and faint pages, and says of anything else that it is no figure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.document import Reading
from ocr_pipeline.engine import FIGURE_NET, Recognition
from ocr_pipeline.engines.onnx_session import open_session
from ocr_pipeline.errors import ConfigurationError, WeightsError
from ocr_pipeline.text.decode import beam_search, greedy, steps_of
from ocr_pipeline.text.figure_intake import OTHER, SYMBOLS, normalized
from ocr_pipeline.weights import resolve

__all__ = ["FIGURE_NET", "FigureReader"]

_BATCH = 64


class FigureReader:
    """Reads images of single figures. Any number of threads may use it at once.

    Args:
        path: the ONNX file; that of the manifest when left out.
        models_folder: searched before the packaged models.

    Raises:
        WeightsError: the weights are missing, altered or those of another model.
    """

    name = FIGURE_NET

    def __init__(self, path: Path | None = None, models_folder: Path | None = None) -> None:
        path = path or resolve(FIGURE_NET, models_folder)
        self._session = open_session(path, threads=1, purpose="the reader of figures")
        outputs = self._session.get_outputs()
        if len(outputs) != 1 or outputs[0].shape[-1] != len(SYMBOLS):
            raise WeightsError("not the reader of figures that was expected", source=path)
        self._input = self._session.get_inputs()[0].name

    def recognize(
        self, images: Sequence[NDArray[np.uint8]], *, alphabet: str | None = None, beams: int = 5
    ) -> list[Recognition]:
        """Read each image; see ``ocr_pipeline.engine.Recognizer``. What is no figure has an empty text.

        Raises:
            ConfigurationError: a character of the alphabet is none of a figure's.
        """
        unknown = sorted(set(alphabet or "") - set(SYMBOLS))
        if unknown:
            raise ConfigurationError(f"{self.name} cannot write {unknown}")
        columns = [0, *(SYMBOLS.index(character) for character in alphabet or "")]
        widths: dict[int, list[int]] = defaultdict(list)
        shown = {k: normalized(_gray(image)) for k, image in enumerate(images) if image.size}
        for k, ink in shown.items():
            widths[ink.shape[1]].append(k)
        result = [Recognition("", 0.0)] * len(images)
        for same in widths.values():
            for start in range(0, len(same), _BATCH):
                batch = same[start : start + _BATCH]
                ink = np.stack([shown[k] for k in batch])[:, None]
                for k, probabilities in zip(batch, self._session.run(None, {self._input: ink})[0], strict=True):
                    result[k] = self._decoded(probabilities, alphabet, columns, beams)
        return result

    def _decoded(
        self, probabilities: NDArray[np.float32], alphabet: str | None, columns: list[int], beams: int
    ) -> Recognition:
        steps = steps_of(probabilities, columns)
        text, confidence = greedy(steps, SYMBOLS)
        if OTHER in text:
            text, confidence = "", 0.0
        if alphabet is None:
            return Recognition(text, confidence)
        strings = beam_search(steps.picked, alphabet, beams=beams)
        typed = tuple(Reading(text=string, log_prob=log_prob, engine=self.name) for string, log_prob in strings)
        return Recognition(text, confidence, typed)


def _gray(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return image if image.ndim == 2 else np.asarray(image.min(axis=2), dtype=np.uint8)
