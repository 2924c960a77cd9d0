from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from ocr_pipeline.document import Reading
from ocr_pipeline.engine import Recognition
from ocr_pipeline.tables import find_tables, read_table
from ocr_pipeline.tables.grid import GridCell

XS, YS = [60, 200, 290, 380, 470], [100, 140, 200, 400]
CELLS = [GridCell(r, c) for r in range(3) for c in range(4)]


class InkMeter:
    """Reads every image as its width in pixels, so that a test sees what was cut out; figures when asked for."""

    name = "ink-meter"

    def __init__(self, text: str | None = None, confidence: float = 0.99) -> None:
        self.text = text
        self.confidence = confidence
        self.seen: list[np.ndarray] = []

    def recognize(self, images, *, alphabet=None, beams=5):
        self.seen.extend(images)
        result = []
        for image in images:
            text = self.text if self.text is not None else str(image.shape[1])
            typed = (Reading(text=text, log_prob=-0.02, engine=self.name),) if alphabet and text else ()
            result.append(Recognition(text, self.confidence if text else 0.0, typed))
        return result


def found_with(draw_table, page_of, marks):
    page = draw_table(XS, YS, CELLS, marks=False)
    for center, axes in marks:
        cv2.ellipse(page, center, axes, 0, 0, 360, 40, 2)
    (found,) = find_tables(page_of(page))
    return found


def test_cells_without_ink_are_not_read(draw_table, page_of) -> None:
    reader = InkMeter()
    table = read_table(found_with(draw_table, page_of, [((240, 120), (4, 7))]), reader, id="t1").table
    inked = [(c.row, c.column) for c in table.cells if c.ink]
    assert inked == [(0, 1)]
    assert len(reader.seen) == 1
    assert [c.text for c in table.cells if not c.ink] == [""] * 11


def test_a_crop_is_the_ink_with_a_margin(draw_table, page_of) -> None:
    reader = InkMeter()
    read_table(found_with(draw_table, page_of, [((240, 120), (4, 7))]), reader, id="t1")
    (image,) = reader.seen
    height, width = image.shape
    assert 20 <= height <= 30
    assert 15 <= width <= 24
    assert image[0].min() > 240


class Sharp(InkMeter):
    """Reads a 0 where it sees all of one, and brackets where it sees less."""

    def __init__(self) -> None:
        super().__init__()

    def recognize(self, images, *, alphabet=None, beams=5):
        self.seen.extend(images)
        texts = ["0" if image.shape[0] >= 23 else "()" for image in images]
        typed = {"0": (Reading(text="0", log_prob=-0.02, engine=self.name),)}
        return [Recognition(text, 0.99, typed.get(text, ()) if alphabet else ()) for text in texts]


def test_a_worn_figure_is_read_as_high_as_the_others_of_its_row(draw_table, page_of) -> None:
    whole = [((x, 170), (4, 7)) for x in (130, 240, 335)]
    page = draw_table(XS, YS, CELLS, marks=False)
    for center, axes in [*whole, ((425, 170), (4, 7)), ((240, 120), (4, 7))]:
        cv2.ellipse(page, center, axes, 0, 0, 360, 40, 2)
    page[160:168, 418:434] = 255
    (found,) = find_tables(page_of(page))
    reader = Sharp()
    table = read_table(found, reader, id="t1").table
    assert [cell.text for cell in table.cells if cell.ink] == ["0"] * 5
    *once, again = reader.seen
    assert sorted(image.shape[0] < 23 for image in once) == [False] * 4 + [True]
    assert again.shape[0] == max(image.shape[0] for image in once)


def test_a_figure_that_lost_its_middle_is_read_as_one(draw_table, page_of) -> None:
    page = draw_table(XS, YS, CELLS, marks=False)
    for center in [(130, 170), (240, 170), (335, 170), (240, 120)]:
        cv2.ellipse(page, center, (4, 11), 0, 0, 360, 40, 2)
    cv2.ellipse(page, (425, 170), (5, 13), 0, 0, 360, 40, 2)
    page[164:177, 416:436] = 255
    (found,) = find_tables(page_of(page))
    reader = InkMeter()
    table = read_table(found, reader, id="t1").table
    *once, whole = reader.seen
    assert len(once) == 6
    assert max(image.shape[0] for image in once) < whole.shape[0]
    assert next(cell.text for cell in table.cells if (cell.row, cell.column) == (1, 3)) == str(whole.shape[1])


def test_a_mark_at_the_ruling_is_not_cut_off_by_it(draw_table, page_of) -> None:
    reader = InkMeter()
    read_table(found_with(draw_table, page_of, [((240, 113), (4, 7))]), reader, id="t1")
    (image,) = reader.seen
    assert (image < 128).sum() > 40
    assert image[0].min() > 200, "the ruling is left out"


