"""Reads every cell of a found table by itself."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ocr_pipeline.document import Cell, Place, Table
from ocr_pipeline.engine import FIGURE_ALPHABET, Recognition, Recognizer
from ocr_pipeline.geometry import Box
from ocr_pipeline.tables.cell_ink import FAINT_SHARE, PRINT_SHARE, cell_ink, group_lines, usual_height
from ocr_pipeline.tables.cell_task import CellTask, has_digits, has_words, is_number
from ocr_pipeline.tables.crops import RECIPES, CropRecipe, crop_line, strip
from ocr_pipeline.tables.dividing import divided
from ocr_pipeline.tables.faded import faded
from ocr_pipeline.tables.find import FoundTable
from ocr_pipeline.tables.header_levels import with_header_levels
from ocr_pipeline.tables.ink import InkMap, ink_map
from ocr_pipeline.tables.lost_lines import crosses_lost_line
from ocr_pipeline.tables.low_marks import low_marks, usual_print
from ocr_pipeline.tables.marked import has_note_mark, is_struck
from ocr_pipeline.tables.marks import is_dotted_zero, leans_like_a_slash, lone_mark
from ocr_pipeline.tables.options import TableOptions
from ocr_pipeline.tables.pale_ends import runs_into_ruling, with_pale_ends
from ocr_pipeline.tables.row_dividing import divided_rows
from ocr_pipeline.tables.specks import too_high, too_low
from ocr_pipeline.tables.worn_lines import Printed, joined_lines, whole_lines

__all__ = ["ReadTable", "read_table"]

_BY_SHAPE = 0.97
"""Confidence in a zero that the recogniser took for a word and whose shape no other character has."""

_LIKE_A_SLASH = ("1", "7", "l", "I", "|")
_LATIN = re.compile(r"[A-Za-z]")
_SHORT = 0.55
"""A level stroke shorter than this many times the usual height of print is a hyphen, no dash."""
_LONG = 12
"""What is longer than this many times its height is no figure."""


@dataclass(frozen=True, eq=False)
class ReadTable:
    """A table whose cells were read, and the images of those that may hold a figure, for a second opinion."""

    table: Table
    figures: dict[Place, NDArray[np.uint8]]


def read_table(
    found: FoundTable,
    recognizer: Recognizer,
    *,
    id: str,  # noqa: A002 - the model's field name
    options: TableOptions | None = None,
    specialist: Recognizer | None = None,
) -> ReadTable:
    """Read the cells of one found table.

    Every cell with ink is read in one pass over the table; figures that stay unread or doubtful are looked at again
    with other crops.

    Args:
        found: structure and pixels of the table.
        recognizer: reads the cells.
        id: the table's id in the document.
        options: of the stage.
        specialist: reads nothing but figures; doubtful ones are weighed with what it sees.
    """
    options = options or TableOptions()
    depth = ink_map(found.gray, found.dpi)
    tasks = _tasks(found, depth)
    inked = [t for t in tasks if t.lines]
    _read(found, inked, recognizer, RECIPES[0])
    if found.guessed:
        # Figures one above the other may be those of two rows; joined, their sums would close all the same.
        for task in inked:
            task.vertical = task.vertical and not task.figure
    _read(found, _rejoined(inked), recognizer, RECIPES[0])
    _read(found, _mended(inked), recognizer, RECIPES[0])
    unsettled = _on_lines(found, inked, recognizer)
    doubtful = [t for t in inked if t not in unsettled and t.is_doubtful(options.reread_confidence)]
    for recipe in RECIPES[1:]:
        _read(found, doubtful, recognizer, recipe)
    again = _again(found, tasks, depth)
    if again is not None:
        return read_table(again, recognizer, id=id, options=options, specialist=specialist)
    if specialist is not None:
        _ask(found, [t for t in inked if t not in unsettled and t.may_be_figure], specialist, options)
    if found.guessed:
        unsettled += [t for t in _unlabelled(tasks) if t not in unsettled]
    _judge(depth, inked, unsettled, found.dpi)
    mask = depth.mask(PRINT_SHARE)
    cells = tuple(_cell(found, task, depth.depth, mask) for task in tasks)
    grid = found.grid
    table = Table(
        id=id,
        rows=grid.rows,
        columns=grid.columns,
        cells=cells,
        places=(Place(page=found.page, box=found.box),),
        ruling=found.ruling,
    )
    figures = {
        cell.places[0]: _line_image(found, task, RECIPES[0])
        for cell, task in zip(table.cells, tasks, strict=True)
        if task.lines and task.one_line and task.wants_witness
    }
    return ReadTable(table, figures)


def _judge(depth: InkMap, inked: Sequence[CellTask], unsettled: Sequence[CellTask], dpi: float) -> None:
    """Tell what was read from what only looks like it: marks, specks, figures of two cells, print cut off or added."""
    for task in inked:
        if is_number(task.text) and (
            task.may_lack_digit() or any(runs_into_ruling(line, task.ink, depth) for line in task.lines)
        ):
            task.mark()
    for task in unsettled:
        task.leave_unsettled()
    _settle_marks(depth, inked, dpi)
    for task in too_low(inked):
        task.leave_unsettled()
    for task in too_high(inked):
        task.mark()
    for task in faded(inked, depth):
        task.faded = True


def _again(found: FoundTable, tasks: Sequence[CellTask], depth: InkMap) -> FoundTable | None:
    """The table with cells divided whose rulings were lost, rows first; None where there are none, or no more."""
    if not found.divided and found.ruling == "full":
        rows = divided_rows(found, tasks, depth.mask(PRINT_SHARE))
        if rows is not None:
            return rows
        headed = with_header_levels(found, tasks)
        if headed is not None:
            return headed
    return divided(found, tasks) if found.divisible or not found.divided else None


def _mended(inked: Sequence[CellTask]) -> list[CellTask]:
    """The cells that lost the top or the bottom of their print; they are shown as high as the others of their row."""
    single = [task for task in inked if len(task.lines) == 1]
    worn = []
    for task, whole in zip(single, whole_lines(_printed(single)), strict=True):
        if whole is not None and task.may_be_figure_in(whole):
            task.shown = whole
            task.seen.clear()
            worn.append(task)
    return worn


def _rejoined(inked: Sequence[CellTask]) -> list[CellTask]:
    """The cells in which pieces of one worn figure were taken for lines; they have one line from now on."""
    several = [task for task in inked if len(task.lines) > 1]
    around = [Printed(task.cell.row, Box.union_of(task.lines), figure=True) for task in several]
    joined = []
    for task, box in zip(several, joined_lines(_printed([t for t in inked if len(t.lines) == 1]), around), strict=True):
        if box is not None:
            task.lines, task.vertical = [box], False
            task.seen.clear()
            joined.append(task)
    return joined


def _printed(single: Sequence[CellTask]) -> list[Printed]:
    # Of the most worn print hardly any figure is read for sure, but what is misread for brackets is no less high.
    return [Printed(t.cell.row, t.lines[0], bool(t.text) and not has_words(t.text)) for t in single]


def _on_lines(found: FoundTable, inked: Sequence[CellTask], recognizer: Recognizer) -> list[CellTask]:
    """Read figures that wrapped, or were cut in two, as one; others on several lines, maybe of two rows, are given."""
    several = [t for t in inked if not t.one_line and t.text and t.figure]
    again = []
    for task in several:
        whole = task.line_cut_through()
        if whole is not None:
            task.lines = [whole]
        elif not found.guessed and task.wraps():
            task.wrapped = True
        if task.one_line:
            task.seen.clear()
            again.append(task)
    _read(found, again, recognizer, RECIPES[0])
    return [t for t in several if not t.one_line]


def _unlabelled(tasks: Sequence[CellTask]) -> list[CellTask]:
    """Figures of rows whose label is that of other rows too, so that nobody knows which of them they belong to."""
    at = {
        (row, column): task
        for task in tasks
        for row in range(task.cell.row, task.cell.row + task.cell.row_span)
        for column in range(task.cell.column, task.cell.column + task.cell.column_span)
    }
    found = []
    for row in {task.cell.row for task in tasks}:
        figures = sorted(
            (t for t in tasks if t.cell.row == row and t.text and t.figure), key=lambda task: task.cell.column
        )
        label = at.get((row, figures[0].cell.column - 1)) if figures else None
        if label is not None and label.cell.row_span > 1:
            found += figures
    return found


def _tasks(found: FoundTable, depth: InkMap) -> list[CellTask]:
    boxes = [found.grid.box(cell) for cell in found.grid.cells]
    mask, faint = depth.without_grain(boxes, found.dpi).mask(PRINT_SHARE), depth.mask(FAINT_SHARE)
    inks = [cell_ink(mask, found.grid.box(c), found.dpi) for c in found.grid.cells]
    # A cell that looks empty is looked at again for faint print before it is called blank.
    inks = [
        i if i.parts else cell_ink(faint, found.grid.box(c), found.dpi)
        for c, i in zip(found.grid.cells, inks, strict=True)
    ]
    usual = usual_height(inks, found.dpi)
    tasks = []
    for cell, ink in zip(found.grid.cells, inks, strict=True):
        lines = [with_pale_ends(line, ink, depth, usual) for line in group_lines(ink, mask, usual)]
        narrow = all(line.width <= 1.4 * usual for line in lines)
        tasks.append(CellTask(cell, ink, lines, vertical=len(lines) >= 3 and narrow))
    return tasks


def _read(found: FoundTable, tasks: Sequence[CellTask], recognizer: Recognizer, recipe: CropRecipe) -> None:
    """Read the cells with one recipe and let each take the better of what was seen of it."""
    images: list[NDArray[np.uint8]] = []
    owners: list[CellTask] = []
    for task in tasks:
        lines = (
            [_line_image(found, task, recipe)]
            if task.one_line
            else [crop_line(found.gray, line, task.ink.interior, found.dpi, recipe) for line in task.lines]
        )
        images.extend(lines)
        owners.extend([task] * len(lines))
    typed = [o.one_line and i.shape[1] <= _LONG * i.shape[0] for o, i in zip(owners, images, strict=True)]
    results: dict[int, Recognition] = {}
    for alphabet in (FIGURE_ALPHABET, None):
        chosen = [k for k, t in enumerate(typed) if t is (alphabet is not None)]
        read = recognizer.recognize([images[k] for k in chosen], alphabet=alphabet)
        results.update(zip(chosen, read, strict=True))
    pieces: dict[int, list[Recognition]] = defaultdict(list)
    for k, owner in enumerate(owners):
        pieces[id(owner)].append(results[k])
    for task in tasks:
        task.texts = tuple(piece.text for piece in pieces[id(task)])
        task.seen.append(_joined(pieces[id(task)]))
        task.settle()


def _ask(found: FoundTable, tasks: Sequence[CellTask], specialist: Recognizer, options: TableOptions) -> None:
    """Let a reader of figures look at the cells that may hold one."""
    images = [_line_image(found, task, RECIPES[0]) for task in tasks]
    short = [
        (task, image) for task, image in zip(tasks, images, strict=True) if image.shape[1] <= _LONG * image.shape[0]
    ]
    seen = specialist.recognize([image for _, image in short], alphabet=FIGURE_ALPHABET)
    for (task, _), recognition in zip(short, seen, strict=True):
        task.hear_specialist(recognition, options.reread_confidence)


def _joined(lines: Sequence[Recognition]) -> Recognition:
    if len(lines) == 1:
        return lines[0]
    text = ""
    for line in lines:
        # Chinese lines are joined as they are; two Latin words need their space back.
        gap = " " if text and line.text and _LATIN.match(text[-1]) and _LATIN.match(line.text[0]) else ""
        text += gap + line.text
    read = [line.confidence for line in lines if line.text]
    return Recognition(text, min(read, default=0.0))


def _settle_marks(depth: InkMap, tasks: Sequence[CellTask], dpi: float) -> None:
    """What the recognisers take for figures: slashes and dashes, told by shape, and two figures in one cell."""
    mask, faint = depth.mask(PRINT_SHARE), depth.mask(FAINT_SHARE)
    usual = usual_print(tasks, dpi)
    low = low_marks(tasks, mask, usual)
    for task in tasks:
        if task in low:
            task.text, task.readings = "-" if task.lines[0].width < _SHORT * usual else "—", ()
        elif len(task.lines) == 1 and len(task.text.strip()) <= 1:
            ink = mask[task.lines[0].slices()]
            mark = lone_mark(ink)
            if mark == "—" and task.lines[0].width < _SHORT * usual:
                mark = "-"
            if mark == "/" and lone_mark(faint[task.lines[0].slices()]) != mark:
                # Its paler strokes make it another character, which no slash is taken for if it is not a 1 or a 7.
                if task.text.strip() in _LIKE_A_SLASH:
                    task.text, task.readings, task.confidence = "", (), 0.0
            elif mark is not None:
                task.text, task.readings = mark, ()
            elif task.text.strip() in ("1", "l", "I", "|") and leans_like_a_slash(ink):
                task.text, task.readings, task.confidence = "", (), 0.0
            elif not has_digits(task.text) and is_dotted_zero(ink):
                task.text, task.readings, task.confidence = "0", (), _BY_SHAPE
        elif task.one_line and has_digits(task.text) and task.is_parted():
            # Two columns whose ruling was not found: their figures must not run together.
            task.leave_unsettled()


def _line_image(found: FoundTable, task: CellTask, recipe: CropRecipe) -> NDArray[np.uint8]:
    lines = task.lines if task.shown is None else [task.shown]
    crops = [crop_line(found.gray, line, task.ink.interior, found.dpi, recipe) for line in lines]
    return crops[0] if len(crops) == 1 else strip(crops)


def _cell(found: FoundTable, task: CellTask, depth: NDArray[np.uint8], mask: NDArray[np.uint8]) -> Cell:
    cell = task.cell
    flat = found.grid.box(cell)
    box = found.flattening.box_to_page(flat)
    lines = task.lines if is_number(task.text) else []
    inks = [mask[line.slices()] for line in lines]
    return Cell(
        row=cell.row,
        column=cell.column,
        row_span=cell.row_span,
        column_span=cell.column_span,
        text=task.text,
        confidence=min(1.0, max(0.0, task.confidence)) if task.lines else 1.0,
        ink=bool(task.ink.parts),
        vertical=task.vertical,
        divided=cell in found.divided,
        cut=task.faded or any(crosses_lost_line(depth, flat, line, found.dpi) for line in lines),
        marked=task.marked or any(is_struck(ink) or has_note_mark(ink) for ink in inks),
        places=(Place(page=found.page, box=box),),
        readings=task.readings,
    )
