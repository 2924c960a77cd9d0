"""A recogniser that does not come back for a long time."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.engine import Recognition


class HangingRecognizer:
    """Blocks until ``release`` is called, or ``seconds`` are over, then reads nothing."""

    name = "hanging"

    def __init__(self, seconds: float = 60.0) -> None:
        self._seconds = seconds
        self._released = threading.Event()

    def release(self) -> None:
        self._released.set()

    def recognize(
        self, images: Sequence[NDArray[np.uint8]], *, alphabet: str | None = None, beams: int = 5
    ) -> list[Recognition]:
        self._released.wait(self._seconds)
        return [Recognition("", 0.0) for _ in images]
