"""What a second recogniser and the reader of figures make of chosen cells.

They are asked for what the form's own equations leave unproven, so they cost nothing where those prove a table.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.document import Cell, Place, Reading, Table
from ocr_pipeline.engine import FIGURE_ALPHABET, Recognition, Recognizer
from ocr_pipeline.tables.cell_task import is_figure, may_be_figure

__all__ = ["hear_witness"]

_FAINTEST = math.log(1e-4)
"""Further readings less likely than this are not kept: they say nothing."""
_BEAMS = 12
"""Readings asked for: the equations may ask for a number that is far from the likeliest."""


def hear_witness(
    tables: Sequence[Table],
    wanted: Mapping[str, Collection[tuple[int, int]]],
    figures: Mapping[Place, NDArray[np.uint8]],
    second: Recognizer,
    specialist: Recognizer | None = None,
) -> tuple[Table, ...]:
    """The tables with the readings of others, best first, added to the witnesses of the wanted cells.

    Their further readings are too unlikely to be heard as an opinion, but they are alternatives of the same ink.

    Args:
        tables: read tables, joined or not.
        wanted: rows and columns of cells, by table id.
        figures: the image of each cell that may hold a figure, as ``read_table`` keeps them.
        second: an independent recogniser.
        specialist: reads nothing but figures; not asked about words.
    """
    chosen: dict[tuple[str, int, int], NDArray[np.uint8]] = {}
    for table in tables:
        for cell in table.cells:
            shown = [figures[place] for place in cell.places if place in figures]
            if (cell.row, cell.column) in wanted.get(table.id, ()) and len(shown) == 1:
                chosen[table.id, cell.row, cell.column] = shown[0]
    images = list(chosen.values())
    heard = tuple(_with_witnesses(table, dict(zip(chosen, _read(second, images), strict=True))) for table in tables)
    if specialist is None:
        return heard
    seen = dict(zip(chosen, _read(specialist, images), strict=True))
    return tuple(_with_witnesses(table, seen, words=False) for table in heard)


def _read(reader: Recognizer, images: Sequence[NDArray[np.uint8]]) -> list[Recognition]:
    return reader.recognize(images, alphabet=FIGURE_ALPHABET, beams=_BEAMS)


def _with_witnesses(table: Table, heard: Mapping[tuple[str, int, int], Recognition], *, words: bool = True) -> Table:
    cells = []
    for cell in table.cells:
        seen = heard.get((table.id, cell.row, cell.column))
        readings = () if seen is None or not (words or _is_figure(cell)) else _readings(cell, seen)
        cells.append(cell.model_copy(update={"witnesses": (*cell.witnesses, *readings)}) if readings else cell)
    return table.model_copy(update={"cells": tuple(cells)})


def _is_figure(cell: Cell) -> bool:
    """Whether it is read as a figure: also a broken 0 that was taken for a letter."""
    return is_figure(cell.text) or (bool(cell.readings) and may_be_figure(cell.text))


def _readings(cell: Cell, seen: Recognition) -> tuple[Reading, ...]:
    """The typed readings of a figure; the free one where words stand beside the figures (增加 33, 8.4 亿)."""
    if _is_figure(cell):
        return seen.typed[:1] + tuple(r for r in seen.typed[1:] if r.text and r.log_prob > _FAINTEST)
    if not seen.text or seen.confidence <= 0:
        return ()
    engine = seen.typed[0].engine if seen.typed else ""
    return (Reading(text=seen.text, log_prob=len(seen.text) * math.log(min(1.0, seen.confidence)), engine=engine),)
