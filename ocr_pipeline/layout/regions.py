"""Regions before there is any text: what the detector sees, corrected by what is known for sure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.document import PageImage, Region, RegionKind
from ocr_pipeline.errors import ConfigurationError
from ocr_pipeline.geometry import Box
from ocr_pipeline.layout.options import DEFAULT_LABELS, DEFAULT_OPTIONS, LayoutOptions
from ocr_pipeline.layout.seals import find_seals, without_seal_ink
from ocr_pipeline.layout.table_areas import settled
from ocr_pipeline.layout.table_headings import parts_between

__all__ = ["RegionDetector", "beside_headings", "detect_regions", "in_order", "with_tables"]

_DUPLICATE_IOU = 0.6
"""Regions that overlap by more are one, seen twice."""
_INSIDE_TABLE = 0.5
_HOLDS_TABLE = 0.5
_PART = 0.9
"""Share of an area that a detector's table holds from which that is a part of it."""
_REACHED = 0.3
"""Share of a heading that a table runs over from which its line would not be read; less is the room about both."""
_ON_SEAL = (RegionKind.FIGURE, RegionKind.SEAL)
_ON_SEAL_IOU = 0.3
"""Low, because a detector's figure about a seal also takes the name and date that are printed under it."""


@runtime_checkable
class RegionDetector(Protocol):
    """LayoutParser's interface of a layout model."""

    def detect(self, image: NDArray[np.uint8]) -> Any:
        """Regions of a page image (RGB, uint8) as a ``layoutparser.Layout``.

        Each element has ``coordinates`` (x1, y1, x2, y2 in pixels), ``type`` (a label) and ``score`` (0..1 or None).
        """
        ...


def detect_regions(
    page: PageImage,
    detector: RegionDetector,
    *,
    tables: Sequence[Box] = (),
    areas: Sequence[Box] = (),
    options: LayoutOptions = DEFAULT_OPTIONS,
) -> tuple[Region, ...]:
    """The regions of a page, without lines, from top to bottom.

    Areas that the page network sees inside of a detector's table are that table's parts.
    Known tables win: every one becomes a TABLE region, and what the detector says about the same place is dropped, but
    for seals, which colour knows better where there is any.
    Of two opinions about one place the surer is kept.

    Args:
        page: the page.
        detector: any model with LayoutParser's interface.
        tables: boxes of tables found through their rulings, in raster pixels.
        areas: of tables that the page network sees, in raster pixels, for how far those reach.
        options: label map, least score, whether seals are looked for.

    Raises:
        ConfigurationError: the detector gives a label that the label map does not know.
    """
    opinions = [part for region in _opinions(page, detector, options) for part in _in_areas(region, areas)]
    seals = [Region(kind=RegionKind.SEAL, box=box) for box in find_seals(page.color, page.dpi)] if options.seals else []
    seen = [region for region in opinions if region.kind is RegionKind.SEAL and options.seals]
    seals += [region for region in seen if not any(_overruled(region, other) for other in seals)]
    boxes = settled(tables, areas, without_seal_ink(page, [seal.box for seal in seals]), page.dpi, ruled=True)
    certain = [*(Region(kind=RegionKind.TABLE, box=box) for box in boxes), *seals]
    kept: list[Region] = []
    opinions = [region for region in opinions if region.kind is not RegionKind.SEAL]
    for region in sorted(opinions, key=lambda r: (-r.confidence, r.box, r.kind.value)):
        if any(_overruled(region, other) for other in certain):
            continue
        if any(region.box.iou(other.box) >= _DUPLICATE_IOU for other in kept):
            continue
        kept.append(region)
    return _from_top(certain + kept)


