"""Where each field of a matched part stands: a cell, or the reason why none can be named."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from ocr_pipeline.document import Cell, Table
from ocr_pipeline.templates.blocks import leaves
from ocr_pipeline.templates.columns import ColumnMatch, Slot, match_columns
from ocr_pipeline.templates.lines import form_lines
from ocr_pipeline.templates.matching import PartMatch, Piece
from ocr_pipeline.templates.model import FieldSpec
from ocr_pipeline.templates.observed import ObservedTable, is_label, is_worn
from ocr_pipeline.templates.options import TemplateOptions
from ocr_pipeline.templates.rows import LineMatch

__all__ = ["PlacedField", "place_fields"]

Obstacle = Literal["row", "column", "shifted", "merged", "hole", "absent", "version"]
"""Why a field has no cell: its row or column is doubtful, the row's cells are shifted, one cell serves two fields, the
grid has a hole there, the form's row or column is not in the table, or two versions of the form are equally likely."""

_WORD = re.compile(r"[\u3400-\u9fff]{2}")
_APART = 0.4
"""How far columns of two pieces may stand apart to be the same, against the narrower one's width."""


@dataclass(frozen=True, slots=True)
class PlacedField:
    """A field with its cell.

    Attributes:
        spec: the field.
        table: id of the table; None when the row was not found.
        row: row of that table.
        column: column of that table.
        cell: the cell; None exactly when there is an obstacle.
        header: text of the header right above it.
        obstacle: why there is no cell.
        counted: whether its column was told by the count alone.
        worn: whether that is so because the column's header is too worn to be read.
        reordered: whether the headers name the columns in another order than the form's.
        row_counted: whether its row was told by the count alone, its label being lost or too worn.
        rivals: the cells that may be its own where there are several.
    """

    spec: FieldSpec
    table: str | None = None
    row: int | None = None
    column: int | None = None
    cell: Cell | None = None
    header: str = ""
    obstacle: Obstacle | None = None
    counted: bool = False
    worn: bool = False
    reordered: bool = False
    row_counted: bool = False
    rivals: tuple[Cell, ...] = ()


def place_fields(match: PartMatch, options: TemplateOptions) -> tuple[PlacedField, ...]:
    """All fields of the part, in the form's order."""
    found: dict[str, PlacedField] = {}
    known: dict[int, tuple[Table, tuple[ColumnMatch, ...]]] = {}
    contested: dict[str, tuple[Cell, ...]] = {}
    for piece in match.pieces:
        for block in sorted({form_lines(match.part)[m.line].block for m in piece.rows.lines}):
            for placed in _place_block(match, piece, block, known, options):
                before = found.setdefault(placed.spec.id, placed)
                if before.cell is None:
                    found[placed.spec.id] = placed
                elif placed.cell is not None and placed.cell.text.strip() not in ("", before.cell.text.strip()):
                    contested[placed.spec.id] = (before.cell, placed.cell)
    shared = [{spec.id for spec in rival.part(match.part.id).fields} for rival in match.rivals]
    result: list[PlacedField] = []
    for spec in match.part.fields:
        placed = found.get(spec.id, PlacedField(spec, obstacle="absent"))
        if placed.cell is not None and not all(spec.id in ids for ids in shared):
            placed = replace(placed, cell=None, obstacle="version")
        elif spec.id in contested:
            placed = replace(placed, cell=None, obstacle="row", rivals=contested[spec.id])
        result.append(placed)
    return tuple(_without_shared_cells(result))


def _place_block(
    match: PartMatch,
    piece: Piece,
    block: int,
    known: dict[int, tuple[Table, tuple[ColumnMatch, ...]]],
    options: TemplateOptions,
) -> Iterator[PlacedField]:
    lines = form_lines(match.part)
    rows = [m for m in piece.rows.lines if lines[m.line].block == block and lines[m.line].kind == "row"]
    if not rows:
        return
    header = _header_rows(match, piece, block, rows[0].row)
    columns = match_columns(piece.table, match.part.blocks[block], header, [m.row for m in rows], options)
    table = piece.table.table
    if not any(column.similarity >= options.label_similarity for column in columns) and block in known:
        # A piece without a header goes on with the columns of the piece before, if the grid is the same.
        before, theirs = known[block]
        columns = theirs if _same_columns(before, table) else columns
    if table.ruling == "markup" and _is_torn(piece.table, header, columns):
        columns = tuple(replace(column, counted=True, worn=True) for column in columns)
    known.setdefault(block, (table, columns))
    specs = {(s.row.id, s.column.id): s for s in match.part.fields if s.block == block}
    unnamed = _unnamed(piece.table, header, columns)
    for line in rows:
        leaf = lines[line.line].leaf
        if leaf is None:
            continue
        row_specs = [specs[leaf.id, column.id] for column in leaves(match.part.blocks[block].columns)]
        yield from _place_row(piece, line, row_specs, columns, unnamed)


