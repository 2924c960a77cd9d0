"""Values where something was taken out of the page: a whole stroke may have gone with it, and nothing shows it."""

from __future__ import annotations

from dataclasses import replace

import cv2

from ocr_pipeline.document import Cell, PageImage
from ocr_pipeline.geometry import Box
from ocr_pipeline.tables.doubts import doubted, printed
from ocr_pipeline.tables.reading import ReadTable

__all__ = ["doubt_beside_scars", "doubt_blanks"]

_BESIDE_INCHES = 0.06
"""How far from what is left of a figure a digit of it may have stood: about the width of one."""


def doubt_beside_scars(read: ReadTable, page: PageImage) -> ReadTable:
    """The table with the readings made less sure that a scar crosses, and without their images for a second opinion.

    All readers see the same rest of a figure, so their agreement says nothing there. A cell without print that a scar
    crosses is no blank any more: a 1 may have stood there.

    Args:
        read: a table of one page.
        page: the page, with its scars.
    """
    if not page.scars:
        return read
    places = (place for cell in read.table.cells for place in cell.places)
    crossed = {place: printed(page, place.box) for place in places if _crossed(page, place.box, reach=0.0)}
    bare = {place for place, ink in crossed.items() if ink is None}
    beside = {place for place, ink in crossed.items() if ink is not None and _crossed(page, ink, reach=_BESIDE_INCHES)}

    def told(cell: Cell) -> Cell:
        if bare & set(cell.places) and not cell.text:
            return cell.model_copy(update={"ink": True})
        return doubted(cell) if beside & set(cell.places) else cell

    cells = tuple(told(cell) for cell in read.table.cells)
    figures = {place: image for place, image in read.figures.items() if place not in beside}
    return ReadTable(read.table.model_copy(update={"cells": cells}), figures)


def doubt_blanks(read: ReadTable, whole: PageImage) -> ReadTable:
    """The table without blanks where the page, as it was before something was taken out of it, shows print.

    Args:
        read: a table of one page.
        whole: the page with all its ink.
    """

    def told(cell: Cell) -> Cell:
        blank = not cell.text and not cell.ink
        inked = blank and any(printed(whole, place.box) is not None for place in cell.places)
        return cell.model_copy(update={"ink": True}) if inked else cell

    return replace(read, table=read.table.model_copy(update={"cells": tuple(map(told, read.table.cells))}))


def _crossed(page: PageImage, box: Box, reach: float) -> bool:
    """Whether a scar comes as near to a box as ``reach``, in inches."""
    near = box.expanded(reach * page.dpi)
    rectangle = (round(near.left), round(near.top), max(1, round(near.width)), max(1, round(near.height)))
    return any(
        cv2.clipLine(rectangle, (round(x1), round(y1)), (round(x2), round(y2)))[0] for (x1, y1), (x2, y2) in page.scars
    )
