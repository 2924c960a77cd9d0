"""What a page shows and no stage took up: print that no line covers, and tables that got no cells.

Reading goes by lines that a text detector finds and by grids that rulings or alignment give. What both overlook would
be lost without a word; the page network, which sees print and tables by itself, is the check on them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.document import Finding, PageImage, Region, RegionKind, Severity
from ocr_pipeline.geometry import Box
from ocr_pipeline.page_net import PageMaps
from ocr_pipeline.page_net.maps import MAP_DPI

__all__ = ["unread_areas"]

_LEAST_PRINT = (0.5, 0.06)
"""Width and height in inches: about as wide as three characters; a page number is no loss."""
_LINES_APART = 0.25
"""Inches between lines that are remarked upon together."""
_BESIDE = 0.06
"""How far, in inches, print may lie outside the line that took it: the maps are coarse."""
_EDGE = 0.1
"""Inches from the page's edge; what reaches so far is the edge of a photographed sheet, or a shadow."""
_REBUILT = 0.5
"""Share of a table's area that its cells take."""


def unread_areas(
    page: PageImage, regions: Sequence[Region], tables: Sequence[Box], maps: PageMaps
) -> Iterator[Finding]:
    """Remarks on what is seen on a page and stands nowhere in its report.

    Args:
        page: whose maps these are.
        regions: of the page, with their lines, in its pixels.
        tables: boxes of the tables that have cells, in its pixels.
        maps: what the network sees.

    Yields:
        ``unread-print`` for print that no line and no cell covers, one for lines that stand together, outside pictures
        and seals; ``table-without-cells`` for a table of which no rows and columns could be told.
    """
    for area in _unread_print(maps, [*_taken(regions), *tables], page.dpi):
        message = "print is seen here, and no line of it could be read"
        yield _remark("unread-print", message, area, page)
    for region in regions:
        cells = sum(region.box.intersection_area(table) for table in tables)
        if region.kind is RegionKind.TABLE and cells < _REBUILT * region.box.area:
            message = "a table is seen here, and no rows and columns of it could be told; its lines are read as text"
            yield _remark("table-without-cells", message, region.box, page)


def _remark(code: str, message: str, area: Box, page: PageImage) -> Finding:
    box = page.transform.box(area.clipped(page.width, page.height))
    return Finding(code=code, severity=Severity.WARNING, message=message, page=page.index, box=box)


def _taken(regions: Iterable[Region]) -> Iterator[Box]:
    """Where something was read, or need not be."""
    for region in regions:
        if region.kind in (RegionKind.FIGURE, RegionKind.SEAL):
            yield region.box
        yield from (line.box for line in region.lines)


def _unread_print(maps: PageMaps, taken: Iterable[Box], dpi: float) -> list[Box]:
    """Boxes in pixels of the page, top to bottom."""
    left = np.array(maps.likely("line"))
    for box in taken:
        left[maps.slices(box.expanded(_BESIDE * dpi))] = 0
    lines = np.zeros_like(left)
    for x, y, width, height in _patches(left):
        large = width >= _LEAST_PRINT[0] * MAP_DPI and height >= _LEAST_PRINT[1] * MAP_DPI
        nearest = min(x, y, left.shape[1] - x - width, left.shape[0] - y - height)
        if large and nearest >= _EDGE * MAP_DPI:
            lines[y : y + height, x : x + width] = 1
    gap = np.ones((round(_LINES_APART * MAP_DPI) | 1, 1), np.uint8)
    across, down = maps.scale
    together = _patches(np.asarray(cv2.morphologyEx(lines, cv2.MORPH_CLOSE, gap), np.uint8))
    return [Box(x / across, y / down, (x + width) / across, (y + height) / down) for x, y, width, height in together]


def _patches(mask: NDArray[np.uint8]) -> list[tuple[int, int, int, int]]:
    """Left, top, width and height of what hangs together."""
    stats = cv2.connectedComponentsWithStats(mask, connectivity=8)[2]
    return [(int(x), int(y), int(width), int(height)) for x, y, width, height, _ in stats[1:]]
