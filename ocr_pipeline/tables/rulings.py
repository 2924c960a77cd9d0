"""Horizontal and vertical rulings as masks, and the areas of the page that they enclose.

Both directions share one code path: the vertical case works on the transposed page.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.geometry import Box
from ocr_pipeline.tables.ink import InkMap
from ocr_pipeline.tables.options import TableOptions

__all__ = ["RulingMasks", "TableArea", "find_rulings", "table_areas"]

_RULING_SHARE = 0.18
"""A hairline blurred over two pixels keeps about a fifth of the depth of solid print."""
_LONG_INCHES, _GAP_INCHES = 0.35, 0.3
"""Length of level rulings from which the gap between two of them is one of a ruling, and length of such a gap."""


@dataclass(frozen=True, eq=False)
class RulingMasks:
    """Pixels (0/255, page size) that belong to long thin runs of ink in each direction, and all ink.

    ``depth`` tells how dark the ink is (uint8, page size), where there is a picture behind the masks.
    """

    horizontal: NDArray[np.uint8]
    vertical: NDArray[np.uint8]
    ink: NDArray[np.uint8]
    depth: NDArray[np.uint8] | None = None

    def part(self, box: Box) -> RulingMasks:
        """The masks within a box."""
        inside = box.slices()
        depth = None if self.depth is None else self.depth[inside]
        return RulingMasks(self.horizontal[inside], self.vertical[inside], self.ink[inside], depth)


@dataclass(frozen=True, eq=False)
class TableArea:
    """One network of rulings: its box on the page and the masks of its own rulings (page size)."""

    box: Box
    masks: RulingMasks


def find_rulings(ink: InkMap, dpi: float, options: TableOptions) -> RulingMasks:
    """Find the runs of ink that are long and thin enough for rulings; breaks up to ``max_gap`` are bridged."""
    mask = ink.mask(_RULING_SHARE)
    gap = round(options.max_gap * dpi)
    horizontal = _long_runs(mask, round(options.min_horizontal * dpi), gap, dpi)
    upright = _long_runs(cv2.transpose(mask), round(options.min_vertical * dpi), gap, dpi)
    vertical = cv2.transpose(upright)
    return RulingMasks(horizontal, vertical, mask, ink.depth)


def _long_runs(mask: NDArray[np.uint8], length: int, gap: int, dpi: float) -> NDArray[np.uint8]:
    """Horizontal runs of at least ``length``, thin across."""
    # One pixel of slack across the run lets a ruling with a slight slope step from row to row.
    slack = cv2.dilate(mask, np.ones((3, 1), np.uint8))
    closed = cv2.morphologyEx(slack, cv2.MORPH_CLOSE, np.ones((1, gap | 1), np.uint8))
    runs = cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((1, max(3, length)), np.uint8))
    # Solid areas (fills, black borders, photographs) have long runs as well, but thick ones.
    thick = max(5, round(dpi * 0.08)) | 1
    solid = cv2.morphologyEx(runs, cv2.MORPH_OPEN, np.ones((thick, 1), np.uint8))
    thin: NDArray[np.uint8] = cv2.subtract(runs, solid)
    return thin


def table_areas(masks: RulingMasks, dpi: float, *, least_height: float = 0.2) -> list[TableArea]:
    """Connected networks of rulings that cross, top to bottom; a lone frame of one cell counts too.

    Those lower than ``least_height`` inches are left out.

    Rulings hang together when they come within a small distance, so that a line broken at a crossing stays with its
    table. Lines of print can look like horizontal rulings, but nothing vertical crosses them.
    """
    reach = max(3, round(dpi * 0.04)) | 1
    kernel = np.ones((reach, reach), np.uint8)
    wide = cv2.dilate(cv2.bitwise_or(masks.horizontal, _across_gaps(masks.horizontal, dpi)), kernel)
    tall = cv2.dilate(masks.vertical, kernel)
    crossings = cv2.bitwise_and(wide, tall)
    if not crossings.any():
        return []
    met = _Crossings.of(crossings)
    network = cv2.bitwise_or(_touching(wide, met, 2, reach), _touching(tall, met, 1, reach))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(network, connectivity=8)
    found = []
    for label in range(1, count):
        left, top, width, height, _ = (int(v) for v in stats[label])
        if width < dpi * 0.6 or height < dpi * least_height:
            continue
        inside = (slice(top, top + height), slice(left, left + width))
        own = labels[inside] == label
        across = np.count_nonzero((masks.horizontal[inside].astype(bool) & own).any(axis=0))
        down = np.count_nonzero((masks.vertical[inside].astype(bool) & own).any(axis=1))
        if across >= 0.5 * width and down >= 0.5 * height:
            margin = reach // 2
            box = Box(left + margin, top + margin, left + width - margin, top + height - margin)
            found.append(TableArea(box, _only(masks, own, inside)))
    return sorted(found, key=lambda area: (area.box.top, area.box.left))


def _across_gaps(horizontal: NDArray[np.uint8], dpi: float) -> NDArray[np.uint8]:
    """Long level rulings with the gaps between two of them: each may cross an upright one at its far end only."""
    long = cv2.morphologyEx(horizontal, cv2.MORPH_OPEN, np.ones((1, round(_LONG_INCHES * dpi)), np.uint8))
    return np.asarray(
        cv2.morphologyEx(long, cv2.MORPH_CLOSE, np.ones((1, round(_GAP_INCHES * dpi)), np.uint8)), np.uint8
    )


def _only(masks: RulingMasks, own: NDArray[np.bool_], inside: tuple[slice, slice]) -> RulingMasks:
    """The rulings of one network: a frame around the page must not be taken for rulings of the table inside it."""
    horizontal, vertical = np.zeros_like(masks.horizontal), np.zeros_like(masks.vertical)
    np.copyto(horizontal[inside], masks.horizontal[inside], where=own)
    np.copyto(vertical[inside], masks.vertical[inside], where=own)
    return replace(masks, horizontal=horizontal, vertical=vertical)


@dataclass(frozen=True, eq=False)
class _Crossings:
    """Where rulings cross: the rows and columns of their pixels, the piece that each is of, and how many there are."""

    rows: NDArray[np.int32]
    columns: NDArray[np.int32]
    pieces: NDArray[np.int32]
    count: int

    @classmethod
    def of(cls, mask: NDArray[np.uint8]) -> _Crossings:
        count, labels = cv2.connectedComponents(mask, connectivity=8)
        columns, rows = np.asarray(cv2.findNonZero(mask), dtype=np.int32).reshape(-1, 2).T
        return cls(rows, columns, np.asarray(labels[rows, columns], dtype=np.int32), count)


def _touching(mask: NDArray[np.uint8], crossings: _Crossings, needed: int, reach: int) -> NDArray[np.uint8]:
    """The connected runs of a mask that meet at least ``needed`` separate pieces of the other, where they cross."""
    # Small labels take less time. Each run was made at least ``reach`` broad both ways, so there are not that many.
    small = mask.size // (reach + 1) ** 2 < np.iinfo(np.uint16).max
    count, labels = cv2.connectedComponents(mask, connectivity=8, ltype=cv2.CV_16U if small else cv2.CV_32S)
    # Every piece lies within one run, so whichever of its pixels is looked at names it.
    owner = np.zeros(crossings.count, np.int64)
    owner[crossings.pieces] = labels[crossings.rows, crossings.columns]
    keep = np.where(np.bincount(owner[1:], minlength=count) >= needed, np.uint8(255), np.uint8(0))
    keep[0] = 0
    return np.asarray(np.take(keep, labels), dtype=np.uint8)