def _is_torn(table: ObservedTable, header: Sequence[int], columns: Sequence[ColumnMatch]) -> bool:
    """Whether the header lacks cells over the columns or behind them: then it says nothing sure of what is below."""
    first = min((column.slot[0] for column in columns), default=0)
    return any(cell is None for row in header for cell in table.grid[row][first:])


def _unnamed(table: ObservedTable, header: Sequence[int], columns: Sequence[ColumnMatch]) -> list[int]:
    """Grid columns behind the first of the block's that are none of them, without a header that says what they are."""
    taken = {number for column in columns for number in range(*column.slot)}
    behind = range(min(taken), table.table.columns) if taken and header else ()
    heads = ([table.grid[row][number] for row in header] for number in behind)
    return [
        number
        for number, cells in zip(behind, heads, strict=True)
        if number not in taken and not any(cell is not None and is_label(cell) for cell in cells)
    ]


def _same_columns(first: Table, second: Table) -> bool:
    """Whether two pieces have as many columns, at the same places where their places are known."""
    if first.columns != second.columns:
        return False
    upper, lower = _edges(first), _edges(second)
    both = sorted(upper.keys() & lower.keys())
    for before, edge in pairwise(both):
        narrow = min(upper[edge] - upper[before], lower[edge] - lower[before]) / (edge - before)
        if any(abs(upper[k] - lower[k]) > _APART * narrow for k in (before, edge)):
            return False
    return True


def _edges(table: Table) -> dict[int, float]:
    """Where columns begin and end on the table's last page, as shares of its width there."""
    page = table.places[-1] if table.places else None
    if page is None or page.box.width <= 0:
        return {}
    found: dict[int, float] = {}
    for cell in table.cells:
        for place in cell.places:
            if place.page == page.page:
                found[cell.column] = (place.box.left - page.box.left) / page.box.width
                found[cell.column + cell.column_span] = (place.box.right - page.box.left) / page.box.width
    return found


def _header_rows(match: PartMatch, piece: Piece, block: int, first: int) -> list[int]:
    """Rows between the caption, or the last row of the block above, and the first row of fields."""
    lines = form_lines(match.part)
    header = next((p for p in match.pieces if p.is_header_of(piece, match.part)), piece)
    above = header.rows.start
    for m in piece.rows.lines:
        line = lines[m.line]
        if m.row < first and (line.block < block or line.kind == "caption"):
            above = m.row + 1
    return list(range(above, first))


def _place_row(
    piece: Piece,
    line: LineMatch,
    specs: Sequence[FieldSpec],
    columns: Sequence[ColumnMatch],
    unnamed: Sequence[int],
) -> Iterator[PlacedField]:
    by_leaf: Mapping[int, ColumnMatch] = {column.leaf: column for column in columns}
    taken = {number for column in columns for number in range(*column.slot)}
    obstacle = _row_obstacle(piece, line, columns, unnamed)
    table = piece.table.table.id
    has_label = bool(specs[0].row.node.label)
    row_counted = line.trust == "count" and has_label
    first = min((column.slot[0] for column in columns), default=0)
    own = [cell for cell in piece.table.grid[line.row][first:] if cell is not None and cell.row == line.row]
    if not has_label and any(map(_is_word, own)):
        # Where rows have no label, the word is this one's: last year's figures, or a total's.
        obstacle = obstacle or "row"
    for index, spec in enumerate(specs):
        column = by_leaf.get(index)
        if column is None:
            yield PlacedField(spec, table, line.row, obstacle="row" if obstacle == "row" else "absent")
            continue
        cell = piece.table.grid[line.row][column.slot[0]]
        here = obstacle or (None if column.sure else "column") or ("hole" if cell is None else None)
        rivals = _rivals(piece, line.row, first, column.slot)
        here = here or ("row" if rivals else None)
        here = here or ("shifted" if _spilled(piece, line.row, column.slot, taken) else None)
        kept = None if here else cell
        yield PlacedField(
            spec,
            table,
            line.row,
            column.slot[0],
            kept,
            column.header,
            here,
            counted=column.counted,
            worn=column.worn,
            reordered=column.reordered,
            row_counted=row_counted,
            rivals=rivals,
        )


