"""Pictures of every stage of every page, written on request (``--debug-dir``)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.document import PageImage, Region, Table, Value
from ocr_pipeline.errors import OutputError

__all__ = ["DebugFolder"]


class DebugFolder:
    """Writes ``page-001-1-pages.png`` and so on; does nothing when it has no folder.

    Args:
        folder: made when the first picture is written; None for no pictures.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._pages: list[int] = []

    def page(self, image: PageImage, regions: Sequence[Region], tables: Sequence[Table]) -> None:
        """The cleaned page, its regions and lines, its grids."""
        if self._folder is None:
            return
        from ocr_pipeline.report.overlay import draw_regions, draw_tables

        self._pages.append(image.index)
        _write(self._folder, image.index, "1-pages", image.color)
        _write(self._folder, image.index, "2-cleaned", image.gray)
        _write(self._folder, image.index, "3-layout", draw_regions(image.color, regions))
        _write(self._folder, image.index, "4-tables", draw_tables(image.color, tables, image.index))

    def values(self, values: Sequence[Value], tables: Sequence[Table]) -> None:
        """Each value's cell in the colour of its status; called once, when all pages are done."""
        if self._folder is None:
            return
        from ocr_pipeline.report.overlay import draw_values

        for index in self._pages:
            # Kept in memory until now, the pages of a long document would fill it.
            color = _read_back(_path(self._folder, index, "1-pages"))
            _write(self._folder, index, "5-values", draw_values(color, values, tables, index))


def _write(folder: Path, page: int, stage: str, picture: NDArray[np.uint8]) -> None:
    from PIL import Image

    path = _path(folder, page, stage)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        Image.fromarray(picture).save(path)
    except OSError as error:
        raise OutputError(f"cannot write: {error.strerror or error}", source=path) from error


def _path(folder: Path, page: int, stage: str) -> Path:
    return folder / f"page-{page + 1:03d}-{stage}.png"


def _read_back(path: Path) -> NDArray[np.uint8]:
    from PIL import Image

    try:
        with Image.open(path) as picture:
            return np.asarray(picture)
    except OSError as error:
        raise OutputError(f"cannot read back: {error.strerror or error}", source=path) from error
