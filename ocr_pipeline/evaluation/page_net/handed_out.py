"""What the program hands out as the regions of a held-out page, for the same measures as the maps of the network."""

from __future__ import annotations

from ocr_pipeline.document import PageImage, Region
from ocr_pipeline.evaluation.page_net.held_out import HeldOutPage, Printed
from ocr_pipeline.evaluation.pixels import read_pixels
from ocr_pipeline.pipeline import Reader

__all__ = ["handed_out"]


def handed_out(page: HeldOutPage, reader: Reader) -> tuple[Printed, tuple[Region, ...]]:
    """What is true of the page as the report shows it, and the regions that the report has, in pixels of its page.

    Without a report there are no regions, and what is true is that of ``page.image``.
    """
    images: list[PageImage] = []
    report = read_pixels(reader, page.picture.image, page.picture.native_dpi, on_image=images.append)
    if report is None or not images:
        return page.printed_on(page.image), ()
    return page.printed_on(images[0]), report.document.pages[0].regions
