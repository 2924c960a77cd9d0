"""Values under a seal: what is read there is never proved by pixels alone."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from ocr_pipeline.document import Cell, PageImage
from ocr_pipeline.geometry import Box
from ocr_pipeline.tables.reading import ReadTable

__all__ = ["doubt_under_seals"]

_PRINT, _RED, _BESIDE = 150, 30, 0.03
"""Grey value below which a pixel is print; lead of red over the other colours; inches beside print that count."""
_DOUBT = math.log(0.5)
"""What a reading under a seal is worth: too little to stand alone, enough for an equation to prove it."""


def doubt_under_seals(read: ReadTable, seals: Sequence[Box], page: PageImage) -> ReadTable:
    """The table with its readings under seals made less sure, and without their images for a second opinion.

    Remnants of a seal deceive every recogniser alike, so that their agreement says nothing there. A seal's box is
    mostly bare: only print that its red ink touches is meant.

    Args:
        read: a table of one page.
        seals: boxes on the same page's raster.
        page: the page, for its colours.
    """
    if not seals:
        return read
    covered = {
        place
        for cell in read.table.cells
        for place in cell.places
        if any(place.box.intersection_area(seal) > 0 for seal in seals) and _stained(page, place.box)
    }
    cells = tuple(_doubted(cell) if set(cell.places) & covered else cell for cell in read.table.cells)
    figures = {place: image for place, image in read.figures.items() if place not in covered}
    return ReadTable(read.table.model_copy(update={"cells": cells}), figures)


def _stained(page: PageImage, cell: Box) -> bool:
    """Whether red ink stands on or beside the print of a cell."""
    inside = cell.expanded(-0.02 * page.dpi).slices()
    color, gray = page.color[inside].astype(np.int16), page.gray[inside]
    rows, columns = np.nonzero(gray < _PRINT)
    if not rows.size:
        return False
    margin = round(_BESIDE * page.dpi)
    top, bottom = max(0, int(rows.min()) - margin), int(rows.max()) + margin + 1
    left, right = max(0, int(columns.min()) - margin), int(columns.max()) + margin + 1
    near = color[top:bottom, left:right]
    red = near[..., 0] - near[..., 1:].max(axis=-1) > _RED
    return bool(red.mean() > 0.01)


def _doubted(cell: Cell) -> Cell:
    readings = tuple(r.model_copy(update={"log_prob": r.log_prob + _DOUBT}) for r in cell.readings)
    return cell.model_copy(update={"readings": readings, "confidence": cell.confidence / 2})
