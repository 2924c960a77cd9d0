"""A second recogniser's reading of chosen cells.

It is asked for what the form's own equations leave unproven, so it costs nothing where they prove a table.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.document import Cell, Place, Reading, Table
from ocr_pipeline.engine import FIGURE_ALPHABET, Recognition, Recognizer
from ocr_pipeline.tables.cell_task import is_figure

__all__ = ["hear_witness"]

_FAINTEST = math.log(1e-4)
"""Further readings less likely than this are not kept: they say nothing."""


def hear_witness(
    tables: Sequence[Table],
    wanted: Mapping[str, Collection[tuple[int, int]]],
    figures: Mapping[Place, NDArray[np.uint8]],
    second: Recognizer,
) -> tuple[Table, ...]:
    """The tables with the second recogniser's readings, best first, added to the witnesses of the wanted cells.

    Its further readings are too unlikely to be heard as a second opinion, but they are alternatives of the same ink.

    Args:
        tables: read tables, joined or not.
        wanted: rows and columns of cells, by table id.
        figures: the image of each cell that may hold a figure, as ``read_table`` keeps them.
        second: an independent recogniser.
    """
    chosen: dict[tuple[str, int, int], NDArray[np.uint8]] = {}
    for table in tables:
        for cell in table.cells:
            images = [figures[place] for place in cell.places if place in figures]
            if (cell.row, cell.column) in wanted.get(table.id, ()) and len(images) == 1:
                chosen[table.id, cell.row, cell.column] = images[0]
    heard = dict(zip(chosen, second.recognize(list(chosen.values()), alphabet=FIGURE_ALPHABET), strict=True))
    return tuple(_with_witnesses(table, heard) for table in tables)


def _with_witnesses(table: Table, heard: Mapping[tuple[str, int, int], Recognition]) -> Table:
    cells = []
    for cell in table.cells:
        seen = heard.get((table.id, cell.row, cell.column))
        readings = () if seen is None else _readings(cell, seen)
        cells.append(cell.model_copy(update={"witnesses": (*cell.witnesses, *readings)}) if readings else cell)
    return table.model_copy(update={"cells": tuple(cells)})


def _readings(cell: Cell, seen: Recognition) -> tuple[Reading, ...]:
    """The typed readings of a figure; the free one where words stand beside the figures (增加 33, 8.4 亿)."""
    if is_figure(cell.text):
        return seen.typed[:1] + tuple(r for r in seen.typed[1:] if r.text and r.log_prob > _FAINTEST)
    if not seen.text or seen.confidence <= 0:
        return ()
    engine = seen.typed[0].engine if seen.typed else ""
    return (Reading(text=seen.text, log_prob=len(seen.text) * math.log(min(1.0, seen.confidence)), engine=engine),)
