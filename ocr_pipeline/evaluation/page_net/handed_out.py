"""What the program hands out as the regions of a held-out page, for the same measures as the maps of the network."""

from __future__ import annotations

from ocr_pipeline.document import PageImage, Region
from ocr_pipeline.evaluation.page_net.held_out import HeldOutPage
from ocr_pipeline.evaluation.pixels import read_pixels
from ocr_pipeline.pipeline import Reader

__all__ = ["handed_out"]


def handed_out(page: HeldOutPage, reader: Reader) -> tuple[Region, ...]:
    """The regions that the report of the page has, in pixels of ``page.image``; none where there is no report."""
    images: list[PageImage] = []
    report = read_pixels(reader, page.picture.image, page.picture.native_dpi, on_image=images.append)
    if report is None or not images:
        return ()
    # The same pixels, unless the page was taken for one that lies on its side.
    back = images[0].transform.then(page.image.transform.inverse())
    regions = report.document.pages[0].regions
    return tuple(region.model_copy(update={"box": back.box(region.box)}) for region in regions)
