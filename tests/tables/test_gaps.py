from __future__ import annotations

import pytest

from ocr_pipeline.geometry import Box
from ocr_pipeline.tables.gaps import column_lines, with_centred
from ocr_pipeline.tables.words import Word

EM = 20.0


def word(left: float, right: float, y: float, *, figure: bool = False) -> Word:
    return Word(Box(left, y - 10, right, y + 10), figure)


def lines_of(*, groups: bool) -> list[list[Word]]:
    """Nine rows with a label and two figures; labels of three rows stand left of them, between two of their lines."""
    rows: list[list[Word]] = []
    for k in range(9):
        y = 100 + 32.0 * k
        rows.append([word(160, 260, y), word(340, 360, y, figure=True), word(440, 460, y, figure=True)])
        if groups and k % 3 == 1:
            rows.append([word(30, 110, y + 15)])
    return rows


def test_labels_between_the_lines_beside_them_stand_in_a_column() -> None:
    assert len(column_lines(lines_of(groups=False), EM)) == 2
    first, *_ = found = column_lines(lines_of(groups=True), EM)
    assert len(found) == 3
    assert 110 <= first <= 160


def test_words_that_run_down_stand_in_a_column_though_labels_cross_its_line() -> None:
    rows = lines_of(groups=False)
    # Some labels begin at the left edge.
    rows = [[word(25, 260, r[0].box.center[1]), *r[1:]] if k in (0, 1, 7, 8) else r for k, r in enumerate(rows)]
    upright = [[word(30, 70, 180 + 24.0 * k)] for k in range(5)]
    found = column_lines(sorted([*rows, *upright], key=lambda row: row[0].box.center[1]), EM)
    assert len(found) == 3
    assert 70 <= found[0] <= 160


@pytest.mark.parametrize(("place", "own"), [(224.0, False), (240.0, True)])
def test_a_division_of_its_own_stands_clear_of_other_lines(place: float, own: bool) -> None:
    """Two words in the middle of what their line leaves of the table from its first column on."""
    first, second = (100 + place) / 2, (place + 400) / 2
    row = [word(20, 60, 100), word(first - 20, first + 20, 100), word(second - 20, second + 20, 100)]
    found = with_centred([100.0, 200.0, 300.0], [row], (0.0, 400.0), EM)
    assert found == ([100.0, 200.0, place, 300.0] if own else [100.0, 200.0, 300.0])