def _row_obstacle(
    piece: Piece, line: LineMatch, columns: Sequence[ColumnMatch], unnamed: Sequence[int]
) -> Obstacle | None:
    if line.trust == "doubtful":
        return "row"
    row = piece.table.grid[line.row]
    first = min((column.slot[0] for column in columns), default=0)
    labels = [cell for cell in row if cell is not None and is_label(cell)]
    ends = [cell.column + cell.column_span for cell in labels if cell.column < first]
    if ends:
        # A figure between the label and the first column of figures: this row has lost a cell.
        between = [cell for cell in row[max(ends) : first] if cell is not None and cell.text.strip()]
        full = all(_is_filled(row[column.slot[0]]) for column in columns)
        if not all(full and _is_worn_label(piece, cell) for cell in between):
            return "shifted"
    if any(cell.column < first < cell.column + cell.column_span for cell in labels):
        return "shifted"
    left = row[first - 1] if first > 0 else None
    own = left is not None and left.row == line.row and is_label(left)
    if first > 0 and not own and any(cell.column == first for cell in labels):
        # The row's label stands where its first figure should.
        return "shifted"
    beyond = max((column.slot[1] for column in columns), default=len(row))
    if beyond < len(row) and _is_filled(row[beyond]) and not _is_filled(row[first]) and row[beyond] not in labels:
        # A figure more than there are columns, and the first one blank.
        return "shifted"
    if piece.table.table.ruling == "markup":
        # A row of fewer cells than the others, or of more figures than there are columns with a name.
        more = any(_is_filled(row[number]) for number in unnamed)
        return "shifted" if more or any(row[column.slot[0]] is None for column in columns) else None
    return None


def _rivals(piece: Piece, row: int, first: int, slot: Slot) -> tuple[Cell, ...]:
    """All figures in a field's place where it is not the only one: in its slot, or in a further row beside its label.

    Args:
        piece: the rows of the part.
        row: of the field.
        first: grid column where the figures begin.
        slot: of the field.
    """
    grid = piece.table.grid
    known = {match.row for match in piece.rows.lines if match.trust != "doubtful"}
    rows = {row}
    for label in grid[row][:first]:
        if label is not None and label.row == row and is_label(label):
            reach = range(row + 1, row + label.row_span)
            # A label with further rows of the form under it is a group's.
            rows.update(reach if known.isdisjoint(reach) else ())
    own = grid[row][slot[0]]
    there = {id(cell): cell for n in sorted(rows) for cell in grid[n][slice(*slot)] if cell is not None}
    others = [cell for cell in there.values() if cell is not own and _is_filled(cell)]
    return tuple(cell for cell in (own, *others) if cell is not None) if others else ()


def _is_word(cell: Cell) -> bool:
    """Whether a cell holds a word; a single character is a misread figure."""
    return is_label(cell) and not is_worn(cell) and _WORD.search(cell.text) is not None


def _is_filled(cell: Cell | None) -> bool:
    return cell is not None and bool(cell.text.strip())


def _is_worn_label(piece: Piece, cell: Cell) -> bool:
    """Whether a cell beside a row's figures, none of which is lacking, is its label, too worn to be read for one.

    It stands then where most rows have theirs.
    """
    beside = [piece.table.grid[match.row][cell.column] for match in piece.rows.lines]
    alike = [c for c in beside if c is not None and (c.column, c.column_span) == (cell.column, cell.column_span)]
    return is_worn(cell) and 2 * sum(map(is_label, alike)) > len(beside)


def _spilled(piece: Piece, row: int, slot: Slot, taken: Collection[int]) -> bool:
    """Whether a figure that is nobody's stands right beside a field: a false ruling may have cut it off the field's.

    Args:
        piece: the rows of the part.
        row: of the field.
        slot: of the field.
        taken: the grid columns of all fields.
    """
    table = piece.table
    beside = [(row, n) for n in (slot[0] - 1, slot[1]) if min(taken) < n < table.table.columns and n not in taken]
    own = table.grid[row][slot[0]]
    # Figures are a line high: a false ruling across the page leaves them whole, above or below it.
    if own is not None and not own.text.strip():
        known = {match.row for match in piece.rows.lines if match.trust != "doubtful"}
        beside += [(n, slot[0]) for n in (row - 1, row + 1) if 0 <= n < len(table.rows) and n not in known]
    cells = [(table.grid[r][c], r) for r, c in beside]
    return any(c is not None and c.row == r and bool(c.text.strip()) and not is_label(c) for c, r in cells)


def _without_shared_cells(fields: Sequence[PlacedField]) -> Iterator[PlacedField]:
    """A cell that would serve two fields serves none."""
    used = Counter((f.table, f.cell.row, f.cell.column) for f in fields if f.cell is not None)
    for field in fields:
        if field.cell is not None and used[field.table, field.cell.row, field.cell.column] > 1:
            yield replace(field, cell=None, obstacle="merged")
        else:
            yield field
