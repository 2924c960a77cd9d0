"""A recogniser whose runtime fails in the middle of the work."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.engine import Recognition


class CrashingRecognizer:
    """Raises ``error`` at the call with number ``at`` (from 0); at every other it reads ``text`` in every image."""

    name = "crashing"

    def __init__(self, error: Exception | None = None, *, at: int = 0, text: str = "") -> None:
        self._error = error or RuntimeError("the runtime gave up")
        self._at, self._text = at, text
        self.calls = 0

    def recognize(
        self, images: Sequence[NDArray[np.uint8]], *, alphabet: str | None = None, beams: int = 5
    ) -> list[Recognition]:
        self.calls += 1
        if self.calls == self._at + 1:
            raise self._error
        return [Recognition(self._text, 1.0 if self._text else 0.0) for _ in images]