def test_wrapped_figure_is_read_as_one(draw_table, page_of) -> None:
    marks = [((x, y), (4, 8)) for y in (250, 274) for x in (212, 227, 242, 257, 272)]
    table = read_table(found_with(draw_table, page_of, marks), InkMeter("113"), id="t1").table
    (cell,) = [c for c in table.cells if c.ink]
    assert cell.text == "113"
    assert cell.readings[0].text == "113"


def test_figures_one_above_the_other_stay_apart_where_borders_are_guessed(draw_table, page_of) -> None:
    """A border between two rows that nobody printed may have been missed, and joined figures add up all the same."""
    two_lines = [((x, y), (4, 8)) for y in (250, 274) for x in (212, 227, 242, 257, 272)]
    one_below_the_other = [((240, y), (4, 8)) for y in (230, 260, 290)]
    for marks in (two_lines, one_below_the_other):
        found = replace(found_with(draw_table, page_of, marks), guessed=True)
        table = read_table(found, InkMeter("113"), id="t1").table
        (cell,) = [c for c in table.cells if c.ink]
        assert cell.readings == ()
        assert cell.text != "113113"
        assert not read_table(found, InkMeter("113"), id="t1").figures


def test_figures_of_rows_that_share_a_label_are_nobodys_where_borders_are_guessed(draw_table, page_of) -> None:
    cells = sorted([GridCell(0, 0, 2, 1), GridCell(2, 0), *(GridCell(r, c) for r in range(3) for c in (1, 2, 3))])
    page = draw_table(XS, YS, cells, marks=False)
    for x, y in ((240, 120), (240, 170), (240, 300)):
        cv2.ellipse(page, (x, y), (4, 7), 0, 0, 360, 40, 2)
    (found,) = find_tables(page_of(page))
    for guessed, usable in ((False, [0, 1, 2]), (True, [2])):
        table = read_table(replace(found, guessed=guessed), InkMeter("7"), id="t1").table
        assert [c.row for c in table.cells if c.ink and c.readings] == usable


def test_vertical_writing_is_read_as_one_line(draw_table, page_of) -> None:
    marks = [((240, y), (8, 9)) for y in range(225, 385, 30)]
    table = read_table(found_with(draw_table, page_of, marks), InkMeter("办理结果"), id="t1").table
    (cell,) = [c for c in table.cells if c.ink]
    assert cell.vertical
    assert cell.text == "办理结果"


def test_unread_ink_is_looked_at_again_and_stays_ink(draw_table, page_of) -> None:
    reader = InkMeter("")
    table = read_table(found_with(draw_table, page_of, [((240, 120), (4, 7))]), reader, id="t1").table
    (cell,) = [c for c in table.cells if c.ink]
    assert (cell.text, cell.readings, cell.confidence) == ("", (), 0.0)
    assert len(reader.seen) == 3


def test_a_short_level_stroke_is_a_hyphen_and_a_long_one_a_dash(draw_table, page_of) -> None:
    page = draw_table(XS, YS, CELLS, marks=False)
    for center in ((130, 120), (130, 170), (130, 300)):
        cv2.putText(page, "88", (center[0] - 20, center[1] + 10), cv2.FONT_HERSHEY_SIMPLEX, 0.9, 40, 2)
    cv2.line(page, (242, 120), (248, 120), 40, 2)
    cv2.line(page, (320, 120), (350, 120), 40, 2)

    class Reader(InkMeter):
        def recognize(self, images, *, alphabet=None, beams=5):
            return [Recognition("88" if i.shape[1] > i.shape[0] and i.shape[0] > 15 else "一", 0.99) for i in images]

    (found,) = find_tables(page_of(page))
    texts = {(c.row, c.column): c.text for c in read_table(found, Reader(), id="t1").table.cells if c.ink}
    assert (texts[0, 1], texts[0, 2]) == ("-", "—")


def test_specks_are_no_ink(draw_table, page_of) -> None:
    page = draw_table(XS, YS, CELLS, marks=False)
    page[120, 240] = page[160:162, 330:332] = 0
    (found,) = find_tables(page_of(page))
    table = read_table(found, InkMeter(), id="t1").table
    assert not any(c.ink for c in table.cells)


