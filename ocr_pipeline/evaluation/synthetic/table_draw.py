"""Draws the pieces of a cut table: fills, rulings, text; and gives back where each piece came to stand."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from ocr_pipeline.evaluation.synthetic.sheet import LineLook, Sheet
from ocr_pipeline.evaluation.synthetic.style import ReportStyle, TableStyle
from ocr_pipeline.evaluation.synthetic.table_cut import Piece
from ocr_pipeline.evaluation.synthetic.table_layout import LaidTable
from ocr_pipeline.evaluation.synthetic.truth import CellPiece, CellTruth, LineTruth, RulingTruth, TableArea
from ocr_pipeline.geometry import Box

__all__ = ["TablePlace", "draw_pieces"]

_Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class TablePlace:
    """Where a table stands: x of its left edge, its number in the report, and chance for rulings left out."""

    left: int
    number: int
    rng: random.Random


def draw_pieces(
    table: LaidTable,
    pieces: Sequence[Piece],
    sheets: Sequence[Sheet],
    style: ReportStyle,
    place: TablePlace,
) -> tuple[CellTruth, ...]:
    """Draw a table.

    Args:
        table: as set in type.
        pieces: its cells' pieces; page 0 is the first of ``sheets``.
        sheets: the pages it stands on.
        style: how it looks.
        place: where it stands, and among the report's tables.
    """
    drawn: dict[tuple[int, int], list[CellPiece]] = defaultdict(list)
    for page, sheet in enumerate(sheets):
        here = [piece for piece in pieces if piece.page == page]
        if not here:
            continue
        boxes = [_box(table, piece, place.left) for piece in here]
        for piece, box in zip(here, boxes, strict=True):
            if style.table.header_fill is not None and piece.cell.role in ("caption", "header", "corner"):
                sheet.fill(box, style.table.header_fill)
        area = Box.union_of(boxes)
        _rule(sheet, boxes, area, style.table, place.rng, last=not any(p.page > page for p in pieces))
        for piece, box in zip(here, boxes, strict=True):
            lines = _print(sheet, table, piece, box, style)
            key = (piece.cell.row, piece.cell.column)
            drawn[key].append(CellPiece(page=sheet.index, box=box, lines=lines, repeated=piece.repeated))
        margin = _frame_margin(style.table)
        sheet.tables.append(TableArea(table=place.number, box=area.expanded(margin).clipped(*sheet.image.size)))
    return tuple(
        CellTruth(
            row=cell.row,
            column=cell.column,
            row_span=cell.row_span,
            column_span=cell.column_span,
            text=cell.text,
            role=cell.role,
            field=cell.field,
            vertical=cell.vertical,
            pieces=tuple(drawn[cell.row, cell.column]),
        )
        for cell in sorted(table.cells, key=lambda c: (c.row, c.column))
    )


def _box(table: LaidTable, piece: Piece, left: int) -> Box:
    cell = piece.cell
    return Box(left + table.xs[cell.column], piece.top, left + table.xs[cell.column + cell.column_span], piece.bottom)


def _print(sheet: Sheet, table: LaidTable, piece: Piece, box: Box, style: ReportStyle) -> tuple[LineTruth, ...]:
    cell, look = piece.cell, style.table
    block = len(piece.lines) * table.leading
    # The two halves of a cut row hang together at the cut, whatever the style of whole cells.
    centred = look.middle and (piece.whole or cell.row_span > 1)
    y = box.top + (max(table.pad_y, (box.height - block) / 2) if centred else table.pad_y)
    heading = cell.role in ("caption", "header")
    color = look.header_color if heading and look.header_fill is not None else style.ink
    lines = []
    for text in piece.lines:
        width = cell.face.width(text)
        room = box.width - 2 * table.pad_x
        shift = {"left": 0.0, "center": (room - width) / 2, "right": room - width}[cell.align]
        baseline = y + (table.leading - cell.face.size) / 2 + cell.face.ascent
        line = sheet.print_line((box.left + table.pad_x + shift, baseline), text, cell.face, LineLook("cell", color))
        if line is not None:
            lines.append(line)
        y += table.leading
    return tuple(lines)


def _frame_margin(look: TableStyle) -> float:
    if look.ruling != "full":
        return 1.0
    return look.outer_px / 2 + (look.line_px + 5 if look.double_frame else 0)


def _rule(sheet: Sheet, boxes: Sequence[Box], area: Box, look: TableStyle, rng: random.Random, *, last: bool) -> None:
    if look.ruling == "none":
        return
    if look.cell_gap_px and look.ruling == "full":
        _frame_each(sheet, boxes, look)
        return
    across: dict[int, list[_Span]] = defaultdict(list)
    down: dict[int, list[_Span]] = defaultdict(list)
    for box in boxes:
        left, top, right, bottom = (int(v) for v in box.as_tuple())
        for y in (top, bottom):
            across[y].append((left, right))
        for x in (left, right):
            down[x].append((top, bottom))
    if look.ruling == "horizontal":
        down.clear()
    for y, spans in across.items():
        outer = y in (area.top, area.bottom)
        if look.open_cut and not last and y == area.bottom:
            continue
        for start, end in _drawn(_merged(spans), outer, look, rng):
            _stroke(sheet, look, outer, horizontal=(start, end, y))
    for x, spans in down.items():
        outer = x in (area.left, area.right)
        for start, end in _drawn(_merged(spans), outer, look, rng):
            _stroke(sheet, look, outer, vertical=(start, end, x))
    if look.double_frame and look.ruling == "full":
        _second_frame(sheet, area, look)


def _frame_each(sheet: Sheet, boxes: Sequence[Box], look: TableStyle) -> None:
    """A frame for each cell, as browsers print tables whose borders are not collapsed."""
    for box in boxes:
        left, top, right, bottom = (round(v) for v in box.expanded(-look.cell_gap_px / 2).as_tuple())
        for y in (top, bottom):
            _stroke(sheet, look, False, horizontal=(left, right, y))
        for x in (left, right):
            _stroke(sheet, look, False, vertical=(top, bottom, x))


def _merged(spans: list[_Span]) -> list[_Span]:
    merged: list[_Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def _drawn(spans: list[_Span], outer: bool, look: TableStyle, rng: random.Random) -> list[_Span]:
    """The spans with the gaps of a partly ruled table."""
    if look.ruling != "partial":
        return spans
    kept: list[_Span] = []
    for start, end in spans:
        chance = rng.random()
        if chance < (0.25 if outer else 0.06):
            continue
        if chance < (0.3 if outer else 0.2) and end - start > 60:
            gap = rng.randint(start, end - 40)
            kept += [(start, gap), (gap + rng.randint(8, 40), end)]
        else:
            kept.append((start, end))
    return kept


def _stroke(
    sheet: Sheet,
    look: TableStyle,
    outer: bool,
    *,
    horizontal: tuple[int, int, int] | None = None,
    vertical: tuple[int, int, int] | None = None,
) -> None:
    """One ruling, centred on its coordinate and long enough to close the corners; dots have the line's own length."""
    thick = look.outer_px if outer else look.line_px
    half = thick // 2
    start, end, at = horizontal or vertical or (0, 0, 0)
    start, end = start - half, end - half + thick
    low, high = at - half, at - half + thick
    whole = Box(start, low, end, high) if horizontal else Box(low, start, high, end)
    sheet.rulings.append(RulingTruth(box=whole, upright=horizontal is None))
    for s, e in _runs(start, end, at, look, thick, plain=outer):
        box = Box(s, low, e, high) if horizontal else Box(low, s, high, e)
        sheet.fill(box, look.line_color)


