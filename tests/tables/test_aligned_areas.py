from __future__ import annotations

import numpy as np
import pytest

from ocr_pipeline.geometry import Box
from ocr_pipeline.page_net import MAPS, PageMaps
from ocr_pipeline.tables.aligned_areas import SeenPrint, table_areas
from ocr_pipeline.tables.borders import SeenBorders
from ocr_pipeline.tables.words import Word

PITCH, CAPTION = 40, 5


@pytest.mark.parametrize(
    ("ruled", "room", "heading", "tables"),
    [
        (True, 0, False, [11]),  # a caption as close to its neighbours as they are, between rulings
        (False, 0, False, [5, 5]),
        (True, 30, False, [5, 5]),  # more white about it: a line between two tables
        (True, 0, True, [5, 5]),
    ],
)
def test_a_caption_that_the_network_takes_for_a_heading_parts_no_table(
    ruled: bool, room: int, heading: bool, tables: list[int]
) -> None:
    words, values, heads = [], np.zeros((len(MAPS), 160, 250), np.uint8), []
    rulings = np.zeros((640, 1000), np.uint8)
    for row in range(11):
        y = 60 + PITCH * row + room * ((row >= CAPTION) + (row > CAPTION))
        sides = [(460, 540)] if row == CAPTION else [(120, 200), (460, 540), (800, 880)]
        boxes = [Box(left, y - 10, right, y + 10) for left, right in sides]
        words += [Word(box, figure=row != CAPTION and box.left > 200) for box in boxes]
        if row == CAPTION:
            heads = boxes if heading else []
        else:
            values[MAPS.index("table"), (y - PITCH // 2) // 4 : (y + PITCH // 2) // 4, 25:230] = 255
        if ruled:
            rulings[y - PITCH // 2, 100:920] = rulings[y + PITCH // 2, 100:920] = 255
    seen = SeenPrint(words, rulings, 20.0, heads, SeenBorders(PageMaps(values, (0.25, 0.25))))
    assert [len(area) for area in table_areas(seen)] == tables


@pytest.mark.parametrize(
    ("ends", "beside", "tables"), [(True, False, [5, 5]), (True, True, [11]), (False, False, [11])]
)
def test_a_table_ends_at_a_heading_that_is_known_for_one_and_stands_alone(
    ends: bool, beside: bool, tables: list[int]
) -> None:
    words, values = [], np.zeros((len(MAPS), 160, 250), np.uint8)
    values[MAPS.index("table"), 10:125, 25:230] = 255
    heading = Box(110, 60 + PITCH * CAPTION - 10, 320, 60 + PITCH * CAPTION + 10)
    for row in range(11):
        y = 60 + PITCH * row
        sides = [(120, 200), (460, 540), (800, 880)]
        if row == CAPTION:
            sides = [(120, 200), (220, 310), *([(800, 880)] if beside else [])]
        words += [Word(Box(left, y - 10, right, y + 10), figure=left > 400) for left, right in sides]
    seen = SeenPrint(
        words,
        np.zeros((640, 1000), np.uint8),
        20.0,
        [],
        SeenBorders(PageMaps(values, (0.25, 0.25))),
        ends=[heading] if ends else [],
    )
    assert [len(area) for area in table_areas(seen)] == tables


@pytest.mark.parametrize(("heads", "kept"), [([(200, 300), (700, 800)], True), ([(120, 500), (520, 880)], False)])
def test_headers_of_several_columns_belong_to_a_table_of_which_the_network_sees_little_there(
    heads: list[tuple[int, int]], kept: bool
) -> None:
    words, values = [], np.zeros((len(MAPS), 160, 250), np.uint8)
    for row in range(6):
        y = 60 + PITCH * row
        for left, right in heads if row == 0 else [(120, 200), (460, 540), (800, 880)]:
            words.append(Word(Box(left, y - 10, right, y + 10), figure=row > 1 and left > 200))
        values[MAPS.index("table"), (y - PITCH // 2) // 4 : (y + PITCH // 2) // 4, 25:230] = 255 if row else 51
    seen = SeenPrint(words, np.zeros((640, 1000), np.uint8), 20.0, [], SeenBorders(PageMaps(values, (0.25, 0.25))))
    assert [len(area) for area in table_areas(seen)] == [5 + kept]