def test_the_images_of_figures_are_kept_for_a_second_opinion(draw_table, page_of) -> None:
    found = found_with(draw_table, page_of, [((240, 120), (4, 7)), ((335, 120), (4, 7))])
    kept = read_table(found, InkMeter("0"), id="t1")
    inked = [c for c in kept.table.cells if c.ink]
    assert set(kept.figures) == {c.places[0] for c in inked}
    words = found_with(draw_table, page_of, [((240, 120), (16, 7))])
    assert not read_table(words, InkMeter("合计"), id="t1").figures


def test_figures_of_two_columns_do_not_run_together(draw_table, page_of) -> None:
    marks = [((305, 120), (4, 8)), ((365, 120), (4, 8))]
    table = read_table(found_with(draw_table, page_of, marks), InkMeter("11272585"), id="t1").table
    (cell,) = [c for c in table.cells if c.ink]
    assert cell.readings == ()
    assert cell.text == "11272585 ?"


def test_figures_of_two_rows_do_not_run_together(draw_table, page_of) -> None:
    marks = [((x, y), (4, 8)) for y in (250, 340) for x in (225, 240)]
    table = read_table(found_with(draw_table, page_of, marks), InkMeter("11"), id="t1").table
    (cell,) = [c for c in table.cells if c.ink]
    assert (cell.text, cell.readings) == ("1111 ?", ())


class Specialist(InkMeter):
    """Sees a 0 in everything, and is sure of it."""

    def __init__(self) -> None:
        super().__init__("0", 1.0)


def test_a_specialist_is_asked_about_figures_only(draw_table, page_of) -> None:
    found = found_with(draw_table, page_of, [((240, 120), (4, 7))])
    specialist = Specialist()
    broken = read_table(found, InkMeter(""), id="t1", specialist=specialist).table
    (cell,) = [c for c in broken.cells if c.ink]
    assert cell.text == "0"
    assert len(specialist.seen) == 1
    words = found_with(draw_table, page_of, [((240, 120), (16, 7))])
    word = read_table(words, InkMeter("合计", 0.8), id="t1", specialist=specialist).table
    assert [c.text for c in word.cells if c.ink] == ["合计"]
    assert len(specialist.seen) == 1, "words are none of its business"


def test_a_figure_whose_level_strokes_are_pale_is_no_slash(draw_table, page_of) -> None:
    """Beside dark rulings, of a 2 and a 7 only the slanted stroke may count as print."""
    page = draw_table(XS, YS, CELLS, marks=False, ink=10, thickness=3)
    for x in (240, 330):
        cv2.line(page, (x + 6, 108), (x - 6, 128), 30, 2)
        cv2.line(page, (x - 7, 107), (x + 6, 107), 205, 2)
    (found,) = find_tables(page_of(page))
    for reading, expected in (("2", "2"), ("7", "")):
        table = read_table(found, InkMeter(reading), id="t1").table
        assert [cell.text for cell in table.cells if cell.ink] == [expected] * 2
    slash = draw_table(XS, YS, CELLS, marks=False, ink=10, thickness=3)
    cv2.line(slash, (246, 108), (234, 128), 30, 2)
    (found,) = find_tables(page_of(slash))
    assert [cell.text for cell in read_table(found, InkMeter("7"), id="t1").table.cells if cell.ink] == ["/"]


def test_a_dash_that_is_read_as_a_word_is_a_dash(draw_table, page_of) -> None:
    """The grain of faint paper around it, enlarged as much, looks like letters."""
    page = draw_table(XS, YS, CELLS, marks=False)
    for center in [(130, 170), (240, 170), (335, 170)]:
        cv2.ellipse(page, center, (8, 12), 0, 0, 360, 40, 2)
    page[168:172, 415:435] = 40
    (found,) = find_tables(page_of(page))
    table = read_table(found, InkMeter("mniosn", confidence=0.3), id="t1").table
    assert [cell.text for cell in table.cells if cell.ink] == ["mniosn"] * 3 + ["—"]


def test_figures_beside_a_stroke_through_the_cell_are_doubted(draw_table, page_of) -> None:
    """A stroke of a pen and the digit that it touches are one piece, which is left out of the line."""
    page = draw_table(XS, YS, CELLS, marks=False)
    for y in (170, 300):
        for x in (130, 146, 240, 256, 330, 346, 420, 436):
            cv2.ellipse(page, (x, y), (6, 10), 0, 0, 360, 40, 2)
    cv2.line(page, (228, 143), (226, 197), 40, 3)
    cv2.line(page, (228, 160), (228, 180), 40, 2)
    (found,) = find_tables(page_of(page))
    table = read_table(found, InkMeter("00"), id="t1").table
    crossed, free = (next(c for c in table.cells if (c.row, c.column) == (1, column)) for column in (1, 2))
    assert crossed.text == free.text == "00"
    assert crossed.confidence < 0.5 < free.confidence
