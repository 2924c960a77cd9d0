"""The page as its tables are looked for: rulings that were printed in pieces or twice are one line each."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.tables.dotted import join_dotted
from ocr_pipeline.tables.doubled import join_doubled

__all__ = ["whole_rulings"]


def whole_rulings(gray: NDArray[np.uint8], dpi: float) -> NDArray[np.uint8]:
    """The page with dotted rulings drawn through and doubled ones joined; the same array where there are none.

    Dotted ones come first: a pair of them is a doubled ruling only when both are lines.

    Args:
        gray: height x width, uint8, dark on light, upright and straight.
        dpi: resolution.
    """
    return join_doubled(join_dotted(gray, dpi), dpi)
