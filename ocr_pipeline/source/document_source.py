"""What every opened document looks like to the stages that follow, whatever its format.

A new format implements ``SourcePage`` for its pages, or gives its content as a flow when it has no pages, builds a
``Source`` and is entered in ``opening.OPENERS``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.document import Finding, SourceInfo
from ocr_pipeline.flow import FlowBlock
from ocr_pipeline.text_layer import TextLayer

__all__ = ["NOMINAL_DPI", "Source", "SourcePage"]

NOMINAL_DPI = 200.0
"""The resolution that is assumed of a page image that states none, or an impossible one."""


class SourcePage(Protocol):
    """One page of a document, not decoded before it is asked for.

    Every attribute but ``index`` and ``unit`` may raise a ``SourceError`` that carries the page, when this page is
    broken or beyond a limit; the other pages of the document stay readable.
    """

    @property
    def index(self) -> int:
        """Page number from 0."""
        ...

    @property
    def unit(self) -> Literal["pt", "px"]:
        """Unit of the page's size: points of 1/72 inch in a PDF, pixels in an image."""
        ...

    @property
    def width(self) -> float:
        """Width as displayed (after the page's own rotation), in ``unit``."""
        ...

    @property
    def height(self) -> float:
        """Height as displayed, in ``unit``."""
        ...

    @property
    def native_dpi(self) -> float | None:
        """Resolution of the picture that covers the page, the higher one where the two axes differ.

        None for a page that is drawn (text and lines), and for an image that states no plausible resolution.
        """
        ...

    def render(self, dpi: float) -> NDArray[np.uint8]:
        """The page as displayed, on white.

        Args:
            dpi: pixels per inch, > 0; lowered where the raster would exceed ``SourceOptions.max_raster_pixels``.
                An image without ``native_dpi`` is taken to have ``NOMINAL_DPI``.

        Returns:
            height x width x 3, uint8, RGB, square pixels.

        Raises:
            DamagedSourceError: the page cannot be decoded as a whole.
            LimitExceededError: it is too large to be decoded.
        """
        ...

    def render_without_text(self, dpi: float) -> NDArray[np.uint8] | None:
        """What is drawn on the page beside its text, like ``render``: no stroke of a character hides a ruling.

        None for a page whose text is no part of the drawing: a picture, or a scan with text over it.
        """
        ...

    def text_layer(self) -> TextLayer | None:
        """The characters that the source gives for this page, boxes on the page as displayed in ``unit``.

        None where there are none, and for pictures.
        """
        ...


class Source:
    """An opened document; a context manager that closes it.

    Not safe to share: pdfium may be used by one thread of a process at a time. Threads that look at pages of one
    document side by side take turns (``turns.PageInTurn``); documents side by side are for processes.

    Attributes:
        info: name, kind, hash and size.
        pages: the pages in order; getting one never raises, its attributes may (see ``SourcePage``).
        flow: what a document without pages consists of, in its own order; None for a document of pages. Where it is
            given there are no pages, and ``info.page_count`` is 0.
        findings: remarks on the document as a whole, such as a file name that says another kind.
    """

    def __init__(
        self,
        info: SourceInfo,
        pages: Sequence[SourcePage],
        *,
        findings: Sequence[Finding] = (),
        flow: Sequence[FlowBlock] | None = None,
        close: Callable[[], None] | None = None,
    ) -> None:
        if flow is not None and (pages or info.page_count):
            raise ValueError("a document has pages or a flow, not both")
        self.info = info
        self.pages = pages
        self.flow = None if flow is None else tuple(flow)
        self.findings = tuple(findings)
        self._close = close

    @property
    def kind(self) -> str:
        """The format that the content has, as a short lower-case word (``pdf``, ``tiff``)."""
        return self.info.kind

    def close(self) -> None:
        """Release the document; its pages are of no use afterwards. May be called again."""
        if self._close is not None:
            self._close()
            self._close = None

    def __enter__(self) -> Source:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        size = f"{self.info.page_count} pages" if self.flow is None else f"flow of {len(self.flow)} blocks"
        return f"<Source {self.info.name!r} ({self.info.kind}, {size})>"
