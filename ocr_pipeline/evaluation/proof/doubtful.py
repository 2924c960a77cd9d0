"""Closer looks at the figures that simulated equations may ask for another reading of: those that anybody doubts."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.document import Cell, Place, Table
from ocr_pipeline.tables import look_closer
from ocr_pipeline.text.load import TextEngine

__all__ = ["is_doubtful", "with_closer_looks"]

_RIVAL = math.log(0.003)
"""A reading less likely than this is nothing that a repair would be made to."""


def with_closer_looks(
    tables: Sequence[Table], figures: Mapping[Place, NDArray[np.uint8]], text: TextEngine
) -> tuple[Table, ...]:
    """The tables with closer looks at the doubtful figures, as the proof would take them if equations asked for it.

    Args:
        tables: with all readers heard.
        figures: the picture of each cell that may hold a figure.
        text: the readers; without all three there is no closer look.
    """
    readers = text.readers
    if readers is None:
        return tuple(tables)
    doubtful = {
        f"{table.id} {cell.row} {cell.column}": cell for table in tables for cell in table.cells if is_doubtful(cell)
    }
    closer = look_closer(doubtful, figures, readers)
    return tuple(
        table.model_copy(update={"cells": tuple(closer.get(f"{table.id} {c.row} {c.column}", c) for c in table.cells)})
        for table in tables
    )


def is_doubtful(cell: Cell) -> bool:
    """Whether any reader of a figure finds more than one text likely at all, or another than the others."""
    return len({r.text for r in (*cell.readings, *cell.witnesses) if r.text and r.log_prob >= _RIVAL}) > 1