def _runs(start: int, end: int, at: int, look: TableStyle, thick: int, *, plain: bool) -> list[_Span]:
    """The pieces of a ruling that are printed; ``plain`` ones are neither dotted nor dashed."""
    runs = [(start, end)]
    if look.dotted and not plain:
        runs = [(s, min(s + thick + 1, end)) for s in range(start, end, 3 * thick)]
    elif look.dash_px and not plain:
        runs = [(s, min(s + look.dash_px, end)) for s in range(start, end, round(1.6 * look.dash_px) + 1)]
    if not look.worn:
        return runs
    rng = random.Random(f"{start}/{end}/{at}/worn")
    kept: list[_Span] = []
    for s, e in runs:
        while s < e:
            stop = min(e, s + rng.randint(1, 14))
            if rng.random() >= look.worn:
                kept.append((s, stop))
            s = stop
    return kept


def _second_frame(sheet: Sheet, area: Box, look: TableStyle) -> None:
    gap = look.outer_px / 2 + look.line_px + 2
    left, top, right, bottom = (round(v) for v in area.expanded(gap).as_tuple())
    thick = look.line_px
    for box in (
        Box(left, top, right, top + thick),
        Box(left, bottom - thick, right, bottom),
        Box(left, top, left + thick, bottom),
        Box(right - thick, top, right, bottom),
    ):
        sheet.rulings.append(RulingTruth(box=box, upright=box.height > box.width))
        sheet.fill(box, look.line_color)
