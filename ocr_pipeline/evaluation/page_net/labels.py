"""From what is true of a drawn page to what the network should see: one picture for each of its maps."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.evaluation.synthetic.truth import CellPiece, PageTruth, TableTruth
from ocr_pipeline.geometry import Box, Transform
from ocr_pipeline.page_net.maps import MAPS, STRIDE, MapName

__all__ = ["LINE_WIDTH", "keep_printed", "paint", "pieces_on"]

LINE_WIDTH = 2
"""Pixels of the maps that a ruling is wide; thinner ones are lost in the loss, thicker ones run together."""
_SEEN = (8.0, 30.0)
"""Limits of the depth from which ink is left of a ruling: it must exceed the grain of the paper in the table."""
_STRETCH = 41
"""Pixels of the maps along a ruling that are looked at together."""
_LEFT = 0.25
"""Share of such a stretch that has to be left. Dirt of a fax alone makes up a tenth."""
_SHIFT = 4


def paint(
    page: PageTruth, grids: Sequence[TableTruth], to_input: Transform, size: tuple[int, int]
) -> dict[MapName, NDArray[np.uint8]]:
    """The maps but ``seal``, height x width, 0 or 1.

    Args:
        page: with its rulings.
        grids: the tables of the report.
        to_input: from the undamaged raster to the network's input.
        size: width and height of the maps.
    """
    width, height = size
    to_map = to_input.then(Transform.scaling(1 / STRIDE, 1 / STRIDE))
    maps: dict[MapName, NDArray[np.uint8]] = {
        name: np.zeros((height, width), np.uint8) for name in MAPS if name != "seal"
    }
    for ruling in page.rulings:
        _line(maps["upright" if ruling.upright else "across"], _middle(ruling.box, upright=ruling.upright), to_map)
    for piece in pieces_on(page.index, grids):
        left, top, right, bottom = piece.box.as_tuple()
        for y in (top, bottom):
            _line(maps["rows"], ((left, y), (right, y)), to_map)
        for x in (left, right):
            _line(maps["columns"], ((x, top), (x, bottom)), to_map)
        for line in piece.lines:
            _area(maps["line"], line.box, to_map)
    for area in page.tables:
        _area(maps["table"], area.box, to_map)
    for line in page.lines:
        _area(maps["line"], line.box, to_map)
        if line.role in ("title", "heading"):
            _area(maps["heading"], line.box, to_map)
    return maps


def keep_printed(maps: dict[MapName, NDArray[np.uint8]], ink: NDArray[np.uint8]) -> None:
    """Leave those stretches of rulings that something is left of: of the others, nobody can say they were printed.

    Args:
        maps: true ones of the page; ``across`` and ``upright`` are changed.
        ink: of the page, at ``WORK_DPI``.
    """
    height, width = maps["table"].shape
    padded = np.pad(ink, ((0, max(0, STRIDE * height - ink.shape[0])), (0, max(0, STRIDE * width - ink.shape[1]))))
    depth = padded[: STRIDE * height, : STRIDE * width].reshape(height, STRIDE, width, STRIDE).max(axis=(1, 3))
    printed = cv2.dilate(maps["across"] | maps["upright"] | maps["line"], np.ones((5, 5), np.uint8))
    grain = depth[(maps["table"] > 0) & (printed == 0)]
    level = float(np.clip(np.percentile(grain, 96) + 2, *_SEEN)) if grain.size else _SEEN[1]
    seen = (depth > level).astype(np.uint8)
    maps["across"] = _left_of(maps["across"], seen)
    maps["upright"] = np.ascontiguousarray(_left_of(maps["upright"].T, seen.T).T)


def _left_of(rulings: NDArray[np.uint8], seen: NDArray[np.uint8]) -> NDArray[np.uint8]:
    # A ruling is two pixels wide on the map, and its ink may be in either.
    near = cv2.dilate(seen, np.ones((3, 1), np.uint8)) & rulings
    left, whole = (
        cv2.boxFilter(mask.astype(np.float32), -1, (_STRETCH, 1), borderType=cv2.BORDER_CONSTANT)
        for mask in (near, rulings)
    )
    return np.asarray(rulings * (left >= _LEFT * whole), np.uint8)


def pieces_on(page: int, grids: Sequence[TableTruth]) -> list[CellPiece]:
    """The pieces of cells that stand on a page."""
    return [piece for grid in grids for cell in grid.cells for piece in cell.pieces if piece.page == page]


def _middle(box: Box, *, upright: bool) -> tuple[tuple[float, float], tuple[float, float]]:
    x, y = box.center
    return ((x, box.top), (x, box.bottom)) if upright else ((box.left, y), (box.right, y))


def _line(canvas: NDArray[np.uint8], ends: Sequence[tuple[float, float]], to_map: Transform) -> None:
    start, end = (_fixed(point) for point in to_map.points(list(ends)))
    cv2.line(canvas, start, end, (1,), LINE_WIDTH, cv2.LINE_8, _SHIFT)


def _area(canvas: NDArray[np.uint8], box: Box, to_map: Transform) -> None:
    corners = np.asarray([_fixed(point) for point in to_map.points(list(box.corners))], np.int32)
    cv2.fillConvexPoly(canvas, corners, (1,), cv2.LINE_8, _SHIFT)


def _fixed(point: tuple[float, float]) -> tuple[int, int]:
    """Edge coordinates to OpenCV's pixel centres, in fixed point."""
    return round((point[0] - 0.5) * (1 << _SHIFT)), round((point[1] - 0.5) * (1 << _SHIFT))
