"""Values under a seal: what is read there is never proved by pixels alone."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.document import Cell, PageImage, Place
from ocr_pipeline.engine import FIGURE_ALPHABET, Recognition, Recognizer
from ocr_pipeline.geometry import Box
from ocr_pipeline.page_net import PageMaps
from ocr_pipeline.tables.doubts import doubted, printed
from ocr_pipeline.tables.reading import ReadTable

__all__ = ["doubt_under_seals"]

_RED, _BESIDE = 30, 0.03
"""Lead of red over the other colours; inches beside print that count."""
_SEEN = 0.05
"""Share of the surroundings of print that the page network takes for a seal's ink."""
_PALE = 0.4
"""Share of the depth of a table's print below which ink may be what is left of a seal."""
_SURE, _SAME = 0.85, 0.9
"""Probability from which the reading of a figure is sure, and from which the specialist sees the same."""
_LEAST_FIGURES = 8
"""Figures that tell how dark the print of a table is."""


def doubt_under_seals(
    read: ReadTable,
    seals: Sequence[Box],
    page: PageImage,
    specialist: Recognizer | None = None,
    maps: PageMaps | None = None,
) -> ReadTable:
    """The table with its readings under seals made less sure, and without their images for a second opinion.

    Remnants of a seal deceive every recogniser alike, so that their agreement says nothing there. A seal's box is
    mostly bare: only print that its ink touches is meant, red ink or, on copies without colour, what the page network
    takes for a seal's. A figure keeps its worth where the specialist sees the
    same, also when all ink is gone that is too pale for print and may be the seal's; but only equations verify it.

    Args:
        read: a table of one page.
        seals: boxes on the same page's raster.
        page: the page, for its colours.
        specialist: reads nothing but figures; without one all are doubted.
        maps: what the page network sees of the page.
    """
    if not seals:
        return read
    covered = {
        place
        for cell in read.table.cells
        for place in cell.places
        if any(place.box.intersection_area(seal) > 0 for seal in seals) and _stained(page, place.box, maps)
    }
    clear = set() if specialist is None else _seen_without_pale_ink(read, covered, specialist)
    cells = tuple(doubted(cell) if set(cell.places) & covered - clear else cell for cell in read.table.cells)
    figures = {place: image for place, image in read.figures.items() if place not in covered}
    return ReadTable(read.table.model_copy(update={"cells": cells}), figures)


def _seen_without_pale_ink(read: ReadTable, covered: Collection[Place], specialist: Recognizer) -> set[Place]:
    """The covered figures that the specialist reads alike with and without the pale ink around them."""
    said = {cell.places[0]: cell.text for cell in read.table.cells if cell.places and _is_sure(cell)}
    places = [place for place in read.figures if place in covered and place in said]
    print_ = [_darkest(image) for image in read.figures.values()]
    if not places or len(print_) < _LEAST_FIGURES:
        return set()
    limit = _PALE * float(np.median(print_))
    images = [read.figures[place] for place in places]
    looks = [*images, *(_without_pale_ink(image, limit) for image in images)]
    seen = specialist.recognize(looks, alphabet=FIGURE_ALPHABET)
    return {
        place
        for number, place in enumerate(places)
        if all(_chance(look, said[place]) >= _SAME for look in (seen[number], seen[number + len(places)]))
    }


def _is_sure(cell: Cell) -> bool:
    best = cell.readings[0] if cell.readings else None
    return best is not None and best.text == cell.text and math.exp(best.log_prob) >= _SURE


def _chance(seen: Recognition, text: str) -> float:
    return sum(math.exp(reading.log_prob) for reading in seen.typed if reading.text == text)


def _paper(image: NDArray[np.uint8]) -> float:
    return float(np.percentile(image, 90))


def _darkest(image: NDArray[np.uint8]) -> float:
    """How much darker than its paper the print of a crop is, grey levels."""
    return _paper(image) - float(np.percentile(image, 1))


def _without_pale_ink(image: NDArray[np.uint8], limit: float) -> NDArray[np.uint8]:
    """A crop with paper wherever it is less than ``limit`` grey levels darker than that."""
    paper = _paper(image)
    return np.where(paper - image < limit, round(paper), image).astype(np.uint8)


def _stained(page: PageImage, cell: Box, maps: PageMaps | None) -> bool:
    """Whether ink of a seal stands on or beside the print of a cell."""
    print_ = printed(page, cell)
    if print_ is None:
        return False
    near = print_.expanded(_BESIDE * page.dpi).clipped(page.width, page.height)
    color = page.color[near.slices()].astype(np.int16)
    red = color[..., 0] - color[..., 1:].max(axis=-1) > _RED
    if red.mean() > 0.01 or maps is None:
        return bool(red.mean() > 0.01)
    seen = maps.likely("seal")[maps.slices(near)]
    return bool(seen.size and seen.mean() > _SEEN)
