"""A recogniser that sees nothing in any image."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.engine import Recognition


class EmptyRecognizer:
    name = "empty"

    def recognize(
        self, images: Sequence[NDArray[np.uint8]], *, alphabet: str | None = None, beams: int = 5
    ) -> list[Recognition]:
        return [Recognition("", 0.0) for _ in images]