def with_tables(
    page: PageImage, regions: Sequence[Region], tables: Sequence[Box], areas: Sequence[Box] = ()
) -> tuple[Region, ...]:
    """The regions with tables without rulings, in place of what a detector says about the same places.

    Where nothing is ruled, the print knows the columns of a table and a detector of tables its edges. So one that the
    detector's tables cover stands where they stand, be they one or, with headings between, several; another ends where
    its print ends.

    Args:
        page: the page.
        regions: as ``detect_regions`` gives them.
        tables: boxes, in raster pixels; they may be wider than their print and reach beyond the page.
        areas: of tables that the page network sees; other tables that it sees are those of the regions.
    """
    seen = [r.box for r in regions if r.kind is RegionKind.TABLE and r.confidence < 1.0]
    seen += [area for area in areas if area not in seen]
    seals = [region.box for region in regions if region.kind is RegionKind.SEAL]
    boxes = settled(tables, seen, without_seal_ink(page, seals), page.dpi)
    certain = [Region(kind=RegionKind.TABLE, box=box) for box in boxes]
    kept = [r for r in regions if r.kind is RegionKind.SEAL or not any(_overruled(r, table) for table in certain)]
    return _from_top(certain + kept)


def beside_headings(tables: Sequence[Box], regions: Sequence[Region], room: float) -> list[Box]:
    """The parts of tables, top to bottom, that are above, between and below headings outside of the page's tables.

    Rulings may run on over a heading to the next table, or begin in the row above it. Where tables are left out, it
    would be lost.

    Args:
        tables: as their rulings show them, in raster pixels.
        regions: as ``detect_regions`` gives them.
        room: how far from a heading a part ends, in pixels.
    """
    known = [region.box for region in regions if region.kind is RegionKind.TABLE]
    headings = [region.box for region in regions if region.kind is RegionKind.HEADING]
    headings = [box for box in headings if all(box.share_inside(table) < _INSIDE_TABLE for table in known)]
    return [
        part
        for table in tables
        for part in parts_between(table, [box for box in headings if box.share_inside(table) >= _REACHED], room)
    ]


def in_order(regions: Iterable[Region]) -> tuple[Region, ...]:
    """The regions with ``order`` counted from 0 as they come."""
    return tuple(region.model_copy(update={"order": index}) for index, region in enumerate(regions))


def _from_top(regions: Iterable[Region]) -> tuple[Region, ...]:
    return in_order(sorted(regions, key=lambda r: (r.box.top, r.box.left, r.kind.value, r.box)))


def _in_areas(region: Region, areas: Sequence[Box]) -> list[Region]:
    """A detector's table as the several areas inside of it; any other region as it is."""
    inside = [area for area in areas if area.share_inside(region.box) >= _PART]
    if region.kind is not RegionKind.TABLE or len(inside) < 2:
        return [region]
    return [region.model_copy(update={"box": area}) for area in inside]


def _overruled(region: Region, certain: Region) -> bool:
    if certain.kind is RegionKind.SEAL:
        return region.kind in _ON_SEAL and region.box.iou(certain.box) >= _ON_SEAL_IOU
    if region.kind is RegionKind.SEAL:
        return False
    return region.box.share_inside(certain.box) >= _INSIDE_TABLE or certain.box.share_inside(region.box) >= _HOLDS_TABLE


def _opinions(page: PageImage, detector: RegionDetector, options: LayoutOptions) -> list[Region]:
    labels: Mapping[str, RegionKind | None] = {
        **DEFAULT_LABELS,
        **{name.lower(): kind for name, kind in options.detector.label_map.items()},
    }
    regions: list[Region] = []
    for block in detector.detect(page.color):
        label = str(block.type).lower()
        if label not in labels:
            raise ConfigurationError(
                f"the region detector gives the label {block.type!r}, which is not in the label map",
                remedy="add it to label_map of the layout detector, with null to ignore it",
            )
        kind = labels[label]
        score = 1.0 if block.score is None else min(1.0, max(0.0, float(block.score)))
        if kind is None or score < options.detector.min_score:
            continue
        box = _clipped(block.coordinates, page)
        if box is not None:
            regions.append(Region(kind=kind, box=box, confidence=score))
    return regions


def _clipped(coordinates: Sequence[float], page: PageImage) -> Box | None:
    """The box inside the page; an interval reaches to infinity, and a model may give a box without area."""
    limits = (page.width, page.height, page.width, page.height)
    left, top, right, bottom = (
        min(max(0.0, float(value)), float(limit)) if not math.isnan(float(value)) else 0.0
        for value, limit in zip(coordinates, limits, strict=True)
    )
    return Box(left, top, right, bottom) if right - left >= 1 and bottom - top >= 1 else None
