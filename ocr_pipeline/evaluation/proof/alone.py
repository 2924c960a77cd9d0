"""What the first recogniser by itself makes of the pictures of figures: no other reader, and no second look."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.document import Cell, Place, Table
from ocr_pipeline.engine import FIGURE_ALPHABET, Recognizer

__all__ = ["CellKey", "read_alone"]

CellKey = tuple[str, int, int]
"""Table, row and column of a cell."""


def read_alone(
    tables: Iterable[Table], figures: Mapping[Place, NDArray[np.uint8]], recognizer: Recognizer
) -> dict[CellKey, Cell]:
    """The cells that have a picture, with nothing but what one recogniser reads in it.

    Args:
        tables: read tables.
        figures: the picture of each cell that may hold a figure, as ``read_table`` keeps them.
        recognizer: reads them.
    """
    shown: dict[CellKey, NDArray[np.uint8]] = {}
    for table in tables:
        for cell in table.cells:
            pictures = [figures[place] for place in cell.places if place in figures]
            if len(pictures) == 1:
                shown[table.id, cell.row, cell.column] = pictures[0]
    seen = recognizer.recognize(list(shown.values()), alphabet=FIGURE_ALPHABET)
    return {
        (table, row, column): Cell(
            row=row, column=column, text=read.text, confidence=read.confidence, ink=True, readings=read.typed
        )
        for (table, row, column), read in zip(shown, seen, strict=True)
    }
