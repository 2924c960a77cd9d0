"""Values under a seal: what is read there is never proved by pixels alone."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ocr_pipeline.document import Cell
from ocr_pipeline.geometry import Box
from ocr_pipeline.tables.reading import ReadTable

__all__ = ["doubt_under_seals"]

_DOUBT = math.log(0.5)
"""What a reading under a seal is worth: too little to stand alone, enough for an equation to prove it."""


def doubt_under_seals(read: ReadTable, seals: Sequence[Box]) -> ReadTable:
    """The table with its readings under seals made less sure, and without their images for a second opinion.

    Remnants of a seal deceive every recogniser alike, so that their agreement says nothing there.

    Args:
        read: a table of one page.
        seals: boxes on the same page's raster.
    """
    if not seals:
        return read
    covered = {
        place
        for cell in read.table.cells
        for place in cell.places
        if any(place.box.intersection_area(seal) > 0 for seal in seals)
    }
    cells = tuple(_doubted(cell) if set(cell.places) & covered else cell for cell in read.table.cells)
    figures = {place: image for place, image in read.figures.items() if place not in covered}
    return ReadTable(read.table.model_copy(update={"cells": cells}), figures)


def _doubted(cell: Cell) -> Cell:
    readings = tuple(r.model_copy(update={"log_prob": r.log_prob + _DOUBT}) for r in cell.readings)
    return cell.model_copy(update={"readings": readings, "confidence": cell.confidence / 2})
