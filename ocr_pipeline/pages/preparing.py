"""One page of a source into an upright, straight, clean page image with its map back."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.document import Finding, PageImage, Severity
from ocr_pipeline.geometry import Box, Point, Transform
from ocr_pipeline.pages.bands import without_bands
from ocr_pipeline.pages.halftone import without_halftone
from ocr_pipeline.pages.inputs import Orienter, RasterSource
from ocr_pipeline.pages.options import PageOptions
from ocr_pipeline.pages.paper import flattened, smoothed, softened, stretched
from ocr_pipeline.pages.resampling import resampled
from ocr_pipeline.pages.resolution import Raster, rasterize
from ocr_pipeline.pages.reversal import with_dark_print
from ocr_pipeline.pages.seals import without_seals
from ocr_pipeline.pages.straightening import Geometry, straighten
from ocr_pipeline.pages.streaks import Streak, find_streaks, without_streaks
from ocr_pipeline.seal_ink import find_seal_ink

__all__ = ["cleaned", "prepare"]

_COARSE_DPI = 140.0
_TURNED = {90: "to the right", 180: "upside down", 270: "to the left"}


def prepare(page: RasterSource, *, orienter: Orienter | None, options: PageOptions | None = None) -> PageImage:
    """Render a page and make it upright, straight and clean.

    Args:
        page: one page of a source.
        orienter: the model that sees which way is up; without one no page is turned.
        options: the defaults when left out.

    Returns:
        The page with the map from its pixels to the source page. A page that shows nothing comes back as it is.

    Raises:
        SourceError: the page cannot be rendered.
    """
    chosen = options or PageOptions()
    raster = rasterize(page, chosen)
    if chosen.flatten:
        raster = replace(raster, pixels=without_halftone(raster.pixels))
    streaks = find_streaks(raster.pixels, raster.dpi) if chosen.remove_streaks else []
    if streaks:
        raster = replace(raster, pixels=without_streaks(raster.pixels, streaks))
    if chosen.flatten:
        raster = replace(raster, pixels=without_bands(raster.pixels, raster.dpi))
    geometry = straighten(raster.pixels, raster.dpi, orienter, chosen)
    color, scaled_back = resampled(softened(raster.pixels), geometry, raster.enlargement)
    dpi = raster.dpi * raster.enlargement
    height, width = raster.pixels.shape[:2]
    to_source = Transform.scaling(page.width / width, page.height / height)
    transform = scaled_back.then(to_source)
    seals = find_seal_ink(color, dpi) if chosen.remove_seals else []
    gray = cleaned(color, seals, dpi, chosen)
    return PageImage(
        index=page.index,
        color=color,
        gray=gray,
        dpi=dpi,
        transform=transform,
        source_size=(page.width, page.height),
        source_unit=page.unit,
        rotation=geometry.turn.rotation,
        skew=geometry.skew,
        findings=_findings(page, raster, geometry, [transform.box(seal) for seal in seals], streaks),
        scars=tuple(_on_page(streak, scaled_back) for streak in streaks if streak.hides),
    )


def _on_page(streak: Streak, back: Transform) -> tuple[Point, Point]:
    """Its ends on the straight page."""
    first, last = back.inverse().points([streak.first, streak.last])
    return first, last


def cleaned(color: NDArray[np.uint8], seals: list[Box], dpi: float, options: PageOptions) -> NDArray[np.uint8]:
    """The grey image of an upright page, dark print on even paper, without the ink of its seals.

    Args:
        color: height x width x 3, uint8, RGB.
        seals: boxes of red ink, in pixels.
        dpi: pixels per inch.
        options: with ``flatten`` off only the seals are taken out.

    Returns:
        height x width, uint8.
    """
    gray = without_seals(np.asarray(cv2.cvtColor(color, cv2.COLOR_RGB2GRAY), dtype=np.uint8), color, seals)
    return stretched(smoothed(flattened(with_dark_print(gray, dpi), dpi), dpi)) if options.flatten else gray


def _findings(
    page: RasterSource, raster: Raster, geometry: Geometry, seals: list[Box], streaks: list[Streak]
) -> tuple[Finding, ...]:
    found = []

    def remark(code: str, severity: Severity, message: str, box: Box | None = None) -> None:
        found.append(Finding(code=code, severity=severity, message=message, page=page.index, box=box))

    if page.native_dpi is not None and raster.dpi < _COARSE_DPI:
        remark("low-resolution", Severity.WARNING, f"a scan of {raster.dpi:.0f} dpi: small print may be misread")
    if geometry.sheet:
        remark("photographed-sheet", Severity.INFO, "a sheet on a darker ground was cut out and straightened")
    if geometry.turn.rotation:
        way = _TURNED[geometry.turn.rotation]
        remark("turned-page", Severity.INFO, f"turned {way} ({geometry.turn.confidence:.0%} sure)")
    if geometry.turn.doubtful:
        remark("doubtful-orientation", Severity.WARNING, "it is not sure which way up this page is")
    if geometry.bends:
        remark("straightened-rulings", Severity.INFO, "shear or perspective was corrected by rulings or lines of print")
    if streaks:
        lost = sum(streak.hides for streak in streaks)
        beneath = f", {lost} of them so dark that print beneath is lost" if lost else ""
        message = f"streaks of a scanner or a fax machine were taken out: {len(streaks)}{beneath}"
        remark("scanner-streaks", Severity.INFO, message)
    for seal in seals:
        remark("red-seal", Severity.INFO, "a red seal was taken out of the grey image", seal)
    return tuple(found)
