"""What has been gathered of one document so far, while its pages are read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.debug import DebugFolder
from ocr_pipeline.document import Finding, Page, PageImage, Place, Table
from ocr_pipeline.errors import NoTextError
from ocr_pipeline.pipeline.outcome import Outcome
from ocr_pipeline.pipeline.page_stages import PageRead
from ocr_pipeline.report import StageError
from ocr_pipeline.source import Source
from ocr_pipeline.timing import Stopwatch

__all__ = ["Gathered", "OnImage"]

OnImage = Callable[[PageImage], None]


@dataclass
class Gathered:
    """Pages, and pieces of tables, in the order of the document.

    Attributes:
        watch: seconds by stage.
        debug: pictures of every stage.
        on_image: called with the image of each page.
        pages: those that could be read.
        pieces: of tables, not joined yet.
        findings: of the source and of its pages.
        errors: what failed, for the report.
        failures: the same as raised.
        figures: by place, the pictures of the cells that may be read a second time.
        holds_text: whether the source has text beside its pages.
    """

    watch: Stopwatch
    debug: DebugFolder
    on_image: OnImage | None = None
    pages: list[Page] = field(default_factory=list)
    pieces: list[Table] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    errors: list[StageError] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)
    figures: dict[Place, NDArray[np.uint8]] = field(default_factory=dict)
    holds_text: bool = False

    def add(self, page: Outcome[PageRead]) -> None:
        """Add a page to the document; a failure costs this page only."""
        self.watch.add(page.watch)
        read, failure = page.result, page.failure
        if read is not None:
            self.findings.extend(read.findings)
            self.pieces.extend(read.tables)
            self.figures.update(read.figures)
            self.pages.append(read.page)
            self.debug.page(read.image, read.page.regions, read.tables)
            if self.on_image is not None:
                with self.watch("pictures"):
                    self.on_image(read.image)
        if failure is not None:
            self.failures.append(failure.cause)
            self.errors.append(StageError.of(failure.stage, failure.cause, page.index))

    def refuse_empty(self, opened: Source) -> None:
        """Raise what went wrong where nothing was read.

        Raises:
            NoTextError: there are pages, but no text on any of them.
            Exception: why the first page could not be read, where none could.
        """
        if self.holds_text:
            return
        if not self.pages and self.failures:
            raise self.failures[0]
        on_pages = any(region.lines for page in self.pages for region in page.regions)
        if not on_pages and not any(cell.text for table in self.pieces for cell in table.cells):
            raise NoTextError("no text on any page", source=opened.info.name)
