from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from ocr_pipeline.document import PageImage
from ocr_pipeline.tables import find_tables
from ocr_pipeline.tables.dotted import join_dotted

PageOf = Callable[..., PageImage]

_DPI = 200.0
_XS, _YS = (60, 300, 390, 480, 570), tuple(range(80, 405, 36))


def _paper() -> NDArray[np.uint8]:
    return np.full((450, 700), 250, np.uint8)


def _dots(page: NDArray[np.uint8], at: int, ends: tuple[int, int], dot: int, gap: int, thick: int = 3) -> None:
    for x in range(ends[0], ends[1] + 1, dot + gap):
        page[at - thick // 2 : at - thick // 2 + thick, x : min(x + dot, ends[1] + 2)] = 60


def _dotted_table(dot: int, gap: int) -> NDArray[np.uint8]:
    page = _paper()
    for y in _YS:
        _dots(page, y, (_XS[0], _XS[-1]), dot, gap)
    for x in _XS:
        _dots(page.T, x, (_YS[0], _YS[-1]), dot, gap)
    for row in range(len(_YS) - 1):
        for column in range(4):
            at = (_XS[column] + 40, _YS[row] + 27)
            cv2.putText(page, str(row + column), at, cv2.FONT_HERSHEY_SIMPLEX, 0.7, 60, 2)
    return page


@pytest.mark.parametrize(("dot", "gap"), [(4, 5), (3, 6), (4, 8), (8, 6)])
def test_a_dotted_table_has_all_its_cells(dot: int, gap: int, page_of: PageOf) -> None:
    page = _dotted_table(dot, gap)
    (table,) = find_tables(page_of(join_dotted(page, _DPI)))
    assert (table.grid.rows, table.grid.columns, len(table.grid.cells)) == (9, 4, 36)


def test_dots_too_far_apart_to_be_bridged_are_what_it_is_for(page_of: PageOf) -> None:
    found = find_tables(page_of(_dotted_table(4, 8)))
    assert not found or len(found[0].grid.cells) < 36


@given(dot=st.integers(2, 20), gap=st.integers(3, 14), turned=st.booleans(), slope=st.integers(-2, 2))
def test_the_paper_between_dots_is_drawn_through(dot: int, gap: int, turned: bool, slope: int) -> None:
    page = _paper()
    for n, x in enumerate(range(50, 600, dot + gap)):
        top = 200 + round(slope * n * (dot + gap) / 550)
        page[top : top + 3, x : x + dot] = 60
    page = np.ascontiguousarray(page.T) if turned else page
    joined = join_dotted(page, _DPI)
    line = joined.T if turned else joined
    assert ((line[196:207, 50 : x + dot] < 100).any(axis=0)).all()
    # Nothing but the paper between the dots has changed.
    assert (joined <= page).all()
    assert (line[:190] == 250).all()
    assert (line[212:] == 250).all()


@settings(max_examples=25)
@given(seed=st.integers(0, 10_000), count=st.integers(0, 3000))
def test_specks_here_and_there_are_no_ruling(seed: int, count: int) -> None:
    draw = np.random.default_rng(seed)
    page = _paper()
    for x, y in zip(draw.integers(0, 690, count), draw.integers(0, 390, count), strict=True):
        page[y : y + int(draw.integers(1, 3)), x : x + int(draw.integers(1, 4))] = 60
    assert (join_dotted(page, _DPI) != page).mean() < 0.001


def test_a_line_of_print_and_an_ellipsis_stay_as_they_are() -> None:
    page = _paper()
    cv2.putText(page, "1,234.56 - - 7890 iiii", (60, 120), cv2.FONT_HERSHEY_SIMPLEX, 1.0, 60, 2)
    _dots(page, 200, (60, 60 + 5 * 9), 3, 6)
    assert join_dotted(page, _DPI) is page


def test_pieces_at_different_distances_are_no_dotted_ruling() -> None:
    """What a fax leaves of a hairline; other rules ask whether it is one."""
    page = _paper()
    for x in np.cumsum([5, 9, 16, 6, 13, 4, 11, 18, 7, 12, 5, 15, 8, 17, 10]) + 60:
        page[200:202, x : x + 3] = 60
    assert join_dotted(page, _DPI) is page


def test_a_lost_dot_is_drawn_through() -> None:
    page = _paper()
    _dots(page, 200, (60, 300), 4, 5)
    page[195:206, 150:154] = 250
    assert (join_dotted(page, _DPI)[200, 62:290] < 100).all()
