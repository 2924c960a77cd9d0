"""Pictures in memory read as documents of one page."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ocr_pipeline.document import PageImage
from ocr_pipeline.errors import OcrPipelineError
from ocr_pipeline.pipeline import Reader
from ocr_pipeline.report import Report

__all__ = ["read_pixels"]


def read_pixels(
    reader: Reader, pixels: NDArray[np.uint8], dpi: float, *, on_image: Callable[[PageImage], None] | None = None
) -> Report | None:
    """The report of a picture; None where the reader refuses it.

    Args:
        reader: with its models.
        pixels: height x width x 3, uint8, RGB.
        dpi: its pixels per inch, which the reader is told.
        on_image: see ``Reader.read``.
    """
    with io.BytesIO() as stream:
        Image.fromarray(pixels).save(stream, "PNG", dpi=(dpi, dpi), compress_level=1)
        data = stream.getvalue()
    try:
        return reader.read(data, name="picture.png", on_image=on_image)
    except OcrPipelineError:
        return None
