"""Of two ways to see the tables of a page, by their rulings and by the network's maps: which to believe where."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.document import PageImage
from ocr_pipeline.geometry import Box
from ocr_pipeline.page_net import PageMaps
from ocr_pipeline.page_net.maps import MAP_DPI
from ocr_pipeline.tables.completing import completed
from ocr_pipeline.tables.crisp import is_crisp
from ocr_pipeline.tables.find import FoundTable, same_place
from ocr_pipeline.tables.grid import rows_between
from ocr_pipeline.tables.ink import ink_map
from ocr_pipeline.tables.mapped import find_mapped
from ocr_pipeline.tables.options import TableOptions
from ocr_pipeline.tables.rulings import find_rulings

__all__ = ["among", "explained_share", "with_maps"]

_IN_PLACE = 0.5
"""Share of a table from which it stands in another's place."""

T = TypeVar("T")

_SURE = 160
"""From this value of a map on (of 255) the network is sure of a border."""
_EXPLAINED, _BY_WHOLE = 0.97, 0.95
"""Share of the borders it is sure of that found cells have to explain, and those of tables whose rulings are whole."""
_BARE_SHARE, _BAND_INCHES = 0.2, 0.1
"""Share that may look like table of the width of a band that parts two tables, or of a row that is none of a table, and
the height of such a band."""
_WITHIN, _FILLED = 0.9, 0.7
"""Share of a part that lies in the table it is a part of, and share of the table that its parts fill."""
_LOW, _NO_TABLE = 3, 0.25
"""Rows of what may be no table, and mean of the map of tables (0..1) below which it is none; true ones have 0.95."""
_FEW = 40
"""Pixels of the maps (fiftieths of an inch) of borders that may come from anything."""


def with_maps(
    page: PageImage, ruled: Sequence[FoundTable], maps: PageMaps, options: TableOptions | None = None
) -> list[FoundTable]:
    """The tables of a page, top to bottom, from its rulings and from what the network sees.

    A few rows of which the network sees no table are the grain of a desk, or part of a chart.

    Rulings that are all there are known to a pixel. So they win wherever they explain the borders that the network is
    sure of, and only what a few of their cells lost is put back. Where they came through whole, what else the network
    sees between them is not printed: it sees headers cut into columns, too.

    Args:
        page: upright and straight.
        ruled: as ``find_tables`` finds them.
        maps: of this page.
        options: of the stage.
    """
    ruled = [table for table in ruled if table.grid.rows > _LOW or maps.share("table", table.box) >= _NO_TABLE]
    ruled = [_without_strays(table, maps) for table in ruled]
    whole = Box(0, 0, page.width, page.height)
    parted = [table for table in ruled if _is_parted(table.box, maps)]
    if not parted and explained_share(ruled, maps, whole) >= _EXPLAINED:
        return [completed(table, maps) for table in ruled]
    crisp = [table for table in ruled if is_crisp(table)]
    bare = _bare(page, crisp, maps, options or TableOptions())
    mapped = [table for table in find_mapped(page, maps, options) if not _runs_on(table, ruled, maps)]
    parts = [part for table in parted for part in _parts(table, mapped)]
    better = [
        table
        for table in mapped
        if table in parts
        or explained_share(_about(table, ruled), maps, table.box, bare=bare)
        < (_BY_WHOLE if _about(table, crisp) else _EXPLAINED)
    ]
    replaced = _reached(better, ruled, mapped)
    better = [table for table in mapped if table in better or _about(table, replaced)]
    rest = [completed(table, maps) for table in ruled if table not in replaced]
    return sorted((*better, *rest), key=lambda table: (table.box.top, table.box.left))


def among(ruled: Iterable[tuple[FoundTable, T]], added: Sequence[tuple[FoundTable, T]]) -> list[tuple[FoundTable, T]]:
    """Tables that were found later among those found before, top to bottom.

    What little is ruled in the place of one of them is part of it or no table of its own.

    Args:
        ruled: found before, each with what belongs to it.
        added: found later, likewise.
    """
    boxes = [table.box for table, _ in added]
    kept = [pair for pair in ruled if not any(pair[0].box.share_inside(box) >= _IN_PLACE for box in boxes)]
    return sorted((*kept, *added), key=lambda pair: (pair[0].box.top, pair[0].box.left))


def explained_share(
    tables: Sequence[FoundTable], maps: PageMaps, box: Box, *, bare: NDArray[np.bool_] | None = None
) -> float:
    """Share (0..1) of the borders that the network is sure of that borders of found cells lie on; 1 where it sees none.

    Args:
        tables: found in any way.
        maps: of their page.
        box: where to look, in pixels of the page.
        bare: as large as the maps, where nothing is printed, so that what the network sees needs no other explanation.
    """
    inside = maps.slices(box)
    sure = np.zeros(maps.values.shape[1:], np.uint8)
    sure[inside] = np.maximum(maps.of("rows"), maps.of("columns"))[inside] >= _SURE
    if np.count_nonzero(sure) < _FEW:
        return 1.0
    drawn = np.zeros_like(sure)
    for table in tables:
        for cell in table.grid.cells:
            corners = np.asarray(table.flattening.to_page(list(table.grid.box(cell).corners))) * maps.scale
            cv2.polylines(drawn, [np.round(corners - 0.5).astype(np.int32)], True, (1,), 1)
    near = cv2.dilate(drawn, np.ones((5, 5), np.uint8))
    if bare is not None:
        near[bare] = 1
    return float(np.count_nonzero(sure & near)) / np.count_nonzero(sure)


