"""Pages that several threads may look at: what touches the document happens one at a time."""

from __future__ import annotations

import threading
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.source.document_source import SourcePage
from ocr_pipeline.text_layer import TextLayer

__all__ = ["PageInTurn"]

_TURN = threading.Lock()
"""One for the process: pdfium must not be used by two threads, whatever their documents."""


class PageInTurn:
    """A ``SourcePage`` of which no attribute is used while any other page of the process uses its own."""

    def __init__(self, page: SourcePage) -> None:
        self._page = page
        self.index = page.index
        self.unit: Literal["pt", "px"] = page.unit

    @property
    def width(self) -> float:
        """See ``SourcePage``."""
        with _TURN:
            return self._page.width

    @property
    def height(self) -> float:
        """See ``SourcePage``."""
        with _TURN:
            return self._page.height

    @property
    def native_dpi(self) -> float | None:
        """See ``SourcePage``."""
        with _TURN:
            return self._page.native_dpi

    def render(self, dpi: float) -> NDArray[np.uint8]:
        """See ``SourcePage``."""
        with _TURN:
            return self._page.render(dpi)

    def render_without_text(self, dpi: float) -> NDArray[np.uint8] | None:
        """See ``SourcePage``."""
        with _TURN:
            return self._page.render_without_text(dpi)

    def text_layer(self) -> TextLayer | None:
        """See ``SourcePage``."""
        with _TURN:
            return self._page.text_layer()
