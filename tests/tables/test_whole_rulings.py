from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.document import PageImage
from ocr_pipeline.tables import find_tables, whole_rulings

PageOf = Callable[..., PageImage]

_DPI = 200.0
_XS, _YS = (60, 222, 384, 546), tuple(range(80, 351, 54))
_DOT, _GAP = 4, 5


def _paper() -> NDArray[np.uint8]:
    return np.full((450, 650), 250, np.uint8)


def _dots(page: NDArray[np.uint8], at: int, ends: tuple[int, int]) -> None:
    for x in range(ends[0], ends[1] + 1, _DOT + _GAP):
        page[at : at + 3, x : min(x + _DOT, ends[1] + 2)] = 60


def _table(apart: int) -> NDArray[np.uint8]:
    """3 columns and 5 rows between pairs of dotted rulings, ``apart`` pixels from one to the other (0: single ones)."""
    page = _paper()
    for shift in sorted({0, apart}):
        for y in _YS:
            _dots(page, y + shift, (_XS[0], _XS[-1] + apart))
        for x in _XS:
            _dots(page.T, x + shift, (_YS[0], _YS[-1] + apart))
    for row in range(len(_YS) - 1):
        for column in range(len(_XS) - 1):
            at = (_XS[column] + 70, _YS[row] + 40)
            cv2.putText(page, str(row * column), at, cv2.FONT_HERSHEY_SIMPLEX, 0.8, 40, 2)
    return page


def test_a_table_of_dotted_rulings_has_all_its_cells(page_of: PageOf) -> None:
    (table,) = find_tables(page_of(whole_rulings(_table(0), _DPI)))
    assert (table.grid.rows, table.grid.columns, len(table.grid.cells)) == (5, 3, 15)


def test_doubled_dotted_rulings_become_one_line_each() -> None:
    whole = whole_rulings(_table(9), _DPI)
    for y in _YS:
        assert (whole[y + 1 : y + 11, _XS[0] + 20 : _XS[-1] - 20] < 120).all()


def test_a_page_without_such_rulings_is_left_as_it_is() -> None:
    page = _paper()
    page[100, 60:540] = 40
    assert whole_rulings(page, _DPI) is page