def _bare(page: PageImage, crisp: Sequence[FoundTable], maps: PageMaps, options: TableOptions) -> NDArray[np.bool_]:
    """Where no ruling is printed in tables whose rulings came through whole (``crisp``), as large as the maps."""
    height, width = maps.values.shape[1:]
    inside = np.zeros((height, width), np.uint8)
    for table in crisp:
        corners = np.asarray(table.flattening.to_page(list(table.grid.frame.corners))) * maps.scale
        cv2.fillPoly(inside, [np.round(corners - 0.5).astype(np.int32)], (1,))
    if not crisp:
        return inside > 0
    masks = find_rulings(ink_map(page.gray, page.dpi), page.dpi, options)
    printed = cv2.resize(
        cv2.bitwise_or(masks.horizontal, masks.vertical), (width, height), interpolation=cv2.INTER_AREA
    )
    near = cv2.dilate(printed, np.ones((3, 3), np.uint8))
    bare: NDArray[np.bool_] = (inside > 0) & (near == 0)
    return bare


def _without_strays(table: FoundTable, maps: PageMaps) -> FoundTable:
    """The table without the rows at its head and foot of which the network sees none.

    Level strokes of a heading beside each other look like a ruling.
    """
    grid, to_page = table.grid, table.flattening.box_to_page
    bands = [Box(grid.xs[0], top, grid.xs[-1], bottom) for top, bottom in pairwise(grid.ys)]
    inside = [n for n, band in enumerate(bands) if maps.share("table", to_page(band)) >= _BARE_SHARE]
    if len(inside) < 2 or (inside[0] == 0 and inside[-1] == grid.rows - 1):
        return table
    left = rows_between(grid, inside[0], inside[-1] + 1)
    if left.columns < 2:
        return table
    return replace(table, grid=left, box=to_page(left.frame))


def _is_parted(box: Box, maps: PageMaps) -> bool:
    """Whether the network sees a band of no table all across a box that rulings make one, as a seal over two does."""
    inside = maps.likely("table")[maps.slices(box)]
    if not inside.size:
        return False
    bare = np.concatenate([[0], (inside.mean(axis=1) < _BARE_SHARE).astype(np.int8), [0]])
    starts, stops = np.flatnonzero(np.diff(bare) == 1), np.flatnonzero(np.diff(bare) == -1)
    between = (starts > 0) & (stops < len(inside))
    return bool(np.any((stops - starts)[between] >= _BAND_INCHES * MAP_DPI))


def _runs_on(table: FoundTable, ruled: Sequence[FoundTable], maps: PageMaps) -> bool:
    """Whether a table of the network's borders is two ruled ones, with a band of no table between in its own areas."""
    within = [other.box for other in ruled if other.box.share_inside(table.box) >= _WITHIN]
    x, y = maps.scale
    for above, below in pairwise(within):
        left, right = min(above.left, below.left) * x, max(above.right, below.right) * x
        top, bottom = above.bottom * y - 1, below.top * y + 1
        if below.top < above.bottom or sum(box.area for box in within) < _FILLED * table.box.area:
            return False
        band = maps.likely("table")[Box(left, top, right, bottom).slices()]
        if band.size and band.mean(axis=1).min() < _BARE_SHARE:
            return True
    return False


def _parts(table: FoundTable, mapped: Sequence[FoundTable]) -> list[FoundTable]:
    """The tables of the network that stand one below the other in a ruled one and fill it but for what parts them."""
    parts = [other for other in mapped if other.box.share_inside(table.box) >= _WITHIN]
    stacked = all(below.box.top >= above.box.bottom for above, below in pairwise(parts))
    filled = sum(part.box.area for part in parts) >= _FILLED * table.box.area
    return parts if len(parts) > 1 and stacked and filled else []


def _about(table: FoundTable, others: Sequence[FoundTable]) -> list[FoundTable]:
    """Those of the others that stand in the same place."""
    return [other for other in others if same_place(table, other)]


def _reached(
    better: Sequence[FoundTable], ruled: Sequence[FoundTable], mapped: Sequence[FoundTable]
) -> list[FoundTable]:
    """The ruled tables that make way for the better ones: two of the network's may stand in one, and one in two."""
    reached: list[FoundTable] = []
    front = list(better)
    while front:
        new = [table for table in ruled if table not in reached and _about(table, front)]
        reached += new
        front = [table for table in mapped if _about(table, new)]
    return reached
