"""A recogniser that gives the answers it was told to give."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.document import Reading
from ocr_pipeline.engine import Recognition


class ScriptedRecognizer:
    """Answers image after image, over all calls; keeps the images it was shown.

    An answer is a text (read with confidence 1, and as the one typed reading if it fits the alphabet) or a whole
    ``Recognition``. When the answers run out it starts again.
    """

    name = "scripted"

    def __init__(self, answers: Sequence[str | Recognition]) -> None:
        self._answers = list(answers)
        self.images: list[NDArray[np.uint8]] = []

    def recognize(
        self, images: Sequence[NDArray[np.uint8]], *, alphabet: str | None = None, beams: int = 5
    ) -> list[Recognition]:
        readings = []
        for image in images:
            answer = self._answers[len(self.images) % len(self._answers)]
            self.images.append(image)
            readings.append(self._recognition(answer, alphabet, beams))
        return readings

    def _recognition(self, answer: str | Recognition, alphabet: str | None, beams: int) -> Recognition:
        if isinstance(answer, Recognition):
            return answer
        typed: tuple[Reading, ...] = ()
        if alphabet is not None and set(answer) <= set(alphabet):
            typed = (Reading(text=answer, log_prob=math.log(0.999), engine=self.name),)[:beams]
        return Recognition(answer, 1.0 if answer else 0.0, typed)
