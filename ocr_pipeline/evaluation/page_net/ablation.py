"""Each map of the network against the classical method it stands beside, on pages that it was not trained on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.document import PageImage, Region, RegionKind
from ocr_pipeline.engine import TextDetector
from ocr_pipeline.evaluation.page_net.handed_out import handed_out
from ocr_pipeline.evaluation.page_net.held_out import HeldOutPage, Printed
from ocr_pipeline.evaluation.page_net.measures import Counts, box_counts, pixel_counts
from ocr_pipeline.geometry import Box
from ocr_pipeline.layout import RegionDetector, detect_regions
from ocr_pipeline.layout.engines.page_net import PageNetDetector
from ocr_pipeline.layout.mapped import mapped_headings, mapped_seals, mapped_tables
from ocr_pipeline.layout.seals import find_seals
from ocr_pipeline.page_net import PageMaps, Viewer
from ocr_pipeline.page_net.maps import MAP_DPI, MapName
from ocr_pipeline.pipeline import Reader
from ocr_pipeline.tables import FoundTable, find_tables
from ocr_pipeline.tables.choosing import with_maps
from ocr_pipeline.tables.ink import ink_map
from ocr_pipeline.tables.mapped import find_mapped
from ocr_pipeline.tables.options import TableOptions
from ocr_pipeline.tables.rulings import find_rulings, table_areas

__all__ = ["Scores", "ablation", "format_scores"]

LAYOUT_IOU, CELL_IOU, SEAL_IOU = 0.8, 0.6, 0.5
_RULINGS: tuple[MapName, MapName] = ("across", "upright")
_EVERY_BORDER = TableOptions(least_printed=0.0)
"""The maps are measured on unruled tables, too, which the program leaves alone by default."""

Scores = dict[tuple[str, str, str], Counts]
"""Thing, method and kind of page (a damage or a ruling) to counts."""


@dataclass(frozen=True)
class _Eyes:
    """What looks at the pages."""

    viewer: Viewer
    cdla: RegionDetector
    text: TextDetector | None
    reader: Reader | None


def ablation(
    pages: Iterable[HeldOutPage],
    viewer: Viewer,
    cdla: RegionDetector,
    *,
    text: TextDetector | None = None,
    reader: Reader | None = None,
) -> Scores:
    """Count hits and misses of every method on every page.

    Args:
        pages: with their truth.
        viewer: the network.
        cdla: the packaged layout model.
        text: the text detector that the map of lines is compared with; None leaves that out.
        reader: reads the pages as the program does, for what it hands out in the end; None leaves that out.
    """
    eyes = _Eyes(viewer, cdla, text, reader)
    scores: Scores = defaultdict(Counts)
    for page in pages:
        for thing, method, counts in _page(page, eyes):
            kinds = ["all", page.profile]
            if thing in ("cells", "rulings", "tables") and page.printed.tables:
                kinds.append(f"ruling {page.ruling}")
            for kind in kinds:
                scores[thing, method, kind] += counts
    return dict(scores)


def _page(page: HeldOutPage, eyes: _Eyes) -> list[tuple[str, str, Counts]]:
    image = page.image
    maps = eyes.viewer.look(image.color, image.dpi)
    classical, mapped = find_tables(image), find_mapped(image, maps, _EVERY_BORDER)
    chosen = with_maps(image, classical, maps, _EVERY_BORDER)
    found: list[tuple[str, str, Counts]] = []
    for name, seen in zip(_RULINGS, _reduced_rulings(image), strict=True):
        true = page.maps[name]
        found.append(("rulings", "classical", pixel_counts(true, seen)))
        found.append(("rulings", "network", pixel_counts(true, maps.likely(name))))
    for method, tables in (("classical", classical), ("network", mapped), ("chosen", chosen)):
        found.append(("cells", method, box_counts(page.cells, _cells(tables), CELL_IOU)))
    found += _layout(page, eyes, maps, (classical, mapped, chosen))
    for method, seals in (("classical", find_seals(image.color, image.dpi)), ("network", mapped_seals(maps))):
        found.append(("seals", method, box_counts(page.seals, seals, SEAL_IOU)))
    if eyes.text is not None:
        found.append(("lines", "classical", pixel_counts(page.maps["line"], _lines(image, eyes.text))))
        found.append(("lines", "network", pixel_counts(page.maps["line"], maps.likely("line"))))
    return found


def _layout(
    page: HeldOutPage,
    eyes: _Eyes,
    maps: PageMaps,
    grids: tuple[list[FoundTable], list[FoundTable], list[FoundTable]],
) -> list[tuple[str, str, Counts]]:
    image = page.image
    alone = detect_regions(image, eyes.cdla)
    ruled = detect_regions(image, eyes.cdla, tables=[table.box for table in grids[0]])
    areas, chosen = mapped_tables(maps), [table.box for table in grids[2]]
    wired = detect_regions(image, PageNetDetector(eyes.viewer, eyes.cdla), tables=chosen, areas=areas)
    tables = {
        "CDLA alone": _of(alone, RegionKind.TABLE),
        "CDLA and rulings": _of(ruled, RegionKind.TABLE),
        "network's area": areas,
        "network's grids": [table.box for table in grids[1]],
        "chosen grids": chosen,
        "chosen grids, then network's area": _of(wired, RegionKind.TABLE),
    }
    headings = {"CDLA alone": _of(alone, RegionKind.HEADING), "network": mapped_headings(maps, image.gray, image.dpi)}
    true = page.printed_on(image)
    found = [("tables", method, box_counts(true.tables, boxes, LAYOUT_IOU)) for method, boxes in tables.items()]
    found += [("headings", method, _heading_counts(true, boxes)) for method, boxes in headings.items()]
    if eyes.reader is not None:
        true, regions = handed_out(page, eyes.reader)
        boxes = _of(regions, RegionKind.HEADING) + _of(regions, RegionKind.TITLE)
        found.append(("tables", "handed out", box_counts(true.tables, _of(regions, RegionKind.TABLE), LAYOUT_IOU)))
        found.append(("headings", "handed out", _heading_counts(true, boxes)))
    return found


def _heading_counts(true: Printed, boxes: Sequence[Box]) -> Counts:
    """A heading of two lines may be said as one box or as two; each method is asked in its own way."""
    ways = [box_counts(way, boxes, LAYOUT_IOU) for way in (true.headings, true.heading_lines)]
    return max(ways, key=lambda counts: counts.f1)


def _of(regions: Iterable[Region], kind: RegionKind) -> list[Box]:
    return [region.box for region in regions if region.kind is kind]


def _cells(tables: Iterable[FoundTable]) -> list[Box]:
    return [t.flattening.box_to_page(t.grid.box(cell)) for t in tables for cell in t.grid.cells]


def _reduced_rulings(image: PageImage) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """The rulings that the classical finder takes for those of tables, at the resolution of the maps."""
    masks = find_rulings(ink_map(image.gray, image.dpi), image.dpi, TableOptions())
    across, upright = np.zeros_like(image.gray), np.zeros_like(image.gray)
    for area in table_areas(masks, image.dpi):
        across |= area.masks.horizontal
        upright |= area.masks.vertical
    return _reduced(across, image.dpi), _reduced(upright, image.dpi)


def _reduced(mask: NDArray[np.uint8], dpi: float) -> NDArray[np.uint8]:
    factor = MAP_DPI / dpi
    size = (-(-round(mask.shape[1] * factor * 2) // 2), -(-round(mask.shape[0] * factor * 2) // 2))
    wide = cv2.dilate(mask, np.ones((round(0.5 / factor), round(0.5 / factor)), np.uint8))
    return np.asarray(cv2.resize(wide, size, interpolation=cv2.INTER_AREA) > 100, np.uint8)


def _lines(image: PageImage, text: TextDetector) -> NDArray[np.uint8]:
    mask = np.zeros_like(image.gray)
    for quad in text.detect(np.repeat(image.gray[..., None], 3, axis=2)):
        cv2.fillConvexPoly(mask, np.asarray(quad.points, np.int32), (255,))
    return _reduced(mask, image.dpi)


def format_scores(scores: Mapping[tuple[str, str, str], Counts]) -> str:
    """A Markdown table: one row a thing and method, one column a kind of page; F1 in percent."""
    rows: list[str] = []
    order: Callable[[str], tuple[bool, str]] = lambda kind: (kind != "all", kind)  # noqa: E731
    for thing in dict.fromkeys(key[0] for key in scores):
        kinds = sorted({key[2] for key in scores if key[0] == thing}, key=order)
        rows += ["", f"| {thing} | {' | '.join(kinds)} |", f"| --- |{' ---: |' * len(kinds)}"]
        for method in dict.fromkeys(key[1] for key in scores if key[0] == thing):
            values = [f"{100 * scores[thing, method, kind].f1:.1f}" for kind in kinds]
            rows.append(f"| {method} | {' | '.join(values)} |")
    return "\n".join(rows).strip() + "\n"
